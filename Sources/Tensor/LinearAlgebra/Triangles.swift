extension Tensor where Scalar: TensorScalar {
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
    if isMapped { return throughMapped { x, _ in x.triangle(lower: lower, offset: offset) } }
    return record(
      lower ? "lowerTriangle" : "upperTriangle",
      Tensor(Kernels.triangle(array, lower: lower, offset: offset)),
      (self, { g in g.triangle(lower: lower, offset: offset) }))
  }

  /// ½(A + Aᵀ) of the matrices in the last two axes.
  var symmetricPart: Tensor { (self + transposed()) * 0.5 }
}

extension Kernels {
  /// The elements of the matrices in the last two axes up to a diagonal, or from it on; the others become 0.
  fileprivate static func triangle<Scalar: TensorScalar>(
    _ x: StridedArray<Scalar>, lower: Bool, offset: Int
  ) -> StridedArray<Scalar> {
    let x = x.contiguous()
    let result = StridedArray<Scalar>(uninitialized: x.shape)
    let (rows, columns) = (x.shape[x.shape.count - 2], x.shape[x.shape.count - 1])
    if result.count == 0 { return result }
    // Farther out all diagonals are alike.
    let first = min(max(offset, -rows), columns) + (lower ? 1 : 0)
    // Bytes are moved, whatever the scalar.
    let size = MemoryLayout<Scalar>.stride
    let (source, target) = (UnsafeRawPointer(x.pointer), UnsafeMutableRawPointer(result.pointer))
    withExtendedLifetime((x.storage, result.storage)) {
      Parallel.forEachEvenRange(x.count / columns, atMost: elementGrain / columns) { lines in
        for line in lines {
          let cut = min(max(line % rows + first, 0), columns) * size
          let kept = lower ? 0..<cut : cut..<columns * size
          let cleared = lower ? cut..<columns * size : 0..<cut
          let start = line * columns * size
          (target + start + kept.lowerBound).copyMemory(
            from: source + start + kept.lowerBound, byteCount: kept.count)
          (target + start + cleared.lowerBound).initializeMemory(
            as: UInt8.self, repeating: 0, count: cleared.count)
        }
      }
    }
    return result
  }
}
