import Foundation
import ImpastoPlatform
import Testing

@testable import Tensor

@Suite("NumPy.write")
struct NumPyWriteTests {
  private static let matrix = Tensor<Float>(SerializationFixtures.sample(6), shape: [2, 3])

  private static func bytes(_ path: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(filePath: path)))
  }

  @Test(
    "what is written reads back, bit for bit, in both orders of axes",
    arguments: [NumPy.Order.rowMajor, .columnMajor])
  func roundTrip(order: NumPy.Order) throws {
    let special: [Float] = [
      0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi, 1,
    ]
    let tensors = [
      "special": Tensor<Float>(special, shape: [2, 4]), "transposed": Self.matrix.transposed(),
      "deep": Tensor((0..<24).map { Float($0) }, shape: [2, 3, 4]), "scalar": Tensor<Float>(3),
      "empty": Tensor<Float>([], shape: [0, 2]), "folder/é 🎨": Tensor<Float>([1]),
    ]
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "a.npz").plainPath
      try NumPy.write(tensors, order: order, to: path)
      let file = try openTensorArchive(path)
      #expect(file.names == tensors.keys.sorted())
      for (name, tensor) in tensors {
        let read = try file.tensor(name, as: Float.self)
        #expect(read.shape == tensor.shape)
        #expect(read.scalars.map(\.bitPattern) == tensor.scalars.map(\.bitPattern), "\(name)")
      }
      for (name, tensor) in tensors {
        let path = folder.appending(path: "a.npy").plainPath
        try NumPy.write(tensor, order: order, to: path)
        let read = try openTensorArchive(path).tensor("tensor", as: Float.self)
        #expect(read.shape == tensor.shape)
        #expect(read.scalars.map(\.bitPattern) == tensor.scalars.map(\.bitPattern), "\(name)")
      }
    }
  }

  @Test("arrays of several types stand in one file", arguments: [NumPy.Order.rowMajor, .columnMajor])
  func types(order: NumPy.Order) throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "a.npz").plainPath
      let integers = [Int.min, -1, 0, 1, 2, Int.max]
      try NumPy.write(
        [
          "f": AnyTensor(Self.matrix), "d": AnyTensor(Tensor<Double>([0.1, 1e300])),
          "i": AnyTensor(integers, shape: [3, 2]), "j": AnyTensor([7]),
        ], order: order, to: path)
      let file = try NumPyFile(contentsOf: path)
      let types = try file.names.map { try file.scalarType(of: $0) }
      #expect(types == [.float64, .float32, .int64, .int64])
      #expect(try file.tensor("d", as: Double.self).scalars == [0.1, 1e300])
      #expect(try file.shape(of: "i") == [3, 2])
      #expect(try file.integers("i") == integers)
      #expect(try file.integers("j") == [7])
    }
  }

  @Test("an array has the bytes that NumPy writes")
  func sameBytes() throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "a.npy").plainPath
      try NumPy.write(Self.matrix, to: path)
      let written = try Self.bytes(path)
      #expect(try written == SerializationFixtures.bytes("version_1.npy"))
      let doubles = Tensor<Double>(SerializationFixtures.sample(20).map(Double.init), shape: [4, 5])
      try NumPy.write(doubles, order: .columnMajor, to: path)
      let fortran = try Self.bytes(path)
      #expect(try fortran == SerializationFixtures.bytes("fortran.npy"))
    }
  }

  @Test("an archive is sound to the last field, and the same each time")
  func archive() throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "a.npz").plainPath
      let tensors = ["b": Tensor<Float>([1, 2]), "a": Tensor<Float>(7)]
      try NumPy.write(tensors, to: path)
      let first = try Self.bytes(path)
      try NumPy.write(tensors, to: path)
      let second = try Self.bytes(path)
      #expect(first == second)
      // The checksum of the first entry, whose content is a header of 128 bytes and one number.
      let name = Array("a.npy".utf8)
      let content = 30 + name.count + 20
      #expect(Array(first[30..<30 + name.count]) == name)
      var checksum = CRC32()
      first[content..<content + 132].withUnsafeBytes { checksum.update($0) }
      #expect(Array(first[14..<18]) == PickleWriter.little(checksum.value))
      #expect(Array(first[content..<content + 6]) == NumPyHeader.magic)
    }
  }

  @Test(
    "the checksum of bytes is that of the definition, bit by bit, however they are cut", arguments: 0..<25)
  func checksum(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: 37 * $0 * $0 + 11) }
    var expected = UInt32.max
    for byte in bytes {
      expected ^= UInt32(byte)
      for _ in 0..<8 { expected = expected >> 1 ^ (expected & 1 == 0 ? 0 : 0xedb8_8320) }
    }
    for cut in 0...count {
      var checksum = CRC32()
      bytes[..<cut].withUnsafeBytes { checksum.update($0) }
      bytes[cut...].withUnsafeBytes { checksum.update($0) }
      #expect(checksum.value == ~expected)
    }
  }

  @Test("no arrays at all make a valid archive")
  func noArrays() throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "a.npz").plainPath
      try NumPy.write([:] as [String: Tensor<Float>], to: path)
      let file = try openTensorArchive(path)
      #expect(file is NumPyFile)
      #expect(file.names == [])
      let written = try Self.bytes(path)
      #expect(try written == SerializationFixtures.bytes("none.npz"))
    }
  }

  @Test("what cannot be written is an error with a remedy, and no file appears")
  func unwritable() throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "a.npz").plainPath
      let long = String(repeating: "x", count: 65_532)
      let errors = [
        SerializationFixtures.error { try NumPy.write([long: Self.matrix], to: path) },
        SerializationFixtures.error {
          try NumPy.write(Self.matrix.reshaped(to: [Int](repeating: 1, count: 63) + [2, 3]), to: path)
        },
        SerializationFixtures.error { try NumPy.write(Self.matrix, to: path + "/none/a.npy") },
      ]
      for error in errors {
        #expect(error?.kind == .unwritable)
        #expect(error?.remedy != nil)
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.plainPath)
      #expect(left == [])
    }
  }

  @Test("CRC-32 of the standard's example, in any pieces")
  func checksum() {
    for split in 0...9 {
      var checksum = CRC32()
      let text = Array("123456789".utf8)
      text[..<split].withUnsafeBytes { checksum.update($0) }
      text[split...].withUnsafeBytes { checksum.update($0) }
      #expect(checksum.value == 0xcbf4_3926)
    }
  }
}
