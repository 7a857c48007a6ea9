/// A way to combine numbers into one, such as the sum.
protocol Reduction: Sendable {
  /// The result for no numbers, and where each partial result starts.
  func identity<Scalar: TensorScalar>(_: Scalar.Type) -> Scalar
  func combine<Scalar: TensorScalar>(_ a: Scalar, _ b: Scalar) -> Scalar
}

extension Kernels {
  /// Combines the elements along `axes` (sorted, in range). The reduced axes stay with length 1.
  @inline(__always)
  static func reduce<Scalar, R: Reduction>(
    _ x: StridedArray<Scalar>, axes: [Int], _ reduction: R
  ) -> StridedArray<Scalar> {
    var shape = x.shape
    for axis in axes { shape[axis] = 1 }
    let result = StridedArray<Scalar>(uninitialized: shape, strides: x.layout.denseStrides(for: shape))
    if Scalar.self == Float.self {
      reduceLoop(result.assuming(Float.self), x.assuming(Float.self), axes, reduction)
    } else {
      reduceLoop(result.assuming(Double.self), x.assuming(Double.self), axes, reduction)
    }
    return result
  }
}

private func reduceLoop<S: TensorScalar, R: Reduction>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ axes: [Int], _ reduction: R
) {
  var kept = x.layout
  for axis in axes { (kept.shape[axis], kept.strides[axis]) = (1, 0) }
  let inner = StridedLoop([
    Layout(shape: axes.map { x.shape[$0] }, strides: axes.map { x.layout.strides[$0] })
  ])
  let outer = StridedLoop([result.layout, kept])
  let (r, p) = (storageStart(result), storageStart(x))
  let (rs, ps) = (outer.runStrides[0], outer.runStrides[1])
  let step = inner.runStrides[0]
  withExtendedLifetime((result.storage, x.storage)) {
    outer.forEachRun(in: 0..<outer.runCount) { offsets in
      for i in 0..<outer.runLength {
        let source = p + offsets[1] + i * ps
        var total = reduction.identity(S.self)
        inner.forEachRun(in: 0..<inner.runCount) { innerOffsets in
          let run = source + innerOffsets[0]
          var partial = reduction.identity(S.self)
          for j in 0..<inner.runLength { partial = reduction.combine(partial, run[j * step]) }
          total = reduction.combine(total, partial)
        }
        (r + offsets[0])[i * rs] = total
      }
    }
  }
}
