extension Tensor {
  /// The elements on and below the diagonal of the matrices in the last two axes, and zeros above it; or on and
  /// above it.
  func triangle(lower: Bool) -> Tensor {
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    let mask = Tensor(shape: [rows, columns]) { mask in
      for index in mask.indices {
        let (row, column) = (index / columns, index % columns)
        mask[index] = (lower ? column <= row : column >= row) ? 1 : 0
      }
    }
    return Tensor.where(mask, self, Tensor(0))
  }

  /// The identity matrix.
  package static func identity(_ order: Int) -> Tensor {
    var array = StridedArray<Scalar>(repeating: 0, shape: [order, order])
    let diagonal = Layout(shape: [order], strides: [order + 1])
    array.assign(StridedArray(repeating: 1, shape: [order]), at: diagonal)
    return Tensor(array)
  }

  /// ½(A + Aᵀ) of the matrices in the last two axes.
  var symmetricPart: Tensor { (self + transposed()) * 0.5 }
}
