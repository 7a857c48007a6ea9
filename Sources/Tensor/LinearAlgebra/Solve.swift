extension Tensor where Scalar: TensorScalar {
  /// X with A·X = B for the square matrix A, this tensor: `[…, N, N]` and `[…, N, K]` give `[…, N, K]`, and a vector
  /// `[N]` gives `[…, N]`. dB = A⁻ᵀ·G, dA = −dB·Xᵀ.
  ///
  /// By LU factors with row exchanges. They are made once and serve the derivatives of every order.
  ///
  /// - Parameter b: The right-hand sides; the axes before the last two broadcast with those of A.
  /// - Precondition: A's last two axes have equal lengths, that of the rows of B; the batches broadcast.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a pivot that is exactly 0, or with a NaN or an
  ///   infinity. A matrix that is singular but for rounding gives large numbers, and no error.
  /// - Complexity: N³/3 + N²·K multiplications for each matrix, by LAPACK; matrices of a batch and right-hand sides
  ///   are shared by threads.
  public func solve(_ b: Tensor) throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.system("solve", shape, b.shape)
    if isMapped || b.isMapped {
      if b.rank == 1 { return try solve(b.expanded(axis: 1)).squeezed(axes: [-1]) }
      return try Tensor.throughMapped(self, b) { (a, b) throws(LinearAlgebraError) in try a.solve(b) }
    }
    let factors = try LUFactors("solve", of: array)
    if b.rank > 1 { return quotient(b, factors, transposed: false) }
    return quotient(b.expanded(axis: 1), factors, transposed: false).squeezed(axes: [-1])
  }

  /// The inverse A⁻¹ of every matrix in the last two axes. dA = −A⁻ᵀ·G·A⁻ᵀ.
  ///
  /// To apply it to right-hand sides, ``solve(_:)`` is faster and more accurate.
  ///
  /// - Precondition: The last two axes have equal lengths.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a pivot that is exactly 0, or with a NaN or an
  ///   infinity.
  /// - Complexity: N³ multiplications for each matrix, by LAPACK; matrices of a batch are shared by threads.
  public func inverse() throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.squareMatrices("inverse", shape)
    if isMapped { return try throughMapped { x, _ throws(LinearAlgebraError) in try x.inverse() } }
    let factors = try LUFactors("inverse", of: array)
    return record(
      "inverse", Tensor(factors.inverse()),
      (
        self,
        { g, x in
          -x.matrixProduct(g, transposingLeft: true).matrixProduct(x, transposingRight: true)
        }
      ))
  }

  /// A⁻¹·B, or A⁻ᵀ·B, with the factors of A, which are a constant: the derivative goes through A itself.
  func quotient(_ b: Tensor, _ factors: LUFactors<Scalar>, transposed: Bool) -> Tensor {
    record(
      "solve", Tensor(factors.solve(b.array, transposed: transposed)),
      (
        self,
        { g, x in
          let adjoint = self.quotient(g, factors, transposed: !transposed)
          let (left, right) = transposed ? (x, adjoint) : (adjoint, x)
          return -left.matrixProduct(right, transposingRight: true)
        }
      ),
      (b, { g, _ in self.quotient(g, factors, transposed: !transposed) }))
  }
}
