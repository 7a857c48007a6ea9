/// An order in which one element is looked for.
protocol Preference: Sendable {
  static func prefers<S: TensorScalar>(_ a: S, to b: S) -> Bool
}

enum Preferences {
  /// The largest; a NaN counts as larger than all numbers.
  struct Largest: Preference {
    @inline(__always)
    static func prefers<S: TensorScalar>(_ a: S, to b: S) -> Bool { a > b || (a.isNaN && !b.isNaN) }
  }
  /// The smallest; a NaN counts as smaller than all numbers.
  struct Smallest: Preference {
    @inline(__always)
    static func prefers<S: TensorScalar>(_ a: S, to b: S) -> Bool { a < b || (a.isNaN && !b.isNaN) }
  }
}

extension Kernels {
  /// The preferred element along `axis` and its position there, the first of equals. The results lack the axis.
  @inline(__always)
  static func extreme<Scalar, P: Preference>(
    _ x: StridedArray<Scalar>, axis: Int, _ preference: P
  ) -> (values: StridedArray<Scalar>, positions: StridedArray<Scalar>) {
    var kept = x.layout
    kept.shape.remove(at: axis)
    kept.strides.remove(at: axis)
    let strides = kept.denseStrides(for: kept.shape)
    let values = StridedArray<Scalar>(uninitialized: kept.shape, strides: strides)
    let positions = StridedArray<Scalar>(uninitialized: kept.shape, strides: strides)
    let (length, step) = (x.shape[axis], x.layout.strides[axis])
    if Scalar.self == Float.self {
      extremeLoop(
        values.assuming(Float.self), positions.assuming(Float.self), x.assuming(Float.self), kept, length,
        step,
        P.self)
    } else {
      extremeLoop(
        values.assuming(Double.self), positions.assuming(Double.self), x.assuming(Double.self), kept, length,
        step, P.self)
    }
    return (values, positions)
  }
}

private func extremeLoop<S: TensorScalar, P: Preference>(
  _ values: StridedArray<S>, _ positions: StridedArray<S>, _ x: StridedArray<S>, _ kept: Layout,
  _ length: Int, _ step: Int, _: P.Type
) {
  withExtendedLifetime((values.storage, positions.storage, x.storage)) {
    let (v, r, p) = (storageStart(values), storageStart(positions), storageStart(x))
    forEachRunInParallel(StridedLoop([values.layout, kept])) { offsets, strides, count in
      for i in 0..<count {
        let source = p + offsets[1] + i &* strides[1]
        var (best, position) = (source[0], 0)
        for j in 1..<max(length, 1) where P.prefers(source[j &* step], to: best) {
          (best, position) = (source[j &* step], j)
        }
        // Both results are dense in the same order.
        (v + offsets[0])[i &* strides[0]] = best
        (r + offsets[0])[i &* strides[0]] = S(position)
      }
    }
  }
}
