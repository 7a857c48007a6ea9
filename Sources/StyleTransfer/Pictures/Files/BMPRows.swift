import CImageCodecs

/// A bitmap of Windows or OS/2: 1, 2, 4, 8, 16, 24 and 32 bits a pixel, plain, run-length encoded or with masks.
final class BMPRows: RowSource {
  private(set) var layout: PixelLayout
  private let bytes: UnsafeBufferPointer<UInt8>
  private let header: Header
  /// Of run-length encoded files, one index a pixel from the top.
  private var indices: [UInt8]?
  private var y = 0

  private struct Header {
    var start = 0
    var bits = 0
    var isTopDown = false
    /// 0 plain, 1 and 2 run-length encoded in 8 and 4 bits, 3 masks.
    var compression = 0
    var palette: [UInt8] = []
    /// Bytes of a row, filled up to four.
    var stride = 0
    /// Of red, green, blue and alpha.
    var masks: [UInt32] = []
  }

  init(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    var reader = ByteReader(bytes, at: 10)
    var header = Header()
    header.start = try reader.little(4)
    let size = try reader.little(4)
    let isOld = size == 12
    let width = Int(Int32(truncatingIfNeeded: isOld ? try reader.little(2) : try reader.little(4)))
    let signedHeight = Int(Int32(truncatingIfNeeded: isOld ? try reader.little(2) : try reader.little(4)))
    let height = abs(signedHeight)
    header.isTopDown = signedHeight < 0
    guard width > 0, height > 0 else { throw DecodingFault("a size of \(width)×\(signedHeight)") }
    func fault(_ reason: String) -> DecodingFault { DecodingFault(reason, size: (width, height)) }
    try reader.skip(2)
    header.bits = try reader.little(2)
    // OS/2's later header ends where its writer has no more to say; what is missing is 0.
    func field(at offset: Int) throws -> Int {
      guard !isOld, offset + 4 <= size else { return 0 }
      var reader = ByteReader(bytes, at: 14 + offset)
      return try reader.little(4)
    }
    header.compression = try field(at: 16)
    let colourCount = try field(at: 32)
    let isOfOS2 = size == 64 || (16..<40).contains(size)
    if isOfOS2, header.compression > 2 { throw fault("a compression that only OS/2 has") }
    // Compression 6 is 3 with a mask for alpha.
    let hasMasks = header.compression == 3 || header.compression == 6
    if hasMasks {
      try reader.move(to: 54)
      let count = header.compression == 6 || size >= 56 ? 4 : 3
      header.masks = try (0..<count).map { _ in UInt32(truncatingIfNeeded: try reader.little(4)) }
      header.compression = 3
    }
    switch (header.bits, header.compression) {
    case (1, 0), (2, 0), (4, 0), (8, 0), (24, 0), (8, 1), (4, 2), (16, 3), (32, 3): break
    case (16, 0): header.masks = [0x7C00, 0x3E0, 0x1F]
    case (32, 0): header.masks = [0xFF0000, 0xFF00, 0xFF]
    default: throw fault("\(header.bits) bits a pixel with compression \(header.compression)")
    }
    // Masks that an old header has no place for stand behind it.
    let headerEnd = hasMasks && size == 40 ? 14 + size + 4 * header.masks.count : 14 + size
    if header.bits <= 8 {
      let most = 1 << header.bits
      try reader.move(to: headerEnd)
      let count = colourCount == 0 ? most : min(colourCount, most)
      for _ in 0..<count {
        let entry = [try reader.byte(), try reader.byte(), try reader.byte()]
        if !isOld { try reader.skip(1) }
        header.palette += entry.reversed()
      }
    }
    // Some writers leave out where the pixels begin: it is where all before them ends.
    if header.start == 0 {
      let colours = header.bits <= 8 ? header.palette.count / 3 : colourCount
      header.start = headerEnd + (isOld ? 3 : 4) * colours
    }
    header.stride = (width * header.bits + 31) / 32 * 4
    if header.compression == 0 || header.compression == 3 {
      // What fills the last row up may be missing: every pixel is there.
      let filling = header.stride - (width * header.bits + 7) / 8
      guard header.start >= 14, header.start <= bytes.count,
        header.stride <= (bytes.count - header.start + filling) / height
      else { throw DecodingFault.cut(width, height) }
    } else {
      guard (bytes.count - header.start) * 255 >= width * height / 2 else {
        throw DecodingFault.cut(width, height)
      }
    }
    self.bytes = bytes
    self.header = header
    layout = PixelLayout(
      width: width, height: height, channels: 3, hasAlpha: header.masks.count == 4 && header.masks[3] != 0,
      // Programs that know no alpha leave its bits 0.
      isAlphaUnsaid: true, decodingBytes: [1, 2].contains(header.compression) ? Double(width * height) : 0)
    layout.colours = Self.profile(bytes, size: size)
  }

  /// The profile that a header of the fifth version may hold.
  private static func profile(_ bytes: UnsafeBufferPointer<UInt8>, size: Int) -> PictureColours? {
    var reader = ByteReader(bytes, at: 14 + 56)
    guard size == 124, (try? reader.little(4)) == 0x4D42_4544, (try? reader.move(to: 14 + 112)) != nil,
      let offset = try? reader.little(4), let count = try? reader.little(4),
      14 + offset <= bytes.count, count <= bytes.count - 14 - offset
    else { return nil }
    return PictureColours(profile: Array(bytes[(14 + offset)..<(14 + offset + count)]), colours: 3)
  }

  func next(into samples: UnsafeMutableBufferPointer<Float>) throws -> codec_row? {
    guard y < layout.height else { return nil }
    if header.bits <= 8 { try indexedRow(samples) } else { directRow(samples) }
    defer { y += 1 }
    return codec_row(y: UInt32(y), x: 0, step: 1, count: UInt32(layout.width))
  }

  private func rowStart(_ y: Int) -> Int {
    header.start + (header.isTopDown ? y : layout.height - 1 - y) * header.stride
  }

  private func pixel(_ x: Int, _ y: Int) -> UInt32 {
    let size = header.bits / 8
    let start = rowStart(y) + x * size
    return (0..<size).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
  }

  private func directRow(_ samples: UnsafeMutableBufferPointer<Float>) {
    let channels = layout.hasAlpha ? 4 : 3
    for x in 0..<layout.width {
      let value = pixel(x, y)
      for channel in 0..<channels {
        let mask = header.bits == 24 ? 0xFF << UInt32(16 - 8 * channel) : header.masks[channel]
        let shift = UInt32(mask.trailingZeroBitCount & 31)
        samples[x * channels + channel] =
          mask == 0 ? 0 : Float((value & mask) >> shift) / Float(mask >> shift)
      }
    }
  }

  private func indexedRow(_ samples: UnsafeMutableBufferPointer<Float>) throws {
    if header.compression != 0, indices == nil { indices = try unpacked() }
    for x in 0..<layout.width {
      let index: Int
      if let indices {
        index = Int(indices[y * layout.width + x])
      } else {
        let bit = x * header.bits
        let byte = bytes[rowStart(y) + bit / 8]
        index = Int(byte) >> (8 - header.bits - bit % 8) & (1 << header.bits - 1)
      }
      guard 3 * index + 2 < header.palette.count else {
        throw DecodingFault("a pixel's colour is not in the palette")
      }
      for channel in 0..<3 { samples[3 * x + channel] = Float(header.palette[3 * index + channel]) / 255 }
    }
  }

  /// The indices of a run-length encoded file; what it leaves out is 0.
  private func unpacked() throws -> [UInt8] {
    var indices = [UInt8](repeating: 0, count: layout.width * layout.height)
    var reader = ByteReader(bytes)
    try reader.move(to: header.start)
    var (x, row) = (0, 0)
    func put(_ index: UInt8) {
      // Runs beyond the right edge are cut, as in other readers.
      guard x < layout.width, row < layout.height else { return }
      indices[(header.isTopDown ? row : layout.height - 1 - row) * layout.width + x] = index
      x += 1
    }
    let isFour = header.compression == 2
    func half(_ byte: UInt8, _ place: Int) -> UInt8 {
      isFour ? (place % 2 == 0 ? byte >> 4 : byte & 15) : byte
    }
    while row < layout.height {
      // The mark of the end may be missing where every pixel is there.
      if reader.remaining < 2 && row == layout.height - 1 && x >= layout.width { return indices }
      let count = Int(try reader.byte())
      let value = try reader.byte()
      if count > 0 {
        for place in 0..<count { put(half(value, place)) }
        continue
      }
      switch value {
      case 0: (x, row) = (0, row + 1)
      case 1: return indices
      case 2:
        x += Int(try reader.byte())
        row += Int(try reader.byte())
      default:
        let size = isFour ? (Int(value) + 1) / 2 : Int(value)
        var byte: UInt8 = 0
        for place in 0..<Int(value) {
          if !isFour || place % 2 == 0 { byte = try reader.byte() }
          put(half(byte, place))
        }
        if size % 2 == 1 { try reader.skip(1) }
      }
    }
    return indices
  }
}

extension DecodingFault {
  fileprivate static func cut(_ width: Int, _ height: Int) -> DecodingFault {
    DecodingFault("the file is too short for the size that it declares", size: (width, height))
  }
}
