/// A ``Reduction`` compiled for one scalar: what the walks over an array call, so that they are compiled once for all
/// reductions.
struct ReductionKernel<S: TensorScalar>: Sendable {
  typealias Elements = UnsafePointer<S>
  typealias Totals = UnsafeMutablePointer<Double>

  /// The total of no numbers.
  let identity: Double
  /// The total of two totals.
  let combine: @Sendable (Double, Double) -> Double
  /// The total of `count` numbers that lie `stride` apart.
  let run: @Sendable (_ p: Elements, _ count: Int, _ stride: Int) -> Double
  /// The finished results of `outputs` such runs, which begin `step` apart; the results lie `resultStep` apart.
  let finishedRuns:
    @Sendable (
      _ p: Elements, _ count: Int, _ stride: Int, _ outputs: Int, _ step: Int,
      _ r: UnsafeMutablePointer<S>, _ resultStep: Int
    ) -> Void
  /// Sets `count` totals to those of no numbers.
  let clear: @Sendable (_ tile: Totals, _ count: Int) -> Void
  /// Combines each of `count` totals with the number in its place of a row.
  let accumulate: @Sendable (_ tile: Totals, _ count: Int, _ p: Elements, _ stride: Int) -> Void
  /// The same for `rows` rows of neighbours that begin `step` apart, if there is a kernel for that.
  let accumulateRows:
    @Sendable (_ tile: Totals, _ count: Int, _ p: Elements, _ rows: Int, _ step: Int) -> Bool
  /// Combines each of `count` totals with the one in its place of others.
  let merge: @Sendable (_ tile: Totals, _ count: Int, _ others: UnsafePointer<Double>) -> Void
  /// The total of `count` totals that lie `stride` apart, combined in a tree.
  let tree: @Sendable (_ partials: UnsafePointer<Double>, _ count: Int, _ stride: Int) -> Double
  /// Writes the results of `count` totals at steps of `stride`.
  let finish:
    @Sendable (_ totals: UnsafePointer<Double>, _ count: Int, _ r: UnsafeMutablePointer<S>, _ stride: Int)
      -> Void

  init<R: Reduction>(_: R.Type) {
    identity = R.identity
    combine = { R.combine($0, $1) }
    run = { R.run($0, $1, stride: $2) }
    finishedRuns = { p, count, stride, outputs, step, r, resultStep in
      for i in 0..<outputs {
        r[i &* resultStep] = S(R.finish(R.run(p + i &* step, count, stride: stride)))
      }
    }
    clear = { tile, count in
      for i in 0..<count { tile[i] = R.identity }
    }
    accumulate = { tile, count, p, stride in
      if stride == 1 {
        for i in 0..<count { tile[i] = R.combine(tile[i], R.value(Double(p[i]))) }
      } else {
        for i in 0..<count { tile[i] = R.combine(tile[i], R.value(Double(p[i &* stride]))) }
      }
    }
    accumulateRows = { tile, count, p, rows, step in
      guard let kernel = R.rowsKernel(Processor.best.elements(S.self)) else { return false }
      kernel(p, rows, step, count, tile)
      return true
    }
    merge = { tile, count, others in
      for i in 0..<count { tile[i] = R.combine(tile[i], others[i]) }
    }
    tree = { R.tree($0, $1, stride: $2) }
    finish = { totals, count, r, stride in
      for i in 0..<count { r[i &* stride] = S(R.finish(totals[i])) }
    }
  }
}
