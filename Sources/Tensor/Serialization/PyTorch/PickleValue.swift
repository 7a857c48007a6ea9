/// A value on the stack of a ``PickleMachine``: inert, and flat, so that neither deep nesting nor a cycle in the
/// file can exhaust the stack or leak. What has parts names a place in the machine's tables.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  /// The integer that begins a legacy PyTorch stream, the only one of more than 64 bits that is let through.
  case streamMagic
  /// An index into ``PickleMachine/texts``.
  case text(Int)
  case global(PickleGlobal)
  /// An index into ``PickleMachine/containers``.
  case tuple(Int)
  /// An index into ``PickleMachine/containers``.
  case list(Int)
  /// An index into ``PickleMachine/containers``, where keys and values alternate.
  case dictionary(Int)
  /// An index into ``PickleMachine/storages``.
  case storage(Int)
  /// An index into ``PickleMachine/tensors``.
  case tensor(Int)

  /// What messages call the value.
  var kind: String {
    switch self {
    case .none: "None"
    case .bool: "a truth value"
    case .integer, .streamMagic: "an integer"
    case .number: "a number"
    case .text: "a string"
    case .global: "a name"
    case .tuple: "a tuple"
    case .list: "a list"
    case .dictionary: "a dictionary"
    case .storage: "a storage"
    case .tensor: "a tensor"
    }
  }
}

/// The names of Python that a file may mention. Each stands for the effect it has on data; no other is let in,
/// and none is ever called.
enum PickleGlobal: Equatable {
  case orderedDictionary
  case size
  case rebuildTensor
  case rebuildTensorV2
  case rebuildParameter
  case rebuildParameterWithState
  case storage(StoredScalarType)

  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch", "Size"): self = .size
    case ("torch._utils", "_rebuild_tensor"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensorV2
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch._utils", "_rebuild_parameter_with_state"): self = .rebuildParameterWithState
    case ("torch", _):
      guard let type = StoredScalarType(pyTorchStorage: name) else { return nil }
      self = .storage(type)
    default: return nil
    }
  }
}

/// A storage that a pickle refers to by its persistent id.
struct PickleStorage {
  let key: String
  let scalarType: StoredScalarType
  let count: Int
  /// Where the file mentions it first.
  let position: Int
}

/// A tensor that a pickle describes, not yet checked against its storage.
struct PickleTensor {
  /// An index into ``PickleMachine/storages``.
  let storage: Int
  let layout: Layout
  /// Where the file describes it.
  let position: Int
}

/// The instructions that are carried out: what Python's pickle writes for numbers, strings, tuples, lists and
/// dictionaries in protocols 2 to 5, and what PyTorch adds to them.
enum PickleOpcode: UInt8 {
  case mark = 0x28
  case emptyTuple = 0x29
  case stop = 0x2e
  case pop = 0x30
  case popMark = 0x31
  case dup = 0x32
  case float = 0x47
  case int32 = 0x4a
  case uint8 = 0x4b
  case uint16 = 0x4d
  case none = 0x4e
  case persistentID = 0x51
  case reduce = 0x52
  case byteString = 0x54
  case shortByteString = 0x55
  case unicode = 0x58
  case emptyList = 0x5d
  case append = 0x61
  case build = 0x62
  case global = 0x63
  case appends = 0x65
  case get = 0x68
  case longGet = 0x6a
  case put = 0x71
  case longPut = 0x72
  case setItem = 0x73
  case tuple = 0x74
  case setItems = 0x75
  case emptyDictionary = 0x7d
  case proto = 0x80
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case newTrue = 0x88
  case newFalse = 0x89
  case long1 = 0x8a
  case shortUnicode = 0x8c
  case unicode8 = 0x8d
  case stackGlobal = 0x93
  case memoize = 0x94
  case frame = 0x95
}
