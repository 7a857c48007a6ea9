import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite("Concurrent graphs")
struct ConcurrentGraphTests {
  private static let threadCount = 8

  @Test("separate graphs are differentiated from 8 threads at once, each as if it were alone")
  func separateGraphs() {
    let models = (0..<Self.threadCount).map(Model.init)
    let expected = models.map { $0.step() }
    for _ in 0..<4 {
      let found = Self.onThreads { models[$0].step() }
      #expect(found == expected)
    }
  }

  @Test("8 threads may share what no graph remembers: pictures, filters and what is derived from them")
  func sharedValues() {
    // New filters each time, so that their transforms are made while others ask for them.
    for seed in 0..<4 {
      let shared = Model(seed)
      let found = Self.onThreads { _ in shared.step() }
      #expect(Set(found).count == 1)
      #expect(found[0] == Model(seed).step())
    }
  }

  @Test("a graph that one thread made is used up and released on another")
  func handedOver() {
    let totals = Self.onThreads { index in
      let x = Tensor<Double>(repeating: Double(index + 1), shape: [100]).tracked()
      var y = x
      for _ in 0..<1_000 { y = y * 0.999 + x * 0.001 }
      return (x, y.sum())
    }
    let slopes = Self.onThreads { index in
      let (x, total) = totals[(index + 3) % Self.threadCount]
      return gradient(of: total, withRespectTo: [x])[0].scalars
    }
    #expect(Set(slopes).count == 1)
    // d/dx of 0.999ⁿ·x + (1 − 0.999ⁿ)·x.
    #expect(slopes[0].allSatisfy { abs($0 - 1) < 1e-12 })
  }

  /// What `body` gives for each index, all run at once on threads of their own.
  private static func onThreads<Result: Sendable>(
    _ body: @escaping @Sendable (Int) -> Result
  ) -> [Result] {
    let results = Results<Result>(threadCount)
    let group = DispatchGroup()
    for index in 0..<threadCount {
      group.enter()
      Thread {
        let result = body(index)
        results.values.withLock { $0[index] = result }
        group.leave()
      }.start()
    }
    group.wait()
    return results.values.withLock { $0.map { $0! } }
  }

  private final class Results<Value: Sendable>: Sendable {
    let values: Guarded<[Value?]>

    init(_ count: Int) { values = Guarded([Value?](repeating: nil, count: count)) }
  }
}

/// A small network of frozen and of varied weights, with factorisations and second derivatives.
private struct Model: Sendable {
  let picture: Tensor<Float>
  let filter: Tensor<Float>
  let weights: Tensor<Float>
  let matrix: Tensor<Double>

  init(_ seed: Int) {
    func draw(_ offset: Int, _ shape: Shape) -> Tensor<Float> {
      let values = DeterministicValues(seed: 10 * seed + offset).uniform(shape.reduce(1, *), in: -1...1)
      return Tensor(values.map { Float($0) }, shape: shape)
    }
    picture = draw(0, [1, 3, 16, 16])
    filter = draw(1, [16, 3, 3, 3])
    weights = draw(2, [16 * 64, 10])
    let factor = Tensor<Double>(draw(3, [12, 12]))
    var definite = factor.matrixProduct(factor, transposingRight: true)
    for index in 0..<12 { definite[index, index] += 1 }
    matrix = definite
  }

  /// The bits of a value, two gradients and a product with a Hessian.
  func step() -> [UInt64] {
    let (value, slopes) = valueWithGradient(at: picture, weights) { [filter] picture, weights in
      let features = picture.conv2D(filter, padding: 1, applyingReLU: true).maxPool2D(window: 2)
      let scores = features.reshaped(to: [1, 16 * 64]).matrixProduct(weights).tanh()
      return scores.square().mean() + features.mean()
    }
    let direction = Tensor<Double>.ones(matrix.shape)
    let curvature = hessianVectorProduct(at: matrix, along: direction) {
      let (values, vectors) = try! $0.eigh()
      return try! $0.cholesky().square().mean() + (values.log() * vectors.square()).mean()
    }
    let floats = value.scalars + slopes.0.scalars + slopes.1.scalars
    return floats.map { UInt64($0.bitPattern) } + curvature.scalars.map(\.bitPattern)
  }
}
