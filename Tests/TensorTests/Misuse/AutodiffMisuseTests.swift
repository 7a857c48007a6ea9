import Tensor
import Testing

/// Misuse traps, and the message names the operation and what was wrong.
@Suite("Autodiff: misuse")
struct AutodiffMisuseTests {
  private func expect(_ message: String, in result: ExitTest.Result?) {
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains(message), "stderr: \(output)")
  }

  @Test("the gradient of more than one number")
  func severalNumbers() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradient(at: Tensor<Double>([1, 2])) { $0 * $0 }
    }
    expect(
      "gradient: the result has the shape [2], not one element; reduce it with sum() or mean()", in: result)
  }

  @Test("a variable that is not tracked")
  func untrackedVariable() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor<Double>([1]).tracked()
      _ = gradient(of: x.sum(), withRespectTo: [x, Tensor([2])])
    }
    expect("gradient: variable 1 is not tracked; make it so with tracked()", in: result)
  }

  @Test("a result that was computed from another copy of the variable")
  func independentVariable() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let original = Tensor<Double>([1, 2])
      let x = original.tracked()
      _ = gradient(of: (x * original).sum(), withRespectTo: [x, original.tracked()])
    }
    expect(
      "gradient: the result does not depend on variable 1, of shape [2]; compute it from that very tensor, not from "
        + "one made before tracked(), or pass allowingIndependent: true for zeros", in: result)
  }

  @Test("a history that was used up")
  func usedUp() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor<Double>([1]).tracked()
      let y = x.exp()
      _ = gradient(of: y.sum(), withRespectTo: [x])
      _ = gradient(of: y.square().sum(), withRespectTo: [x])
    }
    expect(
      "used up by an earlier gradient, from an operation 'exp' on; pass retainingGraph: true", in: result)
  }

  @Test("a rule that returns a gradient of the wrong shape")
  func wrongShape() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradient(at: Tensor<Double>([1, 2])) { x in
        record("strange", Tensor(3), (x, { _ in Tensor([1, 2, 3]) }))
      }
    }
    expect("strange: its rule returned a gradient of shape [3] for an input of shape [2]", in: result)
  }

  @Test("an operation without an output, and a rule for several that returns the wrong shape")
  func severalOutputs() async {
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = record("nothing", outputs: [], (Tensor<Double>([1]), { _ in Tensor([1]) }))
    }
    expect("nothing: record was given no output", in: none)
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradient(at: Tensor<Double>([1, 2])) { x in
        record("strange", outputs: [Tensor(3), x], (x, { _ in Tensor([1, 2, 3]) }))[0]
      }
    }
    expect("strange: its rule returned a gradient of shape [3] for an input of shape [2]", in: shape)
  }

  @Test("the history of one output that was used up with another's")
  func usedUpWithAnother() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor<Double>([1]).tracked()
      let outputs = record("both", outputs: [x * 1, x * 2], (x, { g in g[0] ?? g[1]! }))
      _ = gradient(of: outputs[0].sum(), withRespectTo: [x])
      _ = gradient(of: outputs[1].sum(), withRespectTo: [x])
    }
    expect(
      "used up by an earlier gradient, from an operation 'both' on; pass retainingGraph: true", in: result)
  }

  @Test("a direction of another shape")
  func direction() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = hessianVectorProduct(at: Tensor<Double>([1, 2]), along: Tensor([1])) { $0.square().sum() }
    }
    expect("hessianVectorProduct: the direction has the shape [1], the point [2]", in: result)
  }

  @Test("a covector of another shape")
  func covector() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = vjp(at: Tensor<Double>([1, 2])) { $0.exp() }.pullback(Tensor(1))
    }
    expect("vjp: the covector has the shape [], the value [2]", in: result)
  }

  @Test("a direction of another shape than the point")
  func pushedDirection() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = jvp(at: Tensor<Double>([1, 2]), along: Tensor([1])) { $0 }
    }
    expect("jvp: the directions have the shapes [[1]], the point [[2]]", in: result)
  }

  @Test("a recurrence over nothing, or whose state changes its shape")
  func recurrence() async {
    let empty = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = scan(from: [], over: Tensor<Double>.zeros([0, 2])) { ($0, $1) }
    }
    expect("scan: the inputs [0, 2] have no position along their first axis", in: empty)
    let growing = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = scan(from: [Tensor([1.0])], over: Tensor<Double>.zeros([2])) { state, input in
        ([Tensor.concatenated([state[0], state[0]])], input)
      }
    }
    expect("scan: the body made a state of the shapes [[2]] of one of [[1]]", in: growing)
  }
}
