extension Layout {
  /// The view of a diagonal of the matrices in the last two axes.
  func diagonal(_ offset: Int) -> Layout {
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    let (rowStride, columnStride) = (strides[rank - 2], strides[rank - 1])
    // Farther out all are alike.
    let offset = min(max(offset, -rows), columns)
    let (row, column) = (max(-offset, 0), max(offset, 0))
    let count = max(min(rows - row, columns - column), 0)
    return Layout(
      shape: shape.dropLast(2) + [count], strides: strides.dropLast(2) + [rowStride + columnStride],
      // Of no elements the first may be nowhere.
      offset: self.offset + (count > 0 ? row * rowStride + column * columnStride : 0))
  }
}

extension Kernels {
  /// Matrices of zeros with the vectors in the last axis of `x` on a diagonal.
  fileprivate static func diagonalMatrices<Scalar>(
    _ x: StridedArray<Scalar>, offset: Int, rows: Int, columns: Int
  ) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(zeros: x.shape.dropLast() + [rows, columns])
    copyInto(StridedArray(storage: result.storage, layout: result.layout.diagonal(offset)), x)
    return result
  }
}

extension Tensor {
  /// The diagonals of the matrices in the last two axes, without a copy: `[…, M, N]` gives `[…, K]`. d/dx is
  /// the gradient on the diagonal among zeros.
  ///
  /// PyTorch has it as `diagonal(dim1=-2, dim2=-1)`.
  ///
  /// - Parameter offset: 0 is the main diagonal, 1 the one above it, −1 the one below. One outside the matrix
  ///   has no elements.
  /// - Precondition: The rank is at least 2.
  public func diagonal(offset: Int = 0) -> Tensor {
    ShapeCheck.require(rank >= 2) { "diagonal: the shape \(shape) has no matrix in its last two axes" }
    if isMapped { return throughMapped { x, _ in x.diagonal(offset: offset) } }
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    return record(
      "diagonal", Tensor(StridedArray(storage: array.storage, layout: array.layout.diagonal(offset))),
      (self, { g in g.diagonalMatrix(offset, rows: rows, columns: columns) }))
  }

  /// Matrices with the vectors in the last axis on their diagonals and zeros elsewhere: `[…, N]` gives
  /// `[…, N + |offset|, N + |offset|]`. d/dx is the gradient's diagonal.
  ///
  /// PyTorch has it as `diag_embed`.
  ///
  /// - Parameter offset: 0 is the main diagonal, 1 the one above it, −1 the one below.
  /// - Precondition: The rank is not 0.
  public func diagonalMatrix(offset: Int = 0) -> Tensor {
    ShapeCheck.require(rank >= 1) { "diagonalMatrix: a tensor of rank 0 has no axis to put on a diagonal" }
    let order = ShapeCheck.length(
      shape[rank - 1].addingReportingOverflow(Int(clamping: offset.magnitude)), "diagonalMatrix",
      "a diagonal of \(shape[rank - 1]) at the offset \(offset) is of rows with")
    return diagonalMatrix(offset, rows: order, columns: order)
  }

  /// The transpose of `diagonal`, for matrices of any lengths.
  private func diagonalMatrix(_ offset: Int, rows: Int, columns: Int) -> Tensor {
    if isMapped { return throughMapped { x, _ in x.diagonalMatrix(offset, rows: rows, columns: columns) } }
    return record(
      "diagonalMatrix",
      Tensor(Kernels.diagonalMatrices(array, offset: offset, rows: rows, columns: columns)),
      (self, { g in g.diagonal(offset: offset) }))
  }
}
