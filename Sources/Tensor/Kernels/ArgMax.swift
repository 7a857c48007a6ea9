extension Kernels {
  /// The position of the largest element along `axis`, which the result lacks: the first one of equals; a NaN
  /// counts as larger than all numbers.
  @inline(__always)
  static func argmax<Scalar>(_ x: StridedArray<Scalar>, axis: Int) -> StridedArray<Scalar> {
    var kept = x.layout
    kept.shape.remove(at: axis)
    kept.strides.remove(at: axis)
    let result = StridedArray<Scalar>(uninitialized: kept.shape, strides: kept.denseStrides(for: kept.shape))
    let (length, step) = (x.shape[axis], x.layout.strides[axis])
    if Scalar.self == Float.self {
      argmaxLoop(result.assuming(Float.self), x.assuming(Float.self), kept, length, step)
    } else {
      argmaxLoop(result.assuming(Double.self), x.assuming(Double.self), kept, length, step)
    }
    return result
  }
}

private func argmaxLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ kept: Layout, _ length: Int, _ step: Int
) {
  withExtendedLifetime((result.storage, x.storage)) {
    let (r, p) = (storageStart(result), storageStart(x))
    forEachRunInParallel(StridedLoop([result.layout, kept])) { offsets, strides, count in
      for i in 0..<count {
        let source = p + offsets[1] + i &* strides[1]
        var (best, position) = (source[0], 0)
        for j in 1..<max(length, 1) where source[j &* step] > best || (source[j &* step].isNaN && !best.isNaN)
        {
          (best, position) = (source[j &* step], j)
        }
        (r + offsets[0])[i &* strides[0]] = S(position)
      }
    }
  }
}
