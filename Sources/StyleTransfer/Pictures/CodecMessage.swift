import CImageCodecs

/// The sentence that the C shim leaves when it fails.
final class CodecMessage {
  private(set) var text = ""

  /// Lends the shim a buffer for the length of `body`, and keeps what it wrote.
  func whileLent<Result>(_ body: (UnsafeMutablePointer<CChar>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CODEC_MESSAGE_SIZE)) { buffer in
      buffer.initialize(repeating: 0)
      let result = body(buffer.baseAddress!)
      text = String(cString: buffer.baseAddress!)
      return result
    }
  }
}
