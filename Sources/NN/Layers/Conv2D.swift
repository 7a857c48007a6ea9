import Tensor

/// A convolution of pictures: `[N, C, H, W]` becomes `[N, O, OH, OW]`; see `Tensor.conv2D`.
public struct Conv2D<Scalar: TensorScalar>: Layer {
  /// The filter, [O, C/groups, KH, KW].
  public var weight: Tensor<Scalar>
  /// [O], or `nil` for none.
  public var bias: Tensor<Scalar>?
  /// Input pixels from one output pixel to the next, vertically and horizontally.
  public var stride: (Int, Int)
  /// Rows and columns of zeros around the picture.
  public var padding: (Int, Int)
  /// Input pixels from one tap to the next.
  public var dilation: (Int, Int)
  /// Into how many independent convolutions the channels are divided.
  public var groups: Int
  /// How the sums are computed.
  ///
  /// `winograd` is three to five times as fast for 3×3 windows with stride 1 and dozens of channels or more, in training two
  /// to three times, and less exact; with a single channel there is nothing to gain. The methods of bfloat16 are for
  /// weights that are not tracked: training is `direct` with them, so that nothing is lost there.
  public var algorithm = ConvolutionAlgorithm.direct

  /// A layer with new weights.
  ///
  /// - Parameters:
  ///   - inputs: C, the channels of the input.
  ///   - outputs: O, the channels of the output.
  ///   - window: KH and KW.
  ///   - stride: Input pixels from one output pixel to the next, vertically and horizontally.
  ///   - padding: Rows and columns of zeros around the picture.
  ///   - dilation: Input pixels from one tap to the next.
  ///   - groups: Into how many independent convolutions the channels are divided.
  ///   - bias: Whether there is one.
  ///   - initializer: How the filter is drawn; the bias is drawn evenly from ±1/√fanIn.
  ///   - generator: Where the weights come from.
  /// - Precondition: C, O and the window are positive, and C and O are multiples of `groups`.
  public init(
    inputs: Int, outputs: Int, window: (Int, Int), stride: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0),
    dilation: (Int, Int) = (1, 1), groups: Int = 1, bias: Bool = true,
    initializer: WeightInitializer = .standard, using generator: inout RandomGenerator
  ) {
    requireConvolution("Conv2D", inputs, outputs, window: [window.0, window.1], groups: groups)
    let shape = [outputs, inputs / groups, window.0, window.1]
    weight = initializer(shape, using: &generator)
    self.bias = bias ? WeightInitializer.bias(outputs, forWeight: shape, using: &generator) : nil
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }

  /// A layer with new weights and the same figures in both directions.
  ///
  /// - Precondition: C, O and the window are positive, and C and O are multiples of `groups`.
  public init(
    inputs: Int, outputs: Int, window: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1,
    bias: Bool = true, initializer: WeightInitializer = .standard, using generator: inout RandomGenerator
  ) {
    self.init(
      inputs: inputs, outputs: outputs, window: (window, window), stride: (stride, stride),
      padding: (padding, padding), dilation: (dilation, dilation), groups: groups, bias: bias,
      initializer: initializer, using: &generator)
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
  }

  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    x.conv2D(
      weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups,
      algorithm: algorithm)
  }
}

/// Traps unless the channels of a convolution can be divided into `groups`, and its window has a place.
func requireConvolution(_ layer: String, _ inputs: Int, _ outputs: Int, window: [Int], groups: Int) {
  requirePositive(layer, "number of input channels", inputs)
  requirePositive(layer, "number of output channels", outputs)
  for length in window { requirePositive(layer, "length of the window", length) }
  ShapeCheck.require(groups >= 1 && inputs.isMultiple(of: groups) && outputs.isMultiple(of: groups)) {
    "\(layer): \(groups) groups do not divide the \(inputs) input channels and the \(outputs) output channels"
  }
}
