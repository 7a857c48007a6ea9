/// How a padded array is put together: on each axis, pieces of the source and where they show.
///
/// The first piece of each axis is the source itself; the others are its border. The array's blocks are all
/// combinations of one piece an axis, and each is a strided copy.
struct PaddingPlan: Sendable {
  struct Piece: Sendable {
    /// The first position in the source.
    var source: Int
    /// The first position in the padded array, where the piece goes forwards.
    var padded: Int
    var count: Int
    var sourceStep = 1
  }

  let sourceShape: Shape
  var paddedShape: Shape
  var pieces: [[Piece]]

  /// No border at all.
  init(_ shape: Shape) {
    sourceShape = shape
    paddedShape = shape
    pieces = shape.map { [Piece(source: 0, padded: 0, count: $0)] }
  }

  /// Whether the pieces leave nothing of the padded array unset.
  var coversAll: Bool {
    zip(paddedShape, pieces).allSatisfy { length, pieces in pieces.reduce(0) { $0 + $1.count } == length }
  }

  /// Calls `body` with each block's place in the source and in the padded array, the source's own first.
  func forEachBlock(_ body: (_ source: AxisSlices, _ padded: AxisSlices) -> Void) {
    let blockCount = pieces.reduce(1) { $0 * $1.count }
    for block in 0..<blockCount {
      var rest = block
      var (source, padded) = (AxisSlices(all: sourceShape), AxisSlices(all: paddedShape))
      for axis in pieces.indices {
        let piece = pieces[axis][rest % pieces[axis].count]
        rest /= pieces[axis].count
        source.axes[axis] = AxisSlices.Axis(start: piece.source, step: piece.sourceStep, count: piece.count)
        padded.axes[axis] = AxisSlices.Axis(start: piece.padded, count: piece.count)
      }
      body(source, padded)
    }
  }
}

extension Kernels {
  /// The blocks of `plan` copied from `x`, and `value` where there are none, or zeros.
  static func pad<Scalar>(
    _ x: StridedArray<Scalar>, _ plan: PaddingPlan, filling value: Scalar? = nil
  ) -> StridedArray<Scalar> {
    let strides = x.layout.denseStrides(for: plan.paddedShape)
    let result: StridedArray<Scalar>
    if plan.coversAll {
      result = StridedArray(uninitialized: plan.paddedShape, strides: strides)
    } else if let value {
      result = StridedArray(repeating: value, shape: plan.paddedShape, strides: strides)
    } else {
      result = StridedArray(zeros: plan.paddedShape, strides: strides)
    }
    plan.forEachBlock { source, padded in
      copyInto(result.sliced(padded), x.sliced(source))
    }
    return result
  }

  /// For each element of the source, the sum of `x` over the places that show it. The blocks are added in one
  /// order, so the sums do not depend on the number of threads.
  static func unpad<Scalar>(_ x: StridedArray<Scalar>, _ plan: PaddingPlan) -> StridedArray<Scalar> {
    // A derivative: nothing else is padded and summed again.
    Scalar.self == Float.self
      ? unpadded(x.assuming(Float.self), plan).assuming(Scalar.self)
      : unpadded(x.assuming(Double.self), plan).assuming(Scalar.self)
  }

  private static func unpadded<Scalar: TensorScalar>(
    _ x: StridedArray<Scalar>, _ plan: PaddingPlan
  ) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(
      uninitialized: plan.sourceShape, strides: x.layout.denseStrides(for: plan.sourceShape))
    var isFirst = true
    plan.forEachBlock { source, padded in
      let target = result.sliced(source)
      if isFirst {
        copyInto(target, x.sliced(padded))
      } else {
        zipInto(target, target, x.sliced(padded), Arithmetic.Add())
      }
      isFirst = false
    }
    return result
  }
}
