import Foundation
import Tensor
import TestSupport
import Testing

@testable import NN

/// The style loss that finds patches.
@Suite("Correspondence") struct CorrespondenceLossTests {
  private func features(_ shape: [Int], seed: Int, in range: ClosedRange<Double> = -1...2) -> Tensor<Double> {
    Tensor(DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: range), shape: shape)
  }

  /// L of the definition, by loops over all numbers of two pictures, and without W².
  private func definition(_ f: Tensor<Double>, _ s: Tensor<Double>) -> Double {
    let channels = f.shape[1]
    let side = min(7, f.shape[2], f.shape[3], s.shape[2], s.shape[3])
    let means = (0..<channels).map { s[0, $0].mean().scalar }
    func patches(_ x: Tensor<Double>) -> [[Double]] {
      let (height, width, values) = (x.shape[2], x.shape[3], x.scalars)
      return stride(from: 0, through: height - side, by: 3).flatMap { top in
        stride(from: 0, through: width - side, by: 3).map { left in
          (0..<channels).flatMap { channel in
            (0..<side).flatMap { row in
              (0..<side).map { values[(channel * height + top + row) * width + left + $0] - means[channel] }
            }
          }
        }
      }
    }
    func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let (p, q) = (patches(f), patches(s))
    let size = 2 * q.reduce(0) { $0 + product($1, $1) } / Double(q.count)
    var distances = p.map { a in
      q.map { b in
        let difference = zip(a, b).map { $0 - $1 }
        return product(difference, difference) / size
      }
    }
    func shares(_ row: [Double]) -> [Double] {
      let exponentials = row.map { exp(($0 - row.min()!) * -1 / (0.5 * (row.min()! + 1e-3))) }
      return exponentials.map { $0 / exponentials.reduce(0, +) }
    }
    let found = distances.map(shares)
    let uses = q.indices.map { j in found.reduce(0) { $0 + $1[j] } }
    for i in p.indices {
      for j in q.indices { distances[i][j] += 0.2 * Double(q.count) / Double(p.count) * uses[j] }
    }
    return -distances.reduce(0) { $0 + log(shares($1).max()!) } / Double(p.count) / log(Double(q.count))
  }

  @Test(
    "it is its formula, a quarter of it, and three quarters of W²",
    arguments: [[1, 2, 16, 13], [1, 2, 11, 6]])
  func formula(shape: [Int]) {
    let (f, s) = (features(shape, seed: 1), features([1, 2, 13, 14], seed: 2))
    let rest = 0.75 * StyleLoss(target: s, statistic: .wasserstein, normalization: .mean)(f).scalar
    let found = StyleLoss(target: s, statistic: .correspondence, normalization: .mean)(f).scalar
    let expected = definition(f, s)
    #expect(expected > 0.1 && abs(found - rest - expected / 4) < 1e-9)
    let relative = StyleLoss(target: s, statistic: .correspondence)(f).scalar
    let relativeRest = 0.75 * StyleLoss(target: s, statistic: .wasserstein)(f).scalar
    #expect(abs(relative - relativeRest - 10 * expected / 4) < 1e-8)
  }

  @Test("its derivatives are right, of a picture and of a tile")
  func derivatives() {
    for isPeriodic in [false, true] {
      let target = FeatureSums(features([1, 2, 10, 13], seed: 2), .init(features: true))
      let loss = CorrespondenceDistance(to: target, normalization: .relative, isPeriodic: isPeriodic)
        .turned(to: 2, seed: 7)
      let result = GradientCheck.check(at: features([1, 2, 13, 11], seed: 1)) {
        loss(FeatureSums($0, .init(features: true)))
      }
      #expect(result.passed && result.inputs[0].analytic != 0)
    }
  }

  @Test("of the style itself it is next to nothing, of noise and of zeros about its size")
  func sizes() {
    let s = features([1, 4, 19, 19], seed: 2)
    let loss = StyleLoss(target: s, statistic: .correspondence)
    let (own, noise) = (loss(s).scalar, loss(features([1, 4, 19, 19], seed: 5)).scalar)
    #expect(own < 0.01 * noise)
    #expect(noise < loss.zeroFeaturesLoss && loss.zeroFeaturesLoss > 9 && loss.zeroFeaturesLoss < 10.1)
    #expect(abs(loss(.zeros([1, 4, 19, 19])).scalar / loss.zeroFeaturesLoss - 1) < 1e-9)
  }

  @Test("what lies beside what counts: rearranged pixels, of the same statistics, are far from the style")
  func order() {
    let columns = (0..<19 * 19).map { Double($0 % 19 % 4 / 2) }
    let s = Tensor<Double>(columns, shape: [1, 1, 19, 19])
    let mixed = Tensor<Double>(
      DeterministicValues(seed: 3).uniform(361, in: 0...1).enumerated().sorted { $0.element < $1.element }
        .map { columns[$0.offset] }, shape: [1, 1, 19, 19])
    let loss = StyleLoss(target: s, statistic: .correspondence, normalization: .mean)
    #expect(StyleLoss(target: s, statistic: .wasserstein)(mixed).scalar < 1e-6)
    // The same columns from another one on are as near as the style itself, which has the same patch several times.
    let moved = Tensor<Double>((0..<361).map { Double(($0 % 19 + 1) % 4 / 2) }, shape: [1, 1, 19, 19])
    #expect(abs(loss(moved).scalar - loss(s).scalar) < 0.025)
    #expect(loss(mixed).scalar > loss(moved).scalar + 0.05)
  }

  @Test("found too often, a patch is worth less: one thing again and again is farther than many")
  func occurrences() {
    // A style of two halves, each with its own pattern, and pictures of one of them and of both.
    func picture(_ pattern: (Int, Int) -> Double) -> Tensor<Double> {
      Tensor((0..<400).map { pattern($0 / 20, $0 % 20) }, shape: [1, 1, 20, 20])
    }
    let style = picture { row, column in row < 10 ? Double(column % 2) : Double(row % 2) }
    let target = FeatureSums(style, .init(features: true))
    let loss = CorrespondenceDistance(to: target, normalization: .mean, isPeriodic: false)
    func value(_ x: Tensor<Double>) -> Double {
      // W² is blind to order, and alike.
      loss(FeatureSums(x, .init(features: true))).scalar
    }
    let one = picture { _, column in Double(column % 2) }
    let both = picture { row, column in row < 10 ? Double(row % 2) : Double(column % 2) }
    #expect(value(one) > value(both) + 0.005)
  }

  @Test("a tile's patches go over its edges, and it may begin anywhere")
  func tiles() {
    let target = FeatureSums(features([1, 2, 15, 15], seed: 2), .init(features: true))
    let tile = features([1, 2, 12, 12], seed: 3)
    func value(_ x: Tensor<Double>, _ isPeriodic: Bool) -> Double {
      CorrespondenceDistance(to: target, normalization: .mean, isPeriodic: isPeriodic)(
        FeatureSums(x, .init(features: true))
      ).scalar
    }
    // By whole steps between patches, so that they are the same ones.
    let rolled = tile.rolled(by: 3, axis: 2).rolled(by: 6, axis: 3)
    #expect(abs(value(tile, true) - value(rolled, true)) < 1e-9)
    #expect(abs(value(tile, false) - value(rolled, false)) > 1e-5)
  }

  @Test("patches of large pictures lie farther apart, and are about two thousand at most")
  func grid() {
    let near = PatchGrid(128, 128, and: 64, 64)
    #expect(
      near.side == 7 && near.step == 3 && near.count(128, 128) == 41 * 41 && near.count(64, 64) == 20 * 20)
    let far = PatchGrid(512, 512, and: 100, 5)
    #expect(far.side == 5 && far.step == 12 && far.count(512, 512) <= 2048)
  }
}
