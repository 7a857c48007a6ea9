import CImageCodecs
import Foundation
import Platform
import Tensor

/// How a picture is put into a file.
public struct PictureEncoding: Sendable {
  /// Bits a sample in a PNG.
  public enum BitDepth: Int, CaseIterable, Sendable {
    /// Eight bits a sample, 256 levels.
    case eight = 8
    /// Sixteen bits a sample, 65,536 levels.
    case sixteen = 16
  }

  /// Bits a sample; a JPEG has 8 always.
  public var bitDepth = BitDepth.eight
  /// JPEG quality, 1 (smallest file) … 100 (least loss).
  public var quality = 95
  /// A text that travels in the file and tells how the picture was made, usually JSON.
  ///
  /// Kept as a PNG tEXt chunk (iTXt if it does not fit in Latin-1) or a JPEG comment.
  public var settings: String?

  /// An encoding with these figures.
  public init(bitDepth: BitDepth = .eight, quality: Int = 95, settings: String? = nil) {
    self.bitDepth = bitDepth
    self.quality = quality
    self.settings = settings
  }
}

extension Picture {
  /// Writes a PNG or JPEG, by the path's ending, in a temporary file that then takes the place of an old one.
  ///
  /// - Throws: ``PictureError``; what was at `path` is then as it was.
  public func write(to path: String, as encoding: PictureEncoding = .init()) throws {
    guard let format = PictureFormat(endingOf: path) else { throw PictureError.unknownEnding(path: path) }
    let bytes = try encoded(as: format, encoding)
    do { try AtomicFile.write(bytes, to: path) } catch let error as AtomicFileError {
      throw PictureError(error)
    }
  }

  /// Says early, before a long run, whether ``write(to:as:)`` has a chance; changes nothing.
  ///
  /// - Throws: ``PictureError`` if the ending is not one that is written, or why nothing can be written there.
  public static func checkWritable(_ path: String) throws {
    guard PictureFormat(endingOf: path) != nil else { throw PictureError.unknownEnding(path: path) }
    do { try AtomicFile.checkWritable(path) } catch let error as AtomicFileError { throw PictureError(error) }
  }

  /// The bytes of a PNG or JPEG file.
  ///
  /// Values are rounded to the nearest level, clamped to 0…1; NaN becomes 0. A PNG is RGB, or RGBA where the
  /// picture has alpha. A JPEG has no transparency: it shows the picture over white, chroma at full
  /// resolution (4:4:4).
  ///
  /// - Precondition: quality in 1…100; settings without null characters.
  /// - Throws: ``PictureError/notEncodable(format:width:height:reason:)``, such as for a JPEG of more than
  ///   65,500 pixels a side.
  public func encoded(as format: PictureFormat, _ encoding: PictureEncoding = .init()) throws -> [UInt8] {
    precondition(1...100 ~= encoding.quality, "encoded: quality \(encoding.quality) is not in 1…100")
    precondition(
      encoding.settings?.utf8.contains(0) != true, "encoded: a null character would cut the settings short")
    var file = codec_file()
    let message = CodecMessage()
    let isEncoded = message.whileLent { message in
      switch format {
      case .png: encodePNG(encoding, &file, message)
      case .jpeg: overWhite.encodeJPEG(encoding, &file, message)
      }
    }
    defer { free(file.bytes) }
    guard isEncoded else {
      throw PictureError.notEncodable(format: format, width: width, height: height, reason: message.text)
    }
    return Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
  }

  private func encodePNG(
    _ encoding: PictureEncoding, _ file: inout codec_file, _ message: UnsafeMutablePointer<CChar>
  ) -> Bool {
    func encode(_ text: UnsafePointer<codec_png_text>?) -> Bool {
      codec_png_encode(
        colour, alpha, UInt32(width), UInt32(height), Int32(encoding.bitDepth.rawValue), text, &file, message)
    }
    guard let settings = encoding.settings else { return encode(nil) }
    let latin1 = settings.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
    let isUTF8 = latin1.count < settings.unicodeScalars.count
    let characters = (isUTF8 ? Array(settings.utf8) : latin1) + [0]
    return Self.settingsKeyword.withCString { keyword in
      characters.withUnsafeBytes { characters in
        var text = codec_png_text(
          keyword: keyword, text: characters.bindMemory(to: CChar.self).baseAddress, is_utf8: isUTF8)
        return encode(&text)
      }
    }
  }

  private func encodeJPEG(
    _ encoding: PictureEncoding, _ file: inout codec_file, _ message: UnsafeMutablePointer<CChar>
  ) -> Bool {
    let comment = Array((encoding.settings ?? "").utf8)
    return codec_jpeg_encode(
      colour, UInt32(width), UInt32(height), Int32(encoding.quality), comment, comment.count, &file, message)
  }
}
