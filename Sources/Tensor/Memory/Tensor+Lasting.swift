extension Tensor {
  /// The same numbers, not tracked, in memory that is set apart for what lives long: what an optimiser remembers from
  /// step to step, or a target that every evaluation is compared with.
  ///
  /// Blocks that come and go fill their memory best without others among them. A small tensor, or one that lies there
  /// already, is not copied.
  package func lasting() -> Tensor {
    if count * MemoryLayout<Scalar>.stride < StoragePool.arenaThreshold || array.storage.isLasting {
      return detached()
    }
    let strides = array.layout.denseStrides(for: shape)
    let copy = StridedArray<Scalar>(uninitialized: shape, strides: strides, isLasting: true)
    Kernels.copyInto(copy, array)
    return Tensor(copy)
  }

  /// A tensor in that memory, in row-major order, which `fill` sets.
  static func lasting(shape: Shape, fill: (UnsafeMutableBufferPointer<Scalar>) -> Void) -> Tensor {
    let array = StridedArray<Scalar>(uninitialized: shape, isLasting: true)
    fill(UnsafeMutableBufferPointer(start: array.pointer, count: array.count))
    return Tensor(array)
  }
}
