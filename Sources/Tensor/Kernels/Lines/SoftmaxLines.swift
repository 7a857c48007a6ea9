extension Kernels {
  /// eˣ / Σeˣ along `axis`, or its logarithm. The result is dense, in the order of `x`.
  static func softmax<Scalar: TensorScalar>(
    _ x: StridedArray<Scalar>, axis: Int, isLogarithm: Bool
  ) -> StridedArray<Scalar> {
    if x.count == 0 { return StridedArray(uninitialized: x.shape) }
    let (x, plan) = LinePlan.lines(of: x, along: [axis])
    let result = StridedArray<Scalar>(uninitialized: x.shape, strides: x.layout.strides)
    withExtendedLifetime((x.storage, result.storage)) {
      let (p, r, kernels) = (x.pointer, result.pointer, Processor.best.lines(Scalar.self))
      plan.forEachPiece { lines in
        if isLogarithm {
          kernels.pointee.log_softmax(p, r, lines)
        } else {
          kernels.pointee.softmax(p, r, lines)
        }
      }
    }
    return result
  }

  /// log Σeˣ along `axes`, which stay with length 1.
  static func logSumExp<Scalar: TensorScalar>(_ x: StridedArray<Scalar>, axes: [Int]) -> StridedArray<Scalar>
  {
    var shape = x.shape
    for axis in axes { shape[axis] = 1 }
    if x.count == 0 { return StridedArray(repeating: -.infinity, shape: shape) }
    let (x, plan) = LinePlan.lines(of: x, along: axes)
    let result = StridedArray<Scalar>(uninitialized: shape, strides: x.layout.denseStrides(for: shape))
    withExtendedLifetime((x.storage, result.storage)) {
      let (p, r, kernels) = (x.pointer, result.pointer, Processor.best.lines(Scalar.self))
      plan.forEachPiece { lines in kernels.pointee.log_sum_exp(p, r, lines) }
    }
    return result
  }

  /// What a gradient `g` with respect to `y`, which ``softmax`` gave along `axis`, is pulled back to.
  static func softmaxSlope<Scalar: TensorScalar>(
    _ g: StridedArray<Scalar>, _ y: StridedArray<Scalar>, axis: Int, isLogarithm: Bool
  ) -> StridedArray<Scalar> {
    if y.count == 0 { return StridedArray(uninitialized: y.shape) }
    let (y, plan) = LinePlan.lines(of: y, along: [axis])
    let g = relaid(g, strides: y.layout.strides)
    let result = StridedArray<Scalar>(uninitialized: y.shape, strides: y.layout.strides)
    withExtendedLifetime((g.storage, y.storage, result.storage)) {
      let (p, q, r) = (g.pointer, y.pointer, result.pointer)
      let kernels = Processor.best.lines(Scalar.self)
      plan.forEachPiece { lines in
        if isLogarithm {
          kernels.pointee.log_softmax_slope(p, q, r, lines)
        } else {
          kernels.pointee.softmax_slope(p, q, r, lines)
        }
      }
    }
    return result
  }
}
