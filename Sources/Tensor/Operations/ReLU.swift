extension Tensor where Scalar: TensorScalar {
  /// max(x, 0), elementwise; NaN stays NaN. d/dx = 1 where x > 0, else 0, and 0 at 0.
  ///
  /// The backward pass keeps one bit an element.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func relu() -> Tensor {
    guard isTracked else { return elementwise(Kernel { $0.pointee.rectified }) }
    if isMapped { return throughMapped { x, _ in x.relu() } }
    let (value, mask) = Kernels.rectifiedWithMask(array)
    return record("relu", Tensor(value), inputs: [(self, { g in g.masked(by: mask) })], pushing: .symmetric)
  }

  /// max(x, 0), and where it is x; not tracked.
  package func rectifiedWithMask() -> (Tensor, BitMask) {
    let (value, mask) = Kernels.rectifiedWithMask(array)
    return (Tensor(value), mask)
  }

  /// The elements whose bit in `mask` is set, and 0 for the others. d/dx is the gradient under the same mask.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func masked(by mask: BitMask) -> Tensor {
    record(
      "relu's gradient", Tensor(Kernels.masked(array, by: mask)),
      inputs: [(self, { h in h.masked(by: mask) })], pushing: .symmetric)
  }
}
