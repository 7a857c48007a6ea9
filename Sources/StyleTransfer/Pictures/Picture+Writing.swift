import ImpastoPlatform
import Tensor

/// How a picture is put into a file.
public struct PictureEncoding: Sendable {
  /// Bits a sample.
  public enum BitDepth: Int, CaseIterable, Sendable {
    /// Eight bits a sample, 256 levels.
    case eight = 8
    /// Sixteen bits a sample, 65,536 levels.
    case sixteen = 16
  }

  /// Bits a sample of a PNG, TIFF or JPEG XL; others have 8 always.
  public var bitDepth = BitDepth.eight
  /// The quality of a JPEG or AVIF, 1 (smallest file) … 100 (least loss).
  public var quality = 95
  /// A text that travels in the file and tells how the picture was made, usually JSON.
  ///
  /// Kept as a PNG tEXt chunk (iTXt if it does not fit in Latin-1), a JPEG comment, or the image description.
  public var settings: String?
  /// The colours that the file's numbers are in; `nil` for sRGB.
  var colours: PictureColours?

  /// An encoding with these figures.
  public init(bitDepth: BitDepth = .eight, quality: Int = 95, settings: String? = nil) {
    self.bitDepth = bitDepth
    self.quality = quality
    self.settings = settings
  }
}

extension Picture {
  /// Writes a picture of the kind that the path's ending names, in a temporary file that then takes the place of an old
  /// one.
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
  /// - Throws: ``PictureError`` if the ending is not one that is written, the library for it is missing, or why nothing
  ///   can be written there.
  public static func checkWritable(_ path: String) throws {
    guard let format = PictureFormat(endingOf: path) else { throw PictureError.unknownEnding(path: path) }
    do { try format.library?.require(for: "\(format) pictures") } catch let missing as MissingLibrary {
      throw PictureError.notWritable(path: path, reason: missing.reason)
    }
    do { try AtomicFile.checkWritable(path) } catch let error as AtomicFileError { throw PictureError(error) }
  }

  /// The bytes of a file.
  ///
  /// Values are rounded to the nearest level, clamped to 0…1; NaN becomes 0. The file says that its colours are sRGB.
  /// A JPEG has no transparency: it shows the picture over white, chroma at full resolution (4:4:4). WebP, TIFF and JPEG
  /// XL are without loss.
  ///
  /// - Precondition: quality in 1…100; settings without null characters; a format that is written.
  /// - Throws: ``PictureError/notEncodable(format:width:height:reason:)``, such as for a JPEG of more than
  ///   65,500 pixels a side, and where a library is missing.
  public func encoded(as format: PictureFormat, _ encoding: PictureEncoding = .init()) throws -> [UInt8] {
    precondition(1...100 ~= encoding.quality, "encoded: quality \(encoding.quality) is not in 1…100")
    precondition(
      encoding.settings?.utf8.contains(0) != true, "encoded: a null character would cut the settings short")
    precondition(format.isWritten, "encoded: \(format) is not written; choose another format")
    do {
      try format.library?.require(for: "\(format) pictures")
      return try PictureWriter(inColours(of: encoding), as: format, encoding).encoded()
    } catch let missing as MissingLibrary {
      throw PictureError.notEncodable(format: format, width: width, height: height, reason: missing.reason)
    } catch let fault as EncodingFault {
      throw PictureError.notEncodable(format: format, width: width, height: height, reason: fault.reason)
    }
  }

  private func inColours(of encoding: PictureEncoding) throws -> Picture {
    guard let colours = encoding.colours, let conversion = try ColourConversion.fromSRGB(colours) else {
      return self
    }
    return Picture(width: width, height: height, colour: conversion.converted(planes: colour), alpha: alpha)
  }
}
