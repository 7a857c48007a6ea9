import Foundation
import ImpastoPlatform
import Testing

@testable import Tensor

@Suite("NumPy's archives as people have them")
struct NumPyArchiveTests {
  private static let sample = SerializationFixtures.sample

  @Test("what is not read stands beside what is, and is refused only when it is asked for")
  func mixed() throws {
    let file = try openTensorArchive(SerializationFixtures.path("mixed.npz"))
    #expect(
      file.names == [
        "a", "names", "letters", "objects", "dates", "structures", "complex128", "extended", "brain",
        "brain_again",
        "float8", "last", "unnamed",
      ])
    #expect(try file.tensor("a", as: Float.self).scalars == [0, 1, 2, 3, 4, 5])
    #expect(try file.integers("last") == [0, 1, 2])
    #expect(try file.scalarType(of: "complex128") == .complex128)
    let refused: [(String, Shape, Bool, String)] = [
      ("names", [2], false, "\"<U3\""), ("letters", [1], false, "\"|S3\""), ("objects", [2], false, "\"|O\""),
      ("dates", [1], false, "\"<M8[ns]\""), ("structures", [2], false, "structures"),
      ("extended", [2], true, "\"<f16\""), ("float8", [2], true, "\"<V1\""),
      ("complex128", [2], true, "C128"),
    ]
    for (name, shape, holdsNumbers, reason) in refused {
      #expect(try file.shape(of: name) == shape, "\(name)")
      #expect(file.holdsNumbers(name) == holdsNumbers, "\(name)")
      for error in [
        SerializationFixtures.error({ _ = try file.tensor(name, as: Float.self) }),
        SerializationFixtures.error({ _ = try file.integers(name) }),
      ] {
        #expect(error?.kind == .unsupported)
        #expect(error?.cause.contains(reason) == true, "\(String(describing: error))")
      }
    }
  }

  @Test("the bfloat16 of ml_dtypes is read, also where NumPy has copied it")
  func bfloat16() throws {
    let file = try NumPyFile(contentsOf: SerializationFixtures.path("mixed.npz"))
    for name in ["brain", "brain_again"] {
      #expect(try file.scalarType(of: name) == .bfloat16)
      #expect(try file.tensor(name, as: Float.self).scalars == Self.sample(6), "\(name)")
    }
  }

  @Test("members are arrays by how they begin, and others are named")
  func members() throws {
    let file = try NumPyFile(contentsOf: SerializationFixtures.path("mixed.npz"))
    #expect(try file.tensor("unnamed", as: Double.self).scalars == [0, 1])
    #expect(
      file.otherContents == [
        "notes.txt": "a file of 8 bytes",
        "damaged.npy": "a file of 15 bytes, which does not begin as NumPy's arrays do",
      ])
    let error = SerializationFixtures.error { _ = try file.tensor("notes.txt", as: Float.self) }
    #expect(error?.cause == "\"notes.txt\" is no tensor but a file of 8 bytes")
  }

  @Test("an array that is damaged is refused when it is asked for, and the arrays beside it are read")
  func damagedMembers() throws {
    let whole = NumPyFileTests.file(NumPyFileTests.header("(2, 3)"), data: 24)
    var archive = ZipWriter()
    archive.entries = [
      ("a.npy", whole), ("cut.npy", whole.dropLast(5)), ("long.npy", whole + [0]),
      ("odd.npy", NumPyFileTests.file("{'wrong': 1}", data: 24)),
    ].map { ($0.0, Array($0.1)) }
    let file = try NumPyFile(bytes: archive.bytes())
    #expect(file.names == ["a", "cut", "long", "odd"])
    #expect(try file.tensor("a", as: Float.self).shape == [2, 3])
    for (name, cause) in [("cut", "needs 24 bytes"), ("long", "1 bytes follow"), ("odd", "\"wrong\"")] {
      let error = SerializationFixtures.error { _ = try file.tensor(name, as: Float.self) }
      #expect(error?.cause.contains("\"\(name)\" is damaged") == true)
      #expect(error?.cause.contains(cause) == true, "\(String(describing: error))")
    }
    // Where nothing can be read, there is no reason to wait.
    archive.entries.removeFirst()
    #expect(SerializationFixtures.error { _ = try NumPyFile(bytes: archive.bytes()) }?.kind == .malformed)
  }

  @Test(
    "an archive behind other bytes is read as Python reads it, with offsets from where it begins",
    arguments: [false, true])
  func behindOthers(usesZip64: Bool) throws {
    let array = try SerializationFixtures.bytes("version_1.npy")
    func archive(_ name: String) -> [UInt8] {
      ZipWriter(entries: [("\(name).npy", array)], usesZip64: usesZip64).bytes()
    }
    let expected = try NumPyFile(bytes: array).tensor("tensor", as: Float.self).scalars
    for before in ["last", "a longer name"] {
      let file = try NumPyFile(bytes: archive(before) + archive("last"))
      #expect(file.names == ["last"])
      #expect(try file.tensor("last", as: Float.self).scalars == expected)
    }
    // PyTorch's own reader counts from the file's beginning, where the first archive's entry is.
    let pickle = ZipWriter(entries: [("a/data.pkl", [0x80, 2, 0x4e, 0x2e])], usesZip64: usesZip64).bytes()
    #expect(throws: SerializationError.self) {
      _ = try ZipDirectory(MappedFile(copying: archive("w") + pickle, name: "x"))
    }
  }

  @Test("an archive is NumPy's if anything in it begins as an array", arguments: ["a", "b.dat", "C.NPY"])
  func otherNames(name: String) throws {
    let array = try SerializationFixtures.bytes("version_1.npy")
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "arrays").plainPath
      let archive = ZipWriter(entries: [("notes", [1, 2]), (name, array)])
      try Data(archive.bytes()).write(to: URL(filePath: path))
      let file = try openTensorArchive(path)
      #expect(file is NumPyFile && file.names == [name])
      #expect(file.otherContents == ["notes": "a file of 2 bytes"])
    }
  }

  @Test("a line may end behind an array in its archive, packed or not, and nothing else may follow it")
  func lines() throws {
    let file = try NumPyFile(contentsOf: SerializationFixtures.path("lines.npz"))
    #expect(file.names == ["stored", "stored_zeros", "packed", "packed_return", "packed_letters"])
    for name in ["stored", "packed", "packed_return"] {
      #expect(try file.tensor(name, as: Float.self).scalars == Self.sample(3), "\(name)")
    }
    for (name, count) in [("stored_zeros", 3), ("packed_letters", 2)] {
      let error = SerializationFixtures.error { _ = try file.tensor(name, as: Float.self) }
      #expect(
        error?.cause.contains("\(count) bytes follow the array") == true, "\(String(describing: error))")
    }
  }

  @Test("of an array that was added to its archive again the last counts, as for NumPy")
  func addedAgain() throws {
    let old = NumPyFileTests.file(NumPyFileTests.header("(2, 3)"), data: 24)
    let new = NumPyFileTests.file(NumPyFileTests.header("(3,)"), data: 12)
    let file = try NumPyFile(
      bytes: ZipWriter(entries: [("a.npy", old), ("b.npy", old), ("a.npy", new)]).bytes())
    #expect(file.names == ["b", "a"])
    #expect(try file.shape(of: "a") == [3])
  }

  @Test(
    "what follows an archive is passed over, as a line feed that a transfer has added",
    arguments: [false, true])
  func tail(usesZip64: Bool) throws {
    let array = NumPyFileTests.file(NumPyFileTests.header("(2, 3)"), data: 24)
    var archive = ZipWriter(entries: [("a.npy", array)])
    archive.comment = "a comment"
    archive.usesZip64 = usesZip64
    // Zip64's records are looked for where the sizes say so, which then tell no place.
    if usesZip64 { return #expect(try NumPyFile(bytes: archive.bytes()).names == ["a"]) }
    for tail in ["\n", "\r\n", String(repeating: "x", count: 3000)] {
      #expect(try NumPyFile(bytes: archive.bytes() + tail.utf8).names == ["a"])
    }
    let packed = try SerializationFixtures.bytes("zip.pth")
    let names = try PyTorchFile(bytes: packed).names
    #expect(!names.isEmpty)
    #expect(try PyTorchFile(bytes: packed + [0x0A]).names == names)
  }

  @Test("the archives of np.savez_compressed read as those of np.savez")
  func packed() throws {
    let single = try NumPyFile(contentsOf: SerializationFixtures.path("compressed.npz"))
    #expect(try single.tensor("x", as: Float.self).scalars == Self.sample(64))
    let file = try NumPyFile(contentsOf: SerializationFixtures.path("packed.npz"))
    #expect(file.names == ["small", "big", "fortran", "counts", "names", "empty", "scalar"])
    #expect(try file.tensor("small", as: Float.self).scalars == Self.sample(6))
    #expect(try file.tensor("big", as: Float.self).scalars == Self.sample(6))
    #expect(try file.tensor("fortran", as: Double.self).scalars == Self.sample(24).map(Double.init))
    #expect(try file.integers("counts") == Array(0..<1000))
    #expect(try file.tensor("empty", as: Float.self).shape == [0, 3])
    #expect(try file.tensor("scalar", as: Float.self).scalars == [2.5])
    let error = SerializationFixtures.error { _ = try file.integers("names") }
    #expect(error?.cause.contains("<U3") == true)
  }

  @Test("arrays that are read when they are used outlive the archive and what was unpacked for them")
  func large() throws {
    let path = SerializationFixtures.path("large.npz")
    let half = try NumPyFile(contentsOf: path).tensor("half", as: Float.self)
    let single = try NumPyFile(contentsOf: path).tensor("single", as: Float.self)
    #expect(half.scalars == Self.sample(40_000))
    #expect(single.scalars == Self.sample(40_000))
  }

  @Test("the matrices of scipy.sparse are read part by part")
  func sparse() throws {
    let file = try NumPyFile(contentsOf: SerializationFixtures.path("sparse.npz"))
    #expect(try file.tensor("data", as: Float.self).scalars == [2, 2, 2])
    #expect(try file.integers("indices") == [0, 1, 2])
    #expect(try file.integers("indptr") == [0, 1, 2, 3])
    #expect(try file.integers("shape") == [3, 3])
    let error = SerializationFixtures.error { _ = try file.integers("format") }
    #expect(error?.cause.contains("|S3") == true)
  }

  @Test("strings beside numbers do not keep the numbers from being read")
  func strings() throws {
    let file = try NumPyFile(contentsOf: SerializationFixtures.path("strings.npz"))
    #expect(try file.tensor("x", as: Float.self).scalars == Self.sample(1))
  }

  @Test("a packed array that was changed is an error when it is asked for, and no other is")
  func checksum() throws {
    let bytes = try SerializationFixtures.bytes("packed.npz")
    let file = MappedFile(copying: bytes, name: "")
    let entry = try #require(ZipDirectory(file)["counts.npy"])
    var kinds: Set<String> = []
    // The last byte may have bits that nothing reads.
    for place in entry.packed.dropFirst(entry.packed.count / 2).dropLast() {
      var changed = bytes
      changed[place] ^= 4
      let archive = try NumPyFile(bytes: changed)
      let error = SerializationFixtures.error { _ = try archive.integers("counts") }
      #expect(error?.kind == .malformed, "\(place)")
      kinds.insert(error?.cause ?? "none")
      #expect(try archive.tensor("small", as: Float.self).scalars == Self.sample(6))
    }
    #expect(kinds.contains { $0.contains("checksum") })
    #expect(kinds.count > 1)
  }

  @Test(
    "an archive that is encrypted or packed otherwise lists its arrays, and refuses them",
    arguments: [(1, 8), (0, 93)])
  func foreignMethods(flags: Int, method: Int) throws {
    var archive = ZipWriter(entries: [("x.npy", [1, 2, 3])])
    (archive.flags, archive.method) = (UInt16(flags), UInt16(method))
    let file = try NumPyFile(bytes: archive.bytes())
    #expect(file.names == ["x"])
    let error = SerializationFixtures.error { _ = try file.tensor("x", as: Float.self) }
    #expect(error?.cause.contains(flags == 1 ? "encrypted" : "the method 93") == true)
  }

  @Test("every truncation of a packed archive is an error")
  func truncations() throws {
    let bytes = try SerializationFixtures.bytes("packed.npz")
    for count in 0..<bytes.count {
      #expect(SerializationFixtures.error { _ = try NumPyFile(bytes: bytes[..<count]) } != nil, "\(count)")
    }
  }
}

@Suite("Types of safetensors")
struct SafetensorsTypeTests {
  @Test("every type of the format is listed, and fields that are not known are passed over")
  func allTypes() throws {
    let file = try SafetensorsFile(contentsOf: SerializationFixtures.path("all_types.safetensors"))
    #expect(file.names.count == 23)
    #expect(file.metadata == ["a": "b"])
    for name in file.names.dropLast() {
      #expect(try file.scalarType(of: name).rawValue == name)
      #expect(try file.shape(of: name) == [2, 4])
    }
    #expect(try file.tensor("last", as: Float.self).scalars == [1, 2])
    #expect(try file.scalarType(of: "F4").bitCount == 4)
    let error = SerializationFixtures.error { _ = try file.tensor("F4", as: Float.self) }
    #expect(error?.cause == "the tensor \"F4\" is of type F4")
  }

  @Test("a type that is not known is refused when it is asked for, by its name")
  func unknownType() throws {
    let file = try openTensorArchive(SerializationFixtures.path("unknown_type.safetensors"))
    #expect(try file.tensor("last", as: Float.self).scalars == [1, 2])
    #expect(try file.shape(of: "F8_E5M2FNUZ") == [2, 4])
    let error = SerializationFixtures.error { _ = try file.tensor("F8_E5M2FNUZ", as: Float.self) }
    #expect(error?.kind == .unsupported)
    #expect(error?.cause.contains("the unknown dtype \"F8_E9M9WXYZ\"") == true)
  }

  @Test("no metadata may be said by null", arguments: ["null", "{}"])
  func noMetadata(value: String) throws {
    let header = "{\"__metadata__\":\(value),\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
    let bytes =
      withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init) + header.utf8 + [0, 0, 0, 0]
    #expect(try SafetensorsFile(bytes: bytes).metadata == [:])
  }
}
