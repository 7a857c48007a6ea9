extension Kernels {
  /// y = (x − mean) · r along `axes`, dense in the order of `x`, and r = 1 / √(variance + `epsilon`), whose `axes`
  /// have length 1.
  static func standardize<Scalar: TensorScalar>(
    _ x: StridedArray<Scalar>, axes: [Int], epsilon: Double
  ) -> (y: StridedArray<Scalar>, r: StridedArray<Scalar>) {
    var shape = x.shape
    for axis in axes { shape[axis] = 1 }
    if x.count == 0 {
      return (StridedArray(uninitialized: x.shape), StridedArray(repeating: 0, shape: shape))
    }
    let (x, plan) = LinePlan.lines(of: x, along: axes)
    let y = StridedArray<Scalar>(uninitialized: x.shape, strides: x.layout.strides)
    let r = StridedArray<Scalar>(uninitialized: shape, strides: x.layout.denseStrides(for: shape))
    withExtendedLifetime((x.storage, y.storage, r.storage)) {
      let (p, q, s, kernels) = (x.pointer, y.pointer, r.pointer, Processor.best.lines(Scalar.self))
      plan.forEachPiece { lines in kernels.pointee.standardize(p, q, s, epsilon, lines) }
    }
    return (y, r)
  }

  /// r · (g − mean g − y · mean(g·y)) along `axes`.
  static func standardizeSlope<Scalar: TensorScalar>(
    _ g: StridedArray<Scalar>, _ y: StridedArray<Scalar>, _ r: StridedArray<Scalar>, axes: [Int]
  ) -> StridedArray<Scalar> {
    if y.count == 0 { return StridedArray(uninitialized: y.shape) }
    let (y, plan) = LinePlan.lines(of: y, along: axes)
    let g = relaid(g, strides: y.layout.strides)
    let r = relaid(r, strides: y.layout.denseStrides(for: r.shape))
    let result = StridedArray<Scalar>(uninitialized: y.shape, strides: y.layout.strides)
    withExtendedLifetime((g.storage, y.storage, r.storage, result.storage)) {
      let (p, q, s, z) = (g.pointer, y.pointer, r.pointer, result.pointer)
      let kernels = Processor.best.lines(Scalar.self)
      plan.forEachPiece { lines in kernels.pointee.standardize_slope(p, q, s, z, lines) }
    }
    return result
  }
}
