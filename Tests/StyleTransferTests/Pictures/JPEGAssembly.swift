/// JPEG files taken apart and put together by segment.
enum JPEGAssembly {
  struct Segment {
    let marker: UInt8
    /// From the marker's 0xFF to the end of its data.
    let range: Range<Int>
  }

  /// The segments up to and with the first scan's header; expects a valid file.
  static func segments(_ file: [UInt8]) -> [Segment] {
    var segments: [Segment] = []
    var position = 2
    while segments.last?.marker != 0xDA {
      let length = Int(file[position + 2]) << 8 | Int(file[position + 3])
      segments.append(Segment(marker: file[position + 1], range: position..<position + 2 + length))
      position += 2 + length
    }
    return segments
  }

  static func segment(_ marker: UInt8, _ data: [UInt8]) -> [UInt8] {
    let length = data.count + 2
    return [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)] + data
  }

  /// The file with segments put right behind its start.
  static func inserting(_ segments: [UInt8], in file: [UInt8]) -> [UInt8] {
    Array(file[..<2]) + segments + Array(file[2...])
  }
}
