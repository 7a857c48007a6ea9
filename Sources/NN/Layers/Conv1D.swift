import Tensor

/// A convolution of sequences: `[N, C, L]` becomes `[N, O, OL]`; see `Tensor.conv1D`.
public struct Conv1D<Scalar: TensorScalar>: Layer {
  /// The filter, [O, C/groups, K].
  public var weight: Tensor<Scalar>
  /// [O], or `nil` for none.
  public var bias: Tensor<Scalar>?
  /// Input places from one output place to the next.
  public var stride: Int
  /// The padding: zeros before and after the sequence.
  public var padding: Int
  /// Input places from one tap to the next.
  public var dilation: Int
  /// Into how many independent convolutions the channels are divided.
  public var groups: Int

  /// A layer with new weights.
  ///
  /// - Parameters:
  ///   - inputs: C, the channels of the input.
  ///   - outputs: O, the channels of the output.
  ///   - window: K.
  ///   - stride: Input places from one output place to the next.
  ///   - padding: Zeros before and after the sequence.
  ///   - dilation: Input places from one tap to the next.
  ///   - groups: Into how many independent convolutions the channels are divided.
  ///   - bias: Whether there is one.
  ///   - initializer: How the filter is drawn; the bias is drawn evenly from ±1/√fanIn.
  ///   - generator: Where the weights come from.
  /// - Precondition: C, O and the window are positive, and C and O are multiples of `groups`.
  public init(
    inputs: Int, outputs: Int, window: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1,
    bias: Bool = true, initializer: WeightInitializer = .standard, using generator: inout RandomGenerator
  ) {
    requireConvolution("Conv1D", inputs, outputs, window: [window], groups: groups)
    let shape = [outputs, inputs / groups, window]
    weight = initializer(shape, using: &generator)
    self.bias = bias ? WeightInitializer.bias(outputs, forWeight: shape, using: &generator) : nil
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }

  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    x.conv1D(weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}
