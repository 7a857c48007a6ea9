import NN
import Tensor
import TestSupport
import Testing

@Suite struct InverseFrequencyFilterTests {
  typealias Filter = InverseFrequencyFilter<Double>

  private func values(_ shape: [Int], seed: Int) -> Tensor<Double> {
    Tensor(DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: -1...1), shape: shape)
  }

  @Test(
    "InverseFrequencyFilter: is symmetric and positive definite, with a mean of 1 on the diagonal",
    arguments: Filter.Boundary.allCases, [(1, 1), (1, 5), (5, 4), (6, 9)])
  func positiveDefinite(boundary: Filter.Boundary, size: (Int, Int)) {
    let filter = Filter(height: size.0, width: size.1, boundary: boundary)
    let count = size.0 * size.1
    // Each row is what the filter makes of one pixel.
    let pixels = Tensor<Double>(shape: [count, count]) { elements in
      for i in elements.indices { elements[i] = i % (count + 1) == 0 ? 1 : 0 }
    }
    let matrix = filter(pixels.reshaped(to: [count, 1, size.0, size.1])).reshaped(to: [count, count])
    #expect((matrix - matrix.transposed()).abs().max().scalar < 1e-14)
    #expect(abs((matrix * pixels).sum().scalar / Double(count) - 1) < 1e-12)
    for seed in 1...5 {
      let x = values([count], seed: seed)
      #expect(x.matrixProduct(matrix.matrixProduct(x)).scalar > 0)
    }
  }

  @Test(
    "InverseFrequencyFilter: a wave comes out as itself, divided by its frequency",
    arguments: Filter.Boundary.allCases)
  func waves(boundary: Filter.Boundary) {
    let (height, width) = (8, 12)
    let filter = Filter(height: height, width: width, boundary: boundary)
    /// The factor of the wave of `y` and `x` cycles in a picture's height and width; half cycles if mirrored.
    func gain(_ y: Int, _ x: Int) -> Double {
      func wave(_ cycles: Int, _ place: Int, _ count: Int) -> Double {
        boundary == .mirrored
          ? Double.cos(.pi * Double(cycles) * (Double(place) + 0.5) / Double(count))
          : Double.cos(2 * .pi * Double(cycles * place) / Double(count) + 0.3)
      }
      let image = Tensor(
        (0..<height * width).map { wave(y, $0 / width, height) * wave(x, $0 % width, width) },
        shape: [1, 1, height, width])
      let result = filter(image)
      let factor = (result * image).sum().scalar / image.square().sum().scalar
      #expect((result - image * factor).abs().max().scalar < 1e-12)
      return factor
    }
    let unit = boundary == .mirrored ? 0.5 : 1.0
    func frequency(_ y: Int, _ x: Int) -> Double {
      let (y, x) = (unit * Double(y) / Double(height), unit * Double(x) / Double(width))
      return max((y * y + x * x).squareRoot(), 1 / Double(width))
    }
    let constant = gain(0, 0)
    for (y, x) in [(0, 1), (1, 0), (1, 1), (2, 3), (3, 5)] {
      #expect(abs(gain(y, x) / constant * frequency(y, x) / frequency(0, 0) - 1) < 1e-12)
    }
  }

  @Test("InverseFrequencyFilter: periodic, a picture that is rolled comes out rolled")
  func roll() {
    let filter = Filter(height: 5, width: 6, boundary: .periodic)
    func rolled(_ x: Tensor<Double>) -> Tensor<Double> {
      .concatenated([x[..., 2...], x[..., ..<2]], axis: 3)
    }
    let x = values([1, 2, 5, 6], seed: 1)
    #expect((filter(rolled(x)) - rolled(filter(x))).abs().max().scalar < 1e-12)
  }

  @Test("InverseFrequencyFilter: of white noise it leaves amplitudes that fall as 1/f")
  func noise() {
    let size = 64
    let filter = InverseFrequencyFilter<Float>(height: size, width: size)
    var generator = RandomGenerator(seed: 1)
    let noise = Tensor<Float>.normal([8, 3, size, size], using: &generator)
    let result = filter(noise)
    /// The root mean square of the part that varies as cos(π k (x + ½) / size) along rows and not along
    /// columns.
    func amplitude(_ x: Tensor<Float>, _ k: Int) -> Double {
      let wave = Tensor((0..<size).map { Float.cos(.pi * Float(k) * (Float($0) + 0.5) / Float(size)) })
      return Double(x.mean(axes: [2]).matrixProduct(wave).square().mean().scalar).squareRoot()
    }
    func gain(_ k: Int) -> Double { amplitude(result, k) / amplitude(noise, k) }
    #expect(abs(gain(4) / gain(8) - 2) < 1e-3)
    #expect(abs(gain(8) / gain(32) - 4) < 1e-3)
  }
}
