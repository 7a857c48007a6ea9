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

extension Tensor where Scalar: TensorScalar {
  /// The bytes of the eight-bit numbers that are nearest to the elements; of two as near, the one whose last bit is 0.
  ///
  /// ```swift
  /// let scale = weights.abs().max() / 448
  /// let bytes = (weights / scale).float8(.float8E4M3)
  /// try Safetensors.write(["w": AnyTensor(float8: bytes, .float8E4M3), "scale": AnyTensor(scale)], to: "w.safetensors")
  /// ```
  ///
  /// What is beyond the largest number becomes infinite in `float8E5M2`, the largest number in `float8E4M3`, and NaN in the
  /// others, as in PyTorch. The powers of 2 of `float8E8M0` have no sign: it is dropped, and halfway between two the larger one is taken. There is no
  /// derivative.
  ///
  /// - Parameter type: How a byte is a number: `float8E4M3`, `float8E5M2`, `float8E4M3FNUZ`, `float8E5M2FNUZ` or
  ///   `float8E8M0`.
  /// - Precondition: `type` is one of these.
  public func float8(_ type: StoredScalarType) -> Tensor<UInt8> {
    guard let format = Float8Format(type) else {
      ShapeCheck.fail("float8: \(type.rawValue) is no type of eight-bit numbers, such as F8_E4M3")
    }
    let magnitudes = (0...format.overflow).map { format.magnitude($0) }
    return Tensor<UInt8>(scalars.map { format.byte(nearest: Double($0), magnitudes) }, shape: shape)
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
    return sign == .plus ? self.magnitude(magnitude) : -self.magnitude(magnitude)
  }

  /// The number that bits without a sign would be if none stood for infinities or NaN.
  func magnitude(_ bits: Int) -> Double {
    let (exponent, fraction) = (bits >> fractionBits, bits & (1 << fractionBits - 1))
    if !hasSign { return Double(sign: .plus, exponent: exponent - bias, significand: 1) }
    // Without an exponent a number is subnormal: its leading digit is 0.
    let digits = Double(exponent > 0 ? fraction | 1 << fractionBits : fraction)
    let scale = (exponent > 0 ? exponent : 1) - bias - fractionBits
    return Double(sign: .plus, exponent: scale, significand: 1) * digits
  }

  /// The bits, without a sign, of what is beyond the largest number: infinity, NaN, or the largest number itself.
  var overflow: Int {
    if !hasSign { return 0xff }
    return hasUnsignedZero ? 0x80 : isIEEE ? 0x7c : 0x7e
  }

  /// The byte of the number nearest to `x`.
  ///
  /// - Parameter magnitudes: Those of all bits up to ``overflow``.
  func byte(nearest x: Double, _ magnitudes: [Double]) -> UInt8 {
    let sign: UInt8 = hasSign && x.sign == .minus ? 0x80 : 0
    if x.isNaN { return hasUnsignedZero ? 0x80 : hasSign ? 0x7f | sign : 0xff }
    // The largest that is no larger, by halving.
    var (bits, end) = (0, magnitudes.count)
    while end - bits > 1 {
      let middle = (bits + end) / 2
      if magnitudes[middle] <= x.magnitude { bits = middle } else { end = middle }
    }
    if bits + 1 < magnitudes.count {
      let middle = (magnitudes[bits] + magnitudes[bits + 1]) / 2
      if x.magnitude > middle || x.magnitude == middle && (!hasSign || bits & 1 == 1) { bits += 1 }
    }
    if hasUnsignedZero, bits == 0 || bits == overflow { return UInt8(bits) }
    return UInt8(bits) | sign
  }
}
