import Foundation
import Tensor
import TestSupport
import Testing

@testable import NN

/// The style loss that compares whole distributions.
@Suite("Sliced Wasserstein") struct SlicedLossTests {
  private func features(_ shape: [Int], seed: Int, in range: ClosedRange<Double> = -1...2) -> Tensor<Double> {
    Tensor(DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: range), shape: shape)
  }

  /// ∫ (P⁻¹(u) − Q⁻¹(u))² du of two lists of numbers, by all of their steps.
  private func distance(_ p: [Double], _ q: [Double]) -> Double {
    let (a, b) = (p.sorted(), q.sorted())
    let steps = a.count * b.count
    return (0..<steps).reduce(0.0) { sum, step in
      let difference = a[step / b.count] - b[step / a.count]
      return sum + difference * difference
    } / Double(steps)
  }

  @Test("of one channel it is the distance of the sorted numbers, whatever the seed and the turn")
  func oneChannel() {
    let (f, s) = (features([1, 1, 4, 5], seed: 1), features([1, 1, 4, 5], seed: 2))
    let loss = StyleLoss(target: s, statistic: .sliced, normalization: .mean)
    let expected = distance(f.scalars, s.scalars)
    #expect(abs(loss(f).scalar / expected - 1) < 1e-12)
    #expect(abs(loss.turned(to: 3, seed: 9)(f).scalar / expected - 1) < 1e-12)
  }

  @Test("a style of another number of pixels is compared by its quantiles' means")
  func otherSize() {
    let (f, s) = (features([1, 1, 2, 3], seed: 1), features([1, 1, 2, 2], seed: 2))
    let loss = StyleLoss(target: s, statistic: .sliced, normalization: .mean)
    // Quantiles of 4 over sixths are means over 12 steps: two of each number, three of each of the style's.
    let fine: [Double] = s.scalars.sorted().flatMap { [$0, $0, $0] }
    let means: [Double] = (0..<6).map { (part: Int) -> Double in 0.5 * (fine[2 * part] + fine[2 * part + 1]) }
    #expect(abs(loss(f).scalar / distance(f.scalars, means) - 1) < 1e-12)
    // The exact distance is that and what no picture can change.
    let rest = distance(f.scalars, s.scalars) - distance(f.scalars, means)
    let other = features([1, 1, 2, 3], seed: 7)
    #expect(abs(distance(other.scalars, s.scalars) - loss(other).scalar - rest) < 1e-12)
    #expect(rest > 1e-3)
  }

  @Test("independent of the directions it is Δμ² where distributions differ by their means alone")
  func shift() {
    let s = features([1, 5, 6, 6], seed: 2)
    let shift = Tensor<Double>([1, -2, 0.5, 0, 3], shape: [1, 5, 1, 1])
    let loss = StyleLoss(target: s, statistic: .sliced, normalization: .mean)
    for turn in [0, 1, 2] {
      let found = loss.turned(to: turn, seed: 4)(s + shift).scalar
      // Orthogonal directions see all of the shift's length, over 5 channels.
      #expect(abs(found - (1 + 4 + 0.25 + 9) / 5) < 1e-9)
    }
  }

  @Test("it tells apart what means and covariances do not")
  func beyondMoments() {
    // Of mean 0 and variance 1 both: two points, and a ramp.
    let count = 64
    let points = Tensor<Double>((0..<count).map { $0 % 2 == 0 ? -1.0 : 1 }, shape: [1, 1, 8, 8])
    let step = (12.0 / Double(count * count - 1)).squareRoot()
    let ramp = Tensor<Double>((0..<count).map { (Double($0) - 31.5) * step }, shape: [1, 1, 8, 8])
    let moments = StyleLoss(target: points, statistic: .wasserstein)
    let sliced = StyleLoss(target: points, statistic: .sliced)
    #expect(abs(moments(ramp).scalar) < 1e-3)
    #expect(sliced(ramp).scalar > 0.1)
  }

  @Test(
    "turns and seeds have directions, or places, of their own, the same each time and on any number of threads",
    arguments: [StyleStatistic.sliced, .correspondence])
  func turns(_ statistic: StyleStatistic) {
    let (f, s) = (
      Tensor<Float>(features([1, 32, 26, 27], seed: 1)), Tensor<Float>(features([1, 32, 24, 24], seed: 2))
    )
    func value(_ turn: Int, _ seed: UInt64, threads: Int = 1) -> Float {
      withThreadCount(threads) {
        StyleLoss(target: s, statistic: statistic).turned(to: turn, seed: seed)(f).scalar
      }
    }
    #expect(value(0, 0) == StyleLoss(target: s, statistic: statistic)(f).scalar)
    #expect(value(1, 5) == value(1, 5, threads: 3))
    #expect(Set((0..<9).map { value($0, 5) }).count > 3 && Set((0..<9).map { value(1, $0) }).count > 3)
  }

  @Test("weighted pixels, and strips, are refused")
  func refusals() async {
    let weighted = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = StyleLoss(
        target: .ones([1, 2, 3, 3]), statistic: .sliced, weights: Tensor<Float>.ones([1, 1, 3, 3]))
    }
    let output = String(decoding: weighted?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains("StyleLoss: sliced knows no weighted pixels; use another statistic"))
    let negative = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = StyleLoss(target: Tensor<Float>.ones([1, 2, 3, 3]), statistic: .sliced).turned(to: -1)
    }
    let words = String(decoding: negative?.standardErrorContent ?? [], as: UTF8.self)
    #expect(words.contains("turn -1 is negative"))
  }

  @Test("an objective's layers see along their own directions, and its gradient is the slope")
  func objective() throws {
    let objective = try StyleTransferObjective(
      network: Fixture.network(), content: nil, styles: [.init(Fixture.picture("style"))],
      weights: .init(content: 0, style: 1), statistic: .sliced)
    let image = try Fixture.picture("image")
    let (value, gradient, terms) = try objective.valueWithGradient(at: image)
    #expect(terms.styleLayers.count == 4 && terms.styleLayers.allSatisfy { $0.value > 0 })
    let turned = try objective.turned(to: 1, seed: 3).valueWithGradient(at: image)
    #expect(turned.value.scalar != value.scalar)
    // Another draw of directions, not another loss.
    #expect(abs(turned.value.scalar / value.scalar - 1) < 0.5)
    let length = norm(gradient)
    let step = Float(1e-2 / length)
    let (ahead, behind) = (
      try objective.valueWithGradient(at: image - gradient * step).value.scalar,
      try objective.valueWithGradient(at: image + gradient * step).value.scalar
    )
    // Of a step of 1e-2 against the gradient, in single precision.
    #expect(abs(Double(behind - ahead) / (2e-2 * length) - 1) < 0.02)
  }
}
