/// What is asked of every pair of elements.
enum Relation { case less, lessOrEqual, equal, notEqual }

/// What becomes of every pair of truth values.
enum Connective { case and, or, exclusiveOr }

// These loops give a byte for each element, 1 or 0, which is how `Bool` lies in memory.

extension Kernels {
  /// Whether `relation` holds of every pair of elements after broadcasting; the caller has checked that the shapes agree,
  /// and that the elements have an order where it is asked for.
  static func compare<Scalar: TensorElement>(
    _ x: StridedArray<Scalar>, _ y: StridedArray<Scalar>, shape: Shape, _ relation: Relation
  ) -> StridedArray<Bool> {
    let strides = Layout.elementwiseStrides(for: shape, x.layout, y.layout)
    let result = StridedArray<Bool>(uninitialized: shape, strides: strides)
    switch Scalar.storedType {
    case .bool, .uint8: compareLoop(Rows<UInt8>(result), Rows<UInt8>(x), Rows(y), relation)
    case .int32: compareLoop(Rows<UInt8>(result), Rows<Int32>(x), Rows(y), relation)
    case .int64: compareLoop(Rows<UInt8>(result), Rows<Int64>(x), Rows(y), relation)
    case .float32: compareLoop(Rows<UInt8>(result), Rows<Float>(x), Rows(y), relation)
    case .float64: compareLoop(Rows<UInt8>(result), Rows<Double>(x), Rows(y), relation)
    default:
      // Half precision has no loops of its own.
      return compare(convert(x, to: Float.self), convert(y, to: Float.self), shape: shape, relation)
    }
    withExtendedLifetime((result.storage, x.storage, y.storage)) {}
    return result
  }

  /// `connective` of every pair of truth values after broadcasting; the caller has checked that the shapes agree.
  static func connect(
    _ x: StridedArray<Bool>, _ y: StridedArray<Bool>, shape: Shape, _ connective: Connective
  ) -> StridedArray<Bool> {
    let strides = Layout.elementwiseStrides(for: shape, x.layout, y.layout)
    let result = StridedArray<Bool>(uninitialized: shape, strides: strides)
    connectLoop(Rows(result), Rows(x), Rows(y), connective)
    withExtendedLifetime((result.storage, x.storage, y.storage)) {}
    return result
  }

  /// The element of `x` where `mask` is true and else that of `y`, after broadcasting; the caller has checked that the
  /// shapes agree. Elements are moved, so that their width is all that matters.
  static func select<Scalar: TensorElement>(
    _ mask: StridedArray<Bool>, _ x: StridedArray<Scalar>, _ y: StridedArray<Scalar>, shape: Shape
  ) -> StridedArray<Scalar> {
    let strides = Layout.elementwiseStrides(for: shape, x.layout, y.layout, mask.layout)
    let result = StridedArray<Scalar>(uninitialized: shape, strides: strides)
    switch MemoryLayout<Scalar>.size {
    case 1: selectLoop(Rows<UInt8>(result), Rows(mask), Rows(x), Rows(y))
    case 2: selectLoop(Rows<BFloat16>(result), Rows(mask), Rows(x), Rows(y))
    case 4: selectLoop(Rows<Float>(result), Rows(mask), Rows(x), Rows(y))
    default: selectLoop(Rows<Double>(result), Rows(mask), Rows(x), Rows(y))
    }
    withExtendedLifetime((result.storage, mask.storage, x.storage, y.storage)) {}
    return result
  }
}

private func compareLoop<S: TensorElement & Comparable>(
  _ result: Rows<UInt8>, _ x: Rows<S>, _ y: Rows<S>, _ relation: Relation
) {
  forEachPairRow(result, x, y) { row in
    switch relation {
    case .less: row.set { $0 < $1 }
    case .lessOrEqual: row.set { $0 <= $1 }
    case .equal: row.set { $0 == $1 }
    case .notEqual: row.set { $0 != $1 }
    }
  }
}

private func connectLoop(
  _ result: Rows<UInt8>, _ x: Rows<UInt8>, _ y: Rows<UInt8>, _ connective: Connective
) {
  forEachPairRow(result, x, y) { row in
    switch connective {
    case .and: row.set { $0 & $1 != 0 }
    case .or: row.set { $0 | $1 != 0 }
    case .exclusiveOr: row.set { $0 != $1 }
    }
  }
}

extension PairRow where R == UInt8 {
  /// Sets the byte of each pair to 1 where `isTrue` of it, and else to 0.
  @inline(__always)
  fileprivate func set(_ isTrue: (S, S) -> Bool) {
    // A step that is known makes a loop of vectors.
    if step.r == 1, step.p == 1, step.q == 1 {
      for i in 0..<count { r[i] = isTrue(p[i], q[i]) ? 1 : 0 }
    } else if step.r == 1, step.p == 1, step.q == 0 {
      let b = q[0]
      for i in 0..<count { r[i] = isTrue(p[i], b) ? 1 : 0 }
    } else if step.r == 1, step.p == 0, step.q == 1 {
      let a = p[0]
      for i in 0..<count { r[i] = isTrue(a, q[i]) ? 1 : 0 }
    } else {
      for i in 0..<count { r[i &* step.r] = isTrue(p[i &* step.p], q[i &* step.q]) ? 1 : 0 }
    }
  }
}

private func selectLoop<S: TensorElement>(
  _ result: Rows<S>, _ mask: Rows<UInt8>, _ x: Rows<S>, _ y: Rows<S>
) {
  let (r, m, p, q) = (result.start, mask.start, x.start, y.start)
  forEachRow(of: result.layout, mask.layout, x.layout, y.layout) { start, step, count in
    let (r, rs) = (r + start[0], step[0])
    let (m, ms) = (m + start[1], step[1])
    let (p, ps) = (p + start[2], step[2])
    let (q, qs) = (q + start[3], step[3])
    guard rs == 1, ms == 1, ps == 1 || ps == 0, qs == 1 || qs == 0 else {
      for i in 0..<count { r[i &* rs] = m[i &* ms] != 0 ? p[i &* ps] : q[i &* qs] }
      return
    }
    // Both are read, so that the choice is one of numbers and not of ways.
    if ps == 1, qs == 1 {
      for i in 0..<count {
        let (a, b) = (p[i], q[i])
        r[i] = m[i] != 0 ? a : b
      }
    } else if ps == 1 {
      let b = q[0]
      for i in 0..<count {
        let a = p[i]
        r[i] = m[i] != 0 ? a : b
      }
    } else {
      let a = p[0]
      for i in 0..<count {
        let b = q[i &* qs]
        r[i] = m[i] != 0 ? a : b
      }
    }
  }
}
