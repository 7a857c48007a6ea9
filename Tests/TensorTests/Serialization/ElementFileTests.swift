import Tensor
import TestSupport
import Testing

/// Files keep the types of elements, both ways.
@Suite struct ElementFileTests {
  private static let files = ["elements.safetensors", "elements.npz", "elements.pth"]

  private func open(_ name: String) throws -> any TensorArchive {
    try openTensorArchive(SerializationFixtures.path(name))
  }

  @Test("every type is read as what PyTorch, safetensors or NumPy wrote", arguments: files)
  func read(name: String) throws {
    let file = try open(name)
    let mask = try file.tensor("bool", as: Bool.self)
    #expect(mask.shape == [2, 3] && mask.scalars == [false, false, false, true, true, true])
    let bytes = try file.tensor("uint8", as: UInt8.self)
    #expect(bytes.shape == [2, 3] && bytes.scalars == [0, 1, 2, 127, 128, 255])
    #expect(try file.tensor("int32", as: Int32.self).scalars == [.min, 0, .max])
    #expect(try file.tensor("int64", as: Int64.self).scalars == [.min, 1 << 53 + 1, .max])
    let brain = try file.tensor("bfloat16", as: BFloat16.self)
    #expect(brain.shape == [2, 2])
    #expect(brain.scalars.map(\.bitPattern) == [0x8000, 0x3eab, 0x7f62, 0x0001])
    #expect(try file.tensor("empty", as: Int32.self).shape == [0, 3])
    #if !(os(macOS) && arch(x86_64))
      let half = try file.tensor("float16", as: Float16.self)
      #expect(half.scalars.map(\.bitPattern) == [0x8000, 0x3555, 0x7bff, 0x0001])
      #expect(Tensor<Float>(half).scalars == (try file.tensor("float16", as: Float.self).scalars))
    #endif
    #expect(Tensor<Double>(brain).scalars == (try file.tensor("bfloat16", as: Double.self).scalars))
  }

  @Test("integers of every width are read as wider ones, each as it is", arguments: files)
  func widened(name: String) throws {
    let file = try open(name)
    #expect(try file.tensor("int8", as: Int64.self).scalars == [-128, 0, 127])
    #expect(try file.tensor("int16", as: Int32.self).scalars == [-(1 << 15), 0, 1 << 15 - 1])
    #expect(try file.tensor("int32", as: Int64.self).scalars == [-(1 << 31), 0, 1 << 31 - 1])
    #expect(try file.tensor("uint8", as: Int32.self).scalars == [0, 1, 2, 127, 128, 255])
  }

  @Test("views and other orders of bytes are read")
  func arrangements() throws {
    for (name, columns) in [("elements.pth", "columns"), ("elements.npz", "columns")] {
      let file = try open(name)
      let integers = try file.tensor(columns, as: Int64.self)
      #expect(integers.shape == [3, 2] && integers.scalars == [-2, 1, -1, 2, 0, 3], "\(name)")
    }
    let views = try open("elements.pth")
    #expect(try views.tensor("mask", as: Bool.self).scalars == [false, true, false, true, false, true])
    let arrays = try open("elements.npz")
    #expect(try arrays.tensor("mask", as: Bool.self).scalars == [false, false, false, true, true, true])
    #expect(try arrays.tensor("big_int32", as: Int32.self).scalars == [.min, 0, .max])
    #if !(os(macOS) && arch(x86_64))
      #expect(
        try views.tensor("half", as: Float16.self).scalars.map(\.bitPattern) == [0x8000, 0x7bff, 0x3555, 1])
      #expect(
        try arrays.tensor("big_half", as: Float16.self).scalars.map(\.bitPattern) == [
          0x8000, 0x3555, 0x7bff, 1,
        ])
    #endif
  }

  @Test(
    "numbers of eight bits are read as bytes, and converted as PyTorch does",
    arguments: ["float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu"])
  func eightBits(name: String) throws {
    let file = try open("elements.safetensors")
    let bytes = try file.tensor(name, as: UInt8.self)
    #expect(bytes.scalars == Array(0...255))
    let numbers = Tensor<Double>(float8: bytes, try file.scalarType(of: name))
    let expected = try file.tensor(name + " numbers", as: Double.self)
    for (byte, (number, wanted)) in zip(numbers.scalars, expected.scalars).enumerated() {
      #expect(number == wanted || (number.isNaN && wanted.isNaN), "\(byte)")
      #expect(number.isNaN || number.sign == wanted.sign, "\(byte)")
    }
  }

  @Test("nothing is converted that was not asked to be")
  func refused() throws {
    let file = try open("elements.safetensors")
    let wrong: [(String, String, () throws -> Void)] = [
      ("int64", "read it as Int64", { _ = try file.tensor("int64", as: Float.self) }),
      ("bool", "read it as Bool", { _ = try file.tensor("bool", as: Float.self) }),
      ("bool", "read it as Bool", { _ = try file.tensor("bool", as: UInt8.self) }),
      ("uint8", "read it as Int64", { _ = try file.tensor("uint8", as: Bool.self) }),
      ("float32", "Tensor<Int64>(x)", { _ = try file.tensor("float32", as: Int64.self) }),
      ("float32", "Tensor<BFloat16>(x)", { _ = try file.tensor("float32", as: BFloat16.self) }),
      ("eight bits", "read its bytes as UInt8", { _ = try file.tensor("float8_e5m2", as: Float.self) }),
      ("int64", "read it as Int64", { _ = try file.tensor("int64", as: Int32.self) }),
      ("int8", "read it as Int64", { _ = try file.tensor("int8", as: UInt8.self) }),
    ]
    for (name, remedy, read) in wrong {
      let error = SerializationFixtures.error(read)
      #expect(error?.kind == .unsupported, "\(name)")
      #expect(error?.remedy?.contains(remedy) == true, "\(name): \(String(describing: error))")
    }
  }

  /// A tensor of each type that can be written, some as views.
  private static var tensors: [String: AnyTensor] {
    let whole = Tensor<Int64>([[-2, -1, 0], [1, 2, 1 << 62]])
    var tensors = [
      "bool": AnyTensor((whole .> 0).transposed()), "int64": AnyTensor(whole.flipped()),
      "int32": AnyTensor(Tensor<Int32>([-7, .max]).expanded(axis: 0).broadcast(to: [3, 2])),
      "uint8": AnyTensor(Tensor<UInt8>([1, 2, 255])), "empty": AnyTensor(Tensor<Bool>.zeros([2, 0])),
      "bfloat16": AnyTensor(Tensor<BFloat16>(Tensor<Float>([[1, 0.1], [-3e38, .infinity]])).transposed()),
      "float32": AnyTensor(Tensor<Float>([0.5, -1])), "float64": AnyTensor(Tensor<Double>(0.1)),
    ]
    #if !(os(macOS) && arch(x86_64))
      tensors["float16"] = AnyTensor(Tensor<Float16>(Tensor<Float>([1, 0.1, 65504])))
    #endif
    return tensors
  }

  private func expectTensors(in file: any TensorArchive) throws {
    #expect(Set(file.names) == Set(Self.tensors.keys))
    for (name, tensor) in Self.tensors {
      #expect(try file.scalarType(of: name) == tensor.scalarType, "\(name)")
      #expect(try file.shape(of: name) == tensor.shape, "\(name)")
    }
    #expect(try file.tensor("bool", as: Bool.self).scalars == [false, true, false, true, false, true])
    #expect(try file.tensor("int64", as: Int64.self).scalars == [1 << 62, 2, 1, 0, -1, -2])
    #expect(try file.tensor("int32", as: Int32.self).scalars == [-7, .max, -7, .max, -7, .max])
    #expect(try file.tensor("uint8", as: UInt8.self).scalars == [1, 2, 255])
    #expect(
      try file.tensor("bfloat16", as: BFloat16.self).scalars.map(\.bitPattern) == [
        0x3f80, 0xff62, 0x3dcd, 0x7f80,
      ])
    #expect(try file.tensor("float32", as: Float.self).scalars == [0.5, -1])
    #expect(try file.tensor("float64", as: Double.self).scalar == 0.1)
    #if !(os(macOS) && arch(x86_64))
      #expect(
        try file.tensor("float16", as: Float16.self).scalars.map(\.bitPattern) == [0x3c00, 0x2e66, 0x7bff])
    #endif
  }

  @Test("a safetensors file keeps the type of each tensor")
  func writeSafetensors() throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "elements.safetensors").path(percentEncoded: false)
      try Safetensors.write(Self.tensors, to: path)
      try expectTensors(in: openTensorArchive(path))
    }
  }

  @Test("a file of PyTorch keeps the type of each tensor")
  func writePyTorch() throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "elements.pth").path(percentEncoded: false)
      try PyTorch.write(Self.tensors, to: path)
      let file = try PyTorchFile(contentsOf: path)
      #expect(file.names == Self.tensors.keys.sorted())
      try expectTensors(in: file)
    }
  }

  @Test("an archive of NumPy keeps the type of each tensor, in both orders", arguments: [true, false])
  func writeNumPy(isRowMajor: Bool) throws {
    try SerializationFixtures.withTemporaryFolder { folder in
      let path = folder.appending(path: "elements.npz").path(percentEncoded: false)
      try NumPy.write(Self.tensors, order: isRowMajor ? .rowMajor : .columnMajor, to: path)
      try expectTensors(in: openTensorArchive(path))
    }
  }
}
