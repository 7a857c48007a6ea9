/// An ICC profile, as far as curves and a matrix go; tables are for LittleCMS.
struct ICCProfile: Equatable, Sendable {
  enum Model: Equatable, Sendable {
    case grey(ToneCurve)
    case rgb(RGBColourSpace)
    /// Anything else of one, three or four channels.
    case tables
  }

  let bytes: [UInt8]
  /// The channels of its numbers: 1 grey, 3 red, green and blue, 4 inks.
  let channels: Int
  let model: Model

  /// - Returns: `nil` for what is no profile of grey, RGB or CMYK.
  init?(_ bytes: [UInt8]) {
    let reader = TagReader(bytes)
    guard let size = reader.number(at: 0, size: 4), size >= 132, size <= bytes.count,
      reader.text(at: 36) == "acsp", let channels = Self.channels[reader.text(at: 16)]
    else { return nil }
    self.bytes = bytes
    self.channels = channels
    model = Self.model(reader, channels: channels)
  }

  private static let channels = ["GRAY": 1, "RGB ": 3, "CMYK": 4]

  private static func model(_ reader: TagReader, channels: Int) -> Model {
    let hasTables = ["A2B0", "A2B1", "D2B0"].contains { reader.tag($0) != nil }
    // A grey curve of one that connects by Lab gives lightness, not light.
    let connection = reader.text(at: 20)
    guard !hasTables, connection == "XYZ " || channels == 1 && connection != "Lab " else { return .tables }
    switch channels {
    case 1: return reader.curve("kTRC").map(Model.grey) ?? .tables
    case 3:
      let columns = ["rXYZ", "gXYZ", "bXYZ"].compactMap(reader.xyz)
      let curves = ["rTRC", "gTRC", "bTRC"].compactMap(reader.curve)
      guard columns.count == 3, curves.count == 3 else { return .tables }
      return .rgb(RGBColourSpace(toXYZ: ColourMatrix(columns: columns), curves: curves))
    default: return .tables
    }
  }
}

/// The fields of a profile, all big-endian.
private struct TagReader {
  let bytes: [UInt8]
  private var places: [String: Range<Int>] = [:]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    guard let count = number(at: 128, size: 4) else { return }
    for index in 0..<min(count, 200) {
      let entry = 132 + 12 * index
      guard let start = number(at: entry + 4, size: 4), let length = number(at: entry + 8, size: 4),
        start <= bytes.count, length <= bytes.count - start
      else { continue }
      places[text(at: entry)] = start..<start + length
    }
  }

  func number(at start: Int, size: Int) -> Int? {
    guard start >= 0, start <= bytes.count - size else { return nil }
    return bytes[start..<start + size].reduce(0) { $0 << 8 | Int($1) }
  }

  func text(at start: Int) -> String {
    start <= bytes.count - 4 ? String(decoding: bytes[start..<start + 4], as: UTF8.self) : ""
  }

  func tag(_ name: String) -> Range<Int>? { places[name] }

  private func fixed(at start: Int) -> Double? {
    number(at: start, size: 4).map { Double(Int32(truncatingIfNeeded: $0)) / 65536 }
  }

  func xyz(_ name: String) -> [Double]? {
    guard let place = tag(name), place.count >= 20, text(at: place.lowerBound) == "XYZ " else { return nil }
    let values = (0..<3).compactMap { fixed(at: place.lowerBound + 8 + 4 * $0) }
    return values.count == 3 ? values : nil
  }

  func curve(_ name: String) -> ToneCurve? {
    guard let place = tag(name), place.count >= 12 else { return nil }
    let start = place.lowerBound
    switch text(at: start) {
    case "curv":
      guard let count = number(at: start + 8, size: 4), count <= 65536, place.count >= 12 + 2 * count else {
        return nil
      }
      let values = (0..<count).compactMap { number(at: start + 12 + 2 * $0, size: 2) }
      switch count {
      case 0: return .power(1)
      case 1: return .power(Double(values[0]) / 256)
      default: return .table(values.map(UInt16.init))
      }
    case "para":
      guard let kind = number(at: start + 8, size: 2), kind <= 4 else { return nil }
      let count = [1, 3, 4, 5, 7][kind]
      guard place.count >= 12 + 4 * count else { return nil }
      let p = (0..<count).compactMap { fixed(at: start + 12 + 4 * $0) }
      switch kind {
      case 0: return .power(p[0])
      // Below −b/a the power ends, and light is 0, or `c`.
      case 1: return p[1] == 0 ? nil : .parametric(g: p[0], a: p[1], b: p[2], d: -p[2] / p[1])
      case 2:
        return p[1] == 0 ? nil : .parametric(g: p[0], a: p[1], b: p[2], d: -p[2] / p[1], e: p[3], f: p[3])
      case 3: return .parametric(g: p[0], a: p[1], b: p[2], c: p[3], d: p[4])
      default: return .parametric(g: p[0], a: p[1], b: p[2], c: p[3], d: p[4], e: p[5], f: p[6])
      }
    default: return nil
    }
  }
}
