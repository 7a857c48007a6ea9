import CImageCodecs
import Platform
import Tensor

extension Picture {
  /// The picture in a PNG or JPEG file; which of them is read from its bytes, never from its name.
  ///
  /// PNG: grey, RGB and palette, 1 to 16 bits a sample (16 bits keep their precision), alpha and tRNS, plain
  /// and interlaced. JPEG: grey, YCbCr, RGB, CMYK and YCCK (inks inverted where Adobe's marker says so),
  /// baseline and progressive. EXIF orientation is applied. Grey becomes three equal planes.
  ///
  /// A file that is damaged anywhere up to its end mark is an error, even where a decoder could patch it;
  /// bytes after the end mark are ignored.
  ///
  /// - Throws: ``PictureError``.
  public init(contentsOf path: String) throws {
    let bytes = try FileBytes.read(path)
    try self.init(decoding: bytes, path: path)
    var digest = SHA256()
    digest.update(bytes)
    origin = Origin(path: path, sha256: digest.finish())
  }

  /// The picture in a PNG or JPEG file's bytes; `path` is what errors call it.
  ///
  /// - Throws: ``PictureError``.
  public init(decoding bytes: [UInt8], path: String) throws {
    guard !bytes.isEmpty else { throw PictureError.empty(path: path) }
    guard let format = PictureFormat(magicOf: bytes) else {
      throw PictureError(unreadableKindOf: bytes, path: path)
    }
    let orientation = Orientation(ofFile: bytes, format: format)
    self = try bytes.withUnsafeBufferPointer { bytes in
      let reader = try PixelReader(bytes, format: format, path: path)
      defer { reader.close() }
      return try reader.read(orientation)
    }
  }
}

/// One file being decoded by the C shim.
private struct PixelReader {
  let path: String
  let format: PictureFormat
  let handle: OpaquePointer
  let header: codec_header

  init(_ bytes: UnsafeBufferPointer<UInt8>, format: PictureFormat, path: String) throws {
    var header = codec_header()
    let message = CodecMessage()
    let open = format == .png ? codec_png_open : codec_jpeg_open
    let handle = message.whileLent { open(bytes.baseAddress, bytes.count, &header, $0) }
    let (width, height) = (Int(header.width), Int(header.height))
    guard width * height <= Picture.pixelLimit else {
      if let handle { codec_close(handle) }
      throw PictureError.tooLarge(path: path, width: width, height: height)
    }
    guard let handle else {
      throw PictureError.damaged(path: path, format: format, reason: message.text)
    }
    self.path = path
    self.format = format
    self.handle = handle
    self.header = header
  }

  func close() { codec_close(handle) }

  func read(_ orientation: Orientation) throws -> Picture {
    let (width, height) = (Int(header.width), Int(header.height))
    let plane = width * height
    var alpha: [Float] = []
    let colour = try [Float](unsafeUninitializedCapacity: 3 * plane) { colour, colourCount in
      alpha = try [Float](unsafeUninitializedCapacity: header.has_alpha ? plane : 0) { alpha, alphaCount in
        let message = CodecMessage()
        let placement = orientation.placement(width: width, height: height)
        let isRead = message.whileLent {
          codec_read(handle, placement, colour.baseAddress, alpha.baseAddress, $0)
        }
        guard isRead else {
          throw PictureError.damaged(path: path, format: format, reason: message.text)
        }
        alphaCount = header.has_alpha ? plane : 0
      }
      colourCount = 3 * plane
    }
    return Picture(
      width: orientation.isTransposed ? height : width,
      height: orientation.isTransposed ? width : height,
      colour: colour,
      alpha: alpha.allSatisfy { $0 == 1 } ? nil : alpha)
  }
}
