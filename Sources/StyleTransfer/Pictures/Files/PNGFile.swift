import Tensor

extension PNGChunks {
  /// The file as libpng should see it: one whose end mark is missing behind whole pixels gets it.
  ///
  /// - Throws: ``DecodingFault`` for a damaged chunk that changes pixels and that libpng would pass over.
  static func mended(_ bytes: [UInt8]) throws -> [UInt8] {
    var end = 8
    for chunk in PNGChunks(bytes) {
      if chunk.kind == "tRNS", !chunk.isIntact { throw DecodingFault("tRNS: CRC error") }
      if chunk.kind == "IEND" {
        if chunk.isIntact { return bytes }
        break
      }
      end = chunk.data.endIndex + 4
    }
    guard PNGChunks(bytes).contains(where: { $0.kind == "IDAT" }) else { return bytes }
    // Of a chunk that breaks off only one of pixels is missed; there libpng says so.
    let rest = bytes[end...]
    if rest.count >= 8, rest.dropFirst(4).starts(with: "IDAT".utf8) { return bytes }
    return bytes[..<end] + PNGChunks.encoded("IEND", [])
  }
}

extension PictureColours {
  /// The colours of a PNG by what says the most, whatever the order in the file: cICP before iCCP before sRGB before
  /// gAMA with cHRM (PNG specification, third edition, section 4.3). A chunk that is damaged or makes no sense counts
  /// as missing.
  init?(of chunks: PNGChunks, channels: Int) {
    var found: [String: ArraySlice<UInt8>] = [:]
    for chunk in chunks.prefix(while: { $0.kind != "IDAT" })
    where ["cICP", "iCCP", "sRGB", "gAMA", "cHRM"].contains(chunk.kind) && found[chunk.kind] == nil
      && chunk.isIntact
    {
      found[chunk.kind] = chunk.data
    }
    if let space = found["cICP"].flatMap(Self.codePoints) {
      self.init(space)
    } else if let profile = found["iCCP"].flatMap(Self.profile),
      let colours = PictureColours(profile: profile, colours: channels)
    {
      self = colours
    } else if found["sRGB"]?.count == 1 {
      return nil
    } else if let space = Self.space(gamma: found["gAMA"], chromaticities: found["cHRM"]) {
      self.init(space)
    } else {
      return nil
    }
  }

  /// Primaries, transfer, a matrix, which pixels of red, green and blue have not, and whether all levels are used.
  private static func codePoints(_ data: ArraySlice<UInt8>) -> RGBColourSpace? {
    let fields = data.map(Int.init)
    guard fields.count == 4, fields[2] == 0, fields[3] == 1 else { return nil }
    return RGBColourSpace(primaries: fields[0], transfer: fields[1])
  }

  /// A name, a zero, the method 0, and the profile, packed.
  private static func profile(_ data: ArraySlice<UInt8>) -> [UInt8]? {
    guard let zero = data.prefix(80).firstIndex(of: 0), data.count > zero + 2 - data.startIndex,
      data[zero + 1] == 0
    else { return nil }
    return inflated(data[(zero + 2)...], limit: 16 << 20)
  }

  private static func space(gamma: ArraySlice<UInt8>?, chromaticities: ArraySlice<UInt8>?) -> RGBColourSpace?
  {
    func numbers(_ data: ArraySlice<UInt8>) -> [Double] {
      stride(from: data.startIndex, to: data.endIndex - 3, by: 4).map { start in
        Double(data[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }) / 100_000
      }
    }
    guard let gamma, gamma.count == 4, let exponent = numbers(gamma).first, exponent > 0 else { return nil }
    let points = chromaticities.map(numbers) ?? []
    // Near the power that stands for sRGB's curve, in files whose writers meant sRGB.
    if points.count != 8, abs(exponent * 2.2 - 1) < 0.05 { return nil }
    let curve = ToneCurve.power(1 / exponent)
    guard points.count == 8 else { return RGBColourSpace(.sRGB, curve: curve) }
    return RGBColourSpace(
      .init(
        [points[2], points[3]], [points[4], points[5]], [points[6], points[7]], white: [points[0], points[1]]),
      curve: curve)
  }
}

/// What a zlib stream holds; `nil` for one that is broken or longer than `limit`.
func inflated(_ stream: ArraySlice<UInt8>, limit: Int) -> [UInt8]? {
  // Two bytes of zlib's own come first, and a checksum comes last.
  guard stream.count > 6, stream[stream.startIndex] & 15 == 8 else { return nil }
  return stream.dropFirst(2).withUnsafeBytes { try? Inflater.unpack($0, limit: limit) }
}
