extension Functions {
  struct Square: UnaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x * x }
  }
  struct SquareRoot: UnaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x.squareRoot() }
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

  /// xᵖ of every element, by the rules of C's `pow`: x⁰ = 1 for every x, NaN for a negative x and a p that is
  /// not an integer. d/dx = p · xᵖ⁻¹; with p = 0 it is 0 everywhere.
  public func pow(_ exponent: Scalar) -> Tensor {
    switch exponent {
    case 1: return self
    case 2: return square()
    default:
      let value = Tensor(Kernels.zip(array, Tensor(exponent).array, shape: shape, Functions.Pow()))
      if exponent == 0 { return value }
      return record("pow", value, (self, { g in g * (exponent * self.pow(exponent - 1)) }))
    }
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
