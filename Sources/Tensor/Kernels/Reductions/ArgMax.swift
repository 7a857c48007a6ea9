/// Which element of a line ``Kernels/extreme`` looks for.
enum Preference {
  /// The largest; a NaN counts as larger than all numbers.
  case largest
  /// The smallest; a NaN counts as smaller than all numbers.
  case smallest
}

extension Kernels {
  /// The preferred element along `axis` and its position there, the first of equals. The results lack the axis.
  static func extreme<Scalar: TensorElement & Comparable>(
    _ x: StridedArray<Scalar>, axis: Int, _ preference: Preference
  ) -> (values: StridedArray<Scalar>, positions: StridedArray<Int64>) {
    var kept = x.layout
    kept.shape.remove(at: axis)
    kept.strides.remove(at: axis)
    let strides = kept.denseStrides(for: kept.shape)
    let values = StridedArray<Scalar>(uninitialized: kept.shape, strides: strides)
    let positions = StridedArray<Int64>(uninitialized: kept.shape, strides: strides)
    let (length, step) = (x.shape[axis], x.layout.strides[axis])
    switch preference {
    case .largest: extremeLoop(values, positions, x, kept, length, step, Largest.self)
    case .smallest: extremeLoop(values, positions, x, kept, length, step, Smallest.self)
    }
    return (values, positions)
  }
}

private protocol Order {
  static func prefers<S: TensorElement & Comparable>(_ a: S, to b: S) -> Bool
}

private struct Largest: Order {
  @inline(__always)
  static func prefers<S: TensorElement & Comparable>(_ a: S, to b: S) -> Bool { a > b || (a != a && b == b) }
}

private struct Smallest: Order {
  @inline(__always)
  static func prefers<S: TensorElement & Comparable>(_ a: S, to b: S) -> Bool { a < b || (a != a && b == b) }
}

@specialized(where S == Float, P == Largest)
@specialized(where S == Double, P == Largest)
@specialized(where S == Float, P == Smallest)
@specialized(where S == Double, P == Smallest)
@specialized(where S == Int64, P == Largest)
@specialized(where S == Int64, P == Smallest)
private func extremeLoop<S: TensorElement & Comparable, P: Order>(
  _ values: StridedArray<S>, _ positions: StridedArray<Int64>, _ x: StridedArray<S>, _ kept: Layout,
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
        (r + offsets[0])[i &* strides[0]] = Int64(position)
      }
    }
  }
}
