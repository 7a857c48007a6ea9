extension Tensor where Scalar: TensorScalar {
  /// The Cholesky factor: the lower triangular L, with a positive diagonal, of A = L·Lᵀ. `[…, N, N]` gives
  /// `[…, N, N]`, with zeros above the diagonal.
  ///
  /// dA = ½ L⁻ᵀ·(P + Pᵀ − diag P)·L⁻¹ with P = tril(Lᵀ·G), which is symmetric.
  ///
  /// Of a matrix that is not symmetric the symmetric part ½(A + Aᵀ) is taken, so that the derivative holds for a
  /// step in any direction. (PyTorch reads the lower triangle alone.)
  ///
  /// ```swift
  /// let l = try covariance.cholesky()
  /// let sample = l.matrixProduct(Tensor.normal([n], using: &generator))
  /// ```
  ///
  /// - Precondition: The last two axes have equal lengths.
  /// - Throws: ``LinearAlgebraError`` for the first matrix that is not positive definite, with its position in the
  ///   batch and the pivot, or that holds a NaN or an infinity.
  /// - Complexity: N³/3 multiplications for each matrix, by LAPACK; matrices of a batch, and parts of a large one, are
  ///   shared by threads.
  public func cholesky() throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.squareMatrices("cholesky", shape)
    if isMapped { return try throughMapped { x, _ throws(LinearAlgebraError) in try x.cholesky() } }
    return record(
      "cholesky", Tensor(try Kernels.cholesky(array)),
      (
        self,
        { g, l in
          let p = l.matrixProduct(g.triangle(lower: true), transposingLeft: true).triangle(lower: true)
          // P + Pᵀ has its diagonal twice.
          let middle = (p + p.transposed()) * (1 - 0.5 * Tensor.identity(p.shape[p.rank - 1]))
          // L⁻ᵀ·M·L⁻¹ is L⁻ᵀ·(L⁻ᵀ·M)ᵀ, since M is symmetric.
          let left = l.triangularQuotient(middle, lower: true, transposed: true)
          return 0.5 * l.triangularQuotient(left.transposed(), lower: true, transposed: true)
        }
      ))
  }
}
