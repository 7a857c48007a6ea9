import Tensor
import Testing

@Suite("checkpointed")
struct CheckpointTests {
  private let x = Tensor<Double>([[0.5, -1.25, 2], [0.25, 1, -0.5]])
  private let w = Tensor<Double>([[0.1, 0.7], [-0.3, 0.2], [0.9, -0.4]])

  private func layer(_ x: Tensor<Double>, _ w: Tensor<Double>) -> Tensor<Double> {
    x.matrixProduct(w).tanh().square()
  }

  @Test("changes neither value nor gradient")
  func sameGradient() {
    let plain = valueWithGradient(at: x) { layer($0, w).exp().sum() }
    let found = valueWithGradient(at: x) { checkpointed($0) { layer($0, w) }.exp().sum() }
    #expect(found.value.scalars == plain.value.scalars)
    #expect(found.gradient.scalars == plain.gradient.scalars)
  }

  @Test("gives the gradients of several inputs, also where one descends from another")
  func severalInputs() {
    func loss(_ v: [Tensor<Double>], _ apply: ([Tensor<Double>]) -> Tensor<Double>) -> Tensor<Double> {
      let y = v[0].exp()
      return (apply([v[0], y, x, v[1]]) * y).sum()
    }
    func body(_ v: [Tensor<Double>]) -> Tensor<Double> { v[0] * v[1] * v[2] + v[3] }
    let inputs = [x, Tensor<Double>([1, 2, 3])]
    let plain = valueWithGradient(at: inputs) { loss($0, body) }
    let found = valueWithGradient(at: inputs) { loss($0) { checkpointed($0, body) } }
    #expect(found.value.scalars == plain.value.scalars)
    for (a, b) in zip(found.gradient, plain.gradient) {
      #expect(a.shape == b.shape)
      #expect((a - b).abs().max().scalar < 1e-13)
    }
  }

  @Test("has right derivatives of both orders", arguments: [GradientCheck.Order.first, .second])
  func orders(order: GradientCheck.Order) {
    let one = GradientCheck.check(at: x, order: order) { x in checkpointed(x.exp()) { layer($0, w) } }
    #expect(one.passed && one.inputs[0].analytic != 0, "\(one)")
    let two = GradientCheck.check(at: [x, w], order: order) { checkpointed($0) { layer($0[0], $0[1]) } }
    #expect(two.passed && two.inputs.allSatisfy { $0.analytic != 0 }, "\(two)")
  }

  @Test("may be nested, and differentiated in any order")
  func nested() {
    let plain = hessian(at: x) { layer($0, w).sum() }
    let found = hessian(at: x) { x in
      checkpointed(x) { checkpointed($0) { $0.matrixProduct(w) }.tanh().square() }.sum()
    }
    #expect((found - plain).abs().max().scalar < 1e-13)
  }

  @Test(
    "an input that the body does not use has the gradient 0, and without tracked inputs nothing is recorded")
  func unused() {
    let slopes = valueWithGradient(at: [x, w]) { checkpointed($0) { $0[0].exp() }.sum() }.gradient
    #expect(slopes[1].scalars == .init(repeating: 0, count: 6))
    #expect(!checkpointed(x) { $0.exp() }.isTracked)
  }

  @Test(
    "gives gradients to what the body uses beside its arguments, in both orders",
    arguments: [GradientCheck.Order.first, .second])
  func captured(order: GradientCheck.Order) {
    let check = GradientCheck.check(at: [x, w], order: order) { v in
      let middle = v[0].exp()
      return checkpointed(v[0]) { layer($0 * middle + v[0], v[1]) } + v[1].sum()
    }
    #expect(check.passed && check.inputs.allSatisfy { $0.analytic != 0 }, "\(check)")
    #expect(
      gradient(at: w) { w in checkpointed(x) { _ in w }.sum() }.scalars == .init(repeating: 1, count: 6))
  }

  #if os(macOS) || os(Linux)
    /// Counters of bytes belong to the process, so each measurement runs in one of its own.
    @Test("a chain of segments keeps their inputs alone, and the backward pass one segment")
    func memory() async {
      await #expect(processExitsWith: .success) {
        let block = 4 << 20
        let x = Tensor<Float>(repeating: 0.5, shape: [1 << 20])
        /// The most bytes that 8 segments of 10 operations and their gradient take.
        func peak(_ segment: (Tensor<Float>) -> Tensor<Float>) -> Int {
          let before = TensorMemory.counters.live
          TensorMemory.resetPeak()
          _ = gradient(at: x) { x in
            var y = x
            for _ in 0..<8 { y = segment(y) }
            return y.sum()
          }
          precondition(TensorMemory.counters.live == before, "the graph is freed")
          return TensorMemory.counters.peak - before
        }
        func segment(_ x: Tensor<Float>) -> Tensor<Float> {
          var y = x
          for _ in 0..<10 { y = y.sigmoid() }
          return y
        }
        let plain = peak(segment)
        let saving = peak { checkpointed($0, segment) }
        // All 80 outputs are kept by the rules of the plain chain.
        precondition(plain >= 80 * block, "the plain chain took \(plain) bytes")
        // Seven inputs of segments, ten outputs of the last, and a few gradients.
        precondition(saving <= 22 * block, "the checkpointed chain took \(saving) bytes")
      }
    }
  #endif
}
