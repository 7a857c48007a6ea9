import Testing

@testable import Tensor

/// The distance r from the origin and the angle φ of points, with dx = cos φ · dr − r · sin φ · dφ and so on, solved for
/// dr and dφ.
private func polar(_ x: Tensor<Double>, _ y: Tensor<Double>) -> (
  distance: Tensor<Double>, angle: Tensor<Double>
) {
  let (a, b) = (x.detached(), y.detached())
  func sum(_ terms: Tensor<Double>?...) -> Tensor<Double> { terms.compactMap(\.self).reduce(Tensor(0), +) }
  let outputs = record(
    "polar", outputs: [(a.square() + b.square()).sqrt(), Tensor.atan2(y: b, x: a)],
    (x, { g, y in sum(g[0].map { $0 * y[1].cos() }, g[1].map { -$0 * y[1].sin() / y[0] }) }),
    (y, { g, y in sum(g[0].map { $0 * y[1].sin() }, g[1].map { $0 * y[1].cos() / y[0] }) }))
  return (outputs[0], outputs[1])
}

/// x and 2x, whose rule does not use them.
private func once(_ x: Tensor<Double>, _ used: @escaping ([Bool]) -> Void = { _ in }) -> [Tensor<Double>] {
  record(
    "onceAndTwice", outputs: [x.detached() * 1, x.detached() * 2],
    (
      x,
      { g in
        used(g.map { $0 != nil })
        return (g[0] ?? Tensor(0)) + 2 * (g[1] ?? Tensor(0))
      }
    ))
}

@Suite("Operations with several outputs")
struct SeveralOutputsTests {
  private let x = Tensor<Double>([3, -1, 0.5])
  private let y = Tensor<Double>([4, 2, -0.25])

  @Test("derivatives of both orders are right through each output and through all")
  func derivatives() {
    for order in [GradientCheck.Order.first, .second] {
      for f in [
        { polar($0[0], $0[1]).distance.exp() }, { polar($0[0], $0[1]).angle.square() },
        {
          let (r, phi) = polar($0[0], $0[1])
          return r.log() * phi + phi.cos()
        },
      ] as [([Tensor<Double>]) -> Tensor<Double>] {
        let result = GradientCheck.check(at: [x, y], order: order, in: f)
        #expect(result.passed, "\(result)")
      }
    }
    // r·cos φ is x.
    let third = gradient(at: x) { x in
      gradient(at: x) { x in
        let (r, phi) = polar(x, y)
        return (r * phi.cos()).pow(3).sum()
      }.sum()
    }
    #expect((third - 6 * x).abs().max().scalar < 1e-13)
  }

  @Test("a rule is given the gradients of the outputs that were used, and no others")
  func usedOutputs() {
    var used: [[Bool]] = []
    func slope(_ f: ([Tensor<Double>]) -> Tensor<Double>) -> [Double] {
      gradient(at: Tensor<Double>([1, 5])) { f(once($0) { used.append($0) }).sum() }.scalars
    }
    #expect(slope { $0[0] } == [1, 1])
    #expect(slope { $0[1] } == [2, 2])
    #expect(slope { $0[0] * 3 + $0[1] } == [5, 5])
    #expect(slope { $0[0] * $0[1].detached() } == [2, 10])
    #expect(slope { $0[1] * $0[1] } == [8, 40])
    #expect(used == [[true, false], [false, true], [true, true], [true, false], [false, true]])
    // Nothing of it was used, so no rule is asked.
    #expect(slope { _ in Tensor(1) } == [0, 0])
    #expect(used.count == 5)
  }

  @Test("gradients with respect to outputs are told apart, and the pass goes on behind them")
  func outputsAsVariables() {
    let x = Tensor<Double>([1, 5]).tracked()
    let outputs = once(x)
    let f = (outputs[0] * outputs[1] * outputs[1]).sum()
    let slopes = gradient(of: f, withRespectTo: [outputs[1], x, outputs[0]])
    #expect(slopes[0].scalars == [4, 100])
    #expect(slopes[1].scalars == [12, 300])
    #expect(slopes[2].scalars == [4, 100])
    let other = once(x)
    let one = gradient(
      of: other[0].sum(), withRespectTo: [other[1], other[0]], allowingIndependent: true)
    #expect(one.map(\.scalars) == [[0, 0], [1, 1]])
  }

  @Test("the inputs may come in a list, and rules of such get the output or the outputs")
  func lists() {
    func product(_ inputs: [Tensor<Double>]) -> Tensor<Double> {
      record(
        "product", inputs.map { $0.detached() }.reduce(Tensor(1), *),
        inputs: inputs.map { x in (x, { g, y in g * y / x }) })
    }
    func sumAndProduct(_ inputs: [Tensor<Double>]) -> [Tensor<Double>] {
      let values = inputs.map { $0.detached() }
      return record(
        "sumAndProduct", outputs: [values.reduce(Tensor(0), +), values.reduce(Tensor(1), *)],
        inputs: inputs.map { x in
          (x, { g, y in (g[0] ?? Tensor(0)) + (g[1] ?? Tensor(0)) * y[1] / x })
        })
    }
    func sums(_ inputs: [Tensor<Double>]) -> [Tensor<Double>] {
      let sum = inputs.map { $0.detached() }.reduce(Tensor(0), +)
      return record(
        "sums", outputs: [sum, 3 * sum],
        inputs: inputs.map { ($0, { g in (g[0] ?? Tensor(0)) + 3 * (g[1] ?? Tensor(0)) }) })
    }
    for f in [
      { product($0).square() }, { sumAndProduct($0)[0] * sumAndProduct($0)[1] },
      { inputs in
        let outputs = sumAndProduct(inputs)
        return outputs[0].square() * outputs[1]
      }, { sums($0)[1].exp() + sums($0)[0].square() },
    ] as [([Tensor<Double>]) -> Tensor<Double>] {
      for order in [GradientCheck.Order.first, .second] {
        let result = GradientCheck.check(at: [x, y, x + 3], order: order, in: f)
        #expect(result.passed, "\(result)")
      }
    }
  }

  @Test("outputs of untracked inputs are constants, and an input that was broadcast gets the sum")
  func constantsAndBroadcasts() {
    #expect(once(x).allSatisfy { !$0.isTracked })
    #expect(once(x.tracked()).allSatisfy { $0.isTracked })
    let slope = gradient(at: Tensor<Double>(2)) { x in
      let outputs = record(
        "spread", outputs: [x.detached() * y, y + x.detached()],
        (x, { g in (g[0].map { $0 * y } ?? Tensor(0)) + (g[1] ?? Tensor(0)) }))
      return (outputs[0] + outputs[1]).sum()
    }
    #expect(slope.shape == [])
    #expect(slope.scalar == y.sum().scalar + 3)
  }

  @Test("a history kept for it serves once for each output")
  func retainedGraph() {
    let x = Tensor<Double>([1, 5]).tracked()
    let outputs = once(x)
    let first = gradient(of: outputs[0].sum(), withRespectTo: [x], retainingGraph: true)
    let second = gradient(of: outputs[1].sum(), withRespectTo: [x])
    #expect([first, second].map { $0[0].scalars } == [[1, 1], [2, 2]])
  }

  @Test("a million of them in a row are differentiated and released without recursion")
  func longChain() {
    let x = Tensor<Double>([1, 1]).tracked()
    func step(_ y: [Tensor<Double>]) -> [Tensor<Double>] {
      record(
        "swap", outputs: [y[1].detached(), y[0].detached()], (y[0], { g in g[1] ?? Tensor([0, 0]) }),
        (y[1], { g in g[0] ?? Tensor([0, 0]) }))
    }
    func chain() -> [Tensor<Double>] {
      var y = once(x)
      for _ in 0..<1_000_000 { y = step(y) }
      return y
    }
    var y = chain()
    #expect(gradient(of: (y[0] + 10 * y[1]).sum(), withRespectTo: [x])[0].scalars == [21, 21])
    y = chain()
    y = [x]  // drops the chain, which no backward pass used up
    #expect(y[0].scalars == [1, 1])
  }

  @Test("what is checkpointed may use them, and one output of an operation outside")
  func checkpoints() {
    func body(_ x: Tensor<Double>, _ outside: Tensor<Double>) -> Tensor<Double> {
      let (r, phi) = polar(x, outside)
      return (r * phi + outside).sum()
    }
    func plain(_ x: Tensor<Double>) -> Tensor<Double> {
      let outputs = once(x)
      return body(x, outputs[1]) + outputs[0].sum()
    }
    func saving(_ x: Tensor<Double>) -> Tensor<Double> {
      let outputs = once(x)
      return checkpointed(x) { body($0, outputs[1]) } + outputs[0].sum()
    }
    let functions: [(Tensor<Double>) -> Tensor<Double>] = [saving, plain]
    let slopes = functions.map { gradient(at: x, in: $0) }
    #expect((slopes[0] - slopes[1]).abs().max().scalar < 1e-14)
    let curvatures = functions.map { hessianVectorProduct(at: x, along: y, in: $0) }
    #expect((curvatures[0] - curvatures[1]).abs().max().scalar < 1e-13)
    // Both outputs, of which the second is used once more behind the first's rule.
    func both(_ isSaving: Bool, _ x: Tensor<Double>) -> Tensor<Double> {
      let outputs = once(x)
      func inner(_ x: Tensor<Double>) -> Tensor<Double> { (x * outputs[0] * outputs[1]).sum() }
      return isSaving ? checkpointed(x, inner) : inner(x)
    }
    #expect(gradient(at: x) { both(true, $0) }.scalars == gradient(at: x) { both(false, $0) }.scalars)
  }

  @Test("Jacobians and pullbacks go through them")
  func jacobians() {
    let found = jacobian(at: Tensor<Double>([3, 4])) { point in
      let (r, phi) = polar(point[0], point[1])
      return Tensor.stacked([r, phi])
    }
    #expect((found - Tensor([[0.6, 0.8], [-0.16, 0.12]])).abs().max().scalar < 1e-15)
    let pullback = vjp(at: x) { once($0)[1] }.pullback
    #expect(pullback(y).scalars == (2 * y).scalars)
  }

  @Test("the picture of a graph shows the outputs that were used, by their numbers")
  func picture() {
    let x = Tensor<Double>([1, 5]).tracked()
    let outputs = record(
      "ends", outputs: [Tensor(0), Tensor([1, 2]), Tensor(3)], (x, { g in Tensor([0, 0]) }))
    let product = outputs[1] * outputs[2]
    #expect(
      Graph.dot(of: product, naming: ["last": outputs[2]]) == #"""
        digraph {
          n0 [label="variable\n[2]", shape=box];
          n1 [label="ends\n1: [2]\n2: last []"];
          n2 [label="*\n[2]"];
          n0 -> n1;
          n1 -> n2 [label="1"];
          n1 -> n2 [label="2"];
        }
        """#)
  }

  @Test("anomalies are found in each output, in its gradient and in what a rule returns, with the line")
  func anomalies() {
    func anomaly(_ body: @escaping (Tensor<Double>) -> Tensor<Double>) -> AnomalyError? {
      #expect(throws: AnomalyError.self) {
        _ = try anomalyDetection { gradient(at: Tensor([0.0, 1]), in: body) }
      }
    }
    let made = anomaly { x in
      record("halves", outputs: [x, Tensor([.nan, 1])], (x, { g in g[0] ?? g[1]! }))[0].sum()
    }
    #expect(made?.operation == "halves")
    #expect(made?.cause == .operation)
    #expect(made?.output == 1)
    #expect(
      made?.description.hasPrefix("'halves' made the first NaN: nan at [0] of its result output 1, [2];")
        == true)

    var line = 0
    let pulled = anomaly { x in
      line = #line + 1
      let outputs = record("split", outputs: [x, x], (x, { g in g[1]! / 0 }))
      return outputs[1].sum()
    }
    #expect(pulled?.cause == .derivative)
    #expect(pulled?.operation == "split")
    #expect(pulled?.output == nil)
    if let location = pulled?.location { #expect(location.line == line) }

    let summed = anomaly { x in
      let (outputs, same) = (once(x), 2 * x.detached())
      return ((outputs[1] - same) * 1e308 + (outputs[1] - same) * 1e308).sum() + outputs[0].sum()
    }
    #expect(summed?.cause == .gradientSum)
    #expect(summed?.output == 1)
    #expect(
      summed?.description.contains("add up to the first infinity: inf at [0] of their sum for output 1, [2]")
        == true)
  }
}

#if os(macOS) || os(Linux)
  /// What graphs of such operations keep alive. The counters are the process's, so each measurement runs in a process
  /// of its own.
  @Suite("Operations with several outputs: memory")
  struct SeveralOutputsMemoryTests {
    @Test("an output that nobody holds is freed where no rule uses it, though another is in use")
    func unusedOutput() async {
      await #expect(processExitsWith: .success) {
        let x = Tensor<Float>(repeating: 1, shape: [1 << 20]).tracked()
        func halves() -> [Tensor<Float>] {
          record(
            "halves", outputs: [x.detached() / 2, x.detached() / 2], (x, { g in 0.5 * (g[0] ?? g[1]!) }))
        }
        let before = TensorMemory.counters.live
        let first = halves()[0]
        precondition(TensorMemory.counters.live - before == block, "the first output alone is alive")
        var second = Optional(halves()[1])
        precondition(TensorMemory.counters.live - before == 2 * block)
        second = nil
        precondition(TensorMemory.counters.live - before == block)
        withExtendedLifetime((x, first, second)) {}
      }
    }

    @Test("outputs that a rule uses are held once, in no cycle, until the backward pass has gone by")
    func usedOutputs() async {
      await #expect(processExitsWith: .success) {
        let x = Tensor<Float>(repeating: 1, shape: [1 << 20]).tracked()
        func powers() -> [Tensor<Float>] {
          record(
            "powers", outputs: [x.detached().square(), x.detached().exp()],
            (
              x,
              { g, y in
                (g[0].map { $0 * 2 * y[0].sqrt() } ?? Tensor(0)) + (g[1].map { $0 * y[1] } ?? Tensor(0))
              }
            ))
        }
        let before = TensorMemory.counters.live
        var first = Optional(powers()[0])
        precondition(TensorMemory.counters.live - before == 2 * block, "the rule needs both")
        first = nil
        precondition(TensorMemory.counters.live == before)

        first = powers()[0]
        let slope = gradient(of: first!.sum(), withRespectTo: [x])[0]
        precondition(
          TensorMemory.counters.live - before == 2 * block, "the output that is held and the gradient")
        withExtendedLifetime((x, first, slope)) {}
      }
    }

    @Test("the rule of an untracked input is dropped with what it captured")
    func untrackedInput() async {
      await #expect(processExitsWith: .success) {
        let x = Tensor<Float>(repeating: 1, shape: [1 << 20]).tracked()
        let w = Tensor<Float>(repeating: 2, shape: [1 << 20])
        let before = TensorMemory.counters.live
        func products(_ x: Tensor<Float>) -> [Tensor<Float>] {
          record(
            "products", outputs: [x.detached() * w, x.detached() * w],
            (x, { g in w * (g[0] ?? g[1]!) }), (w, { [x = x + 1] g in x * (g[0] ?? g[1]!) }))
        }
        let outputs = products(x)
        precondition(TensorMemory.counters.live - before == 2 * block)
        withExtendedLifetime((x, w, outputs)) {}
      }
    }
  }

  /// The bytes of 2²⁰ Floats.
  private let block = 4 << 20
#endif
