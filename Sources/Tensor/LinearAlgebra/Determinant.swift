extension Tensor {
  /// The determinant of every matrix in the last two axes: `[…, N, N]` gives `[…]`; 1 for N = 0.
  /// dA = g · det A · A⁻ᵀ.
  ///
  /// The determinant of a singular matrix is 0, which is no error. Its derivative there is not found by the rule,
  /// which needs A⁻¹, and is NaN or infinite.
  ///
  /// - Precondition: The last two axes have equal lengths.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a NaN or an infinity.
  /// - Complexity: N³/3 multiplications for each matrix, by LAPACK; matrices of a batch are shared by threads.
  public func determinant() throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.squareMatrices("determinant", shape)
    let factors = try LUFactors("determinant", of: array, allowingSingular: true)
    return record(
      "determinant", Tensor(factors.determinant(logarithm: false)),
      (self, { g, y in self.inverseTransposed(factors) * (g * y).expanded(axis: -1).expanded(axis: -1) }))
  }

  /// log |det A| of every matrix in the last two axes: `[…, N, N]` gives `[…]`; 0 for N = 0. dA = g · A⁻ᵀ.
  ///
  /// It stays finite where the determinant itself overflows or vanishes. For a positive definite A = L·Lᵀ it is
  /// twice the sum of the logarithms of L's diagonal.
  ///
  /// - Precondition: The last two axes have equal lengths.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a pivot that is exactly 0, or with a NaN or an
  ///   infinity.
  /// - Complexity: N³/3 multiplications for each matrix, by LAPACK; matrices of a batch are shared by threads.
  public func logDeterminant() throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.squareMatrices("logDeterminant", shape)
    let factors = try LUFactors("logDeterminant", of: array)
    return record(
      "logDeterminant", Tensor(factors.determinant(logarithm: true)),
      (self, { g in self.inverseTransposed(factors) * g.expanded(axis: -1).expanded(axis: -1) }))
  }

  /// A⁻ᵀ with the factors of A.
  private func inverseTransposed(_ factors: LUFactors<Scalar>) -> Tensor {
    quotient(Tensor.identity(shape[rank - 1]), factors, transposed: true)
  }
}
