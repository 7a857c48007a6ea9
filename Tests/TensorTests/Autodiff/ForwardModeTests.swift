import Synchronization
import Testing

@testable import Tensor

/// What forward mode keeps, and what it must not mix up.
@Suite("Forward mode")
struct ForwardModeTests {
  private typealias D = Tensor<Double>

  @Test("directions of nested calls are not mixed up")
  func confusion() {
    // d/dx x · d/dy (x + y) is 1: taken for one perturbation, x and y would give 2.
    let one = D(1)
    func slope(_ x: D, of f: (D) -> D) -> D { jvp(at: x, along: one, in: f).derivative }
    #expect(slope(D(3)) { x in x * slope(D(5)) { y in x + y } }.scalar == 1)
    // d/dx x · d/dy (x · y) is 2x, also where y stands at x.
    #expect(slope(D(3)) { x in x * slope(D(5)) { y in x * y } }.scalar == 6)
    #expect(slope(D(3)) { x in x * slope(x) { y in x * y } }.scalar == 6)
    // Mixed with gradients in either order.
    #expect(slope(D(3)) { x in x * gradient(at: D(5)) { y in x * y } }.scalar == 6)
    #expect(gradient(at: D(3)) { x in x * slope(D(5)) { y in x * y } }.scalar == 6)
    #expect(gradient(at: D(3)) { x in x * slope(x) { y in x * y * y } }.scalar == 54)
    // Along a direction that itself moves: d/dx (x · 2y) at y = x, along x, is d/dx 2x².
    #expect(slope(D(3)) { x in jvp(at: x.detached(), along: x) { $0.square() }.derivative }.scalar == 6)
    #expect(slope(D(3)) { x in jvp(at: x, along: x) { $0.square() }.derivative }.scalar == 12)
    // Three levels of one function: (x⁴)''' = 24x.
    #expect(slope(D(2)) { slope($0) { slope($0) { $0.pow(4) } } }.scalar == 48)
  }

  @Test("what is detached, and what is computed of other things, does not move")
  func constants() {
    let x = D([1, 2])
    #expect(jvp(at: x, along: x) { $0.detached() * $0 }.derivative.scalars == [1, 4])
    #expect(jvp(at: x, along: x) { $0.detached() }.derivative.scalars == [0, 0])
    #expect(jvp(at: x, along: x) { _ in x.exp() }.derivative.scalars == [0, 0])
    #expect(jvp(at: x, along: x) { D(($0 .> 1.5)) }.derivative.scalars == [0, 0])
    var kept: D?
    _ = jvp(at: x, along: x) {
      kept = $0
      return $0
    }
    // Outside of its call a tensor moves no more.
    #expect(jvp(at: x, along: x) { kept! * $0 }.derivative.scalars == [1, 4])
    #expect(gradient(at: x) { (kept! * $0).sum() }.scalars == [1, 2])
  }

  @Test("elements written in place move")
  func writing() {
    let (x, v) = (D([1, 2, 3]), D([10, 20, 30]))
    let written = jvp(at: x, along: v) { x in
      var y = x
      y[1] = x[0] * x[2]
      y += x
      y *= D(2)
      y.add(x[0..<1], at: Tensor<Int32>([2]), axis: 0)
      return y
    }
    #expect(written.value.scalars == [4, 10, 13])
    #expect(written.derivative.scalars == [40, 160, 130])
    let overwritten = jvp(at: x, along: v) { x in
      var y = x
      y.withUnsafeMutableScalars { $0[0] = 7 }
      return y * x
    }
    #expect(overwritten.derivative.scalars == [70, 40, 90])
  }

  @Test("a variable outside of the function keeps its history, and one inside leaves none")
  func history() {
    let (x, v) = (D([1, 2]), D([3, 4]))
    let w = D([0.5, -1]).tracked()
    let (value, derivative) = jvp(at: x, along: v) { ($0 * w).exp() }
    #expect(value.isTracked && derivative.isTracked)
    // d/dw of Σ v·w·exp(x·w) is v·(1 + x·w)·exp(x·w).
    let slope = gradient(of: derivative.sum(), withRespectTo: [w], retainingGraph: true)[0]
    let expected = v * (1 + x * w.detached()) * (x * w.detached()).exp()
    #expect((slope - expected).abs().max().scalar < 1e-14)
    #expect(
      (gradient(of: value.sum(), withRespectTo: [w])[0] - x * value.detached()).abs().max().scalar < 1e-14)
    // A direction's alone.
    let u = v.tracked()
    let along = jvp(at: x, along: u) { x in gradient(at: x) { $0.pow(3).sum() } }
    #expect(gradient(of: along.derivative.sum(), withRespectTo: [u])[0].scalars == [6, 12])
    let inside = jvp(at: x, along: v) { x in
      let y = D([1, 1]).tracked()
      return gradient(of: (x * y.exp()).sum(), withRespectTo: [y])[0] * y
    }
    #expect(!inside.value.isTracked && !inside.derivative.isTracked)
    #expect(abs(inside.derivative.scalars[0] - 3 * exp1) < 1e-14)
  }

  @Test("gradients of something beside the argument move with it, by way of rules that are told no order")
  func movingGradients() {
    let (x, v, w) = (D([1, 2]), D([3, 4]), D([0.5, -1]))
    let pushed = jvp(at: x, along: v) { x in gradient(at: w) { ($0 * x).sum().square() } }.derivative
    // ∇ = 2 (w·x) x.
    let expected = 2 * ((w * v).sum() * x + (w * x).sum() * v)
    #expect((pushed - expected).abs().max().scalar < 1e-14)
    // A rule that works on detached captures unless it is told to be differentiable.
    func shy(_ x: D) -> D {
      record(
        "shy", outputs: [x.detached().pow(3)],
        tellingOrder: (
          x, { g, isDifferentiable in g[0]! * 3 * (isDifferentiable ? x : x.detached()).square() }
        )
      )[0]
    }
    #expect(jvp(at: x, along: v) { gradient(at: $0) { shy($0).sum() } }.derivative.scalars == [18, 48])
    let checkpoints = jvp(at: x, along: v) { x in
      gradient(at: x) { x in checkpointed(x) { ($0 * w).exp() }.sum() }
    }.derivative
    #expect((checkpoints - v * w.square() * (x * w).exp()).abs().max().scalar < 1e-14)
    // The gradient moves, what is checkpointed does not.
    let beside = jvp(at: x, along: v) { x in
      gradient(at: w) { w in (checkpointed(w) { $0.square() } * x).sum() }
    }.derivative
    #expect((beside - 2 * w * v).abs().max().scalar < 1e-14)
    let body = jvp(at: x, along: v) { x in checkpointed(w) { $0 * x } }.derivative
    #expect((body - w * v).abs().max().scalar < 1e-14)
    let running = jvp(at: x, along: v) { x in
      scan(from: [D(1)], over: x) { ([$0[0] * $1], $0[0] * $1) }.outputs
    }.derivative
    #expect(running.scalars == [3, 10])
  }

  @Test("what normalisation reads of a second result moves with that result")
  func secondResult() {
    let (x, v) = (normal([4], seed: 1), normal([4], seed: 2))
    func f(_ x: D) -> D { x.parted(2)[1].standardized(epsilon: 0.1) }
    func slope(_ x: D) -> D { gradient(at: x) { (f($0) * D([1, 2])).sum() } }
    let pushed = jvp(at: x, along: v, in: slope).derivative
    let ahead = slope(x + 1e-5 * v) - slope(x - 1e-5 * v)
    #expect((pushed - ahead / 2e-5).abs().max().scalar < 1e-7)
  }

  @Test("a Laplacian is a mapped second derivative, without a backward pass")
  func laplacian() {
    let a = D([0.5, -1, 2])
    func f(_ x: D) -> D { (a * x).sum().exp() + x.pow(3).sum() }
    let x = normal([3], seed: 1)
    let expected = a.square().sum() * (a * x).sum().exp() + 6 * x.sum()
    let forward = vmap(over: D.identity(3)) { axis in
      jvp(at: x, along: axis) { jvp(at: $0, along: axis, in: f).derivative }.derivative
    }.sum()
    let overGradient = vmap(over: D.identity(3)) { axis in
      (axis * jvp(at: x, along: axis) { gradient(at: $0, in: f) }.derivative).sum()
    }.sum()
    #expect((forward - expected).abs().scalar < 1e-13 && (overGradient - expected).abs().scalar < 1e-13)
    // Of each of many points, with the parameters' gradient, as an equation's residual is trained.
    let points = normal([5, 3], seed: 2)
    func residual(_ a: D) -> D {
      vmap(over: points) { x in
        vmap(over: D.identity(3)) { axis in
          jvp(at: x, along: axis) { jvp(at: $0, along: axis) { (a * $0).sum().exp() }.derivative }.derivative
        }.sum()
      }.sum()
    }
    let direct = gradient(at: a) { a in
      vmap(over: points) { x in a.square().sum() * (a * x).sum().exp() }.sum()
    }
    #expect((gradient(at: a, in: residual) - direct).abs().max().scalar < 1e-12 * direct.abs().max().scalar)
  }

  @Test("a gradient asked of the argument itself, which is no variable, traps")
  func noVariable() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor<Double>([1, 2])
      _ = jvp(at: x, along: x) { x in gradient(of: x.square().sum(), withRespectTo: [x])[0] }
    }
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      output.contains(
        "gradient: variable 0, of shape [2], is not tracked inside of the function of a jvp; use gradient(at:)"
      ))
  }

  @Test("tasks push forward at once, each its own")
  func concurrently() async {
    let x = normal([8], seed: 1)
    let expected = 3 * x.square()
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          (0..<20).allSatisfy { _ in
            let one = Tensor<Double>.ones([8])
            let slope = jvp(at: x, along: one) { $0.pow(3) }.derivative
            let curvature = jvp(at: x, along: one) { jvp(at: $0, along: one) { $0.pow(3) }.derivative }
            return slope.scalars == expected.scalars && curvature.derivative.scalars == (6 * x).scalars
          }
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test("memory does not grow with the number of operations")
  func boundedMemory() async {
    await #expect(processExitsWith: .success) {
      let block = 8 << 16
      let x = Tensor<Double>(repeating: 0.5, shape: [1 << 16])
      let before = TensorMemory.counters.live
      TensorMemory.resetPeak()
      let (value, derivative) = jvp(at: x, along: x) { x in
        var y = x
        for _ in 0..<250 { y = (y.sin() * 0.5 + x).tanh() }
        return y
      }
      let growth = TensorMemory.counters.peak - before
      precondition(growth <= 10 * block, "1,000 operations took \(growth / block) arrays")
      precondition(TensorMemory.counters.live - before == 2 * block, "a value and a derivative are left")
      withExtendedLifetime((x, value, derivative)) {}
    }
  }

  @Test("no cycle is left, and long chains are released without recursion", arguments: [false, true])
  func released(gradientsOutside: Bool) async {
    await #expect(processExitsWith: .success) { [gradientsOutside = gradientsOutside as Bool] in
      let x = Tensor<Double>(repeating: 0.5, shape: [32])
      let before = TensorMemory.counters.live
      func chain(_ x: Tensor<Double>) -> Tensor<Double> {
        var y = x
        for _ in 0..<20_000 { y = (0.5 * y).exp() * 0.3 }
        return y.sum()
      }
      for _ in 0..<2 {
        if gradientsOutside {
          _ = gradient(at: x) { jvp(at: $0, along: x, in: chain).derivative }
          // Dropped without having been used.
          _ = jvp(at: x.tracked(), along: x.tracked(), in: chain)
        } else {
          _ = jvp(at: x, along: x) { gradient(at: $0, in: chain) }
        }
      }
      let left = TensorMemory.counters.live - before
      precondition(left == 0, "\(left) bytes are left")
      withExtendedLifetime(x) {}
    }
  }
}

private let exp1 = Tensor<Double>(1).exp().scalar
