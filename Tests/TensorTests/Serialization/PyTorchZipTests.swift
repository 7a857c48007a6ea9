import ImpastoPlatform
import Testing

@testable import Tensor

@Suite("PyTorch's zip container")
struct PyTorchZipTests {
  private typealias P = PickleWriter

  private static let numbers = (0..<6).flatMap { P.little(Float($0).bitPattern) }
  private static let pickle: [UInt8] = [0x80, 2] + P.sound + P.stop

  private static func archive() -> ZipWriter {
    ZipWriter(entries: [("a/data.pkl", pickle), ("a/byteorder", Array("little".utf8)), ("a/data/k", numbers)])
  }

  @Test(
    "plain, zip64 and commented archives read alike", arguments: [false, true],
    ["", "a comment PK\u{5}\u{6}"])
  func variants(usesZip64: Bool, comment: String) throws {
    var archive = Self.archive()
    archive.usesZip64 = usesZip64
    archive.comment = comment
    let tensor = try PyTorchFile(bytes: archive.bytes()).tensor("tensor", as: Float.self)
    #expect(tensor.shape == [2, 3])
    #expect(tensor.scalars == [0, 1, 2, 3, 4, 5])
  }

  private static let defects: [(@Sendable (inout ZipWriter) -> Void, String)] = [
    // The bytes of the pickle are no packed stream.
    ({ $0.method = 8 }, "the packed zip entry \"a/"),
    ({ $0.method = 14 }, "is compressed by the method 14"),
    ({ $0.flags = 1 }, "is encrypted"),
    ({ $0.disk = 1 }, "is split into several files"),
    ({ $0.entries[1].content = Array("odd".utf8) }, "neither little-endian nor big-endian but \"odd\""),
    ({ $0.entries.remove(at: 0) }, "has 0 files data.pkl"),
    ({ $0.entries.append(("b/data.pkl", [])) }, "has 2 files data.pkl"),
    ({ $0.entries.append($0.entries[2]) }, "\"a/data/k\" comes twice"),
    ({ $0.entries.remove(at: 2) }, "the storage \"k\" is missing"),
    ({ $0.entries.append(("a/constants.pkl", [])) }, "is a TorchScript program"),
    ({ $0.entries.append(("a/code/__torch__.py", [])) }, "is a TorchScript program"),
    ({ $0.entries[2].content.removeLast(4) }, "has 20 bytes for 6 elements"),
    ({ $0.entries[0].content.removeLast() }, "the next pickle instruction needs 1 bytes"),
  ]

  @Test(
    "an archive that PyTorch does not write is refused with the reason",
    arguments: defects)
  func refused(change: @Sendable (inout ZipWriter) -> Void, reason: String) {
    var archive = Self.archive()
    change(&archive)
    let error = SerializationFixtures.error { _ = try PyTorchFile(bytes: archive.bytes()) }
    #expect(error?.cause.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("a name that is no UTF-8 is in the letters of the format's own, as Python has it")
  func oldNames() throws {
    var archive = Self.archive()
    archive.entries.append(("a/\u{e9}", []))
    var bytes = archive.bytes()
    for index in bytes.indices.dropLast() where bytes[index] == 0xc3 && bytes[index + 1] == 0xa9 {
      bytes[index...index + 1] = [0x82, 0x87]
    }
    #expect(try PyTorchFile(bytes: bytes).names == ["tensor"])
    let mapped = MappedFile(copying: bytes, name: "")
    #expect(try ZipDirectory(mapped)["a/éç"] != nil)
  }

  @Test("a byte order that is not given is little-endian, as before PyTorch 2.1")
  func noByteOrder() throws {
    var archive = Self.archive()
    archive.entries.remove(at: 1)
    #expect(try PyTorchFile(bytes: archive.bytes()).names == ["tensor"])
  }
}
