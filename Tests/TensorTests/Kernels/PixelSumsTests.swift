import TestSupport
import Testing

@testable import Tensor

@Suite("Pixel sums") struct PixelSumsTests {
  private static func features(_ shape: [Int], channelsLast: Bool) -> Tensor<Float> {
    var generator = RandomGenerator(seed: 8)
    let x = Tensor<Float>.uniform(shape, in: -1..<2, using: &generator)
    return channelsLast ? Tensor(Kernels.copy(x.array, strides: Layout.channelsLastStrides(shape))) : x
  }

  @Test("the sums are those of the definition, in either layout", arguments: [false, true])
  func values(channelsLast: Bool) {
    let (channels, height, width) = (5, 9, 130)
    let x = Self.features([2, channels, height, width], channelsLast: channelsLast)
    let y = Self.features([2, channels, height, width], channelsLast: false).flipped(axes: [2])
    var sums = PixelSums<Float>(batch: 2, channels: channels, width: width, products: true, sums: true)
    sums.add(x, target: y)
    let pixels = height * width
    let flat = Tensor<Double>(x.reshaped(to: [2, channels, pixels]))
    let gram = flat.matrixProduct(flat.transposed()) / Double(pixels)
    // Products and sums of numbers below 2, each rounded once in single precision at the worst.
    let found = Tensor<Double>(sums.gram(pixels: pixels))
    #expect((found - gram).abs().max().scalar < 1e-5)
    let mean = Tensor<Double>(sums.mean(pixels: pixels))
    #expect((mean - flat.mean(axes: [2], keepingDimensions: true)).abs().max().scalar < 1e-6)
    let distance = (Tensor<Double>(x) - Tensor<Double>(y)).square().sum().scalar
    #expect(abs(sums.squaredDistance / distance - 1) < 1e-12)
  }

  @Test("bands of whole groups have the bits of one, for any number of threads", arguments: [16, 64, 200])
  func bands(width: Int) {
    let (channels, group) = (64, PixelSums<Float>.groupHeight(width: width))
    #expect(group * width >= 512 && group % 4 == 0)
    let height = 5 * group + 3
    let x = Self.features([1, channels, height, width], channelsLast: true)
    let y = x.flipped(axes: [2])
    func sums(_ cuts: [Int], threads: Int) -> PixelSums<Float> {
      withThreadCount(threads) {
        var sums = PixelSums<Float>(batch: 1, channels: channels, width: width, products: true, sums: true)
        for (first, end) in zip(cuts, cuts.dropFirst()) {
          sums.add(x.sliced(first..<end, axis: 2), target: y.sliced(first..<end, axis: 2))
        }
        return sums
      }
    }
    let whole = sums([0, height], threads: 2)
    let pixels = height * width
    for cuts in [[0, group, height], [0, 2 * group, 3 * group, 5 * group, height]] {
      for threads in [1, 2, 5] {
        let found = sums(cuts, threads: threads)
        #expect(found.gram(pixels: pixels).scalars == whole.gram(pixels: pixels).scalars)
        #expect(found.mean(pixels: pixels).scalars == whole.mean(pixels: pixels).scalars)
        #expect(found.squaredDistance == whole.squaredDistance)
      }
    }
    // Other cuts round otherwise.
    let odd = sums([0, group + 1, height], threads: 2)
    #expect(odd.gram(pixels: pixels).scalars != whole.gram(pixels: pixels).scalars)
  }

  @Test("weighted sums are those of the definition, in either layout and in bands", arguments: [false, true])
  func weighted(channelsLast: Bool) {
    let (channels, height, width) = (5, 20, 130)
    let x = Self.features([1, channels, height, width], channelsLast: channelsLast)
    let y = Self.features([1, channels, height, width], channelsLast: false).flipped(axes: [2])
    var weights = Self.features([1, 1, height, width], channelsLast: false).clamped(to: 0...1)
    // Whole groups that do not count.
    weights[0..., 0..., 4..<12] = Tensor(0)
    func sums(_ cuts: [Int]) -> PixelSums<Float> {
      var sums = PixelSums<Float>(batch: 1, channels: channels, width: width, products: true, sums: true)
      for (first, end) in zip(cuts, cuts.dropFirst()) {
        sums.add(
          x.sliced(first..<end, axis: 2), target: y.sliced(first..<end, axis: 2),
          weights: weights.sliced(first..<end, axis: 2))
      }
      return sums
    }
    let found = sums([0, height])
    let shares = Tensor<Double>(weights).reshaped(to: [1, height * width])
    let (a, b) = (
      Tensor<Double>(x).reshaped(to: [channels, height * width]),
      Tensor<Double>(y).reshaped(to: [channels, height * width])
    )
    let whole = shares.sum().scalar
    // Products and sums of numbers below 2, of which each root of a weight is rounded as well.
    let gram = Tensor<Double>(found.gram(weight: whole))[0]
    #expect((gram - (a * shares).matrixProduct(a.transposed()) / whole).abs().max().scalar < 1e-5)
    let mean = Tensor<Double>(found.mean(weight: whole)).reshaped(to: [channels])
    #expect((mean - (a * shares).sum(axes: [1]) / whole).abs().max().scalar < 1e-6)
    #expect(abs(found.squaredDistance / ((a - b).square() * shares).sum().scalar - 1) < 1e-9)
    let group = PixelSums<Float>.groupHeight(width: width)
    for cuts in [[0, group, height], [0, 2 * group, 3 * group, height]] {
      let banded = sums(cuts)
      #expect(banded.gram(weight: whole).scalars == found.gram(weight: whole).scalars)
      #expect(banded.mean(weight: whole).scalars == found.mean(weight: whole).scalars)
      #expect(banded.squaredDistance == found.squaredDistance)
    }
  }
}
