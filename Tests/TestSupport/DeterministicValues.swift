import Tensor

/// Numbers that look random and are the same here and in `Tests/Fixtures/deterministic.py`, so that a fixture
/// needs to hold results alone.
public struct DeterministicValues: Sendable {
  private let seed: UInt32

  /// Different seeds give unrelated sequences.
  public init(seed: Int) { self.seed = UInt32(truncatingIfNeeded: seed) }

  /// `count` numbers spread evenly over `range`, drawn independently.
  public func uniform(_ count: Int, in range: ClosedRange<Double>) -> [Double] {
    (0..<count).map { index in
      let unit = (Double(hash(index)) + 0.5) / 4_294_967_296
      return range.lowerBound + (range.upperBound - range.lowerBound) * unit
    }
  }

  /// `count` numbers whose distance from 0 lies in `magnitudes`, with both signs.
  public func awayFromZero(_ count: Int, in magnitudes: ClosedRange<Double>) -> [Double] {
    zip(uniform(count, in: magnitudes), 0..<count).map { hash($1) & 1 == 0 ? $0 : -$0 }
  }

  /// `count` evenly spaced numbers of `range` in shuffled order: no two are closer than the range over `count`.
  public func spread(_ count: Int, in range: ClosedRange<Double>) -> [Double] {
    let order = (0..<count).sorted { hash($0) < hash($1) }
    var values = [Double](repeating: 0, count: count)
    for (place, index) in order.enumerated() {
      let unit = (Double(place) + 0.5) / Double(count)
      values[index] = range.lowerBound + (range.upperBound - range.lowerBound) * unit
    }
    return values
  }

  private func hash(_ index: Int) -> UInt32 {
    var h = (UInt32(truncatingIfNeeded: index) &+ 1 &+ 7919 &* seed) &* 2_654_435_761
    h ^= h >> 15
    h = h &* 2_246_822_519
    h ^= h >> 13
    h = h &* 3_266_489_917
    return h ^ (h >> 16)
  }
}
