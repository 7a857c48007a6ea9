// The steps of optimisers that are more than level-1 routines; Adam's is AdamStep.

extension Vectors {
  /// A step of gradient descent with momentum, in one pass: v ← momentum · v + gain · g, then x ← x − rate · v, or with
  /// Nesterov's look ahead x ← x − rate · (g + momentum · v).
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func momentumStep<S: TensorScalar>(
    _ x: inout Tensor<S>, velocity: inout Tensor<S>, along g: Tensor<S>, rate: Double, momentum: Double,
    gain: Double, isNesterov: Bool
  ) {
    ShapeCheck.require(x.shape == g.shape && velocity.shape == g.shape) {
      "momentumStep: tensors of the shapes \(x.shape), \(velocity.shape) and \(g.shape)"
    }
    let (rate, momentum, gain) = (S(rate), S(momentum), S(gain))
    g.withUnsafeScalars { g in
      velocity.withUnsafeMutableScalars { v in
        x.withUnsafeMutableScalars { x in
          Parallel.forEachRange(x.count, grain: grain) { range in
            if isNesterov {
              for i in range {
                v[i] = momentum * v[i] + gain * g[i]
                x[i] -= rate * (g[i] + momentum * v[i])
              }
            } else {
              for i in range {
                v[i] = momentum * v[i] + gain * g[i]
                x[i] -= rate * v[i]
              }
            }
          }
        }
      }
    }
  }

  /// A step of a running mean of squares: y ← keep · y + (1 − keep) · x².
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func average<S: TensorScalar>(
    squaresOf x: Tensor<S>, into y: inout Tensor<S>, keeping keep: Double
  ) {
    updateLoop(&y, x, x, AverageSquares(keep: S(keep), gain: S(1 - keep)))
  }

  /// The variance s − m² as a new tensor, of a mean of squares s and a mean m; rounding may put it below 0, which is
  /// then taken.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func variance<S: TensorScalar>(meanSquare s: Tensor<S>, mean m: Tensor<S>) -> Tensor<S> {
    combinedLoop(s, m, Variance<S>())
  }

  /// y ← keep · y + rate · x / (√s + ε): RMSProp's division of a gradient by its size.
  @specialized(where S == Float)
  @specialized(where S == Double)
  package static func add<S: TensorScalar>(
    _ x: Tensor<S>, overRootOf s: Tensor<S>, epsilon: Double, times rate: Double, to y: inout Tensor<S>,
    keeping keep: Double
  ) {
    updateLoop(&y, x, s, AddQuotient(keep: S(keep), rate: S(rate), epsilon: S(epsilon)))
  }
}

private struct AverageSquares<S: TensorScalar>: VectorUpdate {
  let keep: S
  let gain: S
  @inline(__always) func callAsFunction(_ r: S, _ a: S, _ b: S) -> S { keep * r + gain * a * a }
}

private struct Variance<S: TensorScalar>: VectorUpdate {
  @inline(__always) func callAsFunction(_ r: S, _ a: S, _ b: S) -> S { max(a - b * b, 0) }
}

private struct AddQuotient<S: TensorScalar>: VectorUpdate {
  let keep: S
  let rate: S
  let epsilon: S
  @inline(__always) func callAsFunction(_ r: S, _ a: S, _ b: S) -> S {
    keep * r + rate * a / (b.squareRoot() + epsilon)
  }
}
