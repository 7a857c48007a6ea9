/// The chunks of a WebP in its RIFF wrapping.
struct WebPFile {
  private let chunks: [(kind: String, data: ArraySlice<UInt8>)]

  init?(_ bytes: [UInt8]) {
    guard bytes.count > 12 else { return nil }
    chunks = Self.chunks(bytes[12...])
  }

  /// Stops where the bytes end or make no sense.
  private static func chunks(_ bytes: ArraySlice<UInt8>) -> [(kind: String, data: ArraySlice<UInt8>)] {
    var chunks: [(kind: String, data: ArraySlice<UInt8>)] = []
    var rest = bytes
    while rest.count >= 8 {
      let kind = String(decoding: rest.prefix(4), as: UTF8.self)
      let length = rest.dropFirst(4).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      guard length <= rest.count - 8 else { break }
      chunks.append((kind, rest.dropFirst(8).prefix(length)))
      rest = rest.dropFirst(8 + length + length % 2)
    }
    return chunks
  }

  func chunk(_ kind: String) -> ArraySlice<UInt8>? { chunks.first { $0.kind == kind }?.data }

  /// The file with its first frame alone, where it is an animation, and where that stands on its canvas, unless it fills
  /// it: libwebp's encoder leaves the clear border of a first frame out.
  ///
  /// - Throws: ``DecodingFault`` for an animation without frames, or whose first one is not on the canvas.
  static func still(_ bytes: [UInt8]) throws -> (bytes: [UInt8], place: CanvasPlace?) {
    guard let file = WebPFile(bytes), let header = file.chunk("VP8X"), header.count >= 10,
      header[header.startIndex] & 2 != 0
    else { return (bytes, nil) }
    guard let frame = file.chunk("ANMF"), frame.count > 16 else {
      throw DecodingFault("the animation has no frame")
    }
    func number(_ data: ArraySlice<UInt8>, at offset: Int) -> Int {
      data.dropFirst(offset).prefix(3).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    // Places are counted in pairs of pixels, and lengths from 0.
    let place = CanvasPlace(
      left: 2 * number(frame, at: 0), top: 2 * number(frame, at: 3), width: number(header, at: 4) + 1,
      height: number(header, at: 7) + 1)
    let (width, height) = (number(frame, at: 6) + 1, number(frame, at: 9) + 1)
    guard place.left + width <= place.width, place.top + height <= place.height else {
      throw DecodingFault(
        "the animation's first frame is not on its canvas", size: (place.width, place.height))
    }
    var still = Array(header)
    still[0] &= ~2
    still.replaceSubrange(4..<10, with: frame.dropFirst(6).prefix(6))
    var all: [(kind: String, data: ArraySlice<UInt8>)] = [("VP8X", still[...])]
    all += file.chunks.filter { $0.kind == "ICCP" }
    all += chunks(frame.dropFirst(16)).filter { ["ALPH", "VP8 ", "VP8L"].contains($0.kind) }
    all += file.chunks.filter { $0.kind == "EXIF" }
    return (encoded(all), (width, height) == (place.width, place.height) ? nil : place)
  }

  /// A file of chunks in their order.
  static func encoded(_ chunks: [(kind: String, data: ArraySlice<UInt8>)]) -> [UInt8] {
    func number(_ value: Int) -> [UInt8] { PNGChunks.bigEndian(UInt32(truncatingIfNeeded: value)).reversed() }
    var body: [UInt8] = Array("WEBP".utf8)
    for (kind, data) in chunks {
      body += Array(kind.utf8) + number(data.count)
      body += data
      if data.count % 2 == 1 { body.append(0) }
    }
    return Array("RIFF".utf8) + number(body.count) + body
  }

  /// The file with a profile and an EXIF block beside its pixels.
  func adding(profile: [UInt8]?, exif: [UInt8]?, width: Int, height: Int, hasAlpha: Bool) -> [UInt8] {
    let flags = UInt8((profile == nil ? 0 : 0x20) | (hasAlpha ? 0x10 : 0) | (exif == nil ? 0 : 8))
    func three(_ value: Int) -> [UInt8] { (0..<3).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    let header = [flags, 0, 0, 0] + three(width - 1) + three(height - 1)
    var all: [(kind: String, data: ArraySlice<UInt8>)] = [("VP8X", header[...])]
    if let profile { all.append(("ICCP", profile[...])) }
    all += chunks.filter { $0.kind != "VP8X" }
    if let exif { all.append(("EXIF", exif[...])) }
    return Self.encoded(all)
  }
}
