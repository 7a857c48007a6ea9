extension Tensor where Scalar: TensorScalar {
  /// The symmetric square root S, with S·S = A, of positive semidefinite matrices: `[…, N, N]` gives `[…, N, N]`.
  ///
  /// S = V·diag(√λ)·Vᵀ. dA is the solution X of Sylvester's equation S·X + X·S = ½(G + Gᵀ), which in the basis V is a
  /// division by √λᵢ + √λⱼ: exact also where eigenvalues are equal, to any order.
  ///
  /// Eigenvalues within 4·N·ε·max|λ| of 0 (ε the scalar's `ulpOfOne`), of either sign, are rounding and taken for 0.
  /// The derivative is infinite where two of them meet; that term is left out, so that the gradient of a matrix of low
  /// rank, such as the covariance of few samples, is the finite one within its range.
  ///
  /// Of a matrix that is not symmetric the symmetric part ½(A + Aᵀ) is taken.
  ///
  /// - Precondition: The last two axes have equal lengths, at most 32,700.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with an eigenvalue below −4·N·ε·max|λ|, or with a NaN or an
  ///   infinity.
  /// - Complexity: About 10 N³ multiplications for each matrix, by LAPACK; matrices of a batch are shared by threads.
  public func matrixSquareRoot() throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.eigenproblem("matrixSquareRoot", shape)
    if isMapped { return try throughMapped { x, _ throws(LinearAlgebraError) in try x.matrixSquareRoot() } }
    let (values, vectors) = try Kernels.symmetricEigen("matrixSquareRoot", array)
    let basis = RootBasis(roots: try Self.roots(ofEigenvalues: values), vectors: Tensor(vectors))
    return record(
      "matrixSquareRoot", basis.root,
      (self, { g, s in s.sylvesterSolution(g.symmetricPart, basis) }))
  }

  /// The square roots of eigenvalues `[…, N]` in ascending order.
  private static func roots(
    ofEigenvalues values: StridedArray<Scalar>
  ) throws(LinearAlgebraError) -> Tensor {
    let order = values.shape.last!
    var roots = Tensor(values).scalars
    for matrix in 0..<(order == 0 ? 0 : roots.count / order) {
      let (first, last) = (matrix * order, (matrix + 1) * order - 1)
      let rounding = 4 * Scalar(order) * .ulpOfOne * Swift.max(-roots[first], roots[last])
      if roots[first] < -rounding {
        throw LinearAlgebraError(
          "matrixSquareRoot", batch: Array(values.shape.dropLast()), matrix: matrix,
          .notPositiveSemidefinite(eigenvalue: Double(roots[first]), largest: Double(roots[last])))
      }
      for index in first...last { roots[index] = roots[index] > rounding ? roots[index].squareRoot() : 0 }
    }
    return Tensor(roots, shape: values.shape)
  }

  /// X with S·X + X·S = B for this symmetric matrix S, whose basis is known and a constant: the derivative goes through
  /// S itself. With Y the solution for G, dB = Y and dS = −(Y·Xᵀ + Xᵀ·Y).
  private func sylvesterSolution(_ b: Tensor, _ basis: RootBasis<Scalar>) -> Tensor {
    record(
      "matrixSquareRoot", basis.sylvesterSolution(b.detached()),
      (
        self,
        { g, x in
          let y = self.sylvesterSolution(g, basis)
          return -(y.matrixProduct(x, transposingRight: true) + x.matrixProduct(y, transposingLeft: true))
        }
      ),
      (b, { g, _ in self.sylvesterSolution(g, basis) }))
  }
}

/// The eigenvalues and eigenvectors of square roots.
private struct RootBasis<Scalar: TensorScalar> {
  let roots: Tensor<Scalar>
  let vectors: Tensor<Scalar>

  /// V·diag(roots)·Vᵀ as a product with itself, which makes it exactly symmetric.
  var root: Tensor<Scalar> { (vectors * roots.sqrt().expanded(axis: -2)).selfProduct() }

  func sylvesterSolution(_ b: Tensor<Scalar>) -> Tensor<Scalar> {
    let sums = roots.expanded(axis: -2) + roots.expanded(axis: -1)
    let inner = vectors.matrixProduct(b, transposingLeft: true).matrixProduct(vectors)
    let quotients = Tensor.where(sums .> 0, inner / sums, Tensor(0))
    return vectors.matrixProduct(quotients).matrixProduct(vectors, transposingRight: true)
  }
}
