/// The segments of a JPEG before its first scan, in order: the marker's code and its data.
///
/// Stops without an error where the bytes end or make no sense; whether the file is whole is for the pixel
/// reader to say.
struct JPEGSegments: Sequence, IteratorProtocol {
  enum Marker {
    static let startOfScan: UInt8 = 0xDA
    static let endOfImage: UInt8 = 0xD9
    static let application1: UInt8 = 0xE1
    static let application2: UInt8 = 0xE2
    static let comment: UInt8 = 0xFE
  }

  struct Segment {
    let marker: UInt8
    let data: ArraySlice<UInt8>
  }

  private let bytes: [UInt8]
  private var position = 2

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> Segment? {
    guard let first = bytes.dropFirst(position).firstIndex(of: 0xFF),
      // A marker may be preceded by any number of fill bytes 0xFF.
      let code = bytes[first...].firstIndex(where: { $0 != 0xFF }), code + 2 < bytes.count
    else { return nil }
    let marker = bytes[code]
    guard marker != Marker.startOfScan && marker != Marker.endOfImage else { return nil }
    let length = Int(bytes[code + 1]) << 8 | Int(bytes[code + 2])
    guard length >= 2, length < bytes.count - code else { return nil }
    position = code + 1 + length
    return Segment(marker: marker, data: bytes[code + 3..<position])
  }
}

extension JPEGSegments {
  /// What EXIF begins with in its segment.
  static let exifHeader = Array("Exif\0\0".utf8)

  /// The ICC profile, put together from the segments that it may be cut into; `nil` if a part is missing.
  static func profile(in bytes: [UInt8]) -> [UInt8]? {
    let header = Array("ICC_PROFILE\0".utf8)
    var parts: [Int: ArraySlice<UInt8>] = [:]
    var count = 0
    for segment in JPEGSegments(bytes)
    where segment.marker == Marker.application2 && segment.data.starts(with: header) {
      let rest = segment.data.dropFirst(header.count)
      guard rest.count > 2, let number = rest.first, let total = rest.dropFirst().first else { continue }
      count = Int(total)
      parts[Int(number)] = rest.dropFirst(2)
    }
    guard count > 0, (1...count).allSatisfy({ parts[$0] != nil }) else { return nil }
    return (1...count).flatMap { parts[$0] ?? [] }
  }
}
