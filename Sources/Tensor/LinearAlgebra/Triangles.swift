extension Tensor {
  /// The elements on and below a diagonal of the matrices in the last two axes, and zeros above it. d/dx is
  /// the same part of the gradient.
  ///
  /// PyTorch has it as `tril`. A mask for attention that sees no later position is
  /// `Tensor.ones([n, n]).lowerTriangle()`.
  ///
  /// - Parameter offset: 0 is the main diagonal, 1 the one above it, −1 the one below.
  /// - Precondition: The rank is at least 2.
  public func lowerTriangle(offset: Int = 0) -> Tensor {
    ShapeCheck.require(rank >= 2) {
      "lowerTriangle: the shape \(shape) has no matrix in its last two axes"
    }
    return triangle(lower: true, offset: offset)
  }

  /// The elements on and above a diagonal of the matrices in the last two axes, and zeros below it. d/dx is
  /// the same part of the gradient.
  ///
  /// PyTorch has it as `triu`.
  ///
  /// - Parameter offset: 0 is the main diagonal, 1 the one above it, −1 the one below.
  /// - Precondition: The rank is at least 2.
  public func upperTriangle(offset: Int = 0) -> Tensor {
    ShapeCheck.require(rank >= 2) {
      "upperTriangle: the shape \(shape) has no matrix in its last two axes"
    }
    return triangle(lower: false, offset: offset)
  }

  /// The elements on and below a diagonal of the matrices in the last two axes, and zeros above it; or on and
  /// above it.
  func triangle(lower: Bool, offset: Int = 0) -> Tensor {
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    let mask = StridedArray<Scalar>(repeating: lower ? 0 : 1, shape: [rows, columns])
    // Farther out all diagonals are alike.
    let start = Swift.min(Swift.max(offset, -rows), columns) + (lower ? 1 : 0)
    for row in 0..<rows {
      let end = Swift.min(Swift.max(row + start, 0), columns)
      Kernels.fill(mask.pointer + row * columns, end, with: lower ? 1 : 0)
    }
    return Tensor.where(Tensor(mask), self, Tensor(0))
  }

  /// ½(A + Aᵀ) of the matrices in the last two axes.
  var symmetricPart: Tensor { (self + transposed()) * 0.5 }
}
