extension Tensor where Scalar: TensorScalar {
  /// The factors A = P·L·U of square matrices: a permutation P, L with ones on its diagonal and zeros above, and U with zeros
  /// below its diagonal. `[…, N, N]` gives three of that shape; elements of L are at most 1 in magnitude.
  ///
  /// dA = P·L⁻ᵀ·(tril₋₁(Lᵀ·L̅) + triu(U̅·Uᵀ))·U⁻ᵀ, where tril₋₁ is the part below the diagonal; P has no derivative. To solve
  /// systems, ``solve(_:)`` does it all in one.
  ///
  /// - Precondition: The last two axes have equal lengths.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a NaN or an infinity. A singular matrix has factors; its
  ///   derivative is not finite.
  /// - Complexity: 2N³/3 operations for each matrix, by LAPACK; matrices of a batch are shared by threads.
  public func lu() throws(LinearAlgebraError) -> (permutation: Tensor, lower: Tensor, upper: Tensor) {
    ShapeCheck.squareMatrices("lu", shape)
    if isMapped {
      let (permutation, lower, upper) = try plain.lu()
      return (permutation.asMapped(mapped), lower.asMapped(mapped), upper.asMapped(mapped))
    }
    let order = shape[rank - 1]
    // LAPACK takes rows for columns, and so factors the transpose of what it is given.
    let factors = try LUFactors("lu", of: array.withTransposedMatrices, allowingSingular: true)
    let packed = Tensor(factors.array.withTransposedMatrices)
    let lower = packed.lowerTriangle(offset: -1) + Tensor.identity(order)
    // Row i of L·U is row `rows[i]` of A.
    let rows = Tensor<Int64>(factors.rowOrder())
    let permutation: Tensor = rows.oneHot(count: order, as: Scalar.self).transposed()
    let results = record(
      "lu", outputs: [lower, packed.upperTriangle()],
      (
        self,
        { g, y in
          let (l, u) = (y[0], y[1])
          var inner = Tensor.zeros(l.shape)
          if let slope = g[0] {
            inner = inner + l.matrixProduct(slope, transposingLeft: true).lowerTriangle(offset: -1)
          }
          if let slope = g[1] {
            inner = inner + slope.matrixProduct(u, transposingRight: true).upperTriangle()
          }
          let left = l.triangularQuotient(inner, lower: true, transposed: true)
          let right = u.triangularQuotient(left.transposed(), lower: false, transposed: false).transposed()
          return permutation.matrixProduct(right)
        }
      ))
    return (permutation, results[0], results[1])
  }

  /// X with A·X = B for A = L·Lᵀ, this tensor being L, as ``cholesky()`` gives it: `[…, N, N]` and `[…, N, K]` give
  /// `[…, N, K]`, and a vector `[N]` gives `[…, N]`. The derivatives are those of two triangular systems.
  ///
  /// - Parameters:
  ///   - b: The right-hand sides; the axes before the last two broadcast with those of L.
  ///   - upper: Whether this tensor is Lᵀ instead.
  /// - Precondition: The last two axes have equal lengths, that of the rows of B; the batches broadcast.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a 0 in the diagonal, or with a NaN or an infinity in the
  ///   triangle.
  /// - Complexity: N²·K multiplications for each matrix, by BLAS, shared by threads.
  public func choleskySolve(_ b: Tensor, upper: Bool = false) throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.system("choleskySolve", shape, b.shape)
    try Kernels.checkTriangular("choleskySolve", stored, lower: !upper)
    let columns = b.rank > 1 ? b : b.expanded(axis: 1)
    let middle = triangularQuotient(columns, lower: !upper, transposed: upper)
    let result = triangularQuotient(middle, lower: !upper, transposed: !upper)
    return b.rank > 1 ? result : result.squeezed(axes: [-1])
  }

  /// (L·Lᵀ)⁻¹ for this tensor L, as ``cholesky()`` gives it: the inverse of a positive definite matrix whose factor is known,
  /// `[…, N, N]`. The derivatives are those of two triangular systems.
  ///
  /// - Parameter upper: Whether this tensor is Lᵀ instead.
  /// - Precondition: The last two axes have equal lengths.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a 0 in the diagonal, or with a NaN or an infinity in the
  ///   triangle.
  /// - Complexity: N³ multiplications for each matrix, by BLAS, shared by threads.
  public func choleskyInverse(upper: Bool = false) throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.squareMatrices("choleskyInverse", shape)
    try Kernels.checkTriangular("choleskyInverse", stored, lower: !upper)
    let one = Tensor.identity(shape[rank - 1])
    let inverse = triangularQuotient(one, lower: !upper, transposed: upper)
    return triangularQuotient(inverse, lower: !upper, transposed: !upper)
  }
}
