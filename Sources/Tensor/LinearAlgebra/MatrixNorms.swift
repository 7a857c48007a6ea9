/// The norms of matrices that ``Tensor/matrixNorm(_:)`` computes.
public enum MatrixNorm: String, Sendable, CaseIterable {
  /// √Σ|a|², of all elements.
  case frobenius
  /// The sum of the singular values.
  case nuclear
  /// The largest singular value.
  case spectral
  /// The largest sum of magnitudes of a column.
  case one
  /// The largest sum of magnitudes of a row.
  case infinity
}

extension Tensor where Scalar: TensorScalar {
  /// The norm of every matrix in the last two axes: `[…, M, N]` gives `[…]`. Of no elements it is 0.
  ///
  /// dA is A over the norm for Frobenius's, U·Vᵀ for the nuclear one, the product of the first singular vectors for the
  /// spectral one, and the signs of the row or column taken for the others.
  ///
  /// - Parameter kind: Frobenius's when not given.
  /// - Precondition: The tensor has two axes at least; min(M, N) is at most 20,000 where singular values are needed.
  /// - Throws: ``LinearAlgebraError``, where singular values are needed, for the first matrix with a NaN or an infinity, or
  ///   whose iteration does not end.
  public func matrixNorm(_ kind: MatrixNorm = .frobenius) throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.matrices("matrixNorm", shape)
    if shape.suffix(2).contains(0) { return Tensor.zeros(shape.dropLast(2)) }
    switch kind {
    case .frobenius: return norm(axes: [-2, -1])
    case .nuclear: return try singularValues().sum(axes: [-1])
    case .spectral: return try singularValues().sliced(0, axis: -1)
    case .one: return norm(1, axes: [-2]).max(axes: [-1])
    case .infinity: return norm(1, axes: [-1]).max(axes: [-1])
    }
  }

  /// How much solving a system with each matrix in the last two axes magnifies errors, at most: its largest singular value
  /// over its smallest. `[…, M, N]` gives `[…]`, ∞ for a matrix of less than full rank. dA is that of the quotient.
  ///
  /// - Precondition: The matrices have elements; min(M, N) is at most 20,000.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a NaN or an infinity, or whose iteration does not end.
  public func conditionNumber() throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.matrices("conditionNumber", shape)
    ShapeCheck.require(!shape.suffix(2).contains(0)) {
      "conditionNumber: the matrices of \(shape) have no elements"
    }
    let values = try singularValues()
    return values.sliced(0, axis: -1) / values.sliced(-1, axis: -1)
  }

  /// The rank of every matrix in the last two axes: how many singular values are above `tolerance` times the largest.
  /// `[…, M, N]` gives `[…]`.
  ///
  /// - Parameter tolerance: What counts as 0; max(M, N) times the scalar's `ulpOfOne` when it is not given.
  /// - Precondition: The tensor has two axes at least; min(M, N) is at most 20,000; `tolerance` is not negative.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a NaN or an infinity, or whose iteration does not end.
  public func matrixRank(tolerance: Scalar? = nil) throws(LinearAlgebraError) -> Tensor<Int64> {
    ShapeCheck.matrices("matrixRank", shape)
    let tolerance = tolerance ?? Scalar(shape.suffix(2).max()!) * .ulpOfOne
    ShapeCheck.require(tolerance >= 0) { "matrixRank: the tolerance \(tolerance) is negative" }
    let values = try detached().singularValues()
    if values.shape.last == 0 { return Tensor<Int64>.zeros(shape.dropLast(2)) }
    return (values .> values[..., ..<1] * tolerance).countTrue(axes: [-1])
  }

  /// Aⁿ of every square matrix in the last two axes: the identity for n = 0, the inverse's power for n below 0. The derivative
  /// is that of the products.
  ///
  /// - Parameter exponent: n.
  /// - Precondition: The last two axes have equal lengths.
  /// - Throws: ``LinearAlgebraError``, for n below 0 only, for the first matrix that is singular, or with a NaN or an
  ///   infinity.
  /// - Complexity: About 2·log₂ n products.
  public func matrixPower(_ exponent: Int) throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.squareMatrices("matrixPower", shape)
    if exponent == 0 { return Tensor.identity(shape[rank - 1]).broadcast(to: shape) }
    var factor = self
    if exponent < 0 {
      do { factor = try inverse() } catch { throw LinearAlgebraError("matrixPower", error) }
    }
    var (rest, power) = (exponent.magnitude, Tensor?.none)
    while true {
      if rest & 1 == 1 { power = power.map { $0.matrixProduct(factor) } ?? factor }
      rest >>= 1
      if rest == 0 { return power! }
      factor = factor.matrixProduct(factor)
    }
  }
}
