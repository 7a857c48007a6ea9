extension Tensor where Scalar: TensorScalar {
  /// x² of every element. d/dx = 2x.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func square() -> Tensor {
    elementwise("square", Kernel { $0.pointee.square }) { g in g * (2 * self) }
  }

  /// √x of every element, NaN below 0. d/dx = 1 / (2√x), which is ∞ at 0.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func sqrt() -> Tensor { elementwise("sqrt", Kernel { $0.pointee.sqrt }) { g, y in g / (2 * y) } }

  /// ∛x of every element, with the sign of x. d/dx = 1 / (3 ∛x²), which is ∞ at 0.
  public func cbrt() -> Tensor {
    elementwise("cbrt", Kernel { $0.pointee.cbrt }) { g, y in g / (3 * y.square()) }
  }

  /// 1/x of every element. d/dx = −1/x².
  public func reciprocal() -> Tensor { elementwise("reciprocal", Reciprocal()) { g, y in -(g * y * y) } }

  /// 1/√x of every element: ∞ at 0, NaN below. d/dx = −1 / (2x√x).
  public func rsqrt() -> Tensor {
    elementwise("rsqrt", ReciprocalSquareRoot()) { g, y in g * y * (-0.5 * y.square()) }
  }

  /// √(x² + y²) of every pair of elements, without overflow on the way; shapes broadcast.
  ///
  /// d/dx = x/√(x² + y²) and d/dy = y/√(x² + y²), both taken as 0 at the origin.
  public static func hypot(_ x: Tensor, _ y: Tensor) -> Tensor {
    elementwise(
      "hypot", x, y, PairKernel { $0.pointee.hypot },
      { g, h in g * (x / Tensor.where(h .== 0, Tensor(1), h)) },
      { g, h in g * (y / Tensor.where(h .== 0, Tensor(1), h)) })
  }

  /// xᵖ of every element, by the rules of C's `pow`: x⁰ = 1 for every x, NaN for a negative x and a p that is
  /// not an integer. d/dx = p · xᵖ⁻¹; with p = 0 it is 0 everywhere.
  public func pow(_ exponent: Scalar) -> Tensor {
    switch exponent {
    case 1: return self
    case 2: return square()
    default:
      let value = Tensor(powers(exponent), mapped: mapped)
      if exponent == 0 { return value }
      return record(
        "pow", value, inputs: [(self, { g in g * (exponent * self.pow(exponent - 1)) })],
        pushing: .diagonal)
    }
  }

  private func powers(_ exponent: Scalar) -> StridedArray<Scalar> {
    if let exponent = Int32(exactly: exponent), exponent.magnitude <= 64 {
      return Kernels.map(stored, WholePower(exponent: exponent))
    }
    return Kernels.zip(
      stored, Tensor(exponent).stored, shape: stored.layout.shape, PairKernel { $0.pointee.pow })
  }

  /// xʸ of every pair of elements, by the rules of C's `pow`; shapes broadcast.
  ///
  /// d/dx = y · xʸ⁻¹, 0 where y = 0. d/dy = xʸ · log(x), 0 where x = 0 and y ≥ 0 (the limit from y > 0), NaN
  /// for negative x.
  public func pow(_ exponent: Tensor) -> Tensor {
    let base = self
    return Tensor.elementwise(
      "pow", base, exponent, PairKernel { $0.pointee.pow },
      { g in Tensor.where(exponent .== 0, Tensor(0), g * (exponent * base.pow(exponent - 1))) },
      { g in
        // Where the logarithm would be of 0, that of 1 stands in: 0 · −∞ would be NaN in higher derivatives.
        let isLimit = (base .== 0) .& (exponent .>= 0)
        return g * (base.pow(exponent) * Tensor.where(isLimit, Tensor(1), base).log())
      })
  }
}

private struct WholePower: ElementFunction {
  let exponent: Int32
  @inline(__always)
  func apply<S: TensorScalar>(_ x: UnsafePointer<S>, _ count: Int, _ y: UnsafeMutablePointer<S>) {
    Processor.best.elements(S.self).pointee.power(x, exponent, count, y)
  }
}

private struct Reciprocal: ElementFormula {
  @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { 1 / x }
}

private struct ReciprocalSquareRoot: ElementFormula {
  @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { 1 / x.squareRoot() }
}
