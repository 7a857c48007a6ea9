import TestSupport
import Testing

@testable import Tensor

/// `vmap` with other transforms, inputs of several types, and what is shared.
@Suite("vmap")
struct VmapTests {
  private typealias D = Tensor<Double>

  private func expectEqual(_ found: D, _ expected: D, _ line: SourceLocation = #_sourceLocation) {
    #expect(found.shape == expected.shape, sourceLocation: line)
    if found.shape == expected.shape { #expect(difference(found, expected) < 1e-13, sourceLocation: line) }
  }

  @Test("calls the function once, with the shape of an example, and gives results in front")
  func shapes() {
    var calls = 0
    let x = normal([4, 2, 3], seed: 1)
    let (sums, rows) = vmap(over: x) { x in
      calls += 1
      #expect(x.shape == [2, 3] && x.rank == 2 && x.count == 6 && !x.isTracked)
      #expect(x.description == "Tensor<Double>[2, 3] of each example, mapped over [4]")
      return (x.sum(), x[0])
    }
    #expect(calls == 1)
    expectEqual(sums, x.sum(axes: [1, 2]))
    expectEqual(rows, x[0..., 0])
    expectEqual(vmap(over: x, axis: -1) { $0.sum(axes: [1]) }, x.sum(axes: [1]).transposed())
    expectEqual(vmap(over: [x, 2 * x]) { [$0[0] + $0[1]] }[0], 3 * x)
    // What depends on no example is the same for all.
    expectEqual(vmap(over: x) { _ in D([1, 2]) }, D([[1, 2], [1, 2], [1, 2], [1, 2]]))
    #expect(vmap(over: D.zeros([0, 3])) { $0.sum() }.shape == [0])
  }

  @Test("takes inputs of several types and gives results of several types")
  func types() {
    let (x, labels) = (normal([5, 3], seed: 1), Tensor<Int64>([2, 0, 1, 1, 2]))
    let (picked, isRight) = vmap(over: x, labels) { x, label in
      (x.elements(at: label, axis: 0), x.argmax(axis: 0) .== label)
    }
    expectEqual(picked, x.gathered(at: labels.expanded(axis: 1), axis: 1).squeezed())
    #expect(isRight.scalars == (x.argmax(axis: 1) .== labels).scalars)
    let counts = vmap(over: labels) { ($0 * 2 + 1).sum() }
    #expect(counts.scalars == [5, 1, 3, 3, 5])
    let tables = vmap(over: x, labels) { x, label in
      Tensor.where(Tensor<Int64>([0, 1, 2]) .== label, x, D(0))
    }
    #expect(tables.sum(axes: [1]).scalars == picked.scalars)
  }

  @Test("gives a gradient for each example of what all share, and their sum through it")
  func exampleGradients() {
    let (x, y, w) = (normal([5, 3], seed: 1), normal([5], seed: 2), normal([3, 4], seed: 3))
    func loss(_ w: D, _ x: D, _ y: D) -> D { (x.matrixProduct(w).tanh().sum() - y).square() }
    let expected = D.stacked((0..<5).map { i in gradient(at: w) { loss($0, x[i], y[i]) } })
    expectEqual(vmap(over: x, y) { x, y in gradient(at: w) { loss($0, x, y) } }, expected)
    expectEqual(
      gradient(at: w) { w in vmap(over: x, y) { loss(w, $0, $1) }.sum() }, expected.sum(axes: [0]))
    let (values, slopes) = vmap(over: x, y) { x, y in valueWithGradient(at: w) { loss($0, x, y) } }
    expectEqual(values, D.stacked((0..<5).map { loss(w, x[$0], y[$0]) }))
    expectEqual(slopes, expected)
    // The gradient of the gradients' norms, by what is shared.
    let penalty = gradient(at: w) { w in
      vmap(over: x, y) { x, y in gradient(at: w) { loss($0, x, y) }.square().sum() }.sum()
    }
    let loop = (0..<5).map { i in
      gradient(at: w) { w in gradient(at: w) { loss($0, x[i], y[i]) }.square().sum() }
    }
    expectEqual(penalty, loop.reduce(D(0), +))
  }

  @Test("nests in itself, and with all other transforms")
  func nested() {
    let (x, w) = (normal([4, 3], seed: 1), normal([2, 3], seed: 2))
    expectEqual(
      vmap(over: x) { a in vmap(over: x) { b in (a - b).square().sum() } }.sqrt(),
      x.pairwiseDistances(to: x))
    expectEqual(
      vmap(over: x) { a in vmap(over: w) { b in (a * b).sum() + a.sum() } },
      x.matrixProduct(w, transposingRight: true) + x.sum(axes: [1], keepingDimensions: true))
    // An inner function that does not use the outer example, and one that does not use the inner one.
    expectEqual(
      vmap(over: x) { _ in vmap(over: w) { $0.exp() } }, w.exp().broadcast(to: [4, 2, 3]))
    expectEqual(
      vmap(over: x) { a in vmap(over: w) { _ in a } }, x.expanded(axis: 1).broadcast(to: [4, 2, 3]))
    func f(_ x: D) -> D { (x.square() * x.sum()).exp().sum() }
    func rows(_ g: (D) -> D) -> D { D.stacked((0..<4).map { g(x[$0] * 0.1) }) }
    func mapped(_ g: (D) -> D) -> D { vmap(over: x * 0.1, in: g) }
    for g: (D) -> D in [
      { x in jvp(at: x, along: w[0]) { $0.exp() * $0.sum() }.derivative },
      { x in hessianVectorProduct(at: x, along: w[1], in: f) },
      { x in hessian(at: x, in: f) },
      { x in jacobian(at: x) { $0.square() * $0.sum() } },
      { x in vjp(at: x) { $0.square() * $0.sum() }.pullback(w[0]) },
      { x in checkpointed(x) { $0.exp() } },
      { x in gradient(at: x) { checkpointed($0) { $0.square().exp() }.sum() } },
      { x in scan(from: [D(1)], over: x) { ([$0[0] * $1], $0[0] + $1) }.outputs },
      { x in gradient(at: x) { x in vmap(over: w) { ($0 * x).sum().exp() }.sum() } },
      { x in vmap(over: w) { w in gradient(at: x) { ($0 * w).sum().exp() } } },
    ] { expectEqual(mapped(g), rows(g)) }
  }

  @Test("maps a pullback over covectors, which gives the Jacobian matrix")
  func pullbacks() {
    let x = normal([3], seed: 1)
    let (w, b) = (normal([3, 4], seed: 2), normal([4], seed: 3))
    func f(_ x: D) -> D { (x.matrixProduct(w) + b).tanh() * x.sum() + b.softmax(axis: 0) * x[1] }
    let pullback = vjp(at: x, in: f).pullback
    expectEqual(vmap(over: D.identity(4)) { pullback($0) }, jacobian(at: x, in: f))
  }

  @Test("assigns and adds in place, and takes recorded operations of one's own")
  func values() {
    let (x, y) = (normal([3, 4], seed: 1), normal([4], seed: 2))
    let assigned = vmap(over: x) { x in
      var z = y
      z[1..<3] = x[0..<2]
      z += x
      z[[0, 3]] *= D(2)
      return z
    }
    expectEqual(
      assigned,
      D.stacked(
        (0..<3).map { i in
          var z = y
          z[1..<3] = x[i, 0..<2]
          z += x[i]
          z[[0, 3]] *= D(2)
          return z
        }))
    func cube(_ x: D) -> D { record("cube", x.detached().pow(3), (x, { g in g * 3 * x.square() })) }
    func polar(_ x: D, _ y: D) -> [D] {
      record(
        "product and sum", outputs: [x.detached() * y.detached(), x.detached() + y.detached()],
        (x, { g in (g[0] ?? D(0)) * y + (g[1] ?? D(0)) }), (y, { g in (g[0] ?? D(0)) * x + (g[1] ?? D(0)) }))
    }
    expectEqual(vmap(over: x) { gradient(at: $0) { cube($0).sum() } }, 3 * x.square())
    // One is shared and broadcast.
    let (shared, own) = (normal([4], seed: 3), x)
    let slopes = gradient(at: shared) { shared in
      vmap(over: own) { polar($0, shared)[0].sum() }.sum()
    }
    expectEqual(slopes, own.sum(axes: [0]))
    let inside = vmap(over: own) { own in
      gradient(at: shared) { (polar(own, $0)[0] + 2 * polar(own, $0)[1]).sum() }
    }
    expectEqual(inside, own + 2)
    let scalars = gradient(at: D(2)) { s in
      vmap(over: own) {
        record("scaled", $0.detached() * s.detached(), ($0, { $0 * s }), (s, { g in g * own[0] }))
      }.sum()
    }
    expectEqual(scalars, 3 * own[0].sum())
  }

  @Test("positions may differ from example to example")
  func positions() {
    let (x, positions) = (normal([3, 4, 2], seed: 1), Tensor<Int64>([[3, 0], [-1, 1], [2, 2]]))
    let table = normal([4, 2], seed: 2)
    for g: (D, Tensor<Int64>) -> D in [
      { x, p in x.elements(at: p, axis: 0) },
      { x, p in x.elements(at: p.reshaped(to: [1, 2]), axis: -2) },
      { _, p in table.elements(at: p, axis: 0) },
      { x, p in x.gathered(at: p.expanded(axis: 0), axis: 0) },
      { x, p in table.scatterAdding(x[..<1], at: p.expanded(axis: 0), axis: 0) },
      { x, p in x.scattering(D([[5, 6]]), at: p.expanded(axis: 0), axis: 0) },
      { x, p in x * D(p).sum() },
    ] {
      let loop = D.stacked((0..<3).map { g(x[$0], positions[$0]) })
      expectEqual(vmap(over: x, positions, in: g), loop)
      let weights = normal(Array(loop.shape.dropFirst()), seed: 4)
      let slopes = D.stacked(
        (0..<3).map { i in gradient(at: x[i]) { (g($0, positions[i]) * weights).sum() } })
      expectEqual(
        vmap(over: x, positions) { x, p in gradient(at: x) { (g($0, p) * weights).sum() } }, slopes)
    }
  }
}

/// What has no meaning for all examples at once traps, and says what to do.
@Suite("vmap: misuse")
struct VmapMisuseTests {
  private func expect(_ message: String, in result: ExitTest.Result?) {
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains(message), "stderr: \(output)")
  }

  @Test("the number of one example")
  func scalar() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = vmap(over: Tensor<Double>([1, 2])) { $0.scalar > 1 ? $0 : -$0 }
    }
    expect("vmap: scalar has no rule for the tensors of a mapped function", in: result)
  }

  @Test("an operation without a rule")
  func withoutRule() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = vmap(over: Tensor<Double>.ones([2, 8])) { $0.histogram(binCount: 2) }
    }
    expect(
      "vmap: histogram has no rule for the tensors of a mapped function, of which each stands for many",
      in: result)
  }

  @Test("random numbers")
  func random() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var random = RandomGenerator(seed: 1)
      _ = vmap(over: Tensor<Double>.ones([2, 8])) { $0 + .normal([8], using: &random) }
    }
    expect("vmap: random numbers drawn in a mapped function would be the same for all examples", in: result)
  }

  @Test("a tensor that left the function by another way")
  func escaped() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var kept = Tensor<Double>(0)
      _ = vmap(over: Tensor<Double>.ones([2, 8])) { x in
        kept = x
        return x
      }
      _ = vmap(over: Tensor<Double>.ones([2, 8])) { $0 + kept }
    }
    expect("vmap: a tensor of a mapped function was used outside of it", in: result)
  }

  @Test("a gradient by a variable from outside")
  func outerVariable() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let w = Tensor<Double>([1, 2]).tracked()
      _ = vmap(over: Tensor<Double>.ones([3, 2])) { x in gradient(of: (x * w).sum(), withRespectTo: [w])[0] }
    }
    expect("gradient: variable 0, of shape [2], was tracked outside of the mapped function", in: result)
  }

  @Test("inputs of different lengths, or without the axis")
  func lengths() async {
    var result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = vmap(over: Tensor<Double>.ones([3, 2]), Tensor<Double>.ones([2])) { $0 * $1 }
    }
    expect("vmap: input 1 has 2 examples along axis 0, input 0 has 3", in: result)
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = vmap(over: Tensor<Double>.ones([3, 2]), Tensor<Double>(1)) { $0 * $1 }
    }
    expect(
      "vmap: input 1 has no axis 0; a tensor that all examples share is captured by the function", in: result)
  }
}
