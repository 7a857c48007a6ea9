/// Complex numbers as two real tensors of one shape: what a matrix without symmetry has for eigenvalues, and a signal for its
/// Fourier transform.
public struct ComplexParts<Scalar: TensorScalar>: Sendable {
  /// The real parts.
  public var real: Tensor<Scalar>
  /// The imaginary parts.
  public var imaginary: Tensor<Scalar>

  /// Complex numbers with given parts.
  ///
  /// - Parameters:
  ///   - real: The real parts.
  ///   - imaginary: The imaginary parts, of the same shape.
  public init(real: Tensor<Scalar>, imaginary: Tensor<Scalar>) {
    ShapeCheck.require(real.shape == imaginary.shape) {
      "ComplexParts: real parts of shape \(real.shape) and imaginary ones of shape \(imaginary.shape)"
    }
    (self.real, self.imaginary) = (real, imaginary)
  }
}

extension Tensor where Scalar: TensorScalar {
  /// The eigenvalues λ and eigenvectors v of square matrices, A·v = λ·v, as complex numbers: `[…, N, N]` gives the values
  /// `[…, N]`, in LAPACK's order, conjugate pairs together, and the vectors `[…, N, N]`, of length 1, in columns.
  ///
  /// With V the vectors, λ̅ and V̅ the gradients, and Eᵢⱼ the conjugate of λⱼ − λᵢ, the derivative is the real part of
  /// dA = V⁻ᴴ·(diag λ̅ + (VᴴV̅ − VᴴV·diag Re(VᴴV̅)) / E)·Vᴴ.
  ///
  /// **Equal eigenvalues** are treated as in ``eigh()``: where they differ by rounding alone, 1/E is set to 0. A matrix whose
  /// vectors do not span the space has no such derivative. The phase of a vector is arbitrary: use functions that do not see
  /// it, such as |v|² or V·f(λ)·V⁻¹. For symmetric matrices ``eigh()`` is faster, real and better.
  ///
  /// - Precondition: The last two axes have equal lengths.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a NaN or an infinity, or whose iteration does not end; from a
  ///   backward pass nothing is thrown, and a singular V traps there.
  /// - Complexity: About 25 N³ multiplications for each matrix, by LAPACK; matrices of a batch are shared by threads.
  public func eig() throws(LinearAlgebraError) -> (
    values: ComplexParts<Scalar>, vectors: ComplexParts<Scalar>
  ) {
    try eigen("eig")
  }

  /// The eigenvalues of square matrices as complex numbers: `[…, N, N]` gives `[…, N]`, in LAPACK's order, conjugate pairs
  /// together. The derivative is the real part of dA = V⁻ᴴ·diag(λ̅)·Vᴴ with the eigenvectors V.
  ///
  /// Untracked, they are found without the vectors.
  ///
  /// - Precondition: The last two axes have equal lengths.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a NaN or an infinity, or whose iteration does not end.
  /// - Complexity: About 10 N³ multiplications for each matrix, and as many as ``eig()`` if it is tracked.
  public func eigvals() throws(LinearAlgebraError) -> ComplexParts<Scalar> {
    if isTracked { return try eigen("eigvals").values }
    ShapeCheck.squareMatrices("eigvals", shape)
    if isMapped { return try plain.eigvals().asMapped(mapped) }
    let found = try Kernels.eigen("eigvals", array, vectors: false)
    return ComplexParts(real: Tensor(found.values.real), imaginary: Tensor(found.values.imaginary))
  }

  private func eigen(
    _ operation: StaticString
  ) throws(LinearAlgebraError) -> (values: ComplexParts<Scalar>, vectors: ComplexParts<Scalar>) {
    ShapeCheck.squareMatrices("\(operation)", shape)
    if isMapped {
      let (values, vectors) = try plain.eigen(operation)
      return (values.asMapped(mapped), vectors.asMapped(mapped))
    }
    let found = try Kernels.eigen(operation, array, vectors: true)
    let packed = Tensor(found.vectors)
    let imaginary = Tensor(found.values.imaginary)
    // Of a pair, the first column holds the real parts and the second the imaginary ones of the first.
    let sign = imaginary.sign().expanded(axis: -2)
    let order = shape[rank - 1]
    let before = order == 0 ? packed : packed.rolled(by: 1, axis: -1)
    let behind = order == 0 ? packed : packed.rolled(by: -1, axis: -1)
    let real = Tensor.where(sign .< 0, before, packed)
    let turned = Tensor.where(sign .> 0, behind, .where(sign .< 0, -packed, Tensor(0)))
    let parts = record(
      operation, outputs: [Tensor(found.values.real), imaginary, real, turned],
      (self, { g, y in Self.eigenGradient(operation, g, y) }))
    return (
      ComplexParts(real: parts[0], imaginary: parts[1]), ComplexParts(real: parts[2], imaginary: parts[3])
    )
  }

  /// What the gradients of values and vectors are with respect to the matrices. A complex matrix is a real one of twice the
  /// order here, with the blocks Re, −Im above Im, Re; its conjugate transpose is its transpose.
  private static func eigenGradient(
    _ operation: StaticString, _ g: [Tensor?], _ y: [Tensor]
  ) -> Tensor {
    let order = y[0].shape[y[0].rank - 1]
    if y[2].count == 0 { return .zeros(y[2].shape) }
    func blocks(_ real: Tensor, _ imaginary: Tensor) -> Tensor {
      .concatenated(
        [.concatenated([real, -imaginary], axis: -1), .concatenated([imaginary, real], axis: -1)], axis: -2)
    }
    let one = Tensor.identity(order)
    func diagonal(_ values: Tensor?) -> Tensor { (values ?? .zeros(y[0].shape)).expanded(axis: -2) * one }
    let v = blocks(y[2], y[3])
    var inner = blocks(diagonal(g[0]), diagonal(g[1]))
    if g[2] != nil || g[3] != nil {
      let slope = blocks(g[2] ?? .zeros(y[2].shape), g[3] ?? .zeros(y[2].shape))
      let product = v.matrixProduct(slope, transposingLeft: true)
      let lengths = product[..., ..<order, ..<order].diagonal().expanded(axis: -2)
      let scale = Tensor.concatenated([lengths, lengths], axis: -1)
      let moved = product - v.matrixProduct(v, transposingLeft: true) * scale
      // Divided by the conjugate of the gap: times the gap over its square.
      let (re, im) = (moved[..., ..<order, ..<order], moved[..., order..., ..<order])
      let gap = (
        real: y[0].expanded(axis: -2) - y[0].expanded(axis: -1),
        imaginary: y[1].expanded(axis: -2) - y[1].expanded(axis: -1)
      )
      let square = gap.real.square() + gap.imaginary.square()
      let largest = (y[0].square() + y[1].square()).detached().max(axes: [-1], keepingDimensions: true)
        .expanded(axis: -1)
      let limit = Scalar(order) * .ulpOfOne
      let isApart = square .> largest * (limit * limit)
      let divisor = Tensor.where(isApart, square, Tensor(1))
      func quotient(_ x: Tensor) -> Tensor { .where(isApart, x / divisor, Tensor(0)) }
      inner =
        inner
        + blocks(
          quotient(re * gap.real - im * gap.imaginary), quotient(re * gap.imaginary + im * gap.real))
    }
    do {
      let right = inner.matrixProduct(v, transposingRight: true)
      return try v.transposed().solve(right)[..., ..<order, ..<order]
    } catch {
      ShapeCheck.fail(
        "\(operation): the eigenvectors do not span the space, so that there is no derivative: \(error)")
    }
  }
}
