import CImageCodecs
import Foundation

/// Why a picture does not go into a file.
struct EncodingFault: Error {
  let reason: String
}

/// A picture on its way into a file.
struct PictureWriter {
  private let picture: Picture
  private let format: PictureFormat
  private let encoding: PictureEncoding

  init(_ picture: Picture, as format: PictureFormat, _ encoding: PictureEncoding) {
    self.picture = format == .jpeg ? picture.overWhite : picture
    (self.format, self.encoding) = (format, encoding)
  }

  /// - Throws: ``EncodingFault``.
  func encoded() throws -> [UInt8] {
    let bytes = try withPicture { pixels in
      try withExtras { extras in try encoded(pixels, extras) }
    }
    guard format == .webP else { return bytes }
    return WebPFile(bytes)?.adding(
      profile: profile, exif: exif, width: picture.width, height: picture.height,
      hasAlpha: picture.alpha != nil) ?? bytes
  }

  private func encoded(_ pixels: codec_picture, _ extras: codec_extras) throws -> [UInt8] {
    var (pixels, extras) = (pixels, extras)
    var file = codec_file()
    let message = CodecMessage()
    let quality = Int32(encoding.quality)
    let isEncoded = message.whileLent { message in
      switch format {
      case .png: codec_png_encode(&pixels, Picture.settingsKeyword, &extras, &file, message)
      case .jpeg: codec_jpeg_encode(&pixels, quality, &extras, &file, message)
      case .webP: codec_webp_encode(&pixels, &file, message)
      case .tiff: codec_tiff_encode(&pixels, &extras, &file, message)
      case .avif: codec_avif_encode(&pixels, quality, &extras, &file, message)
      case .jpegXL: codec_jxl_encode(&pixels, &extras, &file, message)
      case .heic, .gif, .bmp, .netpbm: false
      }
    }
    defer { free(file.bytes) }
    guard isEncoded else { throw EncodingFault(reason: message.text) }
    return Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
  }

  private func withPicture<Result>(_ body: (codec_picture) throws -> Result) rethrows -> Result {
    let depth = format.holdsSixteenBits ? encoding.bitDepth.rawValue : 8
    return try picture.colour.withUnsafeBufferPointer { colour in
      func call(_ alpha: UnsafePointer<Float>?) throws -> Result {
        try body(
          codec_picture(
            colour: colour.baseAddress, alpha: alpha, width: UInt32(picture.width),
            height: UInt32(picture.height),
            bit_depth: Int32(depth)))
      }
      guard let alpha = picture.alpha else { return try call(nil) }
      return try alpha.withUnsafeBufferPointer { try call($0.baseAddress) }
    }
  }

  /// The profile that is written; `nil` where sRGB is said in a shorter way.
  private var profile: [UInt8]? {
    if let colours = encoding.colours { return colours.profile }
    return switch format {
    case .jpeg, .webP, .tiff: ICCProfile.sRGB
    default: nil
    }
  }

  private var exif: [UInt8]? { encoding.settings.map(ExifText.block) }

  private func withExtras<Result>(_ body: (codec_extras) throws -> Result) rethrows -> Result {
    let settings = encoding.settings ?? ""
    let latin1 = settings.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
    let isUTF8 = format != .png || latin1.count < settings.unicodeScalars.count
    let text =
      switch format {
      case .avif, .jpegXL: exif ?? []
      default: isUTF8 ? Array(settings.utf8) : latin1
      }
    let profile = profile ?? []
    return try text.withUnsafeBufferPointer { text in
      try profile.withUnsafeBufferPointer { profile in
        try body(
          codec_extras(
            profile: profile.isEmpty ? nil : profile.baseAddress, profile_count: profile.count,
            text: encoding.settings == nil ? nil : text.baseAddress, text_count: text.count, is_utf8: isUTF8))
      }
    }
  }
}
