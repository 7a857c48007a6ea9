extension Tensor where Scalar: TensorScalar {
  /// The numbers of eight bits that a file's bytes stand for, exactly.
  ///
  /// ```swift
  /// let file = try SafetensorsFile(contentsOf: "model.safetensors")
  /// let weights = Tensor<Float>(float8: try file.tensor("w", as: UInt8.self), try file.scalarType(of: "w"))
  /// ```
  ///
  /// Files are read that way because such numbers mean little without the scales that are stored beside them.
  ///
  /// - Parameters:
  ///   - bytes: The numbers, a byte each.
  ///   - type: How a byte is a number: `float8E4M3`, `float8E5M2`, `float8E4M3FNUZ`, `float8E5M2FNUZ` or `float8E8M0`.
  /// - Precondition: `type` is one of these.
  public init(float8 bytes: Tensor<UInt8>, _ type: StoredScalarType) {
    guard let format = Float8Format(type) else {
      ShapeCheck.fail("Tensor: \(type.rawValue) is no type of eight-bit numbers, such as F8_E4M3")
    }
    let numbers = (0...UInt8.max).map { Scalar(format.number($0)) }
    self.init(bytes.scalars.map { numbers[Int($0)] }, shape: bytes.shape)
  }
}

/// How eight bits are a number: the sign, then an exponent, then a fraction.
private struct Float8Format {
  let fractionBits: Int
  let bias: Int
  /// Whether all ones in the exponent are infinities and NaN, as IEEE has it.
  var isIEEE = false
  /// Whether the bits of −0 are the only NaN.
  var hasUnsignedZero = false
  var hasSign = true

  init?(_ type: StoredScalarType) {
    switch type {
    case .float8E4M3: (fractionBits, bias) = (3, 7)
    case .float8E5M2: (fractionBits, bias, isIEEE) = (2, 15, true)
    case .float8E4M3FNUZ: (fractionBits, bias, hasUnsignedZero) = (3, 8, true)
    case .float8E5M2FNUZ: (fractionBits, bias, hasUnsignedZero) = (2, 16, true)
    case .float8E8M0: (fractionBits, bias, hasSign) = (0, 127, false)
    default: return nil
    }
  }

  func number(_ byte: UInt8) -> Double {
    if !hasSign {
      return byte == .max ? .nan : Double(sign: .plus, exponent: Int(byte) - bias, significand: 1)
    }
    if hasUnsignedZero, byte == 0x80 { return .nan }
    let magnitude = Int(byte & 0x7f)
    let (exponent, fraction) = (magnitude >> fractionBits, magnitude & (1 << fractionBits - 1))
    let largest = 0x7f >> fractionBits
    let sign: FloatingPointSign = byte < 0x80 ? .plus : .minus
    if isIEEE, exponent == largest {
      return fraction > 0 ? .nan : sign == .plus ? .infinity : -.infinity
    }
    if !isIEEE, !hasUnsignedZero, magnitude == 0x7f { return .nan }
    // Without an exponent a number is subnormal: its leading digit is 0.
    let digits = Double(exponent > 0 ? fraction | 1 << fractionBits : fraction)
    let scale = (exponent > 0 ? exponent : 1) - bias - fractionBits
    return Double(sign: sign, exponent: scale, significand: 1) * digits
  }
}
