import Tensor

/// Neighbours that continue each other, as the places do that they were found for (Ashikhmin, Synthesizing Natural Textures,
/// 2001, calls that coherence).
///
/// Of a plain part of a picture all places have the same nearest column: nearly half of a photograph's can find a single
/// one, and what is painted like one column over and over is a grid of dots. So a place takes what lies beside the column of
/// a place beside it, where that is nearly as similar as its nearest one; a plain part gets a piece of the painting, with its
/// strokes, and an edge, to which little is similar, keeps what is nearest.
struct CoherentNeighbours {
  /// Where on the grids of styles the columns are in which neighbours are found.
  struct Layout {
    private var grids: [(height: Int, width: Int, columns: [Int32])] = []
    /// The grid of each column, and its place in it.
    private var places: [(grid: Int32, place: Int32)] = []

    /// Adds the places of a grid whose columns come next, ascending.
    mutating func append(_ grid: (height: Int, width: Int), kept: [Int]) {
      var columns = [Int32](repeating: -1, count: grid.height * grid.width)
      for place in kept {
        columns[place] = Int32(places.count)
        places.append((Int32(grids.count), Int32(place)))
      }
      grids.append((grid.height, grid.width, columns))
    }

    /// The column so many rows below another and so many columns to the right of it; `nil` where none is.
    func column(below rows: Int, right columns: Int, of column: Int) -> Int? {
      let grid = grids[Int(places[column].grid)]
      let place = Int(places[column].place)
      let (row, column) = (place / grid.width + rows, place % grid.width + columns)
      guard (0..<grid.height).contains(row), (0..<grid.width).contains(column) else { return nil }
      let found = grid.columns[row * grid.width + column]
      return found < 0 ? nil : Int(found)
    }
  }

  /// How much farther than the nearest column one may be that continues another: by this part of the nearest's 1 − cos.
  let tolerance: Float
  /// The grid that is asked for, and which of its places ask, ascending.
  let grid: (height: Int, width: Int)
  let places: [Int]

  /// For each place the column that it is given.
  ///
  /// Places are gone through from the first to the last, beside what has been given to those before, and then back.
  ///
  /// - Parameters:
  ///   - queries: What the places ask for, less its mean, [n, C].
  ///   - candidates: What is found, less its mean, [N, C].
  ///   - nearest: The column that is the nearest to each place.
  func positions(
    of queries: Tensor<Float>, in candidates: Tensor<Float>, _ layout: Layout, nearest: [Int]
  ) -> [Int] {
    guard tolerance > 0 else { return nearest }
    let count = queries.shape[1]
    let (own, offered) = (queries.inverseRowNorms, candidates.inverseRowNorms)
    // The number of each place among those that ask.
    var asking = [Int32](repeating: -1, count: grid.height * grid.width)
    for (number, place) in places.enumerated() { asking[place] = Int32(number) }
    var given = nearest
    queries.withUnsafeScalars { queries in
      candidates.withUnsafeScalars { candidates in
        func distance(_ number: Int, _ column: Int) -> Float {
          let product = dot(
            queries.baseAddress! + number * count, candidates.baseAddress! + column * count, count)
          return 1 - product * own[number] * offered[column]
        }
        func give(_ number: Int, beside steps: [(rows: Int, columns: Int)]) {
          let (row, column) = (places[number] / grid.width, places[number] % grid.width)
          var best = nearest[number]
          var least = distance(number, best) * (1 + tolerance)
          for step in steps {
            let (row, column) = (row + step.rows, column + step.columns)
            guard (0..<grid.height).contains(row), (0..<grid.width).contains(column) else { continue }
            let other = Int(asking[row * grid.width + column])
            guard other >= 0,
              let next = layout.column(below: -step.rows, right: -step.columns, of: given[other])
            else { continue }
            let far = distance(number, next)
            if far <= least { (best, least) = (next, far) }
          }
          given[number] = best
        }
        for number in places.indices { give(number, beside: [(-1, 0), (0, -1)]) }
        for number in places.indices.reversed() { give(number, beside: [(1, 0), (0, 1), (-1, 0), (0, -1)]) }
      }
    }
    return given
  }
}

/// Σ aᵢ bᵢ, by sixteen sums in an order that is always the same.
private func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
  var sums = SIMD16<Float>.zero
  let whole = count / 16 * 16
  for index in stride(from: 0, to: whole, by: 16) {
    let x = UnsafeRawPointer(a + index).loadUnaligned(as: SIMD16<Float>.self)
    let y = UnsafeRawPointer(b + index).loadUnaligned(as: SIMD16<Float>.self)
    sums += x * y
  }
  var sum = sums.sum()
  for index in whole..<count { sum += a[index] * b[index] }
  return sum
}

extension Tensor<Float> {
  /// One by the length of each row; of rows of zeros a large number, by which their products stay 0.
  fileprivate var inverseRowNorms: [Float] { (square().sum(axes: [1]) + 1e-24).sqrt().scalars.map { 1 / $0 } }
}
