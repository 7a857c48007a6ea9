import Tensor
import Testing

@testable import NN

/// Neighbours that continue each other, on directions of which the nearest is known.
@Suite struct CoherentNeighbourTests {
  /// Directions in a plane, so far (1 − cos) from the first axis.
  private static func directions(_ distances: [Double]) -> Tensor<Float> {
    Tensor(
      distances.flatMap { far -> [Float] in [Float(1 - far), Float((1 - (1 - far) * (1 - far)).squareRoot())]
      },
      shape: [distances.count, 2])
  }

  /// What a plain picture of so many places is given, all of which ask for the first axis, of columns so far from it.
  private static func given(
    _ distances: [Double], tolerance: Float = 0.3, isColumn: Bool = false, kept: [Int]? = nil
  ) -> [Int] {
    let count = distances.count
    let grid = isColumn ? (height: count, width: 1) : (height: 1, width: count)
    let kept = kept ?? Array(0..<count)
    var layout = CoherentNeighbours.Layout()
    layout.append(grid, kept: kept)
    let queries = directions([Double](repeating: 0, count: count))
    let candidates = directions(kept.map { distances[$0] })
    let nearest = queries.nearestRows(in: candidates).positions.scalars.map(Int.init)
    return CoherentNeighbours(tolerance: tolerance, grid: grid, places: Array(0..<count)).positions(
      of: queries, in: candidates, layout, nearest: nearest)
  }

  @Test(
    "a plain part continues its neighbours while they are nearly as near, along rows and columns",
    arguments: [false, true])
  func continues(isColumn: Bool) {
    #expect(Self.given([0.10, 0.12, 0.125, 0.8], isColumn: isColumn) == [0, 1, 2, 0])
    #expect(Self.given([0.10, 0.12, 0.125, 0.8], tolerance: 0, isColumn: isColumn) == [0, 0, 0, 0])
    // What lies before the nearest is come to on the way back.
    #expect(Self.given([0.12, 0.125, 0.8, 0.10], isColumn: isColumn) == [3, 3, 3, 3])
    #expect(Self.given([0.8, 0.12, 0.125, 0.10], isColumn: isColumn) == [3, 1, 2, 3])
  }

  @Test("a column that was not drawn continues nothing")
  func gaps() {
    #expect(Self.given([0.10, 0.12, 0.125, 0.11], kept: [0, 2, 3]) == [0, 0, 0, 0])
  }

  @Test("what is given is never farther than the tolerance allows, and far more of it hangs together")
  func bounds() {
    var generator = RandomGenerator(seed: 1)
    let (rows, columns) = (12, 16)
    func smooth(_ seed: Int) -> Tensor<Float> {
      let noise = Tensor<Float>.uniform([1, 20, 4, 5], in: -1..<1, using: &generator)
      return noise.resampled(to: columns, axis: 3, method: .bilinear).resampled(
        to: rows, axis: 2, method: .bilinear
      ).pixelRows
    }
    let (queries, candidates) = (smooth(1), smooth(2))
    let found = queries.nearestRows(in: candidates)
    let nearest = found.positions.scalars.map(Int.init)
    var layout = CoherentNeighbours.Layout()
    layout.append((rows, columns), kept: Array(0..<rows * columns))
    let given = CoherentNeighbours(
      tolerance: 0.3, grid: (rows, columns), places: Array(0..<rows * columns)
    ).positions(of: queries, in: candidates, layout, nearest: nearest)
    func distance(_ place: Int, _ column: Int) -> Double {
      let (a, b) = (queries[place].scalars.map(Double.init), candidates[column].scalars.map(Double.init))
      func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
      return 1 - dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
    }
    func continued(_ given: [Int]) -> Int {
      given.indices.dropFirst().count { $0 % columns > 0 && given[$0] == given[$0 - 1] + 1 }
    }
    for place in given.indices {
      // In single precision.
      #expect(distance(place, given[place]) <= distance(place, nearest[place]) * 1.3 + 1e-5)
    }
    #expect(continued(given) > 2 * continued(nearest))
  }
}
