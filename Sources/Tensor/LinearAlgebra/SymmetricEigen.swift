extension Tensor where Scalar: TensorScalar {
  /// The eigenvalues λ, in ascending order, and eigenvectors v of symmetric matrices: A = V·diag(λ)·Vᵀ. `[…, N, N]`
  /// gives the values `[…, N]` and the vectors `[…, N, N]`, of length 1, in columns.
  ///
  /// - dA through the values: V·diag(g)·Vᵀ. It is exact also where eigenvalues are equal, as long as the function
  ///   treats equal ones alike, and needs nothing that is computed for the vectors.
  /// - dA through the vectors: V·(½(C − Cᵀ) ∘ E)·Vᵀ with C = Vᵀ·G and Eᵢⱼ = 1/(λⱼ − λᵢ).
  ///
  /// **Equal eigenvalues.** Their vectors are any basis of a plane, which no derivative follows. For |λⱼ − λᵢ| within
  /// N·ε·max|λ| (ε the scalar's `ulpOfOne`), what LAPACK's rounding may add, Eᵢⱼ is set to 0: the derivative is as if
  /// the basis of the plane stood still, and finite. So is the part of a *second* derivative through the values that
  /// belongs to such pairs. For √A use ``matrixSquareRoot()``, whose derivatives are exact there.
  ///
  /// The sign of a vector is arbitrary as well: use functions that do not see it, such as V·f(λ)·Vᵀ.
  ///
  /// Of a matrix that is not symmetric the symmetric part ½(A + Aᵀ) is taken. (PyTorch reads the lower triangle.)
  ///
  /// - Precondition: The last two axes have equal lengths, at most 32,700.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a NaN or an infinity, or whose iteration does not end.
  /// - Complexity: About 9 N³ multiplications for each matrix, by LAPACK's divide and conquer; matrices of a batch,
  ///   and parts of a large one, are shared by threads.
  public func eigh() throws(LinearAlgebraError) -> (values: Tensor, vectors: Tensor) {
    try symmetricEigen("eigh")
  }

  /// The eigenvalues of symmetric matrices, in ascending order: `[…, N, N]` gives `[…, N]`. dA = V·diag(g)·Vᵀ with the
  /// eigenvectors V, which is exact also where eigenvalues are equal, as long as the function treats equal ones alike.
  ///
  /// They are those of ``eigh()``, whose gradient through the values alone is the same; untracked, they are found without
  /// the vectors. Of a matrix that is not symmetric the symmetric part ½(A + Aᵀ) is taken.
  ///
  /// - Precondition: The last two axes have equal lengths, at most 32,700.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a NaN or an infinity, or whose iteration does not end.
  /// - Complexity: About 4 N³/3 multiplications for each matrix, and as many as ``eigh()`` if it is tracked.
  public func eigvalsh() throws(LinearAlgebraError) -> Tensor {
    if isTracked { return try symmetricEigen("eigvalsh").values }
    ShapeCheck.eigenproblem("eigvalsh", shape)
    return Tensor(try Kernels.symmetricEigenvalues("eigvalsh", stored), mapped: mapped)
  }

  private func symmetricEigen(
    _ operation: StaticString
  ) throws(LinearAlgebraError) -> (values: Tensor, vectors: Tensor) {
    ShapeCheck.eigenproblem("\(operation)", shape)
    if isMapped {
      return try bothThroughMapped { x, _ throws(LinearAlgebraError) in try x.symmetricEigen(operation) }
    }
    let (values, vectors) = try Kernels.symmetricEigen(operation, array)
    let factors = record(
      operation, outputs: [Tensor(values), Tensor(vectors)],
      (
        self,
        { g, y in
          let (values, v) = (y[0], y[1])
          if v.count == 0 { return .zeros(v.shape) }
          guard let slope = g[1] else {
            // Nothing is divided here: equal values are as good as others.
            return (v * g[0]!.expanded(axis: -2)).matrixProduct(v, transposingRight: true)
          }
          let c = v.matrixProduct(slope, transposingLeft: true)
          var inner = (c - c.transposed()) * values.reciprocalGaps() * 0.5
          if let diagonal = g[0] {
            inner = inner + diagonal.expanded(axis: -2) * Tensor.identity(v.shape[v.rank - 1])
          }
          return v.matrixProduct(inner).matrixProduct(v, transposingRight: true)
        }
      ))
    return (factors[0], factors[1])
  }

  /// 1/(λⱼ − λᵢ) at [i, j] for eigenvalues `[…, N]` in ascending order, and 0 where the two are equal but for rounding.
  private func reciprocalGaps() -> Tensor {
    let gaps = expanded(axis: -2) - expanded(axis: -1)
    let largest = detached().abs().max(axes: [-1], keepingDimensions: true).expanded(axis: -1)
    let isApart = gaps.abs() .> largest * (Scalar(shape[rank - 1]) * .ulpOfOne)
    return Tensor.where(isApart, 1 / Tensor.where(isApart, gaps, Tensor(1)), Tensor(0))
  }
}

extension ShapeCheck {
  static func eigenproblem(_ operation: String, _ shape: Shape) {
    squareMatrices(operation, shape)
    require(shape[shape.count - 1] <= LAPACK.largestEigenproblem) {
      "\(operation): \(shape): matrices of more than \(LAPACK.largestEigenproblem) rows are beyond LAPACK"
    }
  }
}
