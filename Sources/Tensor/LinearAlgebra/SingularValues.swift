extension Tensor where Scalar: TensorScalar {
  /// The singular value decomposition A = U·diag(σ)·Vᵀ. `[…, M, N]` gives, with K = min(M, N), U `[…, M, K]` and V
  /// `[…, N, K]`, whose columns are orthonormal, and the values σ `[…, K]`, not negative and in descending order.
  ///
  /// With U̅, σ̅ and V̅ the gradients and Fᵢⱼ = 1/(σⱼ² − σᵢ²),
  /// dA = U·((F ∘ (UᵀU̅ − U̅ᵀU))·Σ + Σ·(F ∘ (VᵀV̅ − V̅ᵀV)) + diag σ̅)·Vᵀ + (1 − UUᵀ)·U̅·Σ⁻¹·Vᵀ + U·Σ⁻¹·V̅ᵀ·(1 − VVᵀ).
  ///
  /// **Equal values.** Their vectors are any basis of a plane, which no derivative follows. Where values differ by no
  /// more than max(M, N)·ε·max σ (ε the scalar's `ulpOfOne`), Fᵢⱼ is set to 0, and so is 1/σ for values as near to 0:
  /// the gradient is as if the basis stood still, and finite. For the values alone use ``singularValues()``, and for
  /// an inverse ``pinv(tolerance:)``, whose gradients are exact there.
  ///
  /// The sign of a pair of vectors is arbitrary as well: use functions that do not see it, such as U·f(σ)·Vᵀ. V is
  /// not transposed, unlike NumPy's and PyTorch's.
  ///
  /// - Parameter full: Complete U to `[…, M, M]` and V to `[…, N, N]`. The vectors that are added have no derivative.
  /// - Precondition: The tensor has two axes at least; min(M, N) is at most 20,000; with `full` it is not tracked.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a NaN or an infinity, or whose iteration does not end.
  /// - Complexity: About 10·M·N·K multiplications for each matrix, by LAPACK's divide and conquer; matrices of a batch,
  ///   and parts of a large one, are shared by threads.
  public func svd(
    full: Bool = false
  ) throws(LinearAlgebraError) -> (u: Tensor, values: Tensor, v: Tensor) {
    ShapeCheck.require(!full || !isTracked) {
      "svd: the vectors that complete a full basis have no derivative; use svd() or detached()"
    }
    return try singularFactors("svd", full: full)
  }

  /// The singular values of every matrix in the last two axes, in descending order: `[…, M, N]` gives `[…, K]` with
  /// K = min(M, N). dA = U·diag(g)·Vᵀ, which is exact also where values are equal.
  ///
  /// They are those of ``svd(full:)``, whose gradient through the values alone is the same; untracked, they are found
  /// without the vectors.
  ///
  /// - Precondition: The tensor has two axes at least; min(M, N) is at most 20,000.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a NaN or an infinity, or whose iteration does not end.
  /// - Complexity: About 2·M·N·K multiplications for each matrix, and as many as ``svd(full:)`` if it is tracked.
  public func singularValues() throws(LinearAlgebraError) -> Tensor {
    if isTracked { return try singularFactors("singularValues", full: false).values }
    ShapeCheck.singularProblem("singularValues", shape)
    return Tensor(try Kernels.singularValues("singularValues", stored), mapped: mapped)
  }

  private func singularFactors(
    _ operation: StaticString, full: Bool
  ) throws(LinearAlgebraError) -> (u: Tensor, values: Tensor, v: Tensor) {
    ShapeCheck.singularProblem("\(operation)", shape)
    if isMapped {
      let (u, values, v) = try plain.singularFactors(operation, full: full)
      return (u.asMapped(mapped), values.asMapped(mapped), v.asMapped(mapped))
    }
    let (u, values, v) = try Kernels.singularFactors(operation, array, full: full)
    let factors = record(
      operation, outputs: [Tensor(u), Tensor(values), Tensor(v)],
      (self, { g, y in Self.singularGradient((g[0], g[1], g[2]), at: (y[0], y[1], y[2])) }))
    return (factors[0], factors[1], factors[2])
  }

  /// - Parameter g: The gradients of the factors, `nil` for one that was not used.
  private static func singularGradient(
    _ g: (u: Tensor?, values: Tensor?, v: Tensor?), at y: (u: Tensor, values: Tensor, v: Tensor)
  ) -> Tensor {
    let (u, values, v) = y
    let (rows, columns, rank) = (u.shape[u.rank - 2], v.shape[v.rank - 2], values.shape[values.rank - 1])
    if values.count == 0 { return .zeros(u.shape.dropLast() + [columns]) }
    if g.u == nil, g.v == nil {
      // Nothing is divided here: equal values are as good as others.
      return (u * g.values!.expanded(axis: -2)).matrixProduct(v, transposingRight: true)
    }
    let rounding = values.detached()[..., 0..<1] * (Scalar(Swift.max(rows, columns)) * .ulpOfOne)
    let (across, down) = (values.expanded(axis: -2), values.expanded(axis: -1))
    // As a product, since the difference of the squares would lose digits.
    let gaps = (across - down).reciprocal(above: rounding.expanded(axis: -1)) / (across + down).nonzero
    let inverses = values.reciprocal(above: rounding).expanded(axis: -2)
    let left = g.u.map { u.matrixProduct($0, transposingLeft: true) }
    let right = g.v.map { v.matrixProduct($0, transposingLeft: true) }
    let inner = [
      left.map { ($0 - $0.transposed()) * gaps * across },
      right.map { ($0 - $0.transposed()) * gaps * down },
      g.values.map { $0.expanded(axis: -2) * Tensor.identity(rank) },
    ].compactMap(\.self)
    var sum = u.matrixProduct(inner.dropFirst().reduce(inner[0], +))
    if rows > rank, let slope = g.u, let left { sum = sum + (slope - u.matrixProduct(left)) * inverses }
    sum = sum.matrixProduct(v, transposingRight: true)
    guard columns > rank, let slope = g.v, let right else { return sum }
    return sum + u.matrixProduct((slope - v.matrixProduct(right)) * inverses, transposingRight: true)
  }

  /// 1/x where |x| is above `limit`, else 0.
  private func reciprocal(above limit: Tensor) -> Tensor {
    let isAbove = abs() .> limit
    return Tensor.where(isAbove, 1 / Tensor.where(isAbove, self, Tensor(1)), Tensor(0))
  }

  /// x, and 1 for 0.
  private var nonzero: Tensor { Tensor.where(self .== 0, Tensor(1), self) }
}

extension ShapeCheck {
  static func singularProblem(_ operation: String, _ shape: Shape) {
    matrices(operation, shape)
    require(shape.suffix(2).min()! <= LAPACK.largestSingularProblem) {
      "\(operation): \(shape): matrices of more than \(LAPACK.largestSingularProblem) rows and columns are beyond LAPACK"
    }
  }
}
