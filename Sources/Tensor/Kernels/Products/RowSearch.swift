extension Kernels {
  /// How many rows of both matrices are multiplied at once at most: candidates are packed anew for each block of queries, and
  /// the products stay in a cache.
  private static let (queriesAtOnce, candidatesAtOnce) = (512, 512)
  /// Few queries are cut into this many pieces, of no fewer rows than this.
  private static let (pieces, shortestPiece) = (8, 32)

  /// The row of `y` with the largest cosine for each row of `x`, and that cosine.
  ///
  /// A block of queries is a piece of parallel work, which goes through all candidates in order. A product is summed in an
  /// order that depends on the sizes alone, so that no bit depends on the threads.
  static func nearestRows<Scalar: TensorScalar>(
    _ x: StridedArray<Scalar>, in y: StridedArray<Scalar>
  ) -> (positions: StridedArray<Int64>, cosines: StridedArray<Scalar>) {
    let (x, y) = (x.withBLASMatrices(), y.withBLASMatrices())
    let (m, n, depth) = (x.shape[0], y.shape[0], x.shape[1])
    let positions = StridedArray<Int64>(uninitialized: [m])
    let cosines = StridedArray<Scalar>(uninitialized: [m])
    let (inverse, own) = (inverseLengths(ofRowsOf: y), inverseLengths(ofRowsOf: x))
    let (queries, candidates) = (x.matrix, y.matrix)
    var turned = candidates
    turned.isTransposed.toggle()
    withExtendedLifetime((x.storage, y.storage, positions.storage, cosines.storage)) {
      inverse.withUnsafeBufferPointer { inverse in
        let grain = max(shortestPiece, min(queriesAtOnce, (m + pieces - 1) / pieces))
        Parallel.forEachRange(m, grain: grain) { rows in
          let (width, count) = (min(candidatesAtOnce, n), rows.count)
          let (best, places) = (cosines.pointer + rows.lowerBound, positions.pointer + rows.lowerBound)
          for row in 0..<count { (best[row], places[row]) = (-.infinity, -1) }
          Workspace.shared.withElements(count * width, of: Scalar.self) { products in
            for first in stride(from: 0, to: n, by: width) {
              let columns = min(width, n - first)
              if depth == 0 {
                for place in 0..<count * width { products[place] = 0 }
              } else {
                gemm(
                  count, columns, depth, queries.from(rows.lowerBound, 0), turned.from(0, first), products,
                  leadingDimension: width)
              }
              for row in 0..<count {
                takeLargest(
                  products + row * width, inverse.baseAddress! + first, columns, first, &best[row],
                  &places[row])
              }
            }
          }
          for row in 0..<count {
            if places[row] < 0 {
              // Nothing had a cosine.
              (places[row], best[row]) = (0, .nan)
            } else {
              best[row] = min(1, max(-1, best[row] * own[rows.lowerBound + row]))
            }
          }
        }
      }
    }
    return (positions, cosines)
  }

  /// 1/‖row‖ of each row of a matrix, 0 of a row of zeros; summed in `Double`.
  private static func inverseLengths<Scalar: TensorScalar>(ofRowsOf x: StridedArray<Scalar>) -> [Scalar] {
    let (rows, columns, matrix) = (x.shape[0], x.shape[1], x.matrix)
    return [Scalar](unsafeUninitializedCapacity: rows) { lengths, count in
      let start = lengths.baseAddress
      Parallel.forEachRange(rows, grain: max(1, elementGrain / max(columns, 1))) { range in
        for row in range {
          let square = sumOfSquares(matrix.start + row * matrix.rowStep, columns, matrix.columnStep)
          (start! + row).initialize(to: square == 0 ? 0 : Scalar(1 / square.squareRoot()))
        }
      }
      count = rows
    }
  }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func sumOfSquares<Scalar: TensorScalar>(_ x: UnsafePointer<Scalar>, _ count: Int, _ step: Int)
  -> Double
{
  var sum = 0.0
  for i in 0..<count {
    let value = Double(x[i &* step])
    sum += value * value
  }
  return sum
}

/// Goes on with the largest of products times what they are scaled by, and where it is.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func takeLargest<Scalar: TensorScalar>(
  _ products: UnsafePointer<Scalar>, _ scales: UnsafePointer<Scalar>, _ count: Int, _ first: Int,
  _ best: inout Scalar, _ place: inout Int64
) {
  var (largest, position) = (best, place)
  for i in 0..<count {
    let value = products[i] * scales[i]
    if value > largest { (largest, position) = (value, Int64(first &+ i)) }
  }
  (best, place) = (largest, position)
}
