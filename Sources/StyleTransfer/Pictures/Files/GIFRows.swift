import CImageCodecs

/// The first picture of a GIF (CompuServe, 1990), on a clear canvas.
final class GIFRows: RowSource {
  let layout: PixelLayout
  private let bytes: UnsafeBufferPointer<UInt8>
  private let frame: Frame
  /// One index a pixel of the frame, in the order of its rows; decoded with the first row.
  private var indices: [UInt8]?
  private var y = 0

  private struct Frame {
    var left = 0, top = 0, width = 0, height = 0
    var isInterlaced = false
    /// Red, green and blue of each index.
    var palette: [UInt8] = []
    var transparent: Int?
    /// Where the coded pixels begin.
    var start = 0
  }

  init(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    var reader = ByteReader(bytes, at: 6)
    let width = try reader.little(2)
    let height = try reader.little(2)
    let flags = try reader.byte()
    try reader.skip(2)
    let global = flags & 0x80 != 0 ? try Self.palette(&reader, flags) : []
    var frame = Frame()
    loop: while true {
      switch try reader.byte() {
      case 0x21:
        let label = try reader.byte()
        if label == 0xF9, reader.peek() == 4 {
          try reader.skip(1)
          let control = try reader.byte()
          try reader.skip(2)
          let index = Int(try reader.byte())
          frame.transparent = control & 1 != 0 ? index : nil
        }
        while case let size = Int(try reader.byte()), size > 0 { try reader.skip(size) }
      case 0x2C: break loop
      case 0x3B: throw DecodingFault("there is no picture in it", size: (width, height))
      default: throw DecodingFault("a block of an unknown kind", size: (width, height))
      }
    }
    frame.left = try reader.little(2)
    frame.top = try reader.little(2)
    frame.width = try reader.little(2)
    frame.height = try reader.little(2)
    let local = try reader.byte()
    frame.isInterlaced = local & 0x40 != 0
    frame.palette = local & 0x80 != 0 ? try Self.palette(&reader, local) : global
    frame.start = reader.position
    // A canvas that is smaller than its first picture grows, as in browsers.
    let size = (max(width, frame.left + frame.width), max(height, frame.top + frame.height))
    guard frame.width > 0, frame.height > 0 else {
      throw DecodingFault("its first picture is empty", size: size)
    }
    guard !frame.palette.isEmpty else { throw DecodingFault("it has no colours", size: size) }
    self.bytes = bytes
    self.frame = frame
    let fills = frame.left == 0 && frame.top == 0 && size == (frame.width, frame.height)
    layout = PixelLayout(
      width: size.0, height: size.1, channels: 3, hasAlpha: !fills || frame.transparent != nil,
      decodingBytes: Double(frame.width * frame.height))
  }

  private static func palette(_ reader: inout ByteReader, _ flags: UInt8) throws -> [UInt8] {
    try (0..<3 << (Int(flags & 7) + 1)).map { _ in try reader.byte() }
  }

  func next(into samples: UnsafeMutableBufferPointer<Float>) throws -> codec_row? {
    guard y < layout.height else { return nil }
    let indices = try indices ?? decoded()
    self.indices = indices
    let channels = layout.hasAlpha ? 4 : 3
    let row = y - frame.top
    for x in 0..<layout.width {
      let target = x * channels
      let column = x - frame.left
      let index =
        0..<frame.width ~= column && 0..<frame.height ~= row ? Int(indices[row * frame.width + column]) : nil
      if let index, index != frame.transparent {
        guard 3 * index + 2 < frame.palette.count else {
          throw DecodingFault("a pixel's colour is not in the palette")
        }
        for channel in 0..<3 { samples[target + channel] = Float(frame.palette[3 * index + channel]) / 255 }
        if channels == 4 { samples[target + 3] = 1 }
      } else {
        for channel in 0..<channels { samples[target + channel] = 0 }
      }
    }
    defer { y += 1 }
    return codec_row(y: UInt32(y), x: 0, step: 1, count: UInt32(layout.width))
  }

  /// The frame's indices, row by row from the top.
  private func decoded() throws -> [UInt8] {
    let count = frame.width * frame.height
    // A byte of LZW's codes never becomes more than as many pixels.
    guard (bytes.count - frame.start) * 4096 >= count else {
      throw DecodingFault("the file is too short for its size")
    }
    var coded = [UInt8](repeating: 0, count: count)
    try coded.withUnsafeMutableBufferPointer { try LZW.decode(ByteReader(bytes, at: frame.start), into: $0) }
    guard frame.isInterlaced else { return coded }
    var indices = coded
    var source = 0
    for (first, step) in [(0, 8), (4, 8), (2, 4), (1, 2)] {
      for row in stride(from: first, to: frame.height, by: step) {
        for x in 0..<frame.width { indices[row * frame.width + x] = coded[source + x] }
        source += frame.width
      }
    }
    return indices
  }
}

/// The packing of GIF: codes of growing length for strings that have been seen.
private enum LZW {
  /// - Throws: ``DecodingFault`` unless every pixel comes; what follows the last one is not looked at.
  static func decode(_ reader: ByteReader, into pixels: UnsafeMutableBufferPointer<UInt8>) throws {
    var reader = reader
    let rootSize = Int(try reader.byte())
    guard 1...8 ~= rootSize else { throw DecodingFault("codes of \(rootSize) bits") }
    let (clear, end) = (1 << rootSize, 1 << rootSize + 1)
    // Of each string the one before its last pixel, that pixel, its first one, and its length.
    var prefix = [Int](repeating: 0, count: 4096)
    var last = [UInt8](repeating: 0, count: 4096)
    var first = last
    var length = [Int](repeating: 1, count: 4096)
    for code in 0..<clear { (last[code], first[code]) = (UInt8(code), UInt8(code)) }

    var (next, size) = (end + 1, rootSize + 1)
    var previous: Int?
    var count = 0
    var (bits, available, block) = (0, 0, 0)
    while count < pixels.count {
      while available < size {
        if block == 0 {
          block = Int(try reader.byte())
          guard block > 0 else { throw DecodingFault("pixels are missing") }
        }
        bits |= Int(try reader.byte()) << available
        available += 8
        block -= 1
      }
      let code = bits & (1 << size - 1)
      bits >>= size
      available -= size
      if code == clear {
        (next, size, previous) = (end + 1, rootSize + 1, nil)
        continue
      }
      guard code != end else { throw DecodingFault("pixels are missing") }
      let isNew = code == next && previous != nil && next < 4096
      guard code < clear || (code > end && code < next) || isNew else {
        throw DecodingFault("a code that means nothing")
      }
      if let previous, next < 4096 {
        prefix[next] = previous
        first[next] = first[previous]
        last[next] = isNew ? first[previous] : first[code]
        length[next] = length[previous] + 1
        next += 1
        if next == 1 << size, size < 12 { size += 1 }
      }
      // From its last pixel to its first.
      let end = count + length[code]
      var (string, place) = (code, end - 1)
      while place >= count {
        if place < pixels.count { pixels[place] = last[string] }
        string = prefix[string]
        place -= 1
      }
      count = end
      previous = code
    }
  }
}
