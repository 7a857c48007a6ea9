/// Pairs of elements at even steps, and where a result for each goes.
struct PairRow<S, R> {
  let r: UnsafeMutablePointer<R>
  let p: UnsafeMutablePointer<S>
  let q: UnsafeMutablePointer<S>
  let step: (r: Int, p: Int, q: Int)
  let count: Int
}

/// Walks a result and two arrays that broadcast to its shape in rows, in parallel pieces whose bounds depend on the layouts
/// alone; for operations that know their types.
@inline(__always)
func forEachPairRow<S: TensorElement, R: TensorElement>(
  _ result: Rows<R>, _ x: Rows<S>, _ y: Rows<S>, _ body: (PairRow<S, R>) -> Void
) {
  let (r, p, q) = (result.start, x.start, y.start)
  forEachRow(of: result.layout, x.layout, y.layout) { start, step, count in
    body(
      PairRow(
        r: r + start[0], p: p + start[1], q: q + start[2], step: (step[0], step[1], step[2]), count: count))
  }
}
