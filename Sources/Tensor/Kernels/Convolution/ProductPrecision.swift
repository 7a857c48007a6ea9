/// The precision of the numbers that the products of a convolution multiply; transforms, sums and results are in single
/// precision.
package enum ProductPrecision: Hashable, Sendable {
  case single
  /// bfloat16: the first 16 bits of a `Float`, rounded to nearest even.
  case bfloat16

  /// The bytes of a number.
  var byteCount: Int { self == .single ? 4 : 2 }

  /// What an algorithm comes to on this machine, for a filter of so many channels.
  package static func of(
    _ algorithm: ConvolutionAlgorithm, outputChannels: Int, inputChannels: Int
  ) -> ProductPrecision {
    algorithm == .winogradBFloat16 && algorithm.isAvailable
      && WinogradFilter.isPossible(.bfloat16, outputChannels: outputChannels, inputChannels: inputChannels)
      ? .bfloat16 : .single
  }
}
