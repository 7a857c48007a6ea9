import CImageCodecs

/// The Netpbm formats: PBM, PGM and PPM, plain and raw, PAM, and PFM with its floating point.
final class NetpbmRows: RowSource {
  let layout: PixelLayout
  private var reader: ByteReader
  private let coding: Coding
  private let maximum: Int
  private var y = 0

  private enum Coding {
    /// Decimal numbers.
    case text
    /// Zeros and ones as text; 1 is black.
    case textBits
    /// Eight pixels a byte; 1 is black.
    case bits
    case bytes
    /// The most significant byte first.
    case words
    /// Rows from the bottom.
    case floats(isLittle: Bool)
  }

  init(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    var reader = ByteReader(bytes, at: 1)
    let kind = Character(Unicode.Scalar(try reader.byte()))
    var size = (width: 0, height: 0)
    var (channels, hasAlpha, maximum, coding) = (1, false, 1, Coding.bits)
    if kind == "7" {
      (size, channels, hasAlpha, maximum) = try Self.pamHeader(&reader)
    } else {
      size = (try Self.number(&reader), try Self.number(&reader))
      channels = "36F".contains(kind) ? 3 : 1
      if kind == "F" || kind == "f" {
        let scale = try Self.word(&reader)
        guard let number = Double(scale), number != 0, number.isFinite else {
          throw DecodingFault("the scale '\(scale)'")
        }
        coding = .floats(isLittle: number < 0)
      } else if kind != "1" && kind != "4" {
        maximum = try Self.number(&reader)
      }
    }
    guard 1...65535 ~= maximum else { throw DecodingFault("a largest value of \(maximum)", size: size) }
    switch kind {
    case "1": coding = .textBits
    case "2", "3": coding = .text
    case "5", "6", "7": coding = maximum < 256 ? .bytes : .words
    default: break
    }
    layout = PixelLayout(width: size.width, height: size.height, channels: channels, hasAlpha: hasAlpha)
    let bits: Int
    switch coding {
    case .text, .textBits: bits = 8
    case .bits: bits = 1
    case .bytes: bits = 8
    case .words: bits = 16
    case .floats: bits = 32
    }
    guard size.width > 0, size.height > 0, size.width < 1 << 31, size.height < 1 << 31 else {
      throw DecodingFault("a size of \(size.width)×\(size.height)")
    }
    let (rowBytes, isTooMuch) = ((layout.rowCount * bits + 7) / 8).multipliedReportingOverflow(
      by: size.height)
    guard !isTooMuch, rowBytes <= reader.remaining else {
      throw DecodingFault("the file is too short for the size that it declares", size: size)
    }
    (self.reader, self.coding, self.maximum) = (reader, coding, maximum)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

  private static let commentMark = UInt8(ascii: "#")

  /// Passes over the rest of a comment and the line's end; the file may end with it.
  private static func skipComment(_ reader: inout ByteReader) throws {
    while reader.remaining > 0 {
      let letter = try reader.byte()
      if letter == 0x0A || letter == 0x0D { return }
    }
  }

  /// The next word of a header, and the one space after it.
  private static func word(_ reader: inout ByteReader) throws -> String {
    var word = ""
    while true {
      let byte = try reader.byte()
      if byte == commentMark {
        try skipComment(&reader)
        if !word.isEmpty { return word }
      } else if !isSpace(byte) {
        word.unicodeScalars.append(Unicode.Scalar(byte))
        guard word.count <= 40 else { throw DecodingFault("its header is not one") }
      } else if !word.isEmpty {
        return word
      }
    }
  }

  /// The rest of a line of a header, without spaces around it.
  private static func line(_ reader: inout ByteReader) throws -> String {
    var line = ""
    while case let byte = try reader.byte(), byte != 0x0A && byte != 0x0D {
      guard line.count <= 255 else { throw DecodingFault("its header is not one") }
      if !isSpace(byte) || !line.isEmpty { line.unicodeScalars.append(Unicode.Scalar(byte)) }
    }
    return line
  }

  private static func number(_ reader: inout ByteReader) throws -> Int {
    let word = try word(&reader)
    guard let number = Int(word), number >= 0, word.first != "+" else {
      throw DecodingFault("'\(word)' is no number")
    }
    return number
  }

  private static func pamHeader(
    _ reader: inout ByteReader
  ) throws -> ((width: Int, height: Int), channels: Int, hasAlpha: Bool, maximum: Int) {
    var fields: [String: Int] = [:]
    var kind = ""
    while case let name = try word(&reader), name != "ENDHDR" {
      if name == "TUPLTYPE" { kind += try line(&reader) } else { fields[name] = try number(&reader) }
    }
    let depth = fields["DEPTH"] ?? 0
    let hasInks = kind.hasPrefix("CMYK")
    guard (hasInks ? 4...5 : 1...4) ~= depth else { throw DecodingFault("\(depth) numbers a pixel") }
    let size = (fields["WIDTH"] ?? 0, fields["HEIGHT"] ?? 0)
    // Amounts of ink, as ImageMagick and Ghostscript write them: 0 is none.
    if hasInks { return (size, 4, depth == 5, fields["MAXVAL"] ?? 0) }
    return (size, depth < 3 ? 1 : 3, depth % 2 == 0, fields["MAXVAL"] ?? 0)
  }

  func next(into samples: UnsafeMutableBufferPointer<Float>) throws -> codec_row? {
    guard y < layout.height else { return nil }
    let count = layout.rowCount
    var row = y
    switch coding {
    case .text:
      for index in 0..<count { samples[index] = try level(Self.plainNumber(&reader)) }
    case .textBits:
      for index in 0..<count { samples[index] = 1 - Float(try digit()) }
    case .bits:
      var byte: UInt8 = 0
      for index in 0..<count {
        if index % 8 == 0 { byte = try reader.byte() }
        samples[index] = byte >> UInt8(7 - index % 8) & 1 == 0 ? 1 : 0
      }
    case .bytes:
      for index in 0..<count { samples[index] = try level(Int(reader.byte())) }
    case .words:
      for index in 0..<count { samples[index] = try level(Int(reader.byte()) << 8 | Int(reader.byte())) }
    case .floats(let isLittle):
      row = layout.height - 1 - y
      for index in 0..<count {
        let bits = UInt32(truncatingIfNeeded: try reader.little(4))
        let value = Float(bitPattern: isLittle ? bits : bits.byteSwapped)
        samples[index] = value > 0 ? min(value, 1) : 0
      }
    }
    defer { y += 1 }
    return codec_row(y: UInt32(row), x: 0, step: 1, count: UInt32(layout.width))
  }

  private func level(_ value: Int) throws -> Float {
    guard value <= maximum else { throw DecodingFault("\(value) is above the largest value, \(maximum)") }
    return Float(value) / Float(maximum)
  }

  private func digit() throws -> Int {
    while true {
      let byte = try reader.byte()
      if Self.isSpace(byte) { continue }
      if byte == Self.commentMark {
        try Self.skipComment(&reader)
        continue
      }
      guard byte == 0x30 || byte == 0x31 else { throw DecodingFault("a pixel that is neither 0 nor 1") }
      return Int(byte) - 0x30
    }
  }

  /// A decimal number of the pixels; the last one may end with the file.
  private static func plainNumber(_ reader: inout ByteReader) throws -> Int {
    var number: Int?
    while let byte = reader.peek() {
      if 0x30...0x39 ~= byte {
        number = min((number ?? 0) * 10 + Int(byte) - 0x30, 1 << 20)
      } else if byte == commentMark {
        if number != nil { break }
        try skipComment(&reader)
        continue
      } else if !isSpace(byte) {
        throw DecodingFault("a pixel that is no number")
      } else if number != nil {
        break
      }
      try reader.skip(1)
    }
    guard let number else { throw DecodingFault.cut }
    return number
  }
}
