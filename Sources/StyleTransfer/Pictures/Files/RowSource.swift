import CImageCodecs

/// What the rows of a file look like.
struct PixelLayout {
  var width: Int
  var height: Int
  /// 1 grey; 3 red, green and blue; 4 amounts of cyan, magenta, yellow and black.
  var channels: Int
  var hasAlpha: Bool
  /// Whether colours are multiplied by alpha.
  var isPremultiplied = false
  /// Whether alpha could be something else, which the file does not say.
  var isAlphaUnsaid = false
  /// About what the decoder takes at once, beside a row: almost nothing where it goes row by row.
  var decodingBytes = 0.0
  /// How to turn what comes; `nil` where the file's EXIF says so.
  var orientation: Orientation? = nil
  /// What the numbers mean, where the decoder tells it.
  var colours: PictureColours? = nil

  /// Numbers in a whole row.
  var rowCount: Int { width * (channels + (hasAlpha ? 1 : 0)) }
}

/// A file that is decoded row by row.
protocol RowSource: AnyObject {
  var layout: PixelLayout { get }
  /// Puts the next row's numbers in 0…1, and alpha after each pixel's, into `samples`, and says where the row belongs;
  /// `nil` when every row has come, and the file is right to its end.
  ///
  /// - Throws: ``DecodingFault``.
  func next(into samples: UnsafeMutableBufferPointer<Float>) throws -> codec_row?
}

/// What is wrong with a file, as half a sentence.
struct DecodingFault: Error {
  let reason: String
  /// The size that the file declares, where that was read.
  var size: (width: Int, height: Int)?

  init(_ reason: String, size: (Int, Int)? = nil) { (self.reason, self.size) = (reason, size) }
}

extension RGBColourSpace {
  /// The space that a header tells by numbers or by points.
  fileprivate init?(_ header: codec_header) {
    guard header.primaries == CODEC_POINTS else {
      self.init(primaries: Int(header.primaries), transfer: Int(header.transfer))
      return
    }
    let p = header.points
    let points = Chromaticities([p.0, p.1], [p.2, p.3], [p.4, p.5], white: [p.6, p.7])
    guard let curve = ToneCurve(transfer: Int(header.transfer)) else { return nil }
    self.init(points, curve: curve)
  }
}

/// A file being decoded by the C shim.
final class CodecRows: RowSource {
  private(set) var layout: PixelLayout
  private let handle: OpaquePointer
  private let message = CodecMessage()

  typealias Opening = (
    UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<codec_header>?, UnsafeMutablePointer<CChar>?
  ) -> OpaquePointer?

  /// - Parameter bytes: They must stay where they are as long as the source lives.
  /// - Throws: ``DecodingFault``.
  init(_ bytes: UnsafeBufferPointer<UInt8>, open: Opening) throws {
    var header = codec_header()
    let handle = message.whileLent { open(bytes.baseAddress, bytes.count, &header, $0) }
    let size = (Int(header.width), Int(header.height))
    guard let handle else { throw DecodingFault(message.text, size: size) }
    self.handle = handle
    layout = PixelLayout(
      width: size.0, height: size.1, channels: Int(header.colours), hasAlpha: header.has_alpha,
      isPremultiplied: header.is_premultiplied, isAlphaUnsaid: header.alpha_is_unsaid,
      decodingBytes: header.decoding_bytes, orientation: Orientation(rawValue: Int(header.orientation)))
    if let profile = header.profile {
      layout.colours = PictureColours(
        profile: Array(UnsafeBufferPointer(start: profile, count: header.profile_count)),
        colours: layout.channels)
    } else {
      layout.colours = RGBColourSpace(header).map { PictureColours($0) }
    }
  }

  deinit { codec_close(handle) }

  /// Makes a JPEG come out smaller.
  func scaleJPEG(by denominator: Int) {
    var header = codec_header()
    codec_jpeg_scale(handle, UInt32(denominator), &header)
    (layout.width, layout.height) = (Int(header.width), Int(header.height))
  }

  func next(into samples: UnsafeMutableBufferPointer<Float>) throws -> codec_row? {
    var row = codec_row()
    switch message.whileLent({ codec_next(handle, &row, samples.baseAddress, $0) }) {
    case CODEC_ROW: return row
    case CODEC_END: return nil
    default: throw DecodingFault(message.text)
    }
  }
}
