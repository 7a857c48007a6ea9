extension ICCProfile {
  /// What files of ours say of sRGB where there is no shorter way.
  static let sRGB = encoded(.sRGB, name: "sRGB")

  /// The bytes of a profile, version 4, of a space whose curves are powers or have tables.
  static func encoded(_ space: RGBColourSpace, name: String) -> [UInt8] {
    var tags: [(name: String, data: [UInt8])] = [
      ("desc", text(name)), ("cprt", text("No copyright, use freely")), ("wtpt", xyz(RGBColourSpace.d50)),
    ]
    for (column, letter) in ["r", "g", "b"].enumerated() {
      tags.append(("\(letter)XYZ", xyz(space.toXYZ.rows.map { $0[column] })))
    }
    for (curve, letter) in zip(space.curves, ["r", "g", "b"]) {
      tags.append(("\(letter)TRC", data(of: curve)))
    }

    var (table, body): ([UInt8], [UInt8]) = ([], [])
    var places: [[UInt8]: Int] = [:]
    let start = headerSize + 4 + 12 * tags.count
    for (name, data) in tags {
      let place = places[data] ?? start + body.count
      if places.updateValue(place, forKey: data) == nil {
        body += data + [UInt8](repeating: 0, count: (4 - data.count % 4) % 4)
      }
      table += Array(name.utf8) + number(place) + number(data.count)
    }
    return header(size: start + body.count) + number(tags.count) + table + body
  }

  private static let headerSize = 128

  private static func header(size: Int) -> [UInt8] {
    var header = number(size) + [0, 0, 0, 0, 4, 0x20, 0, 0] + "mntrRGB XYZ ".utf8
    // A fixed date, since the same picture has the same bytes whenever it is written.
    header += [2026, 1, 1, 0, 0, 0].flatMap { half($0) } + "acsp".utf8
    header += [UInt8](repeating: 0, count: 28) + RGBColourSpace.d50.flatMap(fixed)
    return header + [UInt8](repeating: 0, count: headerSize - header.count)
  }

  private static func half(_ value: Int) -> [UInt8] { PNGChunks.bigEndian(UInt16(truncatingIfNeeded: value)) }
  private static func number(_ value: Int) -> [UInt8] {
    PNGChunks.bigEndian(UInt32(truncatingIfNeeded: value))
  }

  private static func fixed(_ value: Double) -> [UInt8] {
    PNGChunks.bigEndian(Int32(max(-32768, min(32767, value)) * 65536 + (value < 0 ? -0.5 : 0.5)))
  }

  private static func xyz(_ values: [Double]) -> [UInt8] {
    Array("XYZ ".utf8) + [0, 0, 0, 0] + values.flatMap(fixed)
  }

  private static func text(_ text: String) -> [UInt8] {
    let letters = text.utf16.flatMap { PNGChunks.bigEndian($0) }
    return Array("mluc".utf8) + [0, 0, 0, 0] + number(1) + number(12) + Array("enUS".utf8)
      + number(letters.count)
      + number(28) + letters
  }

  private static func data(of curve: ToneCurve) -> [UInt8] {
    switch curve {
    case .parametric(let g, let a, let b, let c, let d, let e, let f):
      let values = [g, a, b, c, d, e, f]
      return Array("para".utf8) + [0, 0, 0, 0] + half(4) + half(0) + values.flatMap(fixed)
    case .table(let values):
      return Array("curv".utf8) + [0, 0, 0, 0] + number(values.count)
        + values.flatMap { PNGChunks.bigEndian($0) }
    case .perceptualQuantizer, .hybridLogGamma:
      let values = (0...4095).map { UInt16(max(0, min(1, curve(Double($0) / 4095))) * 65535) }
      return data(of: .table(values))
    }
  }
}
