import ImpastoPlatform
import Testing

@testable import Tensor

/// Checkpoints as people have them; what PyTorch 2.13's strict reader makes of each is checked where they are made.
@Suite("PyTorch's checkpoints")
struct PyTorchCheckpointTests {
  private static func open(_ name: String) throws -> PyTorchFile {
    try PyTorchFile(contentsOf: SerializationFixtures.path(name))
  }

  private static func counting(from first: Float) -> [Float] { (0..<4).map { first + Float($0) } }

  @Test(
    "whatever the strict reader takes stands beside tensors, and keys of any kind name them",
    arguments: ["values.pth", "values_legacy.pth", "values_5.pth"])
  func values(name: String) throws {
    let file = try Self.open(name)
    #expect(
      file.names == [
        "w", "tagged", "parameter", "counted.x", "keys.True", "keys.None", "keys.0.5", "keys.(0, 'a')",
        "keys.18446744073709551616", "keys.(7,)", "keys.3", "keys.3#2",
      ])
    #expect(file.otherContents == [:])
    for (index, name) in file.names.dropFirst(4).enumerated() {
      #expect(
        try file.tensor(name, as: Float.self).scalars == Self.counting(from: Float(index + 1)), "\(name)")
    }
    #expect(try file.tensor("w", as: Float.self).scalars == Self.counting(from: 0))
    #expect(try file.tensor("tagged", as: Float.self).scalars == Self.counting(from: 0))
    #expect(try file.tensor("parameter", as: Float.self).scalars == Self.counting(from: 1))
    #expect(try file.tensor("counted.x", as: Float.self).scalars == [0, 2, 4, 6])
  }

  @Test(
    "tensors in sets and among attributes are read, storages named, and names told apart as Python does",
    arguments: ["attributes.pth", "attributes_legacy.pth"])
  func attributes(name: String) throws {
    let file = try Self.open(name)
    let names = [
      "w", "w.scale", "p", "p.scale", "d.x", "d.scale", "set.0", "torch.float16",
      "device(type='cuda', index=1)",
      "(1+2j)", "((1, 2), \"it's\")", "café", "café#2",
    ]
    #expect(file.names == names)
    for (index, name) in names.enumerated() {
      #expect(try file.tensor(name, as: Float.self).scalars == Self.counting(from: Float(index)), "\(name)")
    }
    #expect(
      file.otherContents == [
        "bytes": "a storage of 16 bytes, and no tensor",
        "storage": "a storage of 4 numbers of the type torch.float32, and no tensor",
      ])
  }

  @Test(
    "objects of classes that it does not take are named, and the tensors beside them are read",
    arguments: ["strangers_2.pth", "strangers_5.pth", "strangers_legacy.pth"])
  func strangers(name: String) throws {
    let file = try Self.open(name)
    #expect(file.names == ["w", "nested.v", "last"])
    #expect(try file.tensor("w", as: Float.self).scalars == Self.counting(from: 0))
    #expect(try file.tensor("nested.v", as: Float.self).scalars == Self.counting(from: 1))
    #expect(try file.tensor("last", as: Float.self).scalars == Self.counting(from: 2))
    let classes = [
      "array": "numpy", "scalar": "numpy", "options": "argparse.Namespace", "path": "pathlib",
      "date": "datetime.datetime", "counts": "collections.defaultdict", "partial": "functools.partial",
      "range": "builtins.range", "layer": "torch.nn.modules.linear.Linear", "nested.losses.0": "numpy",
      "nested.losses.1": "numpy",
    ]
    for (name, kind) in classes {
      #expect(file.otherContents[name]?.hasPrefix("an object of the class \(kind)") == true, "\(name)")
    }
    let error = SerializationFixtures.error { _ = try file.shape(of: "options") }
    #expect(error?.cause == "\"options\" is no tensor but an object of the class argparse.Namespace")
  }

  @Test("a file in which nothing can be read says which class is in the way")
  func onlyStrangers() {
    let error = SerializationFixtures.error { _ = try Self.open("only_strangers.pth") }
    #expect(error?.cause == "the name \"argparse.Namespace\" is not one that weights need")
    #expect(error?.remedy?.contains("state_dict") == true)
  }

  @Test("a tensor forty levels deep is read")
  func deep() throws {
    let file = try Self.open("deep.pth")
    #expect(file.names == ["w" + String(repeating: ".a.0", count: 40)])
    #expect(try file.tensor(file.names[0], as: Float.self).scalars == Self.counting(from: 0))
  }

  @Test("a training's network is read beside its optimiser, its schedule and its seed")
  func training() throws {
    let file = try Self.open("training.pth")
    #expect(file.names.prefix(2) == ["model.weight", "model.bias"])
    #expect(try file.tensor("model.weight", as: Float.self).scalars == SerializationFixtures.sample(4))
    #expect(file.names.contains("optimizer.state.0.momentum_buffer"))
  }

  @Test("tensors of every type are listed with it, and refused only when they are asked for")
  func types() throws {
    let file = try Self.open("types.pth")
    let types: [(String, StoredScalarType, Shape)] = [
      ("w", .float32, [4]), ("float8_e4m3fn", .float8E4M3, [4]), ("float8_e5m2", .float8E5M2, [4]),
      ("float8_e4m3fnuz", .float8E4M3FNUZ, [4]), ("float8_e5m2fnuz", .float8E5M2FNUZ, [4]),
      ("float8_e8m0fnu", .float8E8M0, [4]), ("uint16", .uint16, [2]), ("uint32", .uint32, [1]),
      ("uint64", .uint64, [2, 2]), ("complex32", .complex32, [1]), ("complex64", .complex64, [1]),
      ("complex128", .complex128, [1]), ("last", .float32, [4]),
    ]
    for (name, type, shape) in types {
      #expect(try file.scalarType(of: name) == type, "\(name)")
      #expect(try file.shape(of: name) == shape, "\(name)")
    }
    #expect(try file.tensor("w", as: Float.self).scalars == Self.counting(from: 0))
    #expect(try file.tensor("last", as: Float.self).scalars == Self.counting(from: 1))
    #expect(try file.integers("uint16") == [1, 65_535])
    #expect(try file.integers("uint32") == [4_294_967_295])
    #expect(try file.integers("uint64") == [1, 3, 2, 4])

    let refused: [(String, Shape?, String)] = [
      ("float8_e4m3fn", [4], "of type F8_E4M3"), ("complex128", [1], "of type C128"),
      ("float4_e2m1fn_x2", [4], "torch.float4_e2m1fn_x2"), ("sparse", [3, 3], "sparse"),
      ("rows", [3, 3], "sparse"),
      ("quantized", [3, 3], "quantised"), ("channels", [3, 3], "quantised"), ("nested", nil, "nested"),
      ("meta", [2, 3], "without numbers"),
    ]
    for (name, shape, reason) in refused {
      #expect(file.names.contains(name))
      #expect(file.holdsNumbers(name))
      let found = try? file.shape(of: name)
      #expect(found == shape, "\(name)")
      let error = SerializationFixtures.error { _ = try file.tensor(name, as: Float.self) }
      #expect(error?.kind == .unsupported)
      #expect(error?.cause.contains(reason) == true, "\(String(describing: error))")
    }
  }

  @Test(
    "numbers that are marked as having the other sign have it", arguments: ["signs.pth", "signs_legacy.pth"])
  func signs(name: String) throws {
    let file = try Self.open(name)
    #expect(try file.tensor("w", as: Float.self).scalars == [-2, -4])
    #expect(try file.tensor("w", as: Double.self).scalars == [-2, -4])
    #expect(try file.tensor("double", as: Double.self).scalars == [-2, -4])
    #expect(try file.tensor("half", as: Float.self).scalars == [-1, 2])
    #expect(try file.integers("count") == [-1, 2])
    let table = SerializationFixtures.sample(6)
    #expect(try file.tensor("table", as: Float.self).scalars == [0, 3, 1, 4, 2, 5].map { -table[$0] })
    #expect(try file.tensor("plain", as: Float.self).scalars == [2, 4])
    #expect(try file.scalarType(of: "conj") == .complex64)
  }

  @Test("a file packed by a zip program reads as the one of torch.save; views share what was unpacked")
  func packed() throws {
    let (file, original) = (try Self.open("packed.pth"), try Self.open("zip.pth"))
    #expect(file.names == original.names + ["shared"])
    for name in original.names where try original.scalarType(of: name).isReadable {
      let expected = try original.tensor(name, as: Float.self).scalars
      #expect(try file.tensor(name, as: Float.self).scalars == expected, "\(name)")
    }
    #expect(try file.integers("count") == [7, 8])
    #expect(
      try file.tensor("shared", as: Double.self).scalars == SerializationFixtures.sample(300).map(Double.init)
    )
    let row = try file.tensor("row", as: Float.self)
    #expect(row.array.storage.isBorrowed)
    #expect(row.scalars == Array(SerializationFixtures.sample(6)[3...]))
  }

  @Test("a changed byte in a packed file is an error when its tensor is asked for")
  func packedChecksum() throws {
    let bytes = try SerializationFixtures.bytes("packed.pth")
    let file = MappedFile(copying: bytes, name: "")
    let entry = try #require(
      ZipDirectory(file).entries.filter { $0.name.contains("/data/") }.max { $0.count < $1.count })
    // The last byte may have bits that nothing reads.
    for place in entry.packed.dropLast() {
      var changed = bytes
      changed[place] ^= 0x10
      let error = SerializationFixtures.error {
        _ = try PyTorchFile(bytes: changed).tensor("shared", as: Float.self)
      }
      #expect(error?.kind == .malformed, "\(place)")
    }
  }

  @Test("the numbers of a big-endian machine are read as PyTorch reads them")
  func bigEndian() throws {
    let (file, original) = (try Self.open("big_endian.pth"), try Self.open("zip.pth"))
    for name in file.names where try original.scalarType(of: name).isReadable {
      let expected = try original.tensor(name, as: Float.self).scalars
      #expect(try file.tensor(name, as: Float.self).scalars == expected, "\(name)")
    }
    #expect(try file.integers("count") == [7, 8])
  }

  @Test("a TorchScript program is named as one, with the line that saves its weights")
  func program() {
    let error = SerializationFixtures.error {
      _ = try openTensorArchive(SerializationFixtures.path("program.pt"))
    }
    #expect(error?.kind == .unsupported)
    #expect(error?.cause.contains("TorchScript") == true)
    #expect(error?.remedy?.contains("torch.jit.load(\"m.pt\").state_dict()") == true)
  }
}
