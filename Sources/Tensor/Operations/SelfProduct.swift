extension Tensor where Scalar: TensorScalar {
  /// The products of a matrix's rows with each other, F·Fᵀ: `[…, C, M]` gives `[…, C, C]`, exactly symmetric.
  /// dF = (G + Gᵀ)·F.
  ///
  /// Of features, with a row for each channel and a column for each pixel, it is the Gram matrix. They are read
  /// where they lie, also with channels last.
  ///
  /// - Precondition: The rank is at least 2.
  /// - Complexity: O(M·C²) for each matrix, half of that of `matrixProduct`.
  public func selfProduct() -> Tensor {
    ShapeCheck.require(rank >= 2) { "selfProduct: the shape \(shape) has no matrix in its last two axes" }
    if isMapped { return throughMapped { x, _ in x.selfProduct() } }
    return record(
      "selfProduct", Tensor(Kernels.selfProduct(array)),
      (
        self,
        { g in
          let symmetric = g + g.transposed()
          // The gradient lies in memory as F does: with columns innermost, Fᵀ is what is stored in rows.
          let strides = self.array.layout.strides.suffix(2)
          return strides.first! < strides.last!
            ? self.transposed().matrixProduct(symmetric).transposed() : symmetric.matrixProduct(self)
        }
      ))
  }
}
