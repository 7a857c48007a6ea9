import Tensor

extension Subjects {
  /// A convolution as a network in training has it, its sums computed by their definition where its name does not say
  /// otherwise: the input is what a convolution before it left, `channels` features channels-last, and the gradient is that
  /// of the result times numbers of its shape.
  ///
  /// A name says what is measured: the result alone; with the gradient to the filter, `…Filter`; with those to filter and
  /// input, `…Training`.
  static func convolutions(_ name: String, _ channels: Int) -> (() -> Double?)? {
    let kind = name.replacing("Training", with: "").replacing("Filter", with: "")
    guard let form = convolutionForms[kind] else { return nil }
    let side = form.side(channels)
    let colours = Inputs.noise([form.batch, 3, side.0, side.1], seed: 1)
    let x = channels == 3 ? colours : colours.conv2D(Inputs.noise([channels, 3, 1, 1], seed: 2))
    if kind == "unfold" {
      return {
        _ = x.unfolded(window: 3, padding: 1)
        return nil
      }
    }
    let filter = Inputs.noise([form.outputs(channels), channels, form.window.0, form.window.1], seed: 3)
    func result(_ x: Numbers, _ filter: Numbers) -> Numbers {
      x.conv2D(
        filter, stride: (form.stride, form.stride), padding: form.padding, algorithm: form.algorithm)
    }
    let y = result(x, filter).exp()
    if name.hasSuffix("Training") {
      return {
        _ = valueWithGradient(at: [x, filter]) { (result($0[0], $0[1]) * y).sum() }
        return nil
      }
    }
    if name.hasSuffix("Filter") {
      return {
        _ = gradient(at: filter) { (result(x, $0) * y).sum() }
        return nil
      }
    }
    return {
      _ = result(x, filter)
      return nil
    }
  }

  private struct ConvolutionForm: Sendable {
    var batch = 8
    let window: (Int, Int)
    var stride = 1
    var padding = (0, 0)
    var algorithm = ConvolutionAlgorithm.direct
    let side: @Sendable (Int) -> (Int, Int)
    let outputs: @Sendable (Int) -> Int
  }

  private static let convolutionForms: [String: ConvolutionForm] = [
    "conv3": ConvolutionForm(
      window: (3, 3), padding: (1, 1), side: { (3584 / $0, 3584 / $0) }, outputs: { $0 }),
    "winograd3": ConvolutionForm(
      window: (3, 3), padding: (1, 1), algorithm: .winograd, side: { (3584 / $0, 3584 / $0) },
      outputs: { $0 }),
    "conv3Stride": ConvolutionForm(
      window: (3, 3), stride: 2, padding: (1, 1), side: { _ in (56, 56) }, outputs: { 2 * $0 }),
    "conv1": ConvolutionForm(window: (1, 1), side: { _ in (56, 56) }, outputs: { $0 / 4 }),
    "conv1Stride": ConvolutionForm(
      window: (1, 1), stride: 2, side: { _ in (56, 56) }, outputs: { 2 * $0 }),
    "conv5": ConvolutionForm(window: (5, 5), padding: (2, 2), side: { _ in (28, 28) }, outputs: { 2 * $0 }),
    "conv7": ConvolutionForm(
      window: (7, 7), stride: 2, padding: (3, 3), side: { _ in (224, 224) }, outputs: { _ in 64 }),
    "convTall": ConvolutionForm(
      window: (64, 1), padding: (32, 0), side: { _ in (191, 1) }, outputs: { $0 / 2 }),
    "unfold": ConvolutionForm(window: (3, 3), side: { _ in (56, 56) }, outputs: { $0 }),
  ]

  /// Batches of small matrices, an overdetermined system, and the vectors of a table with its gradient.
  static func small(_ name: String, _ count: Int) -> (() -> Double?)? {
    func done(_ operation: @escaping () throws -> Void) -> () -> Double? {
      {
        try! operation()
        return nil
      }
    }
    switch name {
    case "inverse3", "cholesky3":
      let a = Inputs.noise([count, 3, 3], seed: 1)
      let definite = a.matrixProduct(a, transposingRight: true) + Tensor.identity(3)
      return name == "inverse3" ? done { _ = try definite.inverse() } : done { _ = try definite.cholesky() }
    case "inverse3Double", "cholesky3Double":
      let a = Tensor<Double>(Inputs.noise([count, 3, 3], seed: 1))
      let definite = a.matrixProduct(a, transposingRight: true) + Tensor.identity(3)
      return name == "inverse3Double"
        ? done { _ = try definite.inverse() } : done { _ = try definite.cholesky() }
    case "leastSquares":
      let a = Inputs.noise([count, 100], seed: 1)
      let b = Inputs.noise([count], seed: 2)
      return done { _ = try a.leastSquares(b) }
    case "embedding":
      let table = Inputs.noise([count, 128], seed: 1)
      let rows = Tensor<Int64>(integers: (0..<2048).map { $0 * 37 % count })
      let y = Inputs.noise([2048, 128], seed: 2)
      return done { _ = gradient(at: table) { ($0.elements(at: rows, axis: 0) * y).sum() } }
    default: return nil
    }
  }
}
