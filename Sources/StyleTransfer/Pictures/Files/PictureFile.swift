import CImageCodecs

/// A file of a kind that is read: its pixels, and what stands beside them.
struct PictureFile {
  let format: PictureFormat
  let bytes: [UInt8]
  /// Where the picture stands on a larger canvas; `nil` where it fills it.
  private let place: CanvasPlace?

  /// - Throws: ``DecodingFault`` for a file that cannot be right.
  init(_ bytes: [UInt8], format: PictureFormat) throws {
    self.format = format
    switch format {
    case .png: (self.bytes, place) = (try PNGChunks.mended(bytes), nil)
    case .webP: (self.bytes, place) = try WebPFile.still(bytes)
    default: (self.bytes, place) = (bytes, nil)
    }
  }

  /// The pixels, row by row; `buffer` holds ``bytes``, and must stay as long as the rows are needed.
  ///
  /// - Throws: ``DecodingFault``, ``MissingLibrary``.
  func rows(_ buffer: UnsafeBufferPointer<UInt8>) throws -> any RowSource {
    try format.library?.require(for: "\(format) pictures")
    return switch format {
    case .png: try CodecRows(buffer, open: codec_png_open)
    case .jpeg: try CodecRows(buffer, open: codec_jpeg_open)
    case .webP: try placed(CodecRows(buffer, open: codec_webp_open))
    case .tiff: try CodecRows(buffer, open: codec_tiff_open)
    case .avif, .heic: try CodecRows(buffer, open: codec_heif_open)
    case .jpegXL: try CodecRows(buffer, open: codec_jxl_open)
    case .gif: try GIFRows(buffer)
    case .bmp: try BMPRows(buffer)
    case .netpbm: try NetpbmRows(buffer)
    }
  }

  private func placed(_ rows: CodecRows) -> any RowSource {
    place.map { CanvasRows(rows, at: $0) } ?? rows
  }

  /// How the picture is turned, where the pixels' decoder leaves that to EXIF: as Chromium and Pillow agree, who do
  /// not for WebP. Upright if nothing is said.
  var orientation: Orientation {
    switch format {
    case .png, .jpeg: exif.flatMap { Orientation(exif: Array($0)) } ?? .topLeft
    default: .topLeft
    }
  }

  /// The EXIF block, from its byte order on.
  var exif: ArraySlice<UInt8>? {
    switch format {
    case .png: PNGChunks(bytes).first { $0.kind == "eXIf" && $0.isIntact }?.data
    case .jpeg:
      JPEGSegments(bytes).first {
        $0.marker == JPEGSegments.Marker.application1 && $0.data.starts(with: JPEGSegments.exifHeader)
      }?.data.dropFirst(JPEGSegments.exifHeader.count)
    case .webP:
      WebPFile(bytes)?.chunk("EXIF").map { $0.starts(with: JPEGSegments.exifHeader) ? $0.dropFirst(6) : $0 }
    default: nil
    }
  }

  /// What the numbers of pixels of `channels` mean, where the file's container says so; `nil` for sRGB.
  func colours(channels: Int) -> PictureColours? {
    switch format {
    case .png: PictureColours(of: PNGChunks(bytes), channels: channels)
    case .jpeg: JPEGSegments.profile(in: bytes).flatMap { PictureColours(profile: $0, colours: channels) }
    case .webP:
      WebPFile(bytes)?.chunk("ICCP").flatMap { PictureColours(profile: Array($0), colours: channels) }
    default: nil
    }
  }
}
