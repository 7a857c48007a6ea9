import Tensor

/// The transpose of a convolution, which enlarges pictures: `[N, C, H, W]` becomes `[N, O, OH, OW]`; see
/// `Tensor.transposedConv2D`.
public struct TransposedConv2D<Scalar: TensorScalar>: Layer {
  /// The filter, [C, O/groups, KH, KW].
  public var weight: Tensor<Scalar>
  /// [O], or `nil` for none.
  public var bias: Tensor<Scalar>?
  /// Output pixels from one input pixel to the next, vertically and horizontally.
  public var stride: (Int, Int)
  /// Rows and columns that are cut off around the result.
  public var padding: (Int, Int)
  /// Rows and columns added below and to the right of the result.
  public var outputPadding: (Int, Int)
  /// Output pixels from one tap to the next.
  public var dilation: (Int, Int)
  /// Into how many independent convolutions the channels are divided.
  public var groups: Int

  /// A layer with new weights.
  ///
  /// - Parameters:
  ///   - inputs: C, the channels of the input.
  ///   - outputs: O, the channels of the output.
  ///   - window: KH and KW.
  ///   - stride: Output pixels from one input pixel to the next, vertically and horizontally.
  ///   - padding: Rows and columns that are cut off around the result.
  ///   - outputPadding: Rows and columns added below and to the right of the result.
  ///   - dilation: Output pixels from one tap to the next.
  ///   - groups: Into how many independent convolutions the channels are divided.
  ///   - bias: Whether there is one.
  ///   - initializer: How the filter is drawn; the bias is drawn evenly from ±1/√fanIn.
  ///   - generator: Where the weights come from.
  /// - Precondition: C, O and the window are positive, and C and O are multiples of `groups`.
  public init(
    inputs: Int, outputs: Int, window: (Int, Int), stride: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0),
    outputPadding: (Int, Int) = (0, 0), dilation: (Int, Int) = (1, 1), groups: Int = 1, bias: Bool = true,
    initializer: WeightInitializer = .standard, using generator: inout RandomGenerator
  ) {
    requireConvolution("TransposedConv2D", inputs, outputs, window: [window.0, window.1], groups: groups)
    let shape = [inputs, outputs / groups, window.0, window.1]
    weight = initializer(shape, using: &generator)
    self.bias = bias ? WeightInitializer.bias(outputs, forWeight: shape, using: &generator) : nil
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    self.groups = groups
  }

  /// A layer with new weights and the same figures in both directions.
  ///
  /// - Precondition: C, O and the window are positive, and C and O are multiples of `groups`.
  public init(
    inputs: Int, outputs: Int, window: Int, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
    dilation: Int = 1, groups: Int = 1, bias: Bool = true, initializer: WeightInitializer = .standard,
    using generator: inout RandomGenerator
  ) {
    self.init(
      inputs: inputs, outputs: outputs, window: (window, window), stride: (stride, stride),
      padding: (padding, padding), outputPadding: (outputPadding, outputPadding),
      dilation: (dilation, dilation),
      groups: groups, bias: bias, initializer: initializer, using: &generator)
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }

  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    x.transposedConv2D(
      weight, bias: bias, stride: stride, padding: padding, outputPadding: outputPadding, dilation: dilation,
      groups: groups)
  }
}
