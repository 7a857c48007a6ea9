/// A number of 16 bits for storage: the upper half of a `Float`, with its range and 8 binary digits.
///
/// It has no arithmetic. A tensor of such numbers takes half of the memory that one of `Float` does, and is converted to
/// compute: `Tensor<Float>(x)`.
///
/// ```swift
/// let third = BFloat16(1.0 / 3)
/// print(Float(third))  // 0.33398438
/// ```
public struct BFloat16: BitwiseCopyable, Sendable {
  /// The sign, 8 bits of exponent and 7 of fraction.
  public var bitPattern: UInt16

  /// The number with the given bits.
  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// The nearest number, of two equally near ones that with an even last digit; NaN stays NaN.
  public init(_ value: Float) {
    let bits = value.bitPattern
    if value.isNaN {
      // The upper half alone may be that of an infinity.
      bitPattern = UInt16(truncatingIfNeeded: bits >> 16) | 0x40
    } else {
      bitPattern = UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ (bits >> 16) & 1) >> 16)
    }
  }

  /// The nearest number, rounded once.
  public init(_ value: Double) {
    let near = Float(value)
    guard near.isFinite, Double(near) != value else {
      self.init(near)
      return
    }
    // Rounded to odd first: towards zero, with the last digit set because something was cut off. So no number comes to
    // lie halfway between two that did not before.
    let isAbove = Double(near.magnitude) > value.magnitude
    let cut = isAbove ? Float(bitPattern: near.bitPattern - 1) : near
    self.init(Float(bitPattern: cut.bitPattern | 1))
  }
}

extension Float {
  /// The same number.
  public init(_ value: BFloat16) { self.init(bitPattern: UInt32(value.bitPattern) << 16) }
}

extension Double {
  /// The same number.
  public init(_ value: BFloat16) { self.init(Float(value)) }
}

extension BFloat16: Comparable, Hashable {
  public static func == (a: BFloat16, b: BFloat16) -> Bool { Float(a) == Float(b) }
  public static func < (a: BFloat16, b: BFloat16) -> Bool { Float(a) < Float(b) }
  // Not the reverse of <, as for other types: with a NaN all of them are false.
  public static func <= (a: BFloat16, b: BFloat16) -> Bool { Float(a) <= Float(b) }
  public static func > (a: BFloat16, b: BFloat16) -> Bool { Float(a) > Float(b) }
  public static func >= (a: BFloat16, b: BFloat16) -> Bool { Float(a) >= Float(b) }
  public func hash(into hasher: inout Hasher) { hasher.combine(Float(self)) }
}

extension BFloat16: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(Float.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Float(self))
  }
}

extension BFloat16: ExpressibleByFloatLiteral, CustomStringConvertible {
  public init(floatLiteral value: Double) { self.init(value) }
  public var description: String { "\(Float(self))" }
}

extension BFloat16: TensorElement {
  public static var scalarName: String { "BFloat16" }
  public static var storedType: StoredScalarType { .bfloat16 }
}
