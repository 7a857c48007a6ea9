extension Kernels {
  /// The lower Cholesky factor of the symmetric part of every matrix in the last two axes, row-major.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func cholesky<Scalar: TensorScalar>(_ x: StridedArray<Scalar>) throws(LinearAlgebraError)
    -> StridedArray<Scalar>
  {
    let result = StridedArray<Scalar>(uninitialized: x.shape)
    if result.count == 0 { return result }
    let order = x.shape.last!
    let batch = Array(x.shape.dropLast(2))
    let offsets = BatchOffsets(x.layout, batch)
    let (rowStep, columnStep) = x.layout.matrixSteps
    let (source, target) = (x.pointer, result.pointer)
    defer { withExtendedLifetime((x.storage, result.storage)) {} }
    try forEachMatrix("cholesky", of: batch, order: order) { index in
      let matrix = target + index * order * order
      writeSymmetricPart(
        of: source + offsets[index], rowStep, columnStep, order: order, lowerOnly: true, to: matrix)
      if let cause = nonFiniteElement(matrix, order: order) { return cause }
      guard let pivot = Drivers.cholesky(matrix, order) else { return nil }
      return .notPositiveDefinite(pivot: pivot, value: Double(matrix[pivot * (order + 1)]))
    }
    return result
  }
}
