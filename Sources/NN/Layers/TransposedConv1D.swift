import Tensor

/// The transpose of a convolution, which lengthens sequences: `[N, C, L]` becomes `[N, O, OL]`; see
/// `Tensor.transposedConv1D`.
public struct TransposedConv1D<Scalar: TensorScalar>: Layer {
  /// The filter, [C, O/groups, K].
  public var weight: Tensor<Scalar>
  /// [O], or `nil` for none.
  public var bias: Tensor<Scalar>?
  /// Output places from one input place to the next.
  public var stride: Int
  /// Places that are cut off at both ends of the result.
  public var padding: Int
  /// Places added at the end of the result.
  public var outputPadding: Int
  /// Output places from one tap to the next.
  public var dilation: Int
  /// Into how many independent convolutions the channels are divided.
  public var groups: Int

  /// A layer with new weights.
  ///
  /// - Parameters:
  ///   - inputs: C, the channels of the input.
  ///   - outputs: O, the channels of the output.
  ///   - window: K.
  ///   - stride: Output places from one input place to the next.
  ///   - padding: Places that are cut off at both ends of the result.
  ///   - outputPadding: Places added at the end of the result.
  ///   - dilation: Output places from one tap to the next.
  ///   - groups: Into how many independent convolutions the channels are divided.
  ///   - bias: Whether there is one.
  ///   - initializer: How the filter is drawn; the bias is drawn evenly from ±1/√fanIn.
  ///   - generator: Where the weights come from.
  /// - Precondition: C, O and the window are positive, and C and O are multiples of `groups`.
  public init(
    inputs: Int, outputs: Int, window: Int, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
    dilation: Int = 1, groups: Int = 1, bias: Bool = true, initializer: WeightInitializer = .standard,
    using generator: inout RandomGenerator
  ) {
    requireConvolution("TransposedConv1D", inputs, outputs, window: [window], groups: groups)
    let shape = [inputs, outputs / groups, window]
    weight = initializer(shape, using: &generator)
    self.bias = bias ? WeightInitializer.bias(outputs, forWeight: shape, using: &generator) : nil
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    self.groups = groups
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }

  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    x.transposedConv1D(
      weight, bias: bias, stride: stride, padding: padding, outputPadding: outputPadding, dilation: dilation,
      groups: groups)
  }
}
