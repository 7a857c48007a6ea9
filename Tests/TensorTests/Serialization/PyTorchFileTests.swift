import Testing

@testable import Tensor

@Suite("PyTorchFile")
struct PyTorchFileTests {
  private static let names = [
    "weight", "double", "half", "brain", "count", "transposed", "row", "every_other", "channels_last",
    "parameter",
    "scalar", "empty", "expanded", "half_transposed",
  ]
  private static let sample = SerializationFixtures.sample

  @Test("both containers keep the order of names", arguments: ["zip.pth", "legacy.pth"])
  func names(name: String) throws {
    #expect(try PyTorchFile(contentsOf: SerializationFixtures.path(name)).names == Self.names)
  }

  @Test(
    "every type, view and shared storage reads as PyTorch shows it", arguments: ["zip.pth", "legacy.pth"])
  func values(name: String) throws {
    let file = try PyTorchFile(contentsOf: SerializationFixtures.path(name))
    let expected: [(String, Shape, [Float])] = [
      ("weight", [2, 3], Self.sample(6)),
      ("double", [5], Self.sample(5)),
      ("half", [2, 4], Self.sample(8)),
      ("brain", [70], Self.sample(70)),
      ("transposed", [3, 2], [0, 3, 1, 4, 2, 5].map { Self.sample(6)[$0] }),
      ("row", [3], Array(Self.sample(6)[3...])),
      ("every_other", [5], [0, 2, 4, 6, 8].map { Self.sample(9)[$0] }),
      ("channels_last", [1, 3, 2, 2], Self.sample(12)),
      ("parameter", [4], Self.sample(4)),
      ("scalar", [], [2.5]),
      ("empty", [0, 3], []),
      ("expanded", [3, 4], Array(repeating: 1.5, count: 12)),
      ("half_transposed", [3, 2], [0, 3, 1, 4, 2, 5].map { Self.sample(6)[$0] }),
    ]
    for (name, shape, values) in expected {
      let tensor = try file.tensor(name, as: Float.self)
      #expect(tensor.shape == shape, "\(name)")
      #expect(try file.shape(of: name) == shape)
      #expect(tensor.scalars == values, "\(name)")
      #expect(try file.tensor(name, as: Double.self).scalars == values.map(Double.init), "\(name)")
    }
  }

  @Test("aligned numbers of the asked type are borrowed from the file, all others copied")
  func borrows() throws {
    let file = try PyTorchFile(contentsOf: SerializationFixtures.path("zip.pth"))
    #expect(try file.tensor("weight", as: Float.self).array.storage.isBorrowed)
    #expect(try file.tensor("row", as: Float.self).array.storage.isBorrowed)
    #expect(try file.tensor("double", as: Double.self).array.storage.isBorrowed)
    #expect(try !file.tensor("double", as: Float.self).array.storage.isBorrowed)
    #expect(try !file.tensor("transposed", as: Float.self).array.storage.isBorrowed)
    #expect(try !file.tensor("half", as: Float.self).array.storage.isBorrowed)
  }

  @Test("a borrowed tensor outlives its file and is copied before a write")
  func borrowedTensorIsAValue() throws {
    var tensor = try PyTorchFile(contentsOf: SerializationFixtures.path("zip.pth")).tensor(
      "row", as: Float.self)
    tensor.withUnsafeMutableScalars { $0[0] = 9 }
    #expect(tensor.scalars[0] == 9)
    let again = try PyTorchFile(contentsOf: SerializationFixtures.path("zip.pth"))
    #expect(try again.tensor("row", as: Float.self).scalars == Array(Self.sample(6)[3...]))
  }

  @Test("integers are listed with their type, and refused as a tensor by its name")
  func integers() throws {
    let file = try PyTorchFile(contentsOf: SerializationFixtures.path("zip.pth"))
    #expect(try file.scalarType(of: "count") == .int64)
    let error = SerializationFixtures.error { _ = try file.tensor("count", as: Float.self) }
    #expect(error?.kind == .unsupported)
    #expect(error?.cause.contains("\"count\" is of type I64") == true)
  }

  @Test("an unknown name is an error that lists the known ones")
  func unknownName() throws {
    let file = try PyTorchFile(contentsOf: SerializationFixtures.path("single.pth"))
    let error = SerializationFixtures.error { _ = try file.tensor("weigth", as: Float.self) }
    #expect(error?.kind == .unknownTensor)
    #expect(error?.description.hasSuffix("there is no tensor \"weigth\"; it has 1: \"tensor\"") == true)
  }

  @Test(
    "nested dictionaries, lists and tuples get names joined with dots, in every pickle protocol",
    arguments: ["nested_2.pth", "nested_4.pth", "nested_5.pth", "nested_legacy_4.pth"])
  func nested(name: String) throws {
    let file = try PyTorchFile(contentsOf: SerializationFixtures.path(name))
    #expect(
      file.names == ["model.0.weight", "model.0.bias", "moments.0", "moments.1.0", "moments.1.1", "5"])
    #expect(try file.tensor("model.0.weight", as: Float.self).scalars == Self.sample(4))
    #expect(try file.tensor("moments.1.1", as: Float.self).scalars == Self.sample(2))
  }

  @Test("a file that is one tensor calls it so")
  func single() throws {
    let file = try PyTorchFile(contentsOf: SerializationFixtures.path("single.pth"))
    #expect(try file.tensor("tensor", as: Float.self).scalars == Self.sample(6))
  }

  @Test("the state dictionary of a network reads, its counters included")
  func network() throws {
    let file = try PyTorchFile(contentsOf: SerializationFixtures.path("network.pth"))
    #expect(
      file.names == [
        "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var",
        "1.num_batches_tracked",
      ])
    #expect(try file.tensor("0.weight", as: Float.self).scalars == Self.sample(18))
    #expect(try file.shape(of: "1.num_batches_tracked") == [])
  }

  @Test("a whole module, whose loading would run code, is refused by the name it mentions")
  func module() throws {
    let error = SerializationFixtures.error {
      _ = try PyTorchFile(contentsOf: SerializationFixtures.path("module.pth"))
    }
    #expect(error?.kind == .unsupported)
    #expect(error?.cause.contains("torch.nn.modules") == true)
    #expect(error?.remedy?.contains("state_dict") == true)
  }

  @Test("every truncation of a file is an error", arguments: ["zip.pth", "legacy.pth"])
  func truncations(name: String) throws {
    let bytes = try SerializationFixtures.bytes(name)
    for count in 0..<bytes.count {
      #expect(
        SerializationFixtures.error { _ = try PyTorchFile(bytes: bytes[..<count]) } != nil, "\(count) bytes")
    }
  }

  @Test(
    "a changed byte among the numbers changes exactly the number it belongs to",
    arguments: ["zip.pth", "legacy.pth"])
  func changedNumbers(name: String) throws {
    let bytes = try SerializationFixtures.bytes(name)
    let numbers = Self.sample(70).flatMap {
      withUnsafeBytes(of: UInt16($0.bitPattern >> 16).littleEndian, Array.init)
    }
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: numbers) })
    for index in numbers.indices {
      var changed = bytes
      changed[start + index] ^= 0x41
      var expected = Self.sample(70)
      expected[index / 2] = Float(
        bitPattern: expected[index / 2].bitPattern ^ (index.isMultiple(of: 2) ? 0x41_0000 : 0x4100_0000))
      #expect(try PyTorchFile(bytes: changed).tensor("brain", as: Float.self).scalars == expected)
    }
  }

  @Test("files of other kinds are named as such", arguments: ["text", "pickle", "empty"])
  func otherFiles(kind: String) throws {
    let bytes: [UInt8] =
      switch kind {
      case "text": Array("no weights here".utf8)
      case "pickle": [0x80, 2, 0x4b, 7, 0x2e]
      default: []
      }
    let error = SerializationFixtures.error { _ = try PyTorchFile(bytes: bytes) }
    #expect(error?.kind == .malformed)
  }

  @Test("a file of no known format is refused as that", arguments: ["<!DOCTYPE html>", "version", "{}"])
  func unknownFormat(text: String) throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "vgg.pth").plainPath
      try text.write(toFile: path, atomically: false, encoding: .utf8)
      let error = SerializationFixtures.error { _ = try openTensorArchive(path) }
      #expect(error?.kind == .malformed)
      #expect(error?.cause == "the file is neither safetensors nor PyTorch's nor NumPy's")
    }
  }

  @Test("the format is told by the content", arguments: ["zip.pth", "legacy.pth", "types.safetensors"])
  func opensByContent(name: String) throws {
    let archive = try openTensorArchive(SerializationFixtures.path(name))
    #expect(archive.path == SerializationFixtures.path(name))
    #expect(try archive.tensor("weight", as: Float.self).scalars == Self.sample(6))
  }
}
