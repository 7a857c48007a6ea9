import Foundation
import TestSupport
import Testing

@testable import Tensor

/// Files of tensors in the types that no tensor has itself, and those of PyTorch as its own reader was seen to read them.
@Suite("PyTorch.write, and elements of any type")
struct PyTorchWriteTests {
  private static let eights: [String: StoredScalarType] = [
    "float8_e4m3fn": .float8E4M3, "float8_e5m2": .float8E5M2, "float8_e4m3fnuz": .float8E4M3FNUZ,
    "float8_e5m2fnuz": .float8E5M2FNUZ, "float8_e8m0fnu": .float8E8M0,
  ]

  /// The smallest and the largest number of each type of integers that is no tensor's.
  private static let integers: [String: (type: StoredScalarType, numbers: [Int], shape: Shape)] = [
    "int8": (.int8, [-128, 0, 127], [3]), "int16": (.int16, [-(1 << 15), 0, 1 << 15 - 1], [3]),
    "uint16": (.uint16, [0, 1, 1 << 16 - 1], [3]), "uint32": (.uint32, [0, 1, 1 << 32 - 1], [1, 3]),
    "uint64": (.uint64, [0, 1, .max], [3]),
  ]

  private static var narrow: [String: AnyTensor] {
    integers.mapValues { type, numbers, shape in
      AnyTensor(Tensor<Int64>(integers: numbers, shape: shape), as: type)
    }
  }

  /// `generate.py` reads the file with torch.load(weights_only=True), with and without mmap, and compares it with what
  /// PyTorch made itself.
  @Test("has the bytes of the file that PyTorch was seen to read as the same tensors")
  func sameBytes() throws {
    let elements = try PyTorchFile(contentsOf: SerializationFixtures.path("elements.pth"))
    var tensors = Self.narrow
    for name in elements.names { tensors[name] = try elements.anyTensor(name) }
    let bytes = Tensor<UInt8>(Array(0...255))
    for (name, type) in Self.eights { tensors[name] = AnyTensor(float8: bytes, type) }
    tensors["quoted \"name\" é"] = AnyTensor(Tensor<Float>(2.5))
    try SerializationFixtures.withTemporaryFolder { folder in
      let url = folder.appending(path: "written.pth")
      try PyTorch.write(tensors, to: url)
      #expect(try [UInt8](Data(contentsOf: url)) == SerializationFixtures.bytes("written.pth"))
    }
  }

  @Test("what is written reads back bit for bit, with views, none, no axes and many entries")
  func roundTrip() throws {
    let special: [Float] = [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .pi]
    var tensors = [
      "special": Tensor<Float>(special, shape: [2, 3]).transposed(), "scalar": Tensor(3),
      "empty": Tensor([], shape: [0, 2]), "axes": Tensor.ones([1, 1, 1, 1, 2]),
    ]
    for number in 0..<300 { tensors["layer.\(number)"] = Tensor([Float(number)]) }
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "a.pth").plainPath
      for written in [tensors, [:]] {
        try PyTorch.write(written, to: path)
        let file = try openTensorArchive(path)
        #expect(file.names == written.keys.sorted())
        for (name, tensor) in written {
          let read = try file.tensor(name, as: Float.self)
          #expect(read.shape == tensor.shape)
          #expect(read.scalars.map(\.bitPattern) == tensor.scalars.map(\.bitPattern), "\(name)")
        }
      }
    }
  }

  @Test("integers of every width keep it, in each format", arguments: ["a.safetensors", "a.npz", "a.pth"])
  func integers(name: String) throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: name).plainPath
      switch name.split(separator: ".").last {
      case "safetensors": try Safetensors.write(Self.narrow, to: path)
      case "npz": try NumPy.write(Self.narrow, to: path)
      default: try PyTorch.write(Self.narrow, to: path)
      }
      let file = try openTensorArchive(path)
      for (name, expected) in Self.integers {
        #expect(try file.scalarType(of: name) == expected.type)
        #expect(try file.shape(of: name) == expected.shape)
        #expect(try file.integers(name) == expected.numbers)
      }
    }
  }

  @Test(
    "a file that is read and written again in another format is the same, whatever its types",
    arguments: ["elements.pth", "elements.npz", "elements.safetensors"])
  func copied(name: String) throws {
    let source = try openTensorArchive(SerializationFixtures.path(name))
    var tensors: [String: AnyTensor] = [:]
    for name in source.names { tensors[name] = try source.anyTensor(name) }
    try SerializationFixtures.withTemporaryFolder { folder in
      let copies = [folder.appending(path: "a.pth"), folder.appending(path: "a.safetensors")]
      try PyTorch.write(tensors, to: copies[0])
      try Safetensors.write(tensors, to: copies[1])
      for url in copies {
        let copy = try openTensorArchive(url)
        #expect(copy.names.sorted() == source.names.sorted())
        for name in source.names {
          #expect(try copy.scalarType(of: name) == source.scalarType(of: name))
          #expect(try bytes(copy.anyTensor(name)) == bytes(source.anyTensor(name)), "\(name)")
        }
      }
    }
  }

  private func bytes(_ tensor: AnyTensor) throws -> [UInt8] {
    var result: [UInt8] = []
    try tensor.withBytes { result = Array($0) }
    return result
  }

  @Test("numbers with the other sign and of the other byte order are written as they are meant")
  func arrangements() throws {
    let signs = try PyTorchFile(contentsOf: SerializationFixtures.path("signs.pth"))
    let big = try NumPyFile(contentsOf: SerializationFixtures.path("elements.npz"))
    try SerializationFixtures.withTemporaryFolder { folder in
      let url = folder.appending(path: "a.pth")
      for (file, names) in [(signs as any TensorArchive, signs.names), (big, ["big_int32", "big_half"])] {
        for name in names where try file.scalarType(of: name) != .complex64 {
          try PyTorch.write(["x": file.anyTensor(name)], to: url)
          let copy = try PyTorchFile(contentsOf: url)
          if try file.scalarType(of: name).isInteger {
            #expect(try copy.integers("x") == file.integers(name))
          } else {
            #expect(
              try copy.tensor("x", as: Double.self).scalars == file.tensor(name, as: Double.self).scalars)
          }
        }
      }
    }
  }

  @Test("numbers become those of eight bits as PyTorch makes them", arguments: eights.keys.sorted())
  func eightBits(name: String) throws {
    let file = try SafetensorsFile(contentsOf: SerializationFixtures.path("float8.safetensors"))
    let numbers = try file.tensor(name + " numbers", as: Float.self)
    let bytes = numbers.float8(Self.eights[name]!)
    let expected = try file.tensor(name, as: UInt8.self)
    #expect(bytes.shape == expected.shape && bytes.count > 1000)
    for (index, (byte, wanted)) in zip(bytes.scalars, expected.scalars).enumerated() {
      #expect(byte == wanted, "\(numbers.scalars[index])")
    }
  }

  @Test(
    "numbers of eight bits stay as they are when they are converted and back", arguments: eights.keys.sorted()
  )
  func eightBitsBack(name: String) throws {
    let type = Self.eights[name]!
    let bytes = Tensor<UInt8>(Array(0...255))
    let numbers = Tensor<Double>(float8: bytes, type)
    for (byte, back) in zip(bytes.scalars, numbers.float8(type).scalars) {
      let number = numbers.scalars[Int(byte)]
      // Types have several NaN, and float8E4M3 has no infinity to go to.
      #expect(back == byte || number.isNaN, "\(byte)")
    }
  }

  @Test("NumPy is not given what it cannot read")
  func refused() throws {
    let eight = AnyTensor(float8: Tensor<UInt8>([1]), .float8E5M2)
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "a.npy").plainPath
      let error = SerializationFixtures.error { try NumPy.write(eight, to: path) }
      #expect(
        error?.kind == .unwritable && error?.remedy == "write their bytes as UInt8, or to a safetensors file")
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test("complex numbers are not read as others")
  func complex() throws {
    let file = try openTensorArchive(SerializationFixtures.path("all_types.safetensors"))
    let name = try #require(file.names.first { (try? file.scalarType(of: $0)) == .complex64 })
    #expect(SerializationFixtures.error { _ = try file.anyTensor(name) }?.kind == .unsupported)
  }
}

@Suite("Files by their URLs")
struct FileURLTests {
  @Test("each function that takes a path takes a URL, with spaces and signs that URLs escape")
  func urls() throws {
    let x = Tensor<Float>([1, 2])
    try SerializationFixtures.withTemporaryFolder { folder in
      let url = folder.appending(path: "a b%20ä#?.file")
      try Safetensors.write(["x": x], to: url)
      #expect(FileManager.default.fileExists(atPath: url.path(percentEncoded: false)))
      #expect(try SafetensorsFile(contentsOf: url).tensor("x", as: Float.self).scalars == [1, 2])
      try Safetensors.write(["x": AnyTensor(x)], metadata: ["a": "b"], to: url)
      #expect(try SafetensorsFile(contentsOf: url).metadata == ["a": "b"])
      try PyTorch.write(["x": x], to: url)
      #expect(try PyTorchFile(contentsOf: url).names == ["x"])
      try NumPy.write(x, to: url)
      #expect(try NumPyFile(contentsOf: url).names == ["tensor"])
      try NumPy.write(["y": x], order: .columnMajor, to: url)
      #expect(try openTensorArchive(url).names == ["y"])
      #expect(try openTensorArchive(url).path == url.path(percentEncoded: false))
    }
  }

  @Test("a URL of no file is refused, and says so")
  func strange() throws {
    let url = try #require(URL(string: "https://example.org/a.pth"))
    let read = SerializationFixtures.error { _ = try openTensorArchive(url) }
    #expect(read?.kind == .missing && read?.file == "https://example.org/a.pth")
    #expect(read?.cause == "the URL names no file of this machine")
    let written = SerializationFixtures.error { try PyTorch.write(["x": Tensor<Float>([1])], to: url) }
    #expect(written?.kind == .unwritable)
  }

  @Test("reading and writing throw one type of error, which needs no cast")
  func typed() {
    func kind(_ body: () throws(SerializationError) -> Void) -> SerializationError.Kind? {
      do {
        try body()
        return nil
      } catch {
        return error.kind
      }
    }
    #expect(kind { () throws(SerializationError) in _ = try openTensorArchive("/no/such/file") } == .missing)
    #expect(
      kind { () throws(SerializationError) in
        _ = try PyTorchFile(bytes: [1, 2, 3]).shape(of: "x")
      } == .malformed)
    #expect(
      kind { () throws(SerializationError) in
        try NumPy.write(Tensor<Float>([1]), to: "/no/such/folder/a.npy")
      } == .unwritable)
  }
}
