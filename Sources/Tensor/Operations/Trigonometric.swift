extension Tensor where Scalar: TensorScalar {
  /// The sine of every element, in radians. d/dx = cos(x).
  public func sin() -> Tensor { elementwise("sin", Kernel { $0.pointee.sin }) { g in g * cos() } }

  /// The cosine of every element, in radians. d/dx = −sin(x).
  public func cos() -> Tensor { elementwise("cos", Kernel { $0.pointee.cos }) { g in -(g * sin()) } }

  /// The tangent of every element, in radians. d/dx = 1 + tan²(x).
  public func tan() -> Tensor {
    elementwise("tan", Kernel { $0.pointee.tan }) { g, y in g * (1 + y.square()) }
  }

  /// The angle in [−π/2, π/2] whose sine is x, NaN for |x| > 1. d/dx = 1/√(1 − x²), ∞ at ±1.
  public func asin() -> Tensor {
    elementwise("asin", Kernel { $0.pointee.asin }) { g in g / cosineOfArcSine() }
  }

  /// The angle in [0, π] whose cosine is x, NaN for |x| > 1. d/dx = −1/√(1 − x²), −∞ at ±1.
  public func acos() -> Tensor {
    elementwise("acos", Kernel { $0.pointee.acos }) { g in -(g / cosineOfArcSine()) }
  }

  /// The angle in [−π/2, π/2] whose tangent is x. d/dx = 1/(1 + x²).
  public func atan() -> Tensor { elementwise("atan", Kernel { $0.pointee.atan }) { g in g / (1 + square()) } }

  /// The angle in [−π, π] from the positive x axis to each point (x, y), by the rules of C's `atan2`; shapes
  /// broadcast.
  ///
  /// d/dy = x/(x² + y²), d/dx = −y/(x² + y²), both taken as 0 at the origin.
  public static func atan2(y: Tensor, x: Tensor) -> Tensor {
    elementwise(
      "atan2", y, x, PairKernel { $0.pointee.atan2 },
      { g in
        let distance = safeDistance(x, y)
        return g * (x / distance / distance)
      },
      { g in
        let distance = safeDistance(x, y)
        return -(g * (y / distance / distance))
      })
  }

  /// √(1 − x²) without the cancellation near ±1.
  private func cosineOfArcSine() -> Tensor { ((1 - self) * (1 + self)).sqrt() }

  /// √(x² + y²), or 1 at the origin.
  private static func safeDistance(_ x: Tensor, _ y: Tensor) -> Tensor {
    let distance = hypot(x, y)
    return Tensor.where(distance .== 0, Tensor(1), distance)
  }
}
