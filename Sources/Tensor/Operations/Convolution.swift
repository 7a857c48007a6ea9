/// How the sums of a convolution are computed: by their definition, or faster and less exactly.
public enum ConvolutionAlgorithm: String, Sendable, CaseIterable {
  /// The products are made and added as the formula says. Where products and sums are exact so is the result: whole
  /// numbers give whole numbers, as long as no sum leaves ±2²⁴ (`Float`) or ±2⁵³ (`Double`).
  case direct
  /// Winograd's F(4×4, 3×3), which makes a quarter of the products, wherever it can be used, and `direct` elsewhere.
  ///
  /// It can be used for 3×3 filters on `Float` pictures with stride 1, no dilation, one group and equal paddings up to 2. For
  /// a filter that is tracked it is used, in all three derivatives, where it pays: with numbers of channels that are
  /// multiples of 16, and results of some hundred pixels. Its result, and the gradients, are within 3 millionths of the
  /// largest value. So whole numbers do not stay whole, what should be 0 may be below it, and a value that is not
  /// finite spreads over a tile of 4×4 pixels.
  case winograd
  /// `winograd` with products of bfloat16 numbers, where the processor has those (AVX512-BF16) and both numbers of
  /// channels are multiples of 16, and `winograd` itself elsewhere.
  ///
  /// The transformed pictures and filters are rounded to 8 digits of base 2, to nearest even; the transforms, the sums and
  /// the results are `Float`. The products are about twice as fast. A result is off by about 1/200 of the layer's root mean square, as products of bfloat16 numbers are elsewhere: good
  /// enough for the features of a network, not for arithmetic. Where it is not asked for, nothing is rounded. A filter that
  /// is tracked is taken by the definition, and so it is in `winogradBFloat16Gradient`.
  case winogradBFloat16
  /// `winograd`, whose gradient with respect to the input has the products of ``winogradBFloat16``.
  ///
  /// The values are those of `winograd`, and so are the places where a ReLU lets a gradient through. That rounding moves
  /// such places is most of what makes the gradient of a deep network inexact in bfloat16: without it the gradient is off
  /// by its own rounding alone.
  case winogradBFloat16Gradient

  /// Whether this machine's processor has what the algorithm is for; if not, another one takes its place.
  public var isAvailable: Bool {
    switch self {
    case .direct, .winograd: true
    case .winogradBFloat16, .winogradBFloat16Gradient: Processor.best.winograd(.bfloat16) != nil
    }
  }
}

extension Tensor where Scalar: TensorScalar {
  /// The cross-correlation of pictures with a filter, as convolution layers compute it.
  ///
  /// y[n, o, i, j] = bias[o] + Σ over c, k, l of filter[o, c, k, l] · x[n, c, i·stride + k·dilation − padding,
  /// j·stride + l·dilation − padding], where x is 0 outside the picture. With groups, output channel o sees only
  /// the input channels of its group.
  ///
  /// Axes: N pictures, C input channels, H × W pixels; O output channels, KH × KW taps. The shape is
  /// [N, C, H, W], the result's [N, O, OH, OW] with OH = ⌊(H + 2·padding − dilation·(KH − 1) − 1) / stride⌋ + 1.
  ///
  /// d/dx and d/dfilter are the two correlations with the gradient, d/dbias its sum over N, OH and OW. With a
  /// filter that is not tracked, the backward pass keeps the filter and nothing else.
  ///
  /// The sums are exact where their terms are, unless the faster ``ConvolutionAlgorithm/winograd`` is asked for.
  ///
  /// - Parameters:
  ///   - filter: [O, C/groups, KH, KW].
  ///   - bias: [O], or `nil` for none.
  ///   - stride: Input pixels from one output pixel to the next, vertically and horizontally.
  ///   - padding: Rows and columns of zeros around the picture.
  ///   - dilation: Input pixels from one tap to the next.
  ///   - groups: Into how many independent convolutions the channels are divided.
  ///   - applyingReLU: Whether the result is max(y, 0), as ``relu()`` of it would be.
  ///   - algorithm: How the sums, and those of the gradient with respect to the picture, are computed.
  /// - Precondition: The shapes agree, C and O are multiples of `groups`, and the window fits into the padded
  ///   picture.
  /// - Complexity: O(N · O · OH · OW · C/groups · KH · KW).
  public func conv2D(
    _ filter: Tensor, bias: Tensor? = nil, stride: (Int, Int), padding: (Int, Int) = (0, 0),
    dilation: (Int, Int) = (1, 1), groups: Int = 1, applyingReLU: Bool = false,
    algorithm: ConvolutionAlgorithm = .direct
  ) -> Tensor {
    var geometry = ShapeCheck.convolution(
      "conv2D", input: shape, filter: filter.shape, bias: bias?.shape, stride: [stride.0, stride.1],
      padding: [padding.0, padding.1], dilation: [dilation.0, dilation.1], groups: groups)
    if isMapped || filter.isMapped || bias?.isMapped == true {
      return mappedConvolution(with: filter, bias: bias, groups: groups, applyingReLU: applyingReLU) {
        $0.conv2D(
          $1, bias: $2, stride: stride, padding: padding, dilation: dilation, groups: $3, algorithm: algorithm
        )
      }
    }
    geometry.inputIsChannelsLast = array.layout.isChannelsLast
    geometry.algorithm = algorithm
    return convolved(with: filter, bias: bias, geometry, applyingReLU: applyingReLU)
  }

  /// The cross-correlation of pictures with a filter, with the same figures in both directions.
  public func conv2D(
    _ filter: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1, applyingReLU: Bool = false, algorithm: ConvolutionAlgorithm = .direct
  ) -> Tensor {
    conv2D(
      filter, bias: bias, stride: (stride, stride), padding: (padding, padding),
      dilation: (dilation, dilation),
      groups: groups, applyingReLU: applyingReLU, algorithm: algorithm)
  }

  /// The cross-correlation of sequences with a filter, as convolution layers compute it.
  ///
  /// y[n, o, i] = bias[o] + Σ over c, k of filter[o, c, k] · x[n, c, i·stride + k·dilation − padding], where x is
  /// 0 outside the sequence. With groups, output channel o sees only the input channels of its group.
  ///
  /// Axes: N sequences, C input channels, L places; O output channels, K taps. The shape is [N, C, L], the
  /// result's [N, O, OL] with OL = ⌊(L + 2·padding − dilation·(K − 1) − 1) / stride⌋ + 1. The derivatives are
  /// those of `conv2D`.
  ///
  /// - Parameters:
  ///   - filter: [O, C/groups, K].
  ///   - bias: [O], or `nil` for none.
  ///   - stride: Input places from one output place to the next.
  ///   - padding: Zeros before and after the sequence.
  ///   - dilation: Input places from one tap to the next.
  ///   - groups: Into how many independent convolutions the channels are divided.
  ///   - applyingReLU: Whether the result is max(y, 0), as ``relu()`` of it would be.
  /// - Precondition: The shapes agree, C and O are multiples of `groups`, and the window fits into the padded
  ///   sequence.
  /// - Complexity: O(N · O · OL · C/groups · K).
  public func conv1D(
    _ filter: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1, applyingReLU: Bool = false
  ) -> Tensor {
    var geometry = ShapeCheck.convolution(
      "conv1D", input: shape, filter: filter.shape, bias: bias?.shape, stride: [stride], padding: [padding],
      dilation: [dilation], groups: groups)
    if isMapped || filter.isMapped || bias?.isMapped == true {
      return expanded(axis: 2).conv2D(
        filter.expanded(axis: 2), bias: bias, stride: (1, stride), padding: (0, padding),
        dilation: (1, dilation),
        groups: groups, applyingReLU: applyingReLU
      ).squeezed(axes: [2])
    }
    // A sequence is a picture of one row.
    let picture = expanded(axis: 2)
    geometry.inputIsChannelsLast = picture.array.layout.isChannelsLast
    return picture.convolved(
      with: filter.expanded(axis: 2), bias: bias, geometry, applyingReLU: applyingReLU
    ).squeezed(axes: [2])
  }
}

// MARK: - The rules

// The convolution y = C(x, w), the gradient x̄ = I(ȳ, w) and the gradient w̄ = F(x, ȳ) are the three faces of one
// sum of products, linear in each argument. The gradients of each are the other two, so three rules are enough for
// derivatives of any order.
extension Tensor where Scalar: TensorScalar {
  private func convolved(
    with filter: Tensor, bias: Tensor? = nil, _ geometry: ConvolutionGeometry, applyingReLU: Bool = false
  ) -> Tensor {
    let plan = ConvolutionPlan(Scalar.self, geometry, filterIsFrozen: !filter.isTracked)
    if applyingReLU, !filter.isTracked, case .winograd(let precisions) = plan {
      return rectified(with: filter, bias: bias, geometry, precisions)
    }
    let value = Tensor(Kernels.convolution(array, filter.array, bias: bias?.array, geometry, plan))
    let result = record(
      "conv2D", value,
      inputs: [
        (self, { g in g.convolutionInputGradient(filter, geometry) }),
        (filter, { g in self.convolutionFilterGradient(g, geometry) }),
      ] + (bias.map { [($0, { g in g.sum(axes: [0, 2, 3]) })] } ?? []),
      pushingJointly: { tangents in
        .totalled([
          tangents[0].map { $0.convolved(with: filter, geometry) },
          tangents[1].map { self.convolved(with: $0, geometry) },
          bias == nil ? nil : tangents[2].map { $0.alongChannels(of: value.shape) },
        ])
      })
    return applyingReLU ? result.relu() : result
  }

  /// max(C(x, w) + bias, 0) with a frozen filter, in one pass. The gradient is masked as it is read.
  private func rectified(
    with filter: Tensor, bias: Tensor?, _ geometry: ConvolutionGeometry, _ precisions: ProductPrecisions
  ) -> Tensor {
    let isTracked = isTracked || bias?.isTracked == true
    let (value, mask) = Kernels.rectifiedConvolution(
      array, filter.array, bias: bias?.array, geometry, precisions, recordsMask: isTracked)
    guard let mask else { return Tensor(value) }
    return record(
      "conv2D", Tensor(value),
      inputs: [(self, { g in g.convolutionInputGradient(filter, mask: mask, geometry) })]
        + (bias.map { [($0, { g in g.masked(by: mask).sum(axes: [0, 2, 3]) })] } ?? []),
      pushingJointly: { tangents in
        Tensor.totalled([
          tangents[0].map { $0.convolved(with: filter, geometry) },
          bias == nil ? nil : tangents[1].map { $0.alongChannels(of: value.shape) },
        ]).masked(by: mask)
      })
  }

  /// A bias, repeated for all pixels of pictures of `shape`.
  private func alongChannels(of shape: Shape) -> Tensor {
    reshaped(to: [count, 1, 1]).broadcast(to: shape)
  }

  /// I(ȳ, w), where `self` is ȳ: the gradient of a convolution with respect to its input. With a mask, which only
  /// frozen filters have, ȳ counts as 0 where the mask has no bit.
  func convolutionInputGradient(
    _ filter: Tensor, mask: BitMask? = nil, _ geometry: ConvolutionGeometry,
    name: StaticString = "conv2D's input gradient"
  ) -> Tensor {
    let plan = ConvolutionPlan(Scalar.self, geometry, filterIsFrozen: !filter.isTracked)
    return record(
      name,
      Tensor(Kernels.convolutionInputGradient(array, filter.array, mask: mask, geometry, plan)),
      inputs: [
        (
          self,
          { h in
            let result = h.convolved(with: filter, geometry)
            return mask.map(result.masked(by:)) ?? result
          }
        ), (filter, { h in h.convolutionFilterGradient(self, geometry) }),
      ],
      pushingJointly: { tangents in
        .totalled([
          tangents[0].map { $0.convolutionInputGradient(filter, mask: mask, geometry, name: name) },
          tangents[1].map { convolutionInputGradient($0, mask: mask, geometry, name: name) },
        ])
      })
  }

  /// F(x, ȳ), where `self` is x: the gradient of a convolution with respect to its filter.
  private func convolutionFilterGradient(_ gradient: Tensor, _ geometry: ConvolutionGeometry) -> Tensor {
    record(
      "conv2D's filter gradient", Tensor(Kernels.convolutionFilterGradient(array, gradient.array, geometry)),
      inputs: [
        (self, { v in gradient.convolutionInputGradient(v, geometry) }),
        (gradient, { v in self.convolved(with: v, geometry) }),
      ],
      pushingJointly: { tangents in
        .totalled([
          tangents[0].map { $0.convolutionFilterGradient(gradient, geometry) },
          tangents[1].map { self.convolutionFilterGradient($0, geometry) },
        ])
      })
  }
}

extension ShapeCheck {
  /// Traps unless input and filter have `axes` axes, 1 for sequences and 2 for pictures, behind those of the channels.
  static func convolutionForms(
    _ operation: String, input: Shape, filter: Shape, channels: String, axes: Int
  ) {
    let isPicture = axes == 2
    require(input.count == 2 + axes) {
      "\(operation): the input \(input) is not of the form [N, C, \(isPicture ? "H, W" : "L")]"
    }
    require(filter.count == 2 + axes) {
      "\(operation): the filter \(filter) is not of the form [\(channels), \(isPicture ? "KH, KW" : "K")]"
    }
  }

  /// The geometry of a convolution; its figures have one number for sequences, two for pictures.
  fileprivate static func convolution(
    _ operation: String, input: Shape, filter: Shape, bias: Shape?, stride: [Int], padding: [Int],
    dilation: [Int], groups: Int
  ) -> ConvolutionGeometry {
    convolutionForms(operation, input: input, filter: filter, channels: "O, C/groups", axes: stride.count)
    require(groups >= 1 && input[1] % groups == 0 && filter[0] % groups == 0) {
      "\(operation): \(groups) groups do not divide the \(input[1]) channels of the input \(input) and the "
        + "\(filter[0]) of the filter \(filter)"
    }
    require(input[1] / groups == filter[1]) {
      "\(operation): the input \(input) has \(input[1] / groups) channels in a group, the filter \(filter) "
        + "wants \(filter[1])"
    }
    require(bias == nil || bias == [filter[0]]) {
      "\(operation): the bias \(bias!) is not [\(filter[0])], one number for each filter of \(filter)"
    }
    let axes = stride.indices.map {
      WindowAxis(
        size: input[2 + $0], window: filter[2 + $0], stride: stride[$0], padding: padding[$0],
        dilation: dilation[$0])
    }
    window(operation, input, axes)
    return ConvolutionGeometry(
      batch: input[0], inputChannels: input[1], outputChannels: filter[0], groups: groups, axes: axes)
  }
}
