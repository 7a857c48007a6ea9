extension Tensor where Scalar: TensorScalar {
  /// The pseudo-inverse P of Moore and Penrose of every matrix in the last two axes: `[…, M, N]` gives `[…, N, M]`.
  /// P·B is the smallest of the X for which the sum of squares of A·X − B is least.
  ///
  /// P = V·diag(1/σ)·Uᵀ over the singular values σ above `tolerance`·max σ. By Golub and Pereyra
  /// dA = −Pᵀ·G·Pᵀ + (1 − A·P)·Gᵀ·P·Pᵀ + Pᵀ·P·Gᵀ·(1 − P·A), which holds where the rank stays the same, also for equal
  /// singular values.
  ///
  /// - Parameter tolerance: What counts as 0, as a part of the largest singular value; max(M, N) times the scalar's
  ///   `ulpOfOne` when it is not given.
  /// - Precondition: The tensor has two axes at least; min(M, N) is at most 20,000; `tolerance` is not negative.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a NaN or an infinity, or whose iteration does not end.
  /// - Complexity: That of ``svd(full:)``.
  public func pinv(tolerance: Scalar? = nil) throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.singularProblem("pinv", shape)
    let tolerance = tolerance ?? Scalar(shape.suffix(2).max()!) * .ulpOfOne
    ShapeCheck.require(tolerance >= 0) { "pinv: the tolerance \(tolerance) is negative" }
    let (u, values, v) = try detached().svd()
    let isKept = values .> values[..., ..<Swift.min(1, shape.suffix(2).min()!)] * tolerance
    let inverses = Tensor.where(isKept, 1 / values, Tensor(0)).expanded(axis: -2)
    return record(
      "pinv", (v * inverses).matrixProduct(u, transposingRight: true),
      (
        self,
        { g, p in
          let (gT, pT) = (g.transposed(), p.transposed())
          let inside = pT.matrixProduct(g).matrixProduct(pT)
          let below = gT.matrixProduct(p.matrixProduct(pT))
          let beside = pT.matrixProduct(p.matrixProduct(gT))
          return below - self.matrixProduct(p.matrixProduct(below)) + beside
            - beside.matrixProduct(p.matrixProduct(self)) - inside
        }
      ))
  }
}
