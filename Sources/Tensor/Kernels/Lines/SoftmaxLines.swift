extension Kernels {
  /// eˣ / Σeˣ or its logarithm along `axis`. The result is dense, in the order of `x`.
  static func softmax<Scalar>(
    _ x: StridedArray<Scalar>, axis: Int, _ function: LineKernels.Function
  ) -> StridedArray<Scalar> {
    if x.count == 0 { return StridedArray(uninitialized: x.shape) }
    let (x, plan) = LinePlan.lines(of: x, along: [axis])
    let result = StridedArray<Scalar>(uninitialized: x.shape, strides: x.layout.strides)
    withExtendedLifetime((x.storage, result.storage)) {
      let (p, r) = (x.pointer, result.pointer)
      plan.forEachPiece { lines in LineKernels.best(function, p, into: r, lines) }
    }
    return result
  }

  /// log Σeˣ along `axes`, which stay with length 1.
  static func logSumExp<Scalar>(_ x: StridedArray<Scalar>, axes: [Int]) -> StridedArray<Scalar> {
    var shape = x.shape
    for axis in axes { shape[axis] = 1 }
    if x.count == 0 { return StridedArray(repeating: -.infinity, shape: shape) }
    let (x, plan) = LinePlan.lines(of: x, along: axes)
    let result = StridedArray<Scalar>(uninitialized: shape, strides: x.layout.denseStrides(for: shape))
    withExtendedLifetime((x.storage, result.storage)) {
      let (p, r) = (x.pointer, result.pointer)
      plan.forEachPiece { lines in LineKernels.best(.logSumExp, p, into: r, lines) }
    }
    return result
  }

  /// What a gradient `g` with respect to `y`, which ``softmax`` gave along `axis`, is pulled back to.
  static func softmaxSlope<Scalar>(
    _ g: StridedArray<Scalar>, _ y: StridedArray<Scalar>, axis: Int, isLogarithm: Bool
  ) -> StridedArray<Scalar> {
    if y.count == 0 { return StridedArray(uninitialized: y.shape) }
    let (y, plan) = LinePlan.lines(of: y, along: [axis])
    let g = relaid(g, strides: y.layout.strides)
    let result = StridedArray<Scalar>(uninitialized: y.shape, strides: y.layout.strides)
    withExtendedLifetime((g.storage, y.storage, result.storage)) {
      let (p, q, r) = (g.pointer, y.pointer, result.pointer)
      plan.forEachPiece { lines in
        if isLogarithm {
          LineKernels.best.logSoftmaxSlope(p, q, into: r, lines)
        } else {
          LineKernels.best.softmaxSlope(p, q, into: r, lines)
        }
      }
    }
    return result
  }
}
