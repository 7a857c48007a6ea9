/// A matrix whose rows each have their entries in one short run of columns, such as a resampling matrix.
final class BandMatrix: Sendable {
  let rowCount: Int
  let columnCount: Int
  /// The first column of each row's run.
  let starts: [Int]
  /// Where each row's run begins in `entries`; one more at the end.
  let bounds: [Int]
  let entries: [Double]

  /// About how many entries a row has.
  var typicalRunLength: Int { entries.count / max(rowCount, 1) + 1 }

  /// - Parameter rows: for each row the first column of its run and the entries there.
  init(columnCount: Int, rows: [(start: Int, entries: [Double])]) {
    rowCount = rows.count
    self.columnCount = columnCount
    starts = rows.map(\.start)
    var bounds = [0]
    for row in rows { bounds.append(bounds.last! + row.entries.count) }
    self.bounds = bounds
    entries = rows.flatMap(\.entries)
  }

  /// The transpose. The runs of `self` move to the right from row to row, so its columns are runs as well.
  func transposed() -> BandMatrix {
    var rows = [(start: Int, entries: [Double])](repeating: (0, []), count: columnCount)
    for row in 0..<rowCount {
      for (offset, entry) in entries[bounds[row]..<bounds[row + 1]].enumerated() {
        let column = starts[row] + offset
        if rows[column].entries.isEmpty { rows[column].start = row }
        // A row between that skips this column has the entry 0 there.
        let missing = row - rows[column].start - rows[column].entries.count
        rows[column].entries += Array(repeating: 0, count: missing) + [entry]
      }
    }
    return BandMatrix(columnCount: rowCount, rows: rows)
  }
}

extension Kernels {
  /// The product of `matrix` with `x` along `axis`: each line of `x` along it becomes `matrix` · line.
  static func bandProduct<Scalar: TensorScalar>(
    _ matrix: BandMatrix, _ x: StridedArray<Scalar>, axis: Int
  ) -> StridedArray<Scalar> {
    var shape = x.shape
    shape[axis] = matrix.rowCount
    let result = StridedArray<Scalar>(uninitialized: shape, strides: x.layout.denseStrides(for: shape))
    if result.count == 0 { return result }
    bandLoop(result, matrix, x, axis)
    return result
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func bandLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ matrix: BandMatrix, _ x: StridedArray<S>, _ axis: Int
) {
  var (target, source) = (result.layout, x.layout)
  let (rowStep, columnStep) = (target.strides[axis], source.strides[axis])
  // Without the axis, both views walk the same lines.
  (target.shape[axis], source.shape[axis]) = (1, 1)
  let loop = StridedLoop([target, source])
  let (rs, ps) = (loop.runStrides[0], loop.runStrides[1])
  let (r, p) = (storageStart(result), storageStart(x))
  let linesAreAdjacent = rs == 1 && ps == 1 && loop.runLength > 1
  let entries = matrix.entries.map { S($0) }
  withExtendedLifetime((result.storage, x.storage)) {
    entries.withUnsafeBufferPointer { entries in
      let entries = entries.baseAddress ?? UnsafePointer(r)
      if linesAreAdjacent {
        loop.forEachPartOfRun(matrix.rowCount, workOfPart: loop.runLength * matrix.typicalRunLength) {
          offsets, rows in
          let (r, p) = (r + offsets[0], p + offsets[1])
          for row in rows {
            let run = matrix.bounds[row]..<matrix.bounds[row + 1]
            combine(
              r + row * rowStep, p + matrix.starts[row] * columnStep, columnStep, entries + run.lowerBound,
              run.count, loop.runLength)
          }
        }
      } else {
        loop.forEachPartOfRun(loop.runLength, workOfPart: matrix.rowCount * matrix.typicalRunLength) {
          offsets, lines in
          for line in lines {
            let (r, p) = (r + offsets[0] + line * rs, p + offsets[1] + line * ps)
            for row in 0..<matrix.rowCount {
              let run = matrix.bounds[row]..<matrix.bounds[row + 1]
              r[row &* rowStep] = inner(
                p + matrix.starts[row] * columnStep, columnStep, entries + run.lowerBound, run.count)
            }
          }
        }
      }
    }
  }
}

/// target = Σ weights[i] · (the line at source + i · step), for lines of `length` adjacent elements.
@inline(__always)
private func combine<S: TensorScalar>(
  _ target: UnsafeMutablePointer<S>, _ source: UnsafePointer<S>, _ step: Int, _ weights: UnsafePointer<S>,
  _ count: Int, _ length: Int
) {
  if count == 0 { return target.update(repeating: 0, count: length) }
  for j in 0..<length { target[j] = weights[0] * source[j] }
  for i in 1..<max(count, 1) {
    let (weight, line) = (weights[i], source + i * step)
    for j in 0..<length { target[j] += weight * line[j] }
  }
}

/// Σ weights[i] · source[i · step].
@inline(__always)
private func inner<S: TensorScalar>(
  _ source: UnsafePointer<S>, _ step: Int, _ weights: UnsafePointer<S>, _ count: Int
) -> S {
  var (sum, i) = (S.zero, 0)
  if step == 1, count >= 8 {
    var sums = SIMD8<S>.zero
    while i + 8 <= count {
      let w = UnsafeRawPointer(weights + i).loadUnaligned(as: SIMD8<S>.self)
      let x = UnsafeRawPointer(source + i).loadUnaligned(as: SIMD8<S>.self)
      sums += w * x
      i += 8
    }
    sum = sums.sum()
  }
  while i < count {
    sum += weights[i] * source[i &* step]
    i += 1
  }
  return sum
}

extension StridedLoop {
  /// Calls `body` for every run with parts of `0..<partCount` that cover it, in parallel pieces of even work.
  @inline(__always)
  fileprivate func forEachPartOfRun(
    _ partCount: Int, workOfPart: Int, _ body: (_ offsets: UnsafePointer<Int>, _ parts: Range<Int>) -> Void
  ) {
    let grain = max(1, Kernels.elementGrain / max(workOfPart, 1))
    Parallel.forEachRange(runCount * partCount, grain: grain) { pieces in
      var next = pieces.lowerBound
      while next < pieces.upperBound {
        let run = next / partCount
        let end = min(pieces.upperBound, (run + 1) * partCount)
        forEachRun(in: run..<run + 1) { body($0, next - run * partCount..<end - run * partCount) }
        next = end
      }
    }
  }
}
