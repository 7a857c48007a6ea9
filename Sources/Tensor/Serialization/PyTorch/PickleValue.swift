/// A value on the stack of a ``PickleMachine``: inert, and flat, so that neither deep nesting nor a cycle in the
/// file can exhaust the stack or leak. What has parts names a place in the machine's tables.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  /// An integer that `Int` does not hold; an index into ``PickleMachine/texts``, where it is in decimal digits.
  case largeInteger(Int)
  case number(Double)
  /// The integer that begins a legacy PyTorch stream.
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
  /// An index into ``PickleMachine/containers``.
  case set(Int)
  /// What tensors do not need and weighs nothing: bytes, a complex number, a device. An index into
  /// ``PickleMachine/texts``, which says what it is.
  case inert(Int)
  /// A name that is not known, or whatever is made with it. An index into ``PickleMachine/strangers``.
  case stranger(Int)
  /// An index into ``PickleMachine/storages``.
  case storage(Int)
  /// An index into ``PickleMachine/tensors``.
  case tensor(Int)
  /// An index into ``PickleMachine/bytesObjects``.
  case bytes(Int)
  /// An index into ``PickleMachine/arrayTypes``.
  case arrayType(Int)

  /// What messages call the value.
  var kind: String {
    switch self {
    case .none: "None"
    case .bool: "a truth value"
    case .integer, .largeInteger, .streamMagic: "an integer"
    case .number: "a number"
    case .text: "a string"
    case .global: "a name"
    case .tuple: "a tuple"
    case .list: "a list"
    case .dictionary: "a dictionary"
    case .set: "a set"
    case .inert: "a value of another kind"
    case .stranger: "an object of a class that is not known"
    case .storage: "a storage"
    case .tensor: "a tensor"
    case .bytes: "bytes"
    case .arrayType: "a type of numbers"
    }
  }
}

/// The names of Python that mean something here: those that PyTorch's own strict reader lets in. Each stands for the
/// effect that it has on data; none is ever called. Any other name stands for nothing, and so does what is made with it.
enum PickleGlobal: Equatable {
  case orderedDictionary
  case counter
  case set
  case byteArray
  case complex
  case encode
  case size
  case device
  case tensorLayout
  case parameter
  /// A class of tensors, of which the oldest files make one and fill it afterwards.
  case tensorClass
  case rebuildTensor
  case rebuildTensorV2
  case rebuildTensorV3
  case rebuildParameter
  case rebuildParameterWithState
  case rebuildFromType
  /// A tensor whose numbers do not lie in one storage as they are.
  case rebuildOther(OtherTensor)
  case storage(PyTorchType)
  case scalarType(PyTorchType)
  case quantizationScheme
  /// What NumPy's arrays are made with.
  case array(ArrayPart)

  enum OtherTensor: String {
    case sparse = "_rebuild_sparse_tensor"
    case quantized = "_rebuild_qtensor"
    case nested = "_rebuild_nested_tensor"
    case meta = "_rebuild_meta_tensor_no_storage"
    case wrapper = "_rebuild_wrapper_subclass"
    case device = "_rebuild_device_tensor_from_cpu_tensor"
    case deviceArray = "_rebuild_device_tensor_from_numpy"
  }

  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("collections", "Counter"): self = .counter
    // Python 2 has the second name, and so has protocol 2, which PyTorch writes.
    case ("builtins", "set"), ("__builtin__", "set"): self = .set
    case ("builtins", "bytearray"), ("__builtin__", "bytearray"): self = .byteArray
    case ("builtins", "complex"), ("__builtin__", "complex"): self = .complex
    case ("_codecs", "encode"): self = .encode
    case ("torch", "Size"): self = .size
    case ("torch", "device"): self = .device
    case ("torch", "Tensor"): self = .tensorClass
    case ("torch.nn.parameter", "Parameter"): self = .parameter
    case ("torch.serialization", "_get_layout"): self = .tensorLayout
    case ("torch.storage", "UntypedStorage"): self = .storage(.bytes)
    case ("torch._tensor", "_rebuild_from_type"), ("torch._tensor", "_rebuild_from_type_v2"):
      self = .rebuildFromType
    case ("torch._utils", "_rebuild_tensor"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensorV2
    case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTensorV3
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch._utils", "_rebuild_parameter_with_state"): self = .rebuildParameterWithState
    case ("torch._utils", _):
      guard let other = OtherTensor(rawValue: name) else { return nil }
      self = .rebuildOther(other)
    case ("torch", _), ("torch.cuda", _), ("torch.sparse", _), ("torch.cuda.sparse", _):
      if let type = PyTorchType(storageClass: name) {
        self = .storage(type)
      } else if module == "torch", let type = PyTorchType(name: name) {
        self = .scalarType(type)
      } else if module == "torch", name.hasPrefix("per_tensor_") || name.hasPrefix("per_channel_") {
        self = .quantizationScheme
      } else if PyTorchType(storageClass: name.replacingTensor) != nil {
        self = .tensorClass
      } else {
        return nil
      }
    default: return nil
    }
  }
}

extension String {
  /// `FloatStorage` for `FloatTensor`.
  fileprivate var replacingTensor: String { hasSuffix("Tensor") ? dropLast("Tensor".count) + "Storage" : "" }
}

/// A storage that a pickle refers to by its persistent id.
struct PickleStorage {
  let key: String
  let type: PyTorchType
  /// Its elements.
  let count: Int
  /// Where the file mentions it first.
  let position: Int
  /// The storage, an index into ``PickleMachine/storages``, and the element of it at which this one begins, where this
  /// one is a part of another, as before PyTorch 0.4.
  var part: (whole: Int, offset: Int)?
}

/// A tensor that a pickle describes, not yet checked against its storage.
struct PickleTensor {
  enum Content {
    /// `storage` is an index into ``PickleMachine/storages``.
    case stored(storage: Int, type: PyTorchType, scalarType: StoredScalarType, Layout, isNegated: Bool)
    case unread(UnreadTensor)
    /// An array, whose numbers are in the pickle.
    case array(StoredTensor)
  }

  var content: Content
  /// The attributes that it was saved with, a dictionary among ``PickleMachine/containers``.
  var attributes: Int?
}

/// The instructions that are carried out: what Python's pickle writes in protocols 2 to 5, for values and for objects.
enum PickleOpcode: UInt8 {
  case mark = 0x28
  case emptyTuple = 0x29
  case stop = 0x2e
  case pop = 0x30
  case popMark = 0x31
  case dup = 0x32
  case longBytes = 0x42
  case shortBytes = 0x43
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
  case newObject = 0x81
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case newTrue = 0x88
  case newFalse = 0x89
  case long1 = 0x8a
  case long4 = 0x8b
  case shortUnicode = 0x8c
  case unicode8 = 0x8d
  case bytes8 = 0x8e
  case emptySet = 0x8f
  case addItems = 0x90
  case frozenSet = 0x91
  case newObjectExtended = 0x92
  case stackGlobal = 0x93
  case memoize = 0x94
  case frame = 0x95
  case byteArray8 = 0x96
}
