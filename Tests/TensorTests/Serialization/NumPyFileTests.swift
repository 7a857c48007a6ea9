import Foundation
import Testing

@testable import Tensor

@Suite("NumPyFile")
struct NumPyFileTests {
  private static func sample(_ shape: Shape) -> Tensor<Double> {
    Tensor(SerializationFixtures.sample(shape.reduce(1, *)).map(Double.init), shape: shape)
  }

  @Test(
    "arrays that NumPy wrote read with their shapes and numbers, in either byte order and either axis order")
  func numPyFile() throws {
    let file = try openTensorArchive(SerializationFixtures.path("types.npz"))
    #expect(file is NumPyFile)
    #expect(
      file.names == [
        "float32", "float64", "float16", "big32", "big64", "big16", "fortran", "fortran_big", "scalar",
        "empty",
        "int64", "int64_fortran", "big_int64", "int32", "int16", "int8", "uint8", "uint64", "large", "truth",
        "complex64", "folder/naïve 🎨",
      ])
    let expected: [(String, Tensor<Double>)] =
      ["float32", "float64", "float16", "big32", "big64", "big16"].map { ($0, Self.sample([2, 3])) }
      + ["fortran", "fortran_big"].map { ($0, Self.sample([2, 3, 4])) }
      + [("scalar", Tensor(2.5)), ("empty", .zeros([0, 3])), ("folder/naïve 🎨", Self.sample([1]))]
    for (name, tensor) in expected {
      #expect(try file.shape(of: name) == tensor.shape)
      #expect(try file.tensor(name, as: Double.self).scalars == tensor.scalars, "\(name)")
      #expect(try file.tensor(name, as: Float.self).scalars == tensor.scalars.map { Float($0) }, "\(name)")
    }
    #expect(try file.scalarType(of: "big32") == .float32)
  }

  @Test("integers and truth values of every width read as integers")
  func integers() throws {
    let file = try NumPyFile(contentsOf: SerializationFixtures.path("types.npz"))
    for name in ["int64", "int64_fortran", "big_int64", "int32", "int16", "int8"] {
      #expect(try file.shape(of: name) == [2, 3])
      #expect(try file.integers(name) == [-2, -1, 0, 1, 2, 3], "\(name)")
    }
    for name in ["uint8", "uint64"] { #expect(try file.integers(name) == [0, 1, 2, 3, 4, 5], "\(name)") }
    #expect(try file.integers("truth") == [0, 0, 0, 1, 1, 1])
    #expect(
      try PyTorchFile(contentsOf: SerializationFixtures.path("zip.pth")).integers("count") == [7, 8])
  }

  @Test(
    "numbers asked for as what they are not are refused with the way that reads them",
    arguments: [
      ("float32", "F32, whose numbers are no integers", "tensor(_:as:)"),
      ("large", "the integer 9223372036854775808 is larger than 9223372036854775807", "64 bits"),
    ])
  func wrongKind(name: String, cause: String, remedy: String) throws {
    let file = try NumPyFile(contentsOf: SerializationFixtures.path("types.npz"))
    let error = SerializationFixtures.error { _ = try file.integers(name) }
    #expect(error?.kind == .unsupported)
    #expect(error?.cause.contains(cause) == true, "\(String(describing: error))")
    #expect(error?.remedy?.contains(remedy) == true, "\(String(describing: error))")
    let reverse = SerializationFixtures.error { _ = try file.tensor("int64", as: Float.self) }
    #expect(reverse?.remedy?.contains("integers(_:)") == true)
    let complex = SerializationFixtures.error { _ = try file.tensor("complex64", as: Float.self) }
    #expect(complex?.remedy?.contains("integers(_:)") == false)
  }

  @Test("one array is called tensor, in all versions of the format", arguments: 1...3)
  func versions(version: Int) throws {
    let path = SerializationFixtures.path("version_\(version).npy")
    let file = try openTensorArchive(path)
    #expect(file.names == ["tensor"])
    let tensor = try file.tensor("tensor", as: Float.self)
    #expect(tensor.shape == [2, 3])
    #expect(tensor.scalars == SerializationFixtures.sample(6))
    #expect(tensor.array.storage.isBorrowed)
  }

  @Test("an archive without arrays has no names")
  func noArrays() throws {
    #expect(try openTensorArchive(SerializationFixtures.path("none.npz")).names == [])
  }

  @Test(
    "what is not read is refused with what to do about it",
    arguments: [
      ("structures.npy", "an array of structures", "each field")
    ])
  func unsupported(name: String, cause: String, remedy: String) {
    let error = SerializationFixtures.error {
      _ = try openTensorArchive(SerializationFixtures.path(name))
    }
    #expect(error?.kind == .unsupported)
    #expect(error?.cause.contains(cause) == true, "\(String(describing: error))")
    #expect(error?.remedy?.contains(remedy) == true, "\(String(describing: error))")
  }

  @Test(
    "a header in any form that Python reads is understood",
    arguments: [
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
      "{\"shape\":(2,3),\"fortran_order\":False,\"descr\":\"<f4\"}\n",
      " { 'shape' : ( 2L , 3L , ) , 'descr' : '<f4' , 'fortran_order' : False }   ",
      "{u'descr': u'<f4',\t\r\nu'fortran_order': False, u'shape': (2, 3)}",
      "{'descr': 'f4', 'fortran_order': False, 'shape': (2, 3)}",
      "{'descr': 'float32', 'fortran_order': False, 'shape': (2, 3)}",
      "{'descr': '<f', 'fortran_order': False, 'shape': (2, 3)}",
    ])
  func headers(text: String) throws {
    let tensor = try NumPyFile(bytes: Self.file(text, data: 24)).tensor("tensor", as: Float.self)
    #expect(tensor.shape == [2, 3])
  }

  @Test(
    "what breaks a rule of the format is refused with the reason",
    arguments: [
      ("", "'{' was expected"),
      ("[]", "'{' was expected"),
      ("{}", "lacks its descr, fortran_order or shape"),
      ("{'descr': '<f4', 'fortran_order': False}", "lacks its descr"),
      ("{'descr': '<f4', 'descr': '<f4'}", "the key \"descr\" comes twice"),
      ("{'descr': '<f4', 'order': False}", "the key \"order\""),
      ("{'descr': <f4}", "a string was expected"),
      ("{'descr': '<f4}", "a string needs 1 bytes"),
      ("{'de\\x73cr': '<f4'}", "an escape or a control character"),
      ("{'descr': ('<f4', (2,))}", "lacks its descr"),
      ("{'descr': ('<f4', (2,)), 'fortran_order': False, 'shape': (2, 3)}", "an array of structures"),
      ("{'descr': [('<f4', ')'), 'fortran_order'", "a type needs 1 bytes"),
      ("{'descr': [('\\", "an escape needs 1 bytes"),
      ("{'fortran_order': 0}", "True or False was expected"),
      ("{'shape': 2}", "'(' was expected"),
      ("{'shape': (2)}", "the shape is not a tuple"),
      ("{'shape': (-2,)}", "a whole number was expected"),
      ("{'shape': (,)}", "a whole number was expected"),
      ("{'shape': (99999999999999999999,)}", "a length is larger than"),
      ("{'shape': (" + String(repeating: "1,", count: 65) + ")}", "a rank of more than 64"),
      ("{'descr': '<f4' 'fortran_order': False}", "',' was expected"),
      (header("(2, 3)") + "x", "text after the header's dictionary"),
      (header("(4611686018427387904, 4)"), "more bytes than can be counted"),
      (header("(3, 3)"), "the array of shape [3, 3] needs 36 bytes where 24 are left"),
      (header("(2, 2)"), "8 bytes follow the array of shape [2, 2]"),
      (header("(2, 3)", "|O"), "an array of the type \"|O\""),
      (header("(2, 3)", "<c16"), "the array of shape [2, 3] needs 96 bytes where 24 are left"),
      (header("(2, 3)", "<f16"), "an array of the type \"<f16\""),
      (header("(2, 3)", "<U3"), "an array of the type \"<U3\""),
      (header("(2, 3)", ""), "an array of the type \"\""),
    ])
  func refused(text: String, reason: String) {
    let error = SerializationFixtures.error { _ = try NumPyFile(bytes: Self.file(text, data: 24)) }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    #expect(error?.offset != nil)
  }

  @Test(
    "the order of a type may be left open and a line may end the file, as for NumPy; more bytes may not follow"
  )
  func tolerated() throws {
    let numbers = (1...6).flatMap { PickleWriter.little(Float($0).bitPattern) }
    for ending in [[], [10], [13, 10]] as [[UInt8]] {
      let file = try NumPyFile(bytes: Self.file(Self.header("(2, 3)", "|f4"), data: 0) + numbers + ending)
      let name = try #require(file.names.first)
      #expect(try file.tensor(name, as: Float.self).scalars == [1, 2, 3, 4, 5, 6])
    }
    for ending in [[0], [10, 10, 10]] as [[UInt8]] {
      let error = SerializationFixtures.error {
        _ = try NumPyFile(bytes: Self.file(Self.header("(2, 3)"), data: 24) + ending)
      }
      #expect(error?.cause.contains("follow the array") == true)
    }
  }

  @Test("a version that is not known and a header without end are refused before they are read")
  func limits() {
    var bytes = Self.file(Self.header("(2, 3)"), data: 24)
    bytes[6] = 4
    #expect(
      SerializationFixtures.error { _ = try NumPyFile(bytes: bytes) }?.cause == "version 4.0 of the format")
    let long = NumPyHeader.magic + [2, 0, 0xff, 0xff, 0xff, 0xff]
    let error = SerializationFixtures.error { _ = try NumPyFile(bytes: long) }
    #expect(error?.cause == "a header of 4294967295 bytes where 65536 are allowed")
  }

  @Test("an archive of PyTorch, and one without an array, are refused")
  func otherArchives() throws {
    let archive = ZipWriter(entries: [("notes.txt", [65]), ("x.npy", [65])])
    let error = SerializationFixtures.error { _ = try NumPyFile(bytes: archive.bytes()) }
    #expect(error?.cause == "the zip archive has no arrays of NumPy")
    let weights = try SerializationFixtures.bytes("zip.pth")
    #expect(SerializationFixtures.error { _ = try NumPyFile(bytes: weights) }?.kind == .unsupported)
    let text = SerializationFixtures.error { _ = try NumPyFile(bytes: Array("text".utf8)) }
    #expect(text?.kind == .malformed)
  }

  @Test(
    "a bit that flipped in an archive is an error when that array is read, and no other", arguments: [0, 7])
  func checksum(bit: Int) throws {
    let arrays = ["x.npy", "y.npy"].map { (name: $0, content: Self.file(Self.header("(2, 3)"), data: 24)) }
    var bytes = ZipWriter(entries: arrays).bytes()
    // The last number of the first array.
    bytes[30 + 5 + arrays[0].content.count - 1] ^= 1 << bit
    let file = try NumPyFile(bytes: bytes)
    for _ in 0..<2 {
      let error = SerializationFixtures.error { _ = try file.tensor("x", as: Float.self) }
      #expect(error?.kind == .malformed)
      #expect(error?.cause.contains("\"x.npy\" do not have the checksum") == true)
      #expect(try file.tensor("y", as: Float.self).scalars == [Float](repeating: 0, count: 6))
    }
    #expect(SerializationFixtures.error { _ = try file.integers("x") }?.kind == .malformed)
  }

  @Test("every truncation of a file is an error", arguments: ["types.npz", "version_2.npy", "fortran.npy"])
  func truncations(name: String) throws {
    let bytes = try SerializationFixtures.bytes(name)
    for count in 0..<bytes.count {
      let error = SerializationFixtures.error { _ = try NumPyFile(bytes: bytes[..<count]) }
      #expect(error != nil, "\(count)")
    }
  }

  static func header(_ shape: String, _ code: String = "<f4") -> String {
    "{'descr': '\(code)', 'fortran_order': False, 'shape': \(shape)}"
  }

  /// A file of version 1.0 with this header and as many bytes of data.
  static func file(_ header: String, data: Int) -> [UInt8] {
    NumPyHeader.magic + [1, 0] + PickleWriter.little(UInt16(header.utf8.count)) + header.utf8
      + [UInt8](repeating: 0, count: data)
  }
}
