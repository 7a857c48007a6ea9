extension Tensor where Scalar: TensorScalar {
  /// The determinant of every matrix in the last two axes: `[…, N, N]` gives `[…]`; 1 for N = 0.
  /// dA = g · det A · A⁻ᵀ, which are the cofactors of A.
  ///
  /// The determinant of a singular matrix is 0, which is no error, and its cofactors are those that its singular values
  /// give, without a division. So are its second derivatives; there are no third ones at a singular matrix.
  ///
  /// - Precondition: The last two axes have equal lengths.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a NaN or an infinity.
  /// - Complexity: N³/3 multiplications for each matrix, by LAPACK; matrices of a batch are shared by threads.
  public func determinant() throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.squareMatrices("determinant", shape)
    if isMapped { return try throughMapped { x, _ throws(LinearAlgebraError) in try x.determinant() } }
    let factors = try LUFactors("determinant", of: array, allowingSingular: true)
    return record(
      "determinant", Tensor(factors.determinant(logarithm: false)),
      (
        self,
        { g, y in
          if factors.hasZeroPivot { return self.cofactors() * g.expanded(axis: -1).expanded(axis: -1) }
          return self.inverseTransposed(factors) * (g * y).expanded(axis: -1).expanded(axis: -1)
        }
      ))
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
    if isMapped { return try throughMapped { x, _ throws(LinearAlgebraError) in try x.logDeterminant() } }
    let factors = try LUFactors("logDeterminant", of: array)
    return record(
      "logDeterminant", Tensor(factors.determinant(logarithm: true)),
      (self, { g in self.inverseTransposed(factors) * g.expanded(axis: -1).expanded(axis: -1) }))
  }

  /// The sign and the logarithm of the magnitude of the determinant of every matrix in the last two axes: `[…, N, N]` gives
  /// `[…]` twice; 1 and 0 for N = 0. A singular matrix has the sign 0 and the logarithm −∞, and is no error.
  ///
  /// dA = g · A⁻ᵀ for the logarithm; the sign has no derivative. That of a singular matrix is not finite.
  ///
  /// - Precondition: The last two axes have equal lengths.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a NaN or an infinity.
  /// - Complexity: N³/3 multiplications for each matrix, by LAPACK; matrices of a batch are shared by threads.
  public func slogdet() throws(LinearAlgebraError) -> (sign: Tensor, logarithm: Tensor) {
    ShapeCheck.squareMatrices("slogdet", shape)
    if isMapped {
      return try bothThroughMapped { x, _ throws(LinearAlgebraError) in try x.slogdet() }
    }
    let factors = try LUFactors("slogdet", of: array, allowingSingular: true)
    let logarithm = record(
      "slogdet", Tensor(factors.determinant(logarithm: true)),
      (self, { g in self.inverseTransposed(factors) * g.expanded(axis: -1).expanded(axis: -1) }))
    return (Tensor(factors.signs()), logarithm)
  }

  /// A⁻ᵀ with the factors of A.
  private func inverseTransposed(_ factors: LUFactors<Scalar>) -> Tensor {
    quotient(Tensor.identity(shape[rank - 1]), factors, transposed: true)
  }

  /// The cofactors of every matrix, also of singular ones.
  private func cofactors() -> Tensor {
    let basis = CofactorBasis(of: self)
    return record("determinant", basis.cofactors, (self, { g in self.cofactorGradient(g, basis) }))
  }

  /// What `g`, the gradient with respect to the cofactors, is with respect to the matrices.
  private func cofactorGradient(_ g: Tensor, _ basis: CofactorBasis<Scalar>) -> Tensor {
    record(
      "determinant", basis.derivative(along: g.detached()),
      (
        self,
        { _ in
          ShapeCheck.fail(
            "determinant: a third derivative is not known where a matrix of the batch is singular")
        }
      ),
      (g, { self.cofactorGradient($0, basis) }))
  }
}

/// Singular value decompositions U·Σ·Vᵀ, in whose bases determinants of matrices near A are det U · det V · det(Σ + X):
/// polynomials in X, with products of singular values for coefficients.
private struct CofactorBasis<Scalar: TensorScalar> {
  private let u: Tensor<Scalar>
  private let v: Tensor<Scalar>
  private let values: Tensor<Scalar>
  /// det U · det V of each matrix, ±1, for matrices to be multiplied by.
  private let sign: Tensor<Scalar>

  init(of matrices: Tensor<Scalar>) {
    do {
      (u, values, v) = try matrices.detached().svd()
      let isNegative = try u.determinant() * v.determinant() .< 0
      sign = Tensor.where(isNegative, Tensor(-1), Tensor(1)).expanded(axis: -1).expanded(axis: -1)
    } catch {
      // Matrices that are finite, as these are known to be, have a decomposition that is found.
      fatalError("determinant: \(error)")
    }
  }

  /// Each cofactor of Σ is the product of the other singular values.
  var cofactors: Tensor<Scalar> {
    let products = values(Self.productsWithoutOne, [])
    return sign * (u * products.expanded(axis: -2)).matrixProduct(v, transposingRight: true)
  }

  /// The derivative of the cofactors along `g`. With M = Uᵀ·G·V and pᵢⱼ the product of all singular values but σᵢ and
  /// σⱼ, it is −pᵢⱼ·Mⱼᵢ beside the diagonal, and Σⱼ pᵢⱼ·Mⱼⱼ over j ≠ i on it. It is its own adjoint.
  func derivative(along g: Tensor<Scalar>) -> Tensor<Scalar> {
    let order = values.shape[values.rank - 1]
    let one = Tensor<Scalar>.identity(order)
    let m = u.matrixProduct(g, transposingLeft: true).matrixProduct(v)
    let products = values(Self.productsWithoutTwo, [order])
    let diagonal = (products * (m * one).sum(axes: [-1]).expanded(axis: -2)).sum(axes: [-1])
    let inner = diagonal.expanded(axis: -2) * one - products * m.transposed()
    return sign * u.matrixProduct(inner).matrixProduct(v, transposingRight: true)
  }

  /// What `products` makes of the singular values of each matrix.
  private func values(_ products: ([Double]) -> [Double], _ added: Shape) -> Tensor<Scalar> {
    let order = values.shape[values.rank - 1]
    let scalars = values.scalars.map { Double($0) }
    let results = stride(from: 0, to: scalars.count, by: max(order, 1)).flatMap {
      products(Array(scalars[$0..<$0 + order]))
    }
    return Tensor(results.map { Scalar($0) }, shape: values.shape + added)
  }

  /// For each number the product of the others.
  private static func productsWithoutOne(_ numbers: [Double]) -> [Double] {
    var products = [Double](repeating: 1, count: numbers.count)
    var (before, after) = (1.0, 1.0)
    for (i, j) in zip(numbers.indices, numbers.indices.reversed()) {
      products[i] *= before
      products[j] *= after
      before *= numbers[i]
      after *= numbers[j]
    }
    return products
  }

  /// For each pair of two numbers the product of the others, and 0 for those that are no pair.
  private static func productsWithoutTwo(_ numbers: [Double]) -> [Double] {
    let count = numbers.count
    var after = [Double](repeating: 1, count: count + 1)
    for i in numbers.indices.reversed() { after[i] = after[i + 1] * numbers[i] }
    var products = [Double](repeating: 0, count: count * count)
    var before = 1.0
    for i in numbers.indices {
      var outside = before
      for j in i + 1..<max(count, i + 1) {
        products[i * count + j] = outside * after[j + 1]
        products[j * count + i] = products[i * count + j]
        outside *= numbers[j]
      }
      before *= numbers[i]
    }
    return products
  }
}
