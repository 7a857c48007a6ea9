import Foundation
import NN
import Tensor
import TestSupport
import Testing

@Suite("IDXFile") struct IDXFileTests {
  /// The bytes of an IDX file.
  private func bytes(_ type: UInt8, _ shape: [Int], _ numbers: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(shape.count)] + shape.flatMap { bigEndian(UInt32($0)) } + numbers
  }

  private func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  private func open(_ bytes: [UInt8]) throws -> IDXFile {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "x.idx")
      try Data(bytes).write(to: file)
      return try IDXFile(contentsOf: file.path)
    }
  }

  @Test("IDXFile: reads every type of number, the most significant byte first")
  func types() throws {
    let pictures = try open(bytes(0x08, [2, 1, 3], [0, 1, 2, 253, 254, 255]))
    #expect(pictures.shape == [2, 1, 3] && pictures.numberType == .uint8)
    #expect(try pictures.tensor(as: UInt8.self).scalars == [0, 1, 2, 253, 254, 255])
    #expect(try pictures.tensor(as: Int64.self).shape == [2, 1, 3])
    #expect(try open(bytes(0x09, [2], [0xFF, 0x7F])).tensor(as: Int32.self).scalars == [-1, 127])
    let shorts = bigEndian(Int16(-2)) + bigEndian(Int16(300))
    #expect(try open(bytes(0x0B, [2], shorts)).tensor(as: Int64.self).scalars == [-2, 300])
    #expect(
      try open(bytes(0x0C, [1], bigEndian(Int32(-70_000)))).tensor(as: Int32.self).scalars == [-70_000])
    let single = try open(bytes(0x0D, [1], bigEndian(Float(0.1).bitPattern)))
    #expect(try single.tensor(as: Double.self).scalars == [Double(Float(0.1))])
    let double = try open(bytes(0x0E, [2], bigEndian((-0.1).bitPattern) + bigEndian(Double.pi.bitPattern)))
    #expect(try double.tensor(as: Double.self).scalars == [-0.1, .pi])
    #expect(try double.tensor(as: Float.self).scalars == [-0.1, Float(Double.pi)])
    #expect(try open(bytes(0x08, [0, 4], [])).tensor(as: UInt8.self).shape == [0, 4])
  }

  /// What `gzip -9n` makes of an IDX file of 300 bytes, each its position modulo 7.
  private static let packed = Data(
    base64Encoded: """
      H4sIAAAAAAACA2Ng4GBkYGDUYWBkYmZhZRuliKAAh0MvwTQBAAA=
      """)!

  @Test("IDXFile: says what is wrong with a file, and where")
  func damaged() {
    func message(_ bytes: [UInt8]) -> String {
      do { return "\(try open(bytes).shape)" } catch { return "\(error)" }
    }
    let good = bytes(0x08, [2, 3], [1, 2, 3, 4, 5, 6])
    #expect(message(good) == "[2, 3]")
    #expect(
      message(good.dropLast()).hasSuffix("byte 12: its shape [2, 3] needs 6 bytes of numbers, it has 5"))
    #expect(message(good + [0]).hasSuffix("byte 12: its shape [2, 3] needs 6 bytes of numbers, it has 7"))
    #expect(message(Array(good.prefix(10))).hasSuffix("byte 4: it ends within the lengths of its 2 axes"))
    #expect(message([1, 2, 3]).contains("byte 0: the file does not begin as IDX does"))
    #expect(message(bytes(0x0A, [0], [])).contains("byte 0: the file does not begin as IDX does"))
    let large = [0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12)
    #expect(message(large).hasSuffix("byte 4: the lengths of its axes are more than can be counted"))
    #expect(message([0x1F, 0x8B, 8, 0, 1]).contains("the gzip file ends early"))
  }

  @Test("IDXFile: numbers are not converted in silence")
  func conversions() throws {
    let integers = try open(bytes(0x0B, [1], bigEndian(Int16(300))))
    let error = #expect(throws: SerializationError.self) { try integers.tensor(as: UInt8.self) }
    #expect(error?.cause == "the number 300 does not fit into UInt8")
    #expect(throws: SerializationError.self) { try integers.tensor(as: Float.self) }
    let float = try open(bytes(0x0D, [1], bigEndian(Float(2).bitPattern)))
    #expect(throws: SerializationError.self) { try float.tensor(as: Int32.self) }
  }

  @Test("IDXFile: reads what gzip packed, and finds a byte that changed")
  func gzip() throws {
    let file = try open([UInt8](Self.packed))
    #expect(try file.tensor(as: UInt8.self).scalars == (0..<300).map { UInt8($0 % 7) })
    var damaged = [UInt8](Self.packed)
    damaged[damaged.count - 6] ^= 1
    #expect(throws: SerializationError.self) { try open(damaged) }
  }
}
