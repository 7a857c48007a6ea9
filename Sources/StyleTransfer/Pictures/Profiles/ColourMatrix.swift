/// A 3×3 matrix, row by row.
struct ColourMatrix: Equatable, Sendable {
  var rows: [[Double]]

  init(_ rows: [[Double]]) { self.rows = rows }

  init(columns: [[Double]]) { rows = (0..<3).map { row in columns.map { $0[row] } } }

  init(diagonal: [Double]) { rows = (0..<3).map { row in (0..<3).map { $0 == row ? diagonal[row] : 0 } } }

  static func * (a: ColourMatrix, b: ColourMatrix) -> ColourMatrix {
    ColourMatrix(
      a.rows.map { row in (0..<3).map { c in (0..<3).reduce(0) { $0 + row[$1] * b.rows[$1][c] } } })
  }

  static func * (a: ColourMatrix, b: [Double]) -> [Double] {
    a.rows.map { row in zip(row, b).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// The inverse; `nil` where there is none worth the name.
  var inverse: ColourMatrix? {
    func cofactor(_ r: Int, _ c: Int) -> Double {
      let (r1, r2, c1, c2) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3)
      return rows[r1][c1] * rows[r2][c2] - rows[r1][c2] * rows[r2][c1]
    }
    let determinant = (0..<3).reduce(0) { $0 + rows[0][$1] * cofactor(0, $1) }
    guard abs(determinant) > 1e-9 else { return nil }
    return ColourMatrix((0..<3).map { r in (0..<3).map { c in cofactor(c, r) / determinant } })
  }
}
