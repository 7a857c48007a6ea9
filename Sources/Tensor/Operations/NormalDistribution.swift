// The normal distribution's shares and their inverses, and the error functions that go with them.

extension Tensor where Scalar: TensorScalar {
  /// The inverse of the error function, for elements in [−1, 1]: ±∞ at ±1, NaN outside. d/dx = (√π/2) e^(y²) with the
  /// result y.
  ///
  /// - Complexity: A logarithm and a root an element at most, in `Double` for both scalars; the error is some 10⁻¹⁶ of
  ///   the result.
  public func erfinv() -> Tensor {
    elementwise("erfinv", InverseErrorFunction()) { g, y in
      g * (Scalar.pi.squareRoot() / 2 * y.square().exp())
    }
  }

  /// e^(x²) · erfc(x) of every element, which neither overflows nor vanishes as its factors do: about 1/(√π·x) for large x,
  /// ∞ for x below −26. d/dx = 2x·y − 2/√π with the result y.
  ///
  /// - Complexity: An exponential or 60 divisions an element, in `Double` for both scalars.
  public func erfcx() -> Tensor {
    elementwise("erfcx", ScaledErrorComplement()) { g, y in
      g * (2 * self * y - 2 / Scalar.pi.squareRoot())
    }
  }

  /// Φ(x), the share of a normal distribution below x, of every element. d/dx = e^(−x²/2)/√(2π).
  ///
  /// It is ½·erfc(−x/√2), accurate also where the share is nearly 0. PyTorch has it as `special.ndtr`.
  public func ndtr() -> Tensor { 0.5 * (self * -Scalar(0.5).squareRoot()).erfc() }

  /// The number that a given share of a normal distribution lies below, for elements in [0, 1]: −∞ at 0, ∞ at 1, NaN
  /// outside. The inverse of ``ndtr()``. d/dx = √(2π) · e^(y²/2) with the result y.
  ///
  /// - Complexity: As ``erfinv()``.
  public func ndtri() -> Tensor {
    elementwise("ndtri", NormalQuantile()) { g, y in
      g * ((2 * Scalar.pi).squareRoot() * (0.5 * y.square()).exp())
    }
  }

  /// log Φ(x), the logarithm of the share of a normal distribution below x, exact also where the share is too small for a
  /// number. d/dx = e^(−x²/2)/(√(2π)·Φ(x)).
  public func logNdtr() -> Tensor {
    let root = Scalar(0.5).squareRoot()
    let x = detached()
    let tail = (0.5 * (x * -root).erfcx()).log() - 0.5 * x.square()
    let value = Tensor.where(x .< -1, tail, (-0.5 * (x * root).erfc()).log1p())
    return record(
      "logNdtr", .where(x .== -.infinity, Tensor(-.infinity), value),
      (self, { g in g * (2 / Scalar.pi).squareRoot() * self.tailRatio(root) }))
  }

  /// e^(−x²/2) / erfc(−x/√2), by what neither overflows nor loses digits on each side, for derivatives of any order.
  private func tailRatio(_ root: Scalar) -> Tensor {
    let isAbove = self .> 0
    // From 40 on the exponential is 0.
    let (above, below) = (
      Tensor.where(isAbove, self, Tensor(0)).clamped(to: ...40), Tensor.where(isAbove, Tensor(0), self)
    )
    return .where(
      isAbove, (-0.5 * above.square()).exp() / (above * -root).erfc(), 1 / (below * -root).erfcx())
  }
}

private struct InverseErrorFunction: ElementFormula {
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ x: S) -> S {
    let x = Double(x)
    return S(normalQuantile(fromMiddle: x / 2, tail: (1 - x.magnitude) / 2) * 0.5.squareRoot())
  }
}

private struct NormalQuantile: ElementFormula {
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ x: S) -> S {
    let x = Double(x)
    return S(normalQuantile(fromMiddle: x - 0.5, tail: min(x, 1 - x)))
  }
}

private struct ScaledErrorComplement: ElementFormula {
  @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { S(scaledErrorComplement(Double(x))) }
}

private func scaledErrorComplement(_ x: Double) -> Double {
  if x < 2 {
    // The square's rounding error, times that of the exponential, would be many digits.
    let square = x * x
    let rest = (-square).addingProduct(x, x)
    let factor = Double.exp(square)
    if factor.isInfinite { return .infinity }
    return (factor + factor * rest) * Kernel { $0.pointee.erfc }(x)
  }
  if x.isInfinite { return 0 }
  // The continued fraction of Laplace, from its far end.
  var fraction = x
  for k in stride(from: 60, through: 1, by: -1) { fraction = x + Double(k) / 2 / fraction }
  return 1 / (Double.pi.squareRoot() * fraction)
}

/// The number z with Φ(z) − ½ = `fromMiddle`, where `tail` is the share beyond |z|: by M. J. Wichura, *The percentage
/// points of the normal distribution* (1988), three rational functions with a relative error of 10⁻¹⁶.
private func normalQuantile(fromMiddle q: Double, tail: Double) -> Double {
  func ratio(_ r: Double, _ numerator: [Double], _ denominator: [Double]) -> Double {
    numerator.reversed().reduce(0) { $0 * r + $1 } / denominator.reversed().reduce(0) { $0 * r + $1 }
  }
  if q.magnitude <= 0.425 {
    return q * ratio(0.180625 - q * q, NormalQuantileTables.middle.0, NormalQuantileTables.middle.1)
  }
  guard tail >= 0 else { return .nan }
  if tail == 0 { return q < 0 ? -.infinity : .infinity }
  let r = (-Double.log(tail)).squareRoot()
  let tables = r <= 5 ? NormalQuantileTables.tail : NormalQuantileTables.farTail
  let size = ratio(r - (r <= 5 ? 1.6 : 5), tables.0, tables.1)
  return q < 0 ? -size : size
}

/// The coefficients, of the lowest power first.
private enum NormalQuantileTables {
  static let middle: ([Double], [Double]) = (
    [
      3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
      4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3,
    ],
    [
      1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
      2.1213794301586595867e+4,
      3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3,
    ]
  )
  static let tail: ([Double], [Double]) = (
    [
      1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
      1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2,
      7.74545014278341407640e-4,
    ],
    [
      1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
      1.48103976427480074590e-1,
      1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
    ]
  )
  static let farTail: ([Double], [Double]) = (
    [
      6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
      2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5,
      2.01033439929228813265e-7,
    ],
    [
      1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
      7.86869131145613259100e-4,
      1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
    ]
  )
}
