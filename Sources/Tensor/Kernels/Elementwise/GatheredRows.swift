// The loops that do every elementwise operation. They are compiled once for each scalar, and call the operation for
// neighbours alone: what does not lie side by side is gathered on the stack, computed there and scattered.

/// What the loops know of an array: where its elements lie. It keeps nothing alive, so that a call of a loop costs no
/// counting of references; the caller does, with ``keepAlive(_:_:)``.
struct Rows<S: TensorElement> {
  /// The start of the storage, from which the layout's offsets count.
  let start: UnsafeMutablePointer<S>
  let layout: Layout

  /// - Precondition: `Scalar` is `S`, or lies in memory as it does.
  @inline(__always)
  init<Scalar: TensorElement>(_ array: StridedArray<Scalar>) {
    start = array.storage.bytes.assumingMemoryBound(to: S.self)
    layout = array.layout
  }
}

/// Ends no array before here.
@inline(__always)
func keepAlive<Scalar: TensorScalar>(_ x: StridedArray<Scalar>, _ y: StridedArray<Scalar>) {
  withExtendedLifetime(x.storage) {}
  withExtendedLifetime(y.storage) {}
}

/// Ends no array before here.
@inline(__always)
func keepAlive<Scalar: TensorScalar>(
  _ x: StridedArray<Scalar>, _ y: StridedArray<Scalar>, _ z: StridedArray<Scalar>
) {
  keepAlive(x, y)
  withExtendedLifetime(z.storage) {}
}

/// Calls `apply` for the elements of `x`, of the result's shape, in rows of neighbours.
@inline(never)
func mapRows<S: TensorScalar>(
  _ result: Rows<S>, _ x: Rows<S>,
  _ apply: (_ x: UnsafePointer<S>, _ count: Int, _ y: UnsafeMutablePointer<S>) -> Void
) {
  let (r, p) = (result.start, x.start)
  forEachRow(of: result.layout, x.layout) { start, step, count in
    let (r, rs) = (r + start[0], step[0])
    let (p, ps) = (p + start[1], step[1])
    if rs == 1, ps == 1 { return apply(p, count, r) }
    withStackBlock { (block: UnsafeMutablePointer<S>, capacity) in
      for first in stride(from: 0, to: count, by: capacity) {
        let length = min(capacity, count - first)
        gather(p + first &* ps, ps, length, into: block)
        let target = rs == 1 ? r + first : block
        apply(block, length, target)
        if rs != 1 { scatter(block, length, into: r + first &* rs, rs) }
      }
    }
  }
}

/// Calls `apply` for the pairs of elements of `x` and `y`, which broadcast to the result's shape, in rows of neighbours,
/// with a step of 0 for a number that repeats. `result` may be `x`.
@inline(never)
func zipRows<S: TensorScalar>(
  _ result: Rows<S>, _ x: Rows<S>, _ y: Rows<S>,
  _ apply: (
    _ x: UnsafePointer<S>, _ xStep: Int, _ y: UnsafePointer<S>, _ yStep: Int, _ count: Int,
    _ z: UnsafeMutablePointer<S>
  ) -> Void
) {
  let (r, p, q) = (result.start, x.start, y.start)
  forEachRow(of: result.layout, x.layout, y.layout) { start, step, count in
    let (r, rs) = (r + start[0], step[0])
    let (p, ps) = (p + start[1], step[1])
    let (q, qs) = (q + start[2], step[2])
    if rs == 1, 0...1 ~= ps, 0...1 ~= qs { return apply(p, ps, q, qs, count, r) }
    withStackBlock { (block: UnsafeMutablePointer<S>, capacity) in
      withStackBlock { (other: UnsafeMutablePointer<S>, _) in
        for first in stride(from: 0, to: count, by: capacity) {
          let length = min(capacity, count - first)
          let a = neighbours(p + first &* ps, ps, length, gatheredIn: block)
          let b = neighbours(q + first &* qs, qs, length, gatheredIn: other)
          let target = rs == 1 ? r + first : block
          apply(a, ps == 0 ? 0 : 1, b, qs == 0 ? 0 : 1, length, target)
          if rs != 1 { scatter(block, length, into: r + first &* rs, rs) }
        }
      }
    }
  }
}

/// The elements themselves where they are neighbours or one that repeats, else copies in `block` that are.
@inline(__always)
private func neighbours<S>(
  _ p: UnsafeMutablePointer<S>, _ step: Int, _ count: Int, gatheredIn block: UnsafeMutablePointer<S>
) -> UnsafePointer<S> {
  if 0...1 ~= step { return UnsafePointer(p) }
  gather(p, step, count, into: block)
  return UnsafePointer(block)
}

@inline(__always)
private func gather<S>(
  _ p: UnsafeMutablePointer<S>, _ step: Int, _ count: Int, into block: UnsafeMutablePointer<S>
) {
  for i in 0..<count { block[i] = p[i &* step] }
}

@inline(__always)
private func scatter<S>(
  _ block: UnsafeMutablePointer<S>, _ count: Int, into r: UnsafeMutablePointer<S>, _ step: Int
) {
  for i in 0..<count { r[i &* step] = block[i] }
}

/// Calls `body` with memory for `capacity` elements: a kilobyte, beyond which it would not be on the stack.
@inline(__always)
private func withStackBlock<S>(
  _ body: (_ block: UnsafeMutablePointer<S>, _ capacity: Int) -> Void
) {
  let capacity = 1024 / MemoryLayout<S>.stride
  withUnsafeTemporaryAllocation(of: S.self, capacity: capacity) { body($0.baseAddress!, capacity) }
}
