import Tensor
import TestSupport
import Testing

@Suite struct NearestRowsTests {
  /// All cosines of rows, one by one in `Double`.
  private static func bruteForce(_ x: Tensor<Float>, _ y: Tensor<Float>) -> [[Double]] {
    func rows(_ x: Tensor<Float>) -> [[Double]] {
      (0..<x.shape[0]).map { x[$0].scalars.map(Double.init) }
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let candidates = rows(y)
    return rows(x).map { row in
      candidates.map { dot(row, $0) / (dot(row, row) * dot($0, $0)).squareRoot() }
    }
  }

  private static func drawn(_ shape: Shape, seed: UInt64) -> Tensor<Float> {
    var generator = RandomGenerator(seed: seed)
    return .normal(shape, mean: 0, standardDeviation: 1, using: &generator)
  }

  @Test(
    "nearestRows: finds what comparing every pair finds, over blocks that are whole and not",
    arguments: [(1, 1), (3, 1030), (130, 2), (257, 2049)])
  func bruteForce(_ m: Int, _ n: Int) {
    let (x, y) = (Self.drawn([m, 19], seed: 1), Self.drawn([n, 19], seed: 2))
    let found = x.nearestRows(in: y)
    let positions = found.positions.scalars
    for (row, cosines) in Self.bruteForce(x, y).enumerated() {
      let best = cosines.max()!
      // Products of 19 numbers in single precision are off by less; nearer ones are ties.
      #expect(cosines[Int(positions[row])] > best - 1e-6)
      #expect(abs(Double(found.cosines.scalars[row]) - best) < 1e-6)
    }
  }

  @Test("nearestRows: the bits do not depend on threads, nor on how the matrices lie in memory")
  func bits() {
    let (x, y) = (Self.drawn([300, 33], seed: 3), Self.drawn([1500, 33], seed: 4))
    let one = withThreadCount(1) { x.nearestRows(in: y) }
    let three = withThreadCount(3) { x.nearestRows(in: y) }
    #expect(one.positions.scalars == three.positions.scalars)
    #expect(one.cosines.scalars.map(\.bitPattern) == three.cosines.scalars.map(\.bitPattern))
    func turned(_ x: Tensor<Float>) -> Tensor<Float> {
      Tensor(x.transposed().scalars, shape: [x.shape[1], x.shape[0]]).transposed()
    }
    #expect(turned(x).nearestRows(in: turned(y)).positions.scalars == one.positions.scalars)
  }

  @Test("nearestRows: rows of zeros and with NaN come last")
  func odd() {
    let x = Tensor<Double>([1, 0, 0, 0, -1, 0], shape: [3, 2])
    let y = Tensor<Double>([.nan, 0, 0, 0, 2, 0], shape: [3, 2])
    let found = x.nearestRows(in: y)
    // Of zeros all cosines are 0, the first of which is taken; of [-1, 0] that with [0, 0] is the largest.
    #expect(found.positions.scalars == [2, 1, 1])
    #expect(found.cosines.scalars == [1, 0, 0])
    let nothing = x.nearestRows(in: Tensor([.nan, 1], shape: [1, 2]))
    #expect(nothing.positions.scalars == [0, 0, 0] && nothing.cosines.scalars.allSatisfy(\.isNaN))
  }
}
