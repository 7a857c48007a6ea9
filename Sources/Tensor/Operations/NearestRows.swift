extension Tensor where Scalar: TensorScalar {
  /// For each row of a matrix the row of another one that points in the most similar direction: its position, and the
  /// cosine of the angle between the two.
  ///
  ///     positions[i] = argmaxⱼ xᵢ·yⱼ / (‖xᵢ‖ ‖yⱼ‖)
  ///
  /// Of rows that are as similar the first is taken. A row of zeros has the cosine 0 with all others; one with NaN is taken
  /// only where no other has a cosine. Where directions from a mean are meant, it is subtracted before. PyTorch has it as
  /// the `max(1)` of a product of matrices whose rows have been normalised, all of which it keeps.
  ///
  /// Neither result has a derivative: that of a cosine comes from the rows that were found,
  /// `x.sliced(…)` and `y.sliced(found.positions, axis: 0)`.
  ///
  /// - Parameter other: y, [N, D].
  /// - Returns: The positions in `other` and the cosines, [M] each, for `self` x, [M, D].
  /// - Precondition: Both are matrices with rows of one length, and `other` has a row.
  /// - Complexity: O(M·N·D); of the M·N cosines only a block for each thread is in memory at once.
  public func nearestRows(in other: Tensor) -> (positions: Tensor<Int64>, cosines: Tensor) {
    ShapeCheck.require(rank == 2 && other.rank == 2 && shape[1] == other.shape[1] && other.shape[0] > 0) {
      "nearestRows: the shapes \(shape) and \(other.shape) are not [M, D] and [N, D] with a row to be found"
    }
    let found = Kernels.nearestRows(array, in: other.array)
    return (Tensor<Int64>(found.positions), Tensor(found.cosines))
  }
}
