/// A type of numbers of PyTorch.
struct PyTorchType: Equatable {
  /// What PyTorch calls it, as in `torch.float8_e4m3fn`.
  let name: String
  /// The bytes that an element of a storage takes; one of `float4_e2m1fn_x2` and the packed integers holds several
  /// numbers.
  let byteCount: Int
  /// The same type as files of tensors know it; `nil` where there is none, as for quantised numbers.
  let scalarType: StoredScalarType?

  /// The type called `torch.` and `name`.
  init?(name: some StringProtocol) {
    self.name = String(name)
    (byteCount, scalarType) =
      switch name {
      case "float64": (8, .float64)
      case "float32": (4, .float32)
      case "float16": (2, .float16)
      case "bfloat16": (2, .bfloat16)
      case "int64": (8, .int64)
      case "int32": (4, .int32)
      case "int16": (2, .int16)
      case "int8": (1, .int8)
      case "uint64": (8, .uint64)
      case "uint32": (4, .uint32)
      case "uint16": (2, .uint16)
      case "uint8": (1, .uint8)
      case "bool": (1, .bool)
      case "complex128": (16, .complex128)
      case "complex64": (8, .complex64)
      case "complex32": (4, .complex32)
      case "float8_e4m3fn": (1, .float8E4M3)
      case "float8_e5m2": (1, .float8E5M2)
      case "float8_e4m3fnuz": (1, .float8E4M3FNUZ)
      case "float8_e5m2fnuz": (1, .float8E5M2FNUZ)
      case "float8_e8m0fnu": (1, .float8E8M0)
      case "qint32": (4, nil)
      case "bits16": (2, nil)
      case "float4_e2m1fn_x2", "qint8", "quint8", "quint4x2", "quint2x4", "bits8", "bits1x8", "bits2x4",
        "bits4x2":
        (1, nil)
      case "int1", "int2", "int3", "int4", "int5", "int6", "int7", "uint1", "uint2", "uint3", "uint4",
        "uint5",
        "uint6", "uint7":
        (1, nil)
      default: (0, nil)
      }
    if byteCount == 0 { return nil }
  }

  /// The type of the elements of a storage class such as `FloatStorage`.
  init?(storageClass name: String) {
    guard name.hasSuffix("Storage") else { return nil }
    guard let name = Self.storageClasses[String(name.dropLast("Storage".count))] else { return nil }
    self.init(name: name)
  }

  /// The type that a file of tensors knows as `scalarType`.
  init?(storing scalarType: StoredScalarType) {
    let names = [
      "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint64", "uint32",
      "uint16", "uint8", "bool", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz",
      "float8_e8m0fnu",
    ]
    guard let type = names.lazy.compactMap({ Self(name: $0) }).first(where: { $0.scalarType == scalarType })
    else { return nil }
    self = type
  }

  /// The class of storages that hold this type; `nil` for newer types, whose storages have none.
  var storageClass: String? { Self.storageClasses.first { $0.value == name }.map { $0.key + "Storage" } }

  /// The types of storages by what the names of their classes begin with.
  private static let storageClasses = [
    "Double": "float64", "Float": "float32", "Half": "float16", "BFloat16": "bfloat16", "Long": "int64",
    "Int": "int32", "Short": "int16", "Char": "int8", "Byte": "uint8", "Bool": "bool",
    "ComplexDouble": "complex128", "ComplexFloat": "complex64", "QInt8": "qint8", "QInt32": "qint32",
    "QUInt8": "quint8", "QUInt4x2": "quint4x2", "QUInt2x4": "quint2x4",
  ]

  /// Bytes of no type, as storages of newer types are saved.
  static let bytes = PyTorchType(name: "uint8")!
}
