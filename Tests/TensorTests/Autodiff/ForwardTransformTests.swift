import Tensor
import Testing

/// Derivatives along a direction, recurrences and results beside a value.
@Suite("Transforms: forward")
struct ForwardTransformTests {
  private typealias D = Tensor<Double>

  /// The largest distance between numbers of two tensors of one shape.
  private func distance(_ a: D, _ b: D) -> Double {
    a.shape == b.shape ? (a - b).abs().max().scalar : .infinity
  }

  /// A few roundings of numbers of size 10.
  private let tolerance = 1e-13

  @Test("jvp: is the Jacobian matrix times the direction, for values of any shape, and has no history")
  func jacobianProduct() {
    let (x, v, w) = (normal([3], seed: 1), normal([3], seed: 2), normal([3, 4], seed: 3))
    func f(_ x: D) -> D { (x.expanded(axis: 0).matrixProduct(w).tanh() * x.sum()).squeezed() }
    let (value, derivative) = jvp(at: x, along: v, in: f)
    #expect(distance(value, f(x)) == 0 && !value.isTracked && !derivative.isTracked)
    #expect(distance(derivative, jacobian(at: x, in: f).matrixProduct(v)) < tolerance)
    // The direction counts, not only its length.
    #expect(distance(jvp(at: x, along: 2 * v, in: f).derivative, 2 * derivative) < tolerance)
    #expect(jvp(at: x, along: v) { _ in D([1, 2]) }.derivative.scalars == [0, 0])
    let (y, u) = (normal([2], seed: 4), normal([2], seed: 5))
    let both = jvp(at: [x, y], along: [v, u]) { ($0[0].sum() * $0[1]).exp() }
    let expected = (x.sum() * y).exp() * (v.sum() * y + x.sum() * u)
    #expect(distance(both.derivative, expected) < tolerance)
  }

  @Test("jvp: nests with itself and with gradients, as a Laplacian does")
  func nested() {
    let (x, v) = (normal([3], seed: 1), normal([3], seed: 2))
    // f = exp Σ a·x: second derivatives are a² f.
    let a = D([0.5, -1, 2])
    func f(_ x: D) -> D { (a * x).sum().exp() }
    let second = jvp(at: x, along: v) { jvp(at: $0, along: v, in: f).derivative }.derivative
    let factor = (a * v).sum().square()
    #expect(distance(second, factor * f(x)) < tolerance)
    let laplacian = (0..<3).map { axis in
      let unit = D.identity(3)[axis]
      return jvp(at: x, along: unit) { jvp(at: $0, along: unit, in: f).derivative }.derivative
    }
    #expect(distance(laplacian.reduce(D(0), +), a.square().sum() * f(x)) < tolerance)
    // The derivative by the direction is the gradient, and that by the point the Hessian matrix's product.
    #expect(
      distance(
        gradient(at: v) { jvp(at: x, along: $0, in: f).derivative }, gradient(at: x, in: f)) < tolerance)
    #expect(
      distance(
        gradient(at: x) { jvp(at: $0, along: v, in: f).derivative },
        hessianVectorProduct(at: x, along: v, in: f)) < tolerance)
    #expect(
      distance(
        jvp(at: x, along: v) { gradient(at: $0, in: f) }.derivative,
        hessianVectorProduct(at: x, along: v, in: f)) < tolerance)
  }

  /// A recurrence of two states with a parameter.
  private func recurrence(_ weight: D) -> @Sendable ([D], D) -> (state: [D], output: D) {
    { state, input in
      let hidden = (state[0].matrixProduct(weight) + input).tanh()
      return ([hidden, state[1] + hidden.square().sum()], hidden * 2)
    }
  }

  @Test(
    "scan: is the loop written out, with all its derivatives, for segments of any length",
    arguments: [nil, 1, 3, 7, 100] as [Int?])
  func scanned(segment: Int?) {
    let (weight, xs, start) = (
      normal([3, 3], seed: 1), normal([7, 2, 3], seed: 2), normal([2, 3], seed: 3)
    )
    func loop(_ t: [D]) -> D {
      var (state, outputs): ([D], [D]) = ([t[2], D(0)], [])
      for step in 0..<7 {
        let (next, output) = recurrence(t[0])(state, t[1][step])
        state = next
        outputs.append(output)
      }
      return (D.stacked(outputs) * normal([7, 2, 3], seed: 4)).sum() + state[1] + state[0].sum()
    }
    func scanned(_ t: [D]) -> D {
      let (state, outputs) = scan(from: [t[2], D(0)], over: t[1], segment: segment, body: recurrence(t[0]))
      #expect(outputs.shape == [7, 2, 3])
      return (outputs * normal([7, 2, 3], seed: 4)).sum() + state[1] + state[0].sum()
    }
    let arguments = [weight, xs, start]
    let (expected, found) = (
      valueWithGradient(at: arguments, in: loop), valueWithGradient(at: arguments, in: scanned)
    )
    #expect(distance(found.value, expected.value) < tolerance)
    for (a, b) in zip(found.gradient, expected.gradient) { #expect(distance(a, b) < 10 * tolerance) }
    let direction = normal([3, 3], seed: 5)
    let curvatures = [loop, scanned].map { f in
      hessianVectorProduct(at: weight, along: direction) { f([$0, xs, start]) }
    }
    #expect(distance(curvatures[0], curvatures[1]) < 100 * tolerance)
    // Untracked, nothing is recorded.
    #expect(!scan(from: [D(0)], over: xs) { s, x in ([s[0] + x.sum()], x) }.outputs.isTracked)
  }

  @Test("scan: calls the body about twice a step, not once for each pair of steps")
  func scanCalls() {
    nonisolated(unsafe) var calls = 0
    _ = gradient(at: D(0.5)) { decay in
      scan(from: [D(1)], over: D.zeros([100])) { state, _ in
        calls += 1
        return ([state[0] * decay], state[0])
      }.state[0]
    }
    #expect(calls == 200)
  }

  @Test("valueWithGradient: gives back what the function gives beside the value, without its history")
  func auxiliary() {
    let x = D([1, 2])
    let (value, (name, square), slope) = valueWithGradient(at: x) { x in
      (x.pow(3).sum(), ("cubes", x.square().sum().scalar))
    }
    #expect(value.scalar == 9 && name == "cubes" && square == 5 && slope.scalars == [3, 12])
    let (_, parts, _) = valueWithGradient(at: x) { x in (x.sum(), [x * 2, x * 3]) }
    #expect(parts.map(\.scalars) == [[2, 4], [3, 6]] && !parts.contains(where: \.isTracked))
    let nested = gradient(at: x) { x in
      valueWithGradient(at: x) { y in (y.pow(3).sum(), y.count) }.gradient.sum()
    }
    #expect(nested.scalars == [6, 12])
  }
}
