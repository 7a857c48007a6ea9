extension Tensor where Scalar: TensorScalar {
  /// The factors A = Q·R, where Q has orthonormal columns and R is an upper triangle whose diagonal is not negative.
  /// `[…, M, N]` gives, with K = min(M, N), Q `[…, M, K]` and R `[…, K, N]`.
  ///
  /// For M ≥ N, dA = (Q̅ + Q·C)·R⁻ᵀ with the symmetric C that has the lower triangle of R·R̅ᵀ − Q̅ᵀ·Q. For M < N the
  /// first M columns are factored, and the others are Qᵀ·A. Where those are dependent, the diagonal of R has a 0, and
  /// the gradient is NaN or infinite.
  ///
  /// With the sign of the diagonal the factors of a matrix of full rank are unique. (NumPy and PyTorch leave it open.)
  ///
  /// - Precondition: The tensor has two axes at least.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a NaN or an infinity.
  /// - Complexity: About 2·M·N·K multiplications for each matrix, by LAPACK; matrices of a batch, and parts of a large
  ///   one, are shared by threads.
  public func qr() throws(LinearAlgebraError) -> (q: Tensor, r: Tensor) {
    ShapeCheck.matrices("qr", shape)
    let rows = shape[rank - 2]
    if rows >= shape[rank - 1] { return try orthogonalFactors("qr") }
    try Kernels.checkFinite("qr", stored)
    let (q, r) = try self[..., 0..<rows].orthogonalFactors("qr")
    return (
      q, Tensor.concatenated([r, q.matrixProduct(self[..., rows...], transposingLeft: true)], axis: -1)
    )
  }

  /// The X that makes the sum of squares of A·X − B least, for a matrix A, this tensor, with independent columns:
  /// `[…, M, N]` and `[…, M, K]` give `[…, N, K]`, and a vector `[M]` gives `[…, N]`. X = R⁻¹·Qᵀ·B.
  ///
  /// ```swift
  /// let line = try Tensor.stacked([x, .ones(x.shape)], axis: 1).leastSquares(y)  // slope and intercept
  /// ```
  ///
  /// - Parameter b: The right-hand sides; the axes before the last two broadcast with those of A.
  /// - Precondition: A has as many rows as B, and not fewer than columns; the batches broadcast.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a column that is, within rounding, a combination of
  ///   those before it, or with a NaN or an infinity. Use ``pinv(tolerance:)`` for such a matrix, or for one with
  ///   more columns than rows: it gives the smallest of the solutions.
  /// - Complexity: About M·N² + M·N·K multiplications for each matrix, by LAPACK, and twice as many where batches differ;
  ///   matrices of a batch are shared by threads.
  public func leastSquares(_ b: Tensor) throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.leastSquares("leastSquares", shape, b.shape)
    let batchesAgree = b.rank == 1 ? rank == 2 : shape.dropLast(2) == b.shape.dropLast(2)
    if batchesAgree, !isMapped, !b.isMapped {
      if b.rank == 1 { return try leastSquares(b.expanded(axis: 1)).squeezed(axes: [-1]) }
      let (solution, r) = try Kernels.leastSquares("leastSquares", array, b.array)
      return recordedLeastSquares(Tensor(solution), b, Tensor(r))
    }
    let (q, r) = try orthogonalFactors("leastSquares")
    try Kernels.checkFullRank("leastSquares", r.stored, rows: shape[rank - 2])
    let columns = q.matrixProduct(b.rank == 1 ? b.expanded(axis: 1) : b, transposingLeft: true)
    let solution = r.triangularQuotient(columns, lower: false, transposed: false)
    return b.rank == 1 ? solution.squeezed(axes: [-1]) : solution
  }

  /// X with the derivatives Ā = (B − A·X)·Vᵀ − A·V·Xᵀ and B̄ = A·V, where V = (AᵀA)⁻¹·X̄.
  private func recordedLeastSquares(_ solution: Tensor, _ b: Tensor, _ r: Tensor) -> Tensor {
    record(
      "leastSquares", solution,
      (
        self,
        { g, x in
          let v = self.normalQuotient(g, r)
          return (b - self.matrixProduct(x)).matrixProduct(v, transposingRight: true)
            - self.matrixProduct(v).matrixProduct(x, transposingRight: true)
        }
      ),
      (b, { g, _ in self.matrixProduct(self.normalQuotient(g, r)) }))
  }

  /// V = (AᵀA)⁻¹·G with R of A = Q·R, which is a constant: the derivative goes through A itself. With W the quotient for V̄,
  /// Ḡ = W and Ā = −A·(V·Wᵀ + W·Vᵀ).
  private func normalQuotient(_ g: Tensor, _ r: Tensor) -> Tensor {
    let constant = g.detached()
    let value = r.triangularQuotient(
      r.triangularQuotient(constant, lower: false, transposed: true), lower: false, transposed: false)
    return record(
      "leastSquares", value,
      (
        self,
        { h, v in
          let w = self.normalQuotient(h, r)
          let sum =
            v.matrixProduct(w, transposingRight: true) + w.matrixProduct(v, transposingRight: true)
          return -self.matrixProduct(sum)
        }
      ),
      (g, { h, _ in self.normalQuotient(h, r) }))
  }

  /// `qr` of matrices with at least as many rows as columns.
  private func orthogonalFactors(
    _ operation: StaticString
  ) throws(LinearAlgebraError) -> (q: Tensor, r: Tensor) {
    if isMapped {
      return try bothThroughMapped { x, _ throws(LinearAlgebraError) in try x.orthogonalFactors(operation) }
    }
    let (q, r) = try Kernels.orthogonalFactors(operation, array)
    let factors = record(
      operation, outputs: [Tensor(q), Tensor(r)],
      (
        self,
        { g, y in
          let (q, r) = (y[0], y[1])
          let products = [
            g[1].map { r.matrixProduct($0, transposingRight: true) },
            g[0].map { -$0.matrixProduct(q, transposingLeft: true) },
          ].compactMap(\.self)
          let lower = products.dropFirst().reduce(products[0], +).triangle(lower: true)
          // The sum has the diagonal twice.
          let symmetric = (lower + lower.transposed()) * (1 - 0.5 * Tensor.identity(r.shape[r.rank - 1]))
          let inner = q.matrixProduct(symmetric)
          let right = g[0].map { $0 + inner } ?? inner
          return r.triangularQuotient(right.transposed(), lower: false, transposed: false).transposed()
        }
      ))
    return (factors[0], factors[1])
  }
}

extension ShapeCheck {
  fileprivate static func leastSquares(_ operation: String, _ a: Shape, _ b: Shape) {
    matrices(operation, a)
    let (rows, columns) = (a[a.count - 2], a[a.count - 1])
    require(rows >= columns) {
      "\(operation): the matrices of \(a) have fewer rows than columns, so that many X are best; use pinv()"
    }
    rightHandSide(operation, a, b)
  }
}
