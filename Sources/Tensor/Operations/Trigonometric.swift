import CKernels

extension Functions {
  struct Sin: UnaryFunction {
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_map? { kernels.pointee.sin }
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { S.sin(x) }
  }
  struct Cos: UnaryFunction {
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_map? { kernels.pointee.cos }
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { S.cos(x) }
  }
}

extension Tensor {
  /// The sine of every element, in radians. d/dx = cos(x).
  public func sin() -> Tensor {
    record("sin", Tensor(Kernels.map(array, Functions.Sin())), (self, { g in g * self.cos() }))
  }

  /// The cosine of every element, in radians. d/dx = −sin(x).
  public func cos() -> Tensor {
    record("cos", Tensor(Kernels.map(array, Functions.Cos())), (self, { g in -(g * self.sin()) }))
  }

  /// The tangent of every element, in radians. d/dx = 1 + tan²(x).
  public func tan() -> Tensor {
    record("tan", Tensor(Kernels.map(array, Functions.Tan())), (self, { g, y in g * (1 + y.square()) }))
  }

  /// The angle in [−π/2, π/2] whose sine is x, NaN for |x| > 1. d/dx = 1/√(1 − x²), ∞ at ±1.
  public func asin() -> Tensor {
    record(
      "asin", Tensor(Kernels.map(array, Functions.Asin())), (self, { g in g / self.cosineOfArcSine() }))
  }

  /// The angle in [0, π] whose cosine is x, NaN for |x| > 1. d/dx = −1/√(1 − x²), −∞ at ±1.
  public func acos() -> Tensor {
    record(
      "acos", Tensor(Kernels.map(array, Functions.Acos())), (self, { g in -(g / self.cosineOfArcSine()) }))
  }

  /// The angle in [−π/2, π/2] whose tangent is x. d/dx = 1/(1 + x²).
  public func atan() -> Tensor {
    record("atan", Tensor(Kernels.map(array, Functions.Atan())), (self, { g in g / (1 + self.square()) }))
  }

  /// The angle in [−π, π] from the positive x axis to each point (x, y), by the rules of C's `atan2`; shapes
  /// broadcast.
  ///
  /// d/dy = x/(x² + y²), d/dx = −y/(x² + y²), both taken as 0 at the origin.
  public static func atan2(y: Tensor, x: Tensor) -> Tensor {
    let shape = ShapeCheck.broadcast("atan2", y.shape, x.shape)
    return record(
      "atan2", Tensor(Kernels.zip(y.array, x.array, shape: shape, Functions.Atan2())),
      (
        y,
        { g in
          let distance = safeDistance(x, y)
          return g * (x / distance / distance)
        }
      ),
      (
        x,
        { g in
          let distance = safeDistance(x, y)
          return -(g * (y / distance / distance))
        }
      ))
  }

  /// √(1 − x²) without the cancellation near ±1.
  private func cosineOfArcSine() -> Tensor { ((1 - self) * (1 + self)).sqrt() }

  /// √(x² + y²), or 1 at the origin.
  private static func safeDistance(_ x: Tensor, _ y: Tensor) -> Tensor {
    let distance = hypot(x, y)
    return Tensor.where(distance .== 0, Tensor(1), distance)
  }
}
