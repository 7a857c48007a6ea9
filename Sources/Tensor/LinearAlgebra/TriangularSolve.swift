extension Tensor where Scalar: TensorScalar {
  /// X with T·X = B for the triangular matrix T, this tensor: `[…, N, N]` and `[…, N, K]` give `[…, N, K]`, and a
  /// vector `[N]` gives `[…, N]`.
  ///
  /// dB = T⁻ᵀ·G, dT = −tril(dB·Xᵀ), or triu for an upper triangle.
  ///
  /// - Parameters:
  ///   - b: The right-hand sides; the axes before the last two broadcast with those of T.
  ///   - lower: Which triangle of T is read; the other may hold anything, and its derivative is 0.
  ///   - transposed: Solve Tᵀ·X = B instead. `lower` still says where T's own elements are.
  /// - Precondition: T's last two axes have equal lengths, that of the rows of B; the batches broadcast.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a 0 in the diagonal, or with a NaN or an infinity in
  ///   the triangle.
  /// - Complexity: N²·K/2 multiplications for each matrix, by BLAS, shared by threads.
  public func triangularSolve(
    _ b: Tensor, lower: Bool = true, transposed: Bool = false
  ) throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.system("triangularSolve", shape, b.shape)
    try Kernels.checkTriangular("triangularSolve", stored, lower: lower)
    if b.rank > 1 { return triangularQuotient(b, lower: lower, transposed: transposed) }
    return triangularQuotient(b.expanded(axis: 1), lower: lower, transposed: transposed).squeezed(axes: [-1])
  }

  /// `triangularSolve` of matrices that are known to be regular, as derivative rules need it.
  func triangularQuotient(_ b: Tensor, lower: Bool, transposed: Bool) -> Tensor {
    if isMapped || b.isMapped {
      return Tensor.throughMapped(self, b) { $0.triangularQuotient($1, lower: lower, transposed: transposed) }
    }
    return record(
      "triangularSolve",
      Tensor(Kernels.triangularSolve(array, b.array, lower: lower, transposed: transposed)),
      (
        self,
        { g, x in
          let adjoint = self.triangularQuotient(g, lower: lower, transposed: !transposed)
          let (left, right) = transposed ? (x, adjoint) : (adjoint, x)
          return -left.matrixProduct(right, transposingRight: true).triangle(lower: lower)
        }
      ),
      (b, { g, _ in self.triangularQuotient(g, lower: lower, transposed: !transposed) }))
  }
}
