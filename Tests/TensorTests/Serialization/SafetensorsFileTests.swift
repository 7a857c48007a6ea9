import Foundation
import Testing

@testable import Tensor

@Suite("SafetensorsFile")
struct SafetensorsFileTests {
  private static let sample = SerializationFixtures.sample

  @Test("a file that Python wrote reads with its names, types, shapes, values and metadata")
  func pythonFile() throws {
    let file = try SafetensorsFile(contentsOf: SerializationFixtures.path("types.safetensors"))
    #expect(
      file.names == ["count", "double", "empty", "quoted \"name\" é", "scalar", "weight", "brain", "half"])
    #expect(file.metadata == ["format": "pt", "note": "tab\t, quote \", é, 🎨"])
    #expect(try file.shape(of: "half") == [2, 4])
    #expect(try file.scalarType(of: "brain") == .bfloat16)
    let expected: [(String, [Float])] = [
      ("weight", Self.sample(6)), ("double", Self.sample(5)), ("half", Self.sample(8)),
      ("brain", Self.sample(70)),
      ("scalar", [2.5]), ("empty", []), ("quoted \"name\" é", Self.sample(1)),
    ]
    for (name, values) in expected {
      #expect(try file.tensor(name, as: Float.self).scalars == values, "\(name)")
      #expect(try file.tensor(name, as: Double.self).scalars == values.map(Double.init), "\(name)")
    }
    #expect(try file.tensor("weight", as: Float.self).array.storage.isBorrowed)
    #expect(
      SerializationFixtures.error { _ = try file.tensor("count", as: Float.self) }?.kind == .unsupported)
  }

  @Test("a file whose numbers are not aligned is copied and reads the same")
  func misaligned() throws {
    let file = try SafetensorsFile(
      bytes: Self.file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} "#))
    let tensor = try file.tensor("a", as: Float.self)
    #expect(!tensor.array.storage.isBorrowed)
    #expect(tensor.scalars == [0])
  }

  @Test(
    "what breaks a rule of the format is refused with the reason",
    arguments: [
      (#" {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "does not begin with '{'"),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}"#,
        "the key \"a\" comes twice"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}"#,
        "the key \"shape\" comes twice"
      ),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, "has 4 bytes, not what F32 [2] needs"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, "lies at 0..<8 of 4 bytes of data"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, "lies at 4..<0 of 4"),
      (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#, "a gap or an overlap"),
      (
        #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}"#,
        "a gap or an overlap"
      ),
      (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, "2 bytes belong to no tensor"),
      (#"{"a":{"dtype":"F4","shape":[7],"data_offsets":[0,4]}}"#, "has 4 bytes, not what F4 [7] needs"),
      (#"{"a":{"dtype":"F6_E2M3","shape":[6],"data_offsets":[0,4]}}"#, "not what F6_E2M3 [6] needs"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":+1}}"#, "here a value was expected"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":01}}"#, "here a value was expected"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":nul}}"#, "here 'null' was expected"),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":{"b":1,"b":1}}}"#,
        "the key \"b\" comes twice"
      ),
      (
        #"{"a":{"dtype":"F32","x":"# + String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
          + "}}",
        "nested too deeply"
      ),
      (#"{"a":{"dtype":"F32","shape":[1]}}"#, "lacks its dtype, shape or two offsets"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}"#, "more than 2 numbers"),
      (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, "whole number"),
      (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, "expected"),
      (#"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#, "whole number"),
      (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, "larger than"),
      (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, "needs"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x"#, "text after the header's object"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#, "needs 1 bytes where 0 are left"),
      (#"{"a":{"dtype":"F32","shape":[1,],"data_offsets":[0,4]}}"#, "whole number"),
      (
        #"{"__metadata__":{"a":1},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "'\"' was expected"
      ),
      (#"{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "half of a character"),
      (#"{"\x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "escape that JSON does not have"),
      ("{\"\u{1}\":{}}", "control character"),
    ])
  func refused(header: String, reason: String) throws {
    let error = SerializationFixtures.error { _ = try SafetensorsFile(bytes: Self.file(header)) }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("names that differ in how an accent is composed are two, of which the second gets a number")
  func composedNames() throws {
    let header =
      #"{"caf\u00e9":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
      + #""cafe\u0301":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#
    let bytes = PickleWriter.little(UInt64(header.utf8.count)) + Array(header.utf8) + [7, 8, 9]
    let file = try SafetensorsFile(bytes: bytes)
    #expect(file.names == ["café", "café#2"])
    #expect(try file.integers("café") == [7] && file.integers("café#2") == [8, 9])
  }

  @Test("names that come again and again are numbered in one go")
  func distinctNames() {
    var names = DistinctNames()
    let given = (0..<60_000).map { _ in names.name("x") }
    #expect(given.prefix(3) == ["x", "x#2", "x#3"] && given.last == "x#60000")
    #expect(names.name("x#2") == "x#2#2" && names.name("x") == "x#60001")
  }

  @Test("a header longer than the file or the format's limit is refused before it is read")
  func headerLength() {
    for length in [UInt64(100), 100_000_001, .max] {
      let bytes = withUnsafeBytes(of: length.littleEndian, Array.init) + [0x7b, 0x7d]
      let error = SerializationFixtures.error { _ = try SafetensorsFile(bytes: bytes) }
      #expect(error?.cause.contains("a header of \(length) bytes") == true)
      #expect(error?.offset == 0)
    }
  }

  @Test("every truncation of a file is an error")
  func truncations() throws {
    let bytes = try SerializationFixtures.bytes("types.safetensors")
    for count in 0..<bytes.count {
      #expect(
        SerializationFixtures.error { _ = try SafetensorsFile(bytes: bytes[..<count]) } != nil, "\(count)")
    }
  }

  @Test("missing files, folders and empty files are told apart")
  func environment() throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let missing = folder.appending(path: "none").plainPath
      let folderError = SerializationFixtures.error { _ = try SafetensorsFile(contentsOf: folder.plainPath) }
      #expect(folderError?.kind == .unreadable)
      #expect(folderError?.cause == "it is a folder")
      let error = SerializationFixtures.error { _ = try SafetensorsFile(contentsOf: missing) }
      #expect(error?.kind == .missing)
      #expect(error?.description == "\(missing): there is no such file")
      let pipe = folder.appending(path: "pipe").plainPath
      #expect(mkfifo(pipe, 0o600) == 0)
      #expect(
        SerializationFixtures.error { _ = try openTensorArchive(pipe) }?.cause == "it is not a regular file")
      try "".write(toFile: missing, atomically: false, encoding: .utf8)
      #expect(
        SerializationFixtures.error { _ = try openTensorArchive(missing) }?.cause == "the file is empty")
    }
  }

  /// A file with the given header and four bytes of data.
  private static func file(_ header: String) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init) + header.utf8 + [0, 0, 0, 0]
  }
}
