import NN
import Tensor
import Testing

@Suite struct LossTests {
  /// Values that follow no pattern, between −1 and 1.
  private func tensor(_ shape: [Int], seed: Int) -> Tensor<Double> {
    let count = shape.reduce(1, *)
    return Tensor((0..<count).map { Double.sin(Double($0 * 37 + seed * 101) * 0.7) }, shape: shape)
  }

  @Test("ContentLoss: is zero at its target and its formula elsewhere", arguments: LossNormalization.allCases)
  func content(normalization: LossNormalization) {
    let (f, p) = (tensor([1, 3, 4, 5], seed: 1), tensor([1, 3, 4, 5], seed: 2))
    let loss = ContentLoss(target: p, normalization: normalization)
    #expect(loss(p).scalar == 0)
    let square = zip(f.scalars, p.scalars).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let expected =
      switch normalization {
      case .relative: square / p.scalars.reduce(0) { $0 + $1 * $1 }
      case .mean, .study: square / 60
      case .sum: square / 2
      }
    #expect(abs(loss(f).scalar - expected) < 1e-12 * expected)
  }

  @Test("StyleLoss: is its source's formula for pictures of one size", arguments: LossNormalization.allCases)
  func style(normalization: LossNormalization) {
    let (channels, pixels) = (3, 20)
    let (f, s) = (tensor([1, 3, 4, 5], seed: 1), tensor([1, 3, 4, 5], seed: 2))
    func gram(_ x: Tensor<Double>, _ i: Int, _ j: Int) -> Double {
      (0..<pixels).reduce(0) { $0 + x.scalars[i * pixels + $1] * x.scalars[j * pixels + $1] }
    }
    var (square, targetSquare) = (0.0, 0.0)
    for i in 0..<channels {
      for j in 0..<channels {
        let (g, a) = (gram(f, i, j), gram(s, i, j))
        square += (g - a) * (g - a)
        targetSquare += a * a
      }
    }
    let (c, m) = (Double(channels), Double(pixels))
    let expected =
      switch normalization {
      case .relative: StyleStatistic.gram.relativeScale * square / targetSquare
      case .mean: square / (c * m * c * m) / (c * c)
      case .sum: square / (4 * c * c * m * m)
      case .study: square / (c * c * c * c) / (c * c)
      }
    let loss = StyleLoss(target: s, normalization: normalization)
    #expect(abs(loss(f).scalar - expected) < 1e-12 * expected)
    #expect(loss(s).scalar == 0)
  }

  @Test(
    "losses: relative ones do not depend on the features' scale, and a target of zeros is no division by zero"
  )
  func relative() {
    let (f, p) = (tensor([1, 3, 4, 5], seed: 1), tensor([1, 3, 4, 5], seed: 2))
    let ten = Tensor<Double>(10)
    let plain = (ContentLoss(target: p)(f).scalar, StyleLoss(target: p)(f).scalar)
    let scaled = (
      ContentLoss(target: p * ten)(f * ten).scalar, StyleLoss(target: p * ten)(f * ten).scalar
    )
    #expect(abs(plain.0 - scaled.0) < 1e-12 && abs(plain.1 - scaled.1) < 1e-10)
    let zeros = Tensor<Double>.zeros([1, 3, 4, 5])
    #expect(ContentLoss(target: zeros)(f).scalar.isFinite)
    #expect(StyleLoss(target: zeros)(f).scalar.isFinite)
    #expect(TotalVariation(relativeTo: zeros)(f).scalar.isFinite)
  }

  @Test("TotalVariation: a checkerboard's is 2 at every size, a flat picture's 0", arguments: [2, 5, 32])
  func checkerboard(size: Int) {
    let board = Tensor(
      (0..<size * size).map { Double(($0 / size + $0 % size) % 2) }, shape: [1, 1, size, size])
    #expect(TotalVariation<Double>()(board).scalar == 2)
    #expect(TotalVariation<Double>()(Tensor(repeating: 0.3, shape: [1, 3, size, size])).scalar == 0)
    #expect(TotalVariation(relativeTo: board)(board).scalar == 1)
  }

  @Test("TotalVariation: a picture of one row, one column or one pixel has the neighbours that it has")
  func thin() {
    let variation = TotalVariation<Double>()
    #expect(variation(Tensor([0, 1, 3], shape: [1, 1, 1, 3])).scalar == 2.5)
    #expect(variation(Tensor([0, 1, 3], shape: [1, 1, 3, 1])).scalar == 2.5)
    #expect(variation(Tensor([7], shape: [1, 1, 1, 1])).scalar == 0)
  }

  @Test(
    "losses: gradients and second derivatives agree with central differences",
    arguments: LossNormalization.allCases)
  func derivatives(normalization: LossNormalization) {
    let (x, target) = (tensor([1, 3, 4, 5], seed: 1), tensor([1, 3, 4, 5], seed: 2))
    let content = ContentLoss(target: target, normalization: normalization)
    let style = StyleLoss(target: target, normalization: normalization)
    let variation = TotalVariation(relativeTo: target)
    for loss in [{ content($0) }, { style($0) }, { variation($0) }] as [(Tensor<Double>) -> Tensor<Double>] {
      for order in [GradientCheck.Order.first, .second] {
        let result = GradientCheck.check(at: x, order: order, in: loss)
        #expect(result.passed, "\(result)")
        #expect(result.inputs[0].analytic != 0)
      }
    }
  }
}
