import CKernels

extension Functions {
  struct Square: UnaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x * x }
  }
  struct SquareRoot: UnaryFunction {
    // Swift's own sets `errno`, and a loop over it has no vectors.
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_map? { kernels.pointee.sqrt }
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x.squareRoot() }
  }
  struct Reciprocal: UnaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { 1 / x }
  }
  struct ReciprocalSquareRoot: UnaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { 1 / x.squareRoot() }
  }
  /// xⁿ of a `Float` by multiplications in `Double`, rounded once: as exact as the C library's `pow`.
  struct WholePower: UnaryFunction {
    let exponent: Int
    @inline(__always)
    func apply<S: TensorScalar>(_ x: UnsafePointer<S>, count: Int, into y: UnsafeMutablePointer<S>) {
      if let power = Processor.best.elements(S.self).pointee.power {
        power(x, Int32(exponent), count, y)
      } else {
        for i in 0..<count { y[i] = self(x[i]) }
      }
    }
    @inline(__always)
    func callAsFunction<S: TensorScalar>(_ x: S) -> S {
      var (product, square) = (1.0, Double(x))
      var rest = exponent.magnitude
      while rest > 0 {
        if rest & 1 == 1 { product *= square }
        square *= square
        rest >>= 1
      }
      return S(exponent < 0 ? 1 / product : product)
    }
  }
  struct Pow: BinaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { S.pow(x, y) }
  }
}

extension Tensor {
  /// x² of every element. d/dx = 2x.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func square() -> Tensor {
    record("square", Tensor(Kernels.map(array, Functions.Square())), (self, { g in g * (2 * self) }))
  }

  /// √x of every element, NaN below 0. d/dx = 1 / (2√x), which is ∞ at 0.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func sqrt() -> Tensor {
    record("sqrt", Tensor(Kernels.map(array, Functions.SquareRoot())), (self, { g, y in g / (2 * y) }))
  }

  /// ∛x of every element, with the sign of x. d/dx = 1 / (3 ∛x²), which is ∞ at 0.
  public func cbrt() -> Tensor {
    record(
      "cbrt", Tensor(Kernels.map(array, Functions.CubeRoot())), (self, { g, y in g / (3 * y.square()) }))
  }

  /// 1/x of every element. d/dx = −1/x².
  public func reciprocal() -> Tensor {
    record("reciprocal", Tensor(Kernels.map(array, Functions.Reciprocal())), (self, { g, y in -(g * y * y) }))
  }

  /// 1/√x of every element: ∞ at 0, NaN below. d/dx = −1 / (2x√x).
  public func rsqrt() -> Tensor {
    record(
      "rsqrt", Tensor(Kernels.map(array, Functions.ReciprocalSquareRoot())),
      (self, { g, y in g * y * (-0.5 * y.square()) }))
  }

  /// √(x² + y²) of every pair of elements, without overflow on the way; shapes broadcast.
  ///
  /// d/dx = x/√(x² + y²) and d/dy = y/√(x² + y²), both taken as 0 at the origin.
  public static func hypot(_ x: Tensor, _ y: Tensor) -> Tensor {
    let shape = ShapeCheck.broadcast("hypot", x.shape, y.shape)
    return record(
      "hypot", Tensor(Kernels.zip(x.array, y.array, shape: shape, Functions.Hypot())),
      (x, { g, h in g * (x / Tensor.where(h .== 0, Tensor(1), h)) }),
      (y, { g, h in g * (y / Tensor.where(h .== 0, Tensor(1), h)) }))
  }

  /// xᵖ of every element, by the rules of C's `pow`: x⁰ = 1 for every x, NaN for a negative x and a p that is
  /// not an integer. d/dx = p · xᵖ⁻¹; with p = 0 it is 0 everywhere.
  public func pow(_ exponent: Scalar) -> Tensor {
    switch exponent {
    case 1: return self
    case 2: return square()
    default:
      let value = Tensor(powers(exponent))
      if exponent == 0 { return value }
      return record("pow", value, (self, { g in g * (exponent * self.pow(exponent - 1)) }))
    }
  }

  private func powers(_ exponent: Scalar) -> StridedArray<Scalar> {
    // For `Double` nothing wider is at hand that multiplications could be done in.
    if Scalar.self == Float.self, let exponent = Int(exactly: exponent), exponent.magnitude <= 64 {
      return Kernels.map(array, Functions.WholePower(exponent: exponent))
    }
    return Kernels.zip(array, Tensor(exponent).array, shape: shape, Functions.Pow())
  }

  /// xʸ of every pair of elements, by the rules of C's `pow`; shapes broadcast.
  ///
  /// d/dx = y · xʸ⁻¹, 0 where y = 0. d/dy = xʸ · log(x), 0 where x = 0 and y ≥ 0 (the limit from y > 0), NaN
  /// for negative x.
  public func pow(_ exponent: Tensor) -> Tensor {
    let shape = ShapeCheck.broadcast("pow", self.shape, exponent.shape)
    let base = self
    return record(
      "pow", Tensor(Kernels.zip(array, exponent.array, shape: shape, Functions.Pow())),
      (
        base,
        { g in
          Tensor.where(exponent .== 0, Tensor(0), g * (exponent * base.pow(exponent - 1)))
        }
      ),
      (
        exponent,
        { g in
          // Where the logarithm would be of 0, that of 1 stands in: 0 · −∞ would be NaN in higher derivatives.
          let isLimit = (base .== 0) * (exponent .>= 0)
          return g * (base.pow(exponent) * Tensor.where(isLimit, Tensor(1), base).log())
        }
      ))
  }
}
