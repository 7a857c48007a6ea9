import TestSupport
import Testing

@testable import Tensor

@Suite("Sequences, transposed convolutions, shares and windows")
struct WindowOperationTests {
  private static func draw(_ seed: Int, _ shape: Shape) -> Tensor<Double> {
    Tensor(DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: -1...1), shape: shape)
  }

  /// Two sums of some hundred products near 1, in different orders.
  private static let tolerance = 1e-12

  @Test("a transposed convolution is the transpose: ⟨conv(x), y⟩ = ⟨x, transposedConv(y)⟩")
  func adjoint() {
    let (x, filter) = (Self.draw(1, [2, 4, 9, 8]), Self.draw(2, [6, 2, 3, 2]))
    let product = x.conv2D(filter, stride: (2, 3), padding: (1, 0), dilation: (2, 1), groups: 2)
    let y = Self.draw(3, product.shape)
    // (9 + 2 − 5) and (8 − 2) leave the remainders 0 and 0 over the strides.
    let back = y.transposedConv2D(filter, stride: (2, 3), padding: (1, 0), dilation: (2, 1), groups: 2)
    #expect(back.shape == x.shape)
    #expect(abs((product * y).sum().scalar - (x * back).sum().scalar) < Self.tolerance)
  }

  @Test("output padding names the size that the convolution came from", arguments: [7, 8, 9])
  func outputPadding(length: Int) {
    let x = Self.draw(1, [1, 2, length])
    let filter = Self.draw(2, [3, 2, 3])
    let y = x.conv1D(filter, stride: 3, padding: 1)
    let remainder = (length + 2 - 3) % 3
    let back = y.transposedConv1D(filter, stride: 3, padding: 1, outputPadding: remainder)
    #expect(back.shape == x.shape)
  }

  @Test("a frozen filter gives what a tracked one gives, in the fast plan and the general one")
  func frozenFilter() {
    let x = Tensor<Float>(Self.draw(1, [1, 16, 11, 9]))
    let filter = Tensor<Float>(Self.draw(2, [16, 8, 3, 3]))
    let frozen = x.transposedConv2D(filter, padding: 1)
    let tracked = x.transposedConv2D(filter.tracked(), padding: 1)
    let largest = tracked.scalars.map(\.magnitude).max()!
    let difference = (frozen - tracked).scalars.map(\.magnitude).max()!
    #expect(difference < 1e-5 * largest)
    #expect(frozen.array.layout.isChannelsLast)
  }

  @Test("windows are a view, and folding is their transpose")
  func windows() {
    let x = Self.draw(1, [2, 3, 6, 7])
    let columns = x.unfolded(window: (3, 2), stride: (2, 1), padding: (1, 0), dilation: (1, 2))
    let y = Self.draw(2, columns.shape)
    let back = y.folded(to: (6, 7), window: (3, 2), stride: (2, 1), padding: (1, 0), dilation: (1, 2))
    #expect(abs((columns * y).sum().scalar - (x * back).sum().scalar) < Self.tolerance)
    let ones = Tensor<Double>.ones([1, 1, 4, 4])
    let covers = ones.unfolded(window: 3).folded(to: (4, 4), window: 3).scalars
    #expect(covers == [1, 2, 2, 1, 2, 4, 4, 2, 2, 4, 4, 2, 1, 2, 2, 1])
  }

  @Test("a convolution is a product with the windows")
  func convolutionByProduct() {
    let (x, filter) = (Self.draw(1, [2, 3, 6, 5]), Self.draw(2, [4, 3, 3, 3]))
    let direct = x.conv2D(filter, stride: 2, padding: 1)
    let product = filter.reshaped(to: [4, -1]).matrixProduct(x.unfolded(window: 3, stride: 2, padding: 1))
    let difference = (direct.reshaped(to: product.shape) - product).scalars.map(\.magnitude).max()!
    #expect(difference < Self.tolerance)
  }

  @Test("of equal numbers in a share the first one gets the gradient, also where shares differ in length")
  func ties() {
    let x = Tensor<Double>.ones([1, 1, 3, 5])
    let slope = gradient(at: x) { $0.adaptiveMaxPool2D(to: (2, 2)).sum() }
    // The shares are rows 0–1 and 1–2, columns 0–2 and 2–4.
    #expect(slope.scalars == [1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test("adaptive pooling whose shares are even is pooling", arguments: [1, 2, 4])
  func evenShares(size: Int) {
    let x = Self.draw(1, [2, 3, 4, 8])
    let window = (4 / size, 8 / size)
    #expect(x.adaptiveMaxPool2D(to: (size, size)).scalars == x.maxPool2D(window: window).scalars)
    let difference = x.adaptiveAveragePool2D(to: (size, size)) - x.averagePool2D(window: window)
    #expect(difference.scalars.allSatisfy { $0.magnitude < Self.tolerance })
  }

  @Test("max-pooling of sequences keeps two bits a window, as that of pictures does")
  func choicesOfSequences() {
    let axis = WindowAxis(size: 64, window: 4, stride: 4, padding: 0)
    let geometry = PoolingGeometry(Layout([1, 16, 1, 64]), [axis])
    #expect(WindowChoices(geometry).storage.byteCount == 16 * 16 * 2 / 8)
  }

  @Test("no bit of folding depends on the number of threads")
  func threads() {
    let columns = Tensor<Float>(Self.draw(1, [2, 8 * 9, 60 * 60]))
    func folded(_ threads: Int) -> [Float] {
      withThreadCount(threads) { columns.folded(to: (60, 60), window: 3, padding: 1).scalars }
    }
    #expect(folded(1) == folded(3))
  }
}
