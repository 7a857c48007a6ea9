/// The type of the numbers in a file of tensors; its raw value is the name that safetensors uses.
public enum StoredScalarType: String, Hashable, Sendable, CaseIterable {
  /// An IEEE number of 64 bits, Swift's `Double`.
  case float64 = "F64"
  /// An IEEE number of 32 bits, Swift's `Float`.
  case float32 = "F32"
  /// An IEEE number of 16 bits: 5 of exponent, 10 of fraction.
  case float16 = "F16"
  /// The upper half of a 32-bit number: 8 bits of exponent, 7 of fraction.
  case bfloat16 = "BF16"
  /// A whole number of 64 bits.
  case int64 = "I64"
  /// A whole number of 32 bits.
  case int32 = "I32"
  /// A whole number of 16 bits.
  case int16 = "I16"
  /// A whole number of 8 bits.
  case int8 = "I8"
  /// A whole number of 64 bits without a sign.
  case uint64 = "U64"
  /// A whole number of 32 bits without a sign.
  case uint32 = "U32"
  /// A whole number of 16 bits without a sign.
  case uint16 = "U16"
  /// A whole number of 8 bits without a sign.
  case uint8 = "U8"
  /// A byte that is 0 or 1.
  case bool = "BOOL"
  /// Two 32-bit numbers, the real and the imaginary part.
  case complex64 = "C64"
  /// Two 64-bit numbers, the real and the imaginary part. Not in safetensors; PyTorch's and NumPy's `complex128`.
  case complex128 = "C128"
  /// Two 16-bit numbers, the real and the imaginary part. Not in safetensors; PyTorch's `complex32`.
  case complex32 = "C32"
  /// Eight bits: 4 of exponent, 3 of fraction; no infinities.
  case float8E4M3 = "F8_E4M3"
  /// Eight bits: 5 of exponent, 2 of fraction.
  case float8E5M2 = "F8_E5M2"
  /// Eight bits: 4 of exponent, 3 of fraction; neither infinities nor −0.
  case float8E4M3FNUZ = "F8_E4M3FNUZ"
  /// Eight bits: 5 of exponent, 2 of fraction; neither infinities nor −0.
  case float8E5M2FNUZ = "F8_E5M2FNUZ"
  /// Eight bits of exponent alone, a power of 2: the scale of a block of other numbers.
  case float8E8M0 = "F8_E8M0"
  /// Six bits: 2 of exponent, 3 of fraction.
  case float6E2M3 = "F6_E2M3"
  /// Six bits: 3 of exponent, 2 of fraction.
  case float6E3M2 = "F6_E3M2"
  /// Four bits: 2 of exponent, 1 of fraction. Two numbers share a byte, and a shape counts the numbers.
  case float4 = "F4"

  /// The bits that one number takes.
  public var bitCount: Int {
    switch self {
    case .complex128: 128
    case .float64, .int64, .uint64, .complex64: 64
    case .float32, .int32, .uint32, .complex32: 32
    case .float16, .bfloat16, .int16, .uint16: 16
    case .int8, .uint8, .bool, .float8E4M3, .float8E5M2, .float8E4M3FNUZ, .float8E5M2FNUZ, .float8E8M0: 8
    case .float6E2M3, .float6E3M2: 6
    case .float4: 4
    }
  }

  /// The bytes that one number takes; 1 for those of fewer than eight bits, which share bytes.
  public var byteCount: Int { (bitCount + 7) / 8 }

  /// Whether ``TensorArchive/tensor(_:as:)`` reads numbers of this type as `Float` or `Double`.
  public var isReadable: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: true
    default: false
    }
  }

  /// Whether ``TensorArchive/integers(_:)`` reads numbers of this type: integers, and truth values.
  public var isInteger: Bool {
    switch self {
    case .int64, .int32, .int16, .int8, .uint64, .uint32, .uint16, .uint8, .bool: true
    default: false
    }
  }
}

extension StoredScalarType {
  /// Whether a number takes eight bits, of which some are an exponent.
  var isFloat8: Bool { rawValue.hasPrefix("F8_") }

  /// Whether a number is negated by its first bit.
  var hasSignBit: Bool { isReadable || isFloat8 && self != .float8E8M0 }

  /// What NumPy's headers call the type of a tensor's elements, with the order of its bytes; `nil` where NumPy reads no
  /// such type.
  var numPyCode: String? {
    switch self {
    case .bool: "|b1"
    case .uint8: "|u1"
    case .uint16: "<u2"
    case .uint32: "<u4"
    case .uint64: "<u8"
    case .int8: "|i1"
    case .int16: "<i2"
    case .int32: "<i4"
    case .int64: "<i8"
    case .float16: "<f2"
    case .bfloat16: "<V2"
    case .float32: "<f4"
    case .float64: "<f8"
    default: nil
    }
  }

  /// The type that NumPy calls `f4`, `i8` …; the byte order is said apart.
  init?(numPy code: some StringProtocol) {
    switch code {
    case "f8": self = .float64
    case "f4": self = .float32
    case "f2": self = .float16
    case "i8": self = .int64
    case "i4": self = .int32
    case "i2": self = .int16
    case "i1": self = .int8
    case "u8": self = .uint64
    case "u4": self = .uint32
    case "u2": self = .uint16
    case "u1": self = .uint8
    case "b1": self = .bool
    case "c8": self = .complex64
    case "c16": self = .complex128
    // The package ml_dtypes, and JAX with it, has NumPy save its bfloat16 as two bytes of no type, and no other type so.
    case "V2": self = .bfloat16
    // Of its float8 types one alone has a code of its own, which NumPy writes and does not read.
    case "f1": self = .float8E5M2
    default: return nil
    }
  }
}

/// The bits of a number in a file, and how they become a `Float` or a `Double`.
protocol StoredElement: BitwiseCopyable, SendableMetatype {
  func converted<Scalar: TensorScalar>(to: Scalar.Type) -> Scalar
}

extension Float: StoredElement {
  @inline(__always) func converted<Scalar: TensorScalar>(to: Scalar.Type) -> Scalar { Scalar(self) }
}

extension Double: StoredElement {
  @inline(__always) func converted<Scalar: TensorScalar>(to: Scalar.Type) -> Scalar { Scalar(self) }
}

/// The upper half of a `Float`'s bits.
struct BFloat16Bits: StoredElement {
  let bits: UInt16

  @inline(__always) func converted<Scalar: TensorScalar>(to: Scalar.Type) -> Scalar {
    Scalar(Float(bitPattern: UInt32(bits) << 16))
  }
}

/// IEEE binary16. Swift's own `Float16` is missing on Intel Macs.
struct Float16Bits: StoredElement {
  let bits: UInt16

  @inline(__always) func converted<Scalar: TensorScalar>(to: Scalar.Type) -> Scalar {
    let sign = UInt32(bits & 0x8000) << 16
    let magnitude = UInt32(bits & 0x7fff)
    if magnitude >= 0x7c00 {
      return Scalar(Float(bitPattern: sign | 0x7f80_0000 | (magnitude & 0x3ff) << 13))
    }
    // The exponent moves from bias 15 to bias 127 by a product that is exact for subnormal numbers as well.
    let scaled = Float(bitPattern: magnitude << 13) * Float(sign: .plus, exponent: 112, significand: 1)
    return Scalar(Float(bitPattern: scaled.bitPattern | sign))
  }
}

struct BigEndianFloat64: StoredElement {
  let bits: UInt64

  @inline(__always) func converted<Scalar: TensorScalar>(to: Scalar.Type) -> Scalar {
    Scalar(Double(bitPattern: bits.byteSwapped))
  }
}

struct BigEndianFloat32: StoredElement {
  let bits: UInt32

  @inline(__always) func converted<Scalar: TensorScalar>(to: Scalar.Type) -> Scalar {
    Scalar(Float(bitPattern: bits.byteSwapped))
  }
}

struct BigEndianBFloat16: StoredElement {
  let bits: UInt16

  @inline(__always) func converted<Scalar: TensorScalar>(to scalar: Scalar.Type) -> Scalar {
    BFloat16Bits(bits: bits.byteSwapped).converted(to: scalar)
  }
}

struct BigEndianFloat16: StoredElement {
  let bits: UInt16

  @inline(__always) func converted<Scalar: TensorScalar>(to scalar: Scalar.Type) -> Scalar {
    Float16Bits(bits: bits.byteSwapped).converted(to: scalar)
  }
}
