/// The precision of the numbers that the products of a convolution multiply; transforms, sums and results are in single
/// precision.
package enum ProductPrecision: Hashable, Sendable {
  case single
  /// bfloat16: the first 16 bits of a `Float`, rounded to nearest even.
  case bfloat16

  /// The bytes of a number.
  var byteCount: Int { self == .single ? 4 : 2 }
}

/// The precisions of a convolution's products and of those of its gradient with respect to the input.
package struct ProductPrecisions: Hashable, Sendable {
  package let forward: ProductPrecision
  package let gradient: ProductPrecision

  /// What an algorithm comes to on this machine, for a filter of so many channels.
  package init(_ algorithm: ConvolutionAlgorithm, outputChannels: Int, inputChannels: Int) {
    let isPossible =
      algorithm.isAvailable
      && WinogradFilter.isPossible(.bfloat16, outputChannels: outputChannels, inputChannels: inputChannels)
    forward = isPossible && algorithm == .winogradBFloat16 ? .bfloat16 : .single
    gradient = isPossible && algorithm.hasBFloat16Gradient ? .bfloat16 : .single
  }
}

extension ConvolutionAlgorithm {
  fileprivate var hasBFloat16Gradient: Bool { self == .winogradBFloat16 || self == .winogradBFloat16Gradient }
}
