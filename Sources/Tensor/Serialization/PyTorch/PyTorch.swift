import ImpastoPlatform

/// Writing PyTorch's files, which `torch.load` reads, also with `weights_only=True`.
public enum PyTorch {
  /// Writes `tensors` to a file, in their own type and in the order of their names.
  ///
  /// ```swift
  /// try PyTorch.write(["weight": weight, "bias": bias], to: "layer.pth")
  /// ```
  ///
  /// In Python, `torch.load("layer.pth")` is a dictionary of these names, which `load_state_dict` takes. The same tensors
  /// always give the same bytes. The file appears whole or not at all: it is written beside its place and renamed, so a
  /// file of that name is replaced only by a complete one.
  ///
  /// - Throws: ``SerializationError`` when the file cannot be written.
  public static func write<Scalar: TensorElement>(
    _ tensors: [String: Tensor<Scalar>], to path: String
  ) throws(SerializationError) {
    try write(tensors.mapValues { AnyTensor($0) }, to: path)
  }

  /// Writes tensors of several types to a file, in the order of their names.
  ///
  /// - Throws: ``SerializationError`` when the file cannot be written.
  public static func write(_ tensors: [String: AnyTensor], to path: String) throws(SerializationError) {
    let ordered = tensors.sorted { $0.key < $1.key }
    let pickle = PickleEncoder.stateDictionary(ordered.map { ($0.key, $0.value.scalarType, $0.value.shape) })
    try SerializationError.replacing(path) { file in
      var archive = ZipStream()
      for (name, bytes) in [
        ("data.pkl", pickle), ("byteorder", Array("little".utf8)), ("version", Array("3\n".utf8)),
      ] {
        try bytes.withUnsafeBytes {
          try archive.append(folder + name, [$0], alignment: alignment, to: file)
        }
      }
      for (index, tensor) in ordered.enumerated() {
        try tensor.value.withBytes {
          try archive.append("\(folder)data/\(index)", [$0], alignment: alignment, to: file)
        }
      }
      try archive.finish(file)
    }
  }

  /// All entries are in one, whose name is free.
  private static let folder = "archive/"
  /// Where numbers may begin, so that `torch.load(mmap=True)` can use them where they lie.
  private static let alignment = 64
}

/// The pickle of a dictionary of tensors, each with a storage of its own that is called by its number.
///
/// It has no instruction that others do not need: no value is remembered to be used again.
struct PickleEncoder {
  private var bytes: [UInt8] = []

  static func stateDictionary(_ tensors: [(name: String, type: StoredScalarType, shape: Shape)]) -> [UInt8] {
    var encoder = PickleEncoder()
    encoder.bytes = [PickleOpcode.proto.rawValue, 2]
    encoder.append(.emptyDictionary)
    encoder.append(.mark)
    for (index, tensor) in tensors.enumerated() {
      encoder.append(tensor.name)
      encoder.appendTensor(index, tensor.type, tensor.shape)
    }
    encoder.append(.setItems)
    encoder.append(.stop)
    return encoder.bytes
  }

  private mutating func appendTensor(_ index: Int, _ scalarType: StoredScalarType, _ shape: Shape) {
    guard let type = PyTorchType(storing: scalarType) else {
      ShapeCheck.fail("PyTorch: there are no tensors of the type \(scalarType.rawValue)")
    }
    let storageClass = type.storageClass
    appendGlobal("torch._utils", storageClass == nil ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2")
    append(.mark)
    append(.mark)
    append("storage")
    // Storages of newer types have no class, and count bytes.
    appendGlobal(storageClass == nil ? "torch.storage" : "torch", storageClass ?? "UntypedStorage")
    append("\(index)")
    append("cpu")
    append(shape.elementCount * (storageClass == nil ? type.byteCount : 1))
    append(.tuple)
    append(.persistentID)
    append(0)
    append(shape)
    append(shape.rowMajorStrides)
    append(.newFalse)
    appendGlobal("collections", "OrderedDict")
    append(.emptyTuple)
    append(.reduce)
    if storageClass == nil { appendGlobal("torch", type.name) }
    append(.tuple)
    append(.reduce)
  }

  private mutating func append(_ opcode: PickleOpcode) { bytes.append(opcode.rawValue) }

  private mutating func append(_ text: String) {
    append(.unicode)
    bytes.append(little: UInt32(text.utf8.count))
    bytes += text.utf8
  }

  private mutating func append(_ integer: Int) {
    if let number = Int32(exactly: integer) {
      append(.int32)
      bytes.append(little: number)
    } else {
      append(.long1)
      bytes.append(8)
      bytes.append(little: Int64(integer))
    }
  }

  private mutating func append(_ integers: [Int]) {
    append(.mark)
    for integer in integers { append(integer) }
    append(.tuple)
  }

  private mutating func appendGlobal(_ module: String, _ name: String) {
    append(.global)
    bytes += "\(module)\n\(name)\n".utf8
  }
}
