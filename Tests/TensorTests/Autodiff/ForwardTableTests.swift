import TestSupport
import Testing

@testable import Tensor

/// Walks the table of operation cases: forward mode against derivatives made of passes back.
@Suite("Forward mode: operations")
struct ForwardTableTests {
  typealias D = Tensor<Double>
  typealias Case = OperationCase<Double>

  static let cases = OperationCases<Double>.all
  static let twice = cases.filter { $0.derivatives == .checked }

  /// A derivative along directions by two passes back: the pullback of a covector is linear in it, and the derivative of
  /// that by the covector is what pushes directions forward.
  static func twoPassesBack<S: TensorScalar>(
    at x: [Tensor<S>], along directions: [Tensor<S>], in function: ([Tensor<S>]) -> Tensor<S>
  ) -> Tensor<S> {
    let (value, pullback) = vjp(at: x, in: function)
    let covector = Tensor<S>.zeros(value.shape).tracked()
    let along = zip(pullback(covector), directions).map { ($0 * $1).sum() }.reduce(Tensor(0), +)
    return gradient(of: along, withRespectTo: [covector], differentiable: true, allowingIndependent: true)[0]
  }

  private static func directions<S: TensorScalar>(_ c: OperationCase<S>, seed: UInt64 = 1) -> [Tensor<S>] {
    var random = RandomGenerator(seed: seed)
    return c.inputs.indices.map {
      c.constantInputs.contains($0) ? .zeros(c.inputs[$0].shape) : .normal(c.inputs[$0].shape, using: &random)
    }
  }

  private static func weights(_ shape: Shape) -> D {
    D((0..<shape.elementCount).map { 0.5 + Double($0 % 7) }, shape: shape)
  }

  private func expectEqual(
    _ found: D, _ expected: D, _ c: Case, roundings: Double, _ what: Comment,
    _ line: SourceLocation = #_sourceLocation
  ) {
    #expect(found.shape == expected.shape, what, sourceLocation: line)
    if found.shape != expected.shape { return }
    let error = difference(found, expected)
    #expect(error <= roundings * .ulpOfOne * c.conditioning, "\(what): \(error)", sourceLocation: line)
  }

  private static func expectPushed<S: TensorScalar>(_ c: OperationCase<S>) {
    let (x, v) = (c.tensors, directions(c))
    if c.operation == "svd", case .unchecked = c.derivatives { return }  // It would trap, and is tested to.
    let (value, derivative) = jvp(at: x, along: v, in: c.apply)
    let plain = c.apply(x)
    #expect(value.shape == plain.shape && derivative.shape == plain.shape)
    // Eigenvalues by themselves are found without the vectors, and Winograd's method is for filters that stay.
    let isExact =
      !["eigvalsh", "eigvals", "singularValues", "matrixNorm", "conditionNumber"].contains(c.operation)
      && !c.name.contains("Winograd")
    #expect(difference(D(value), D(isExact ? plain : vjp(at: x, in: c.apply).value)) == 0)
    #expect(!value.isTracked && !derivative.isTracked)
    if case .unchecked = c.derivatives { return }
    let error = difference(D(derivative), D(twoPassesBack(at: x, along: v, in: c.apply)))
    #expect(error <= 64 * Double(S.ulpOfOne) * c.conditioning, "\(error)")
  }

  @Test("values are those of the operation, tangents those of two passes back", arguments: cases)
  func doubles(_ c: Case) { Self.expectPushed(c) }

  @Test("and so they are in Float", arguments: OperationCases<Float>.all)
  func floats(_ c: OperationCase<Float>) { Self.expectPushed(c) }

  @Test("each input by itself gives its part", arguments: cases.filter { $0.inputs.count > 1 })
  func separately(_ c: Case) {
    if case .unchecked = c.derivatives { return }
    let (x, v) = (c.tensors, Self.directions(c))
    let parts = x.indices.map { moved in
      jvp(at: [x[moved]], along: [v[moved]]) { part in
        c.apply(x.indices.map { $0 == moved ? part[0] : x[$0] })
      }.derivative
    }
    let whole = jvp(at: x, along: v, in: c.apply).derivative
    // What is small in the sum of large parts has their rounding.
    let scale = parts.map { $0.abs() }.reduce(D.zeros(whole.shape), +)
    let sum = parts.reduce(D.zeros(whole.shape), +)
    expectEqual(sum + scale, whole + scale, c, roundings: 64, "sum of the parts")
  }

  @Test("over a gradient it is the Hessian matrix times the direction, and under one too", arguments: twice)
  func withGradients(_ c: Case) {
    let (x, v) = (c.tensors, Self.directions(c))
    let weights = Self.weights(c.apply(x).shape)
    func total(_ x: [D]) -> D {
      let y = c.apply(x)
      return ((0.5 * y.square() + y) * weights).sum()
    }
    func flat(_ parts: [D]) -> D { .concatenated(parts.map { $0.reshaped(to: [$0.count]) }) }
    let variables = x.map { $0.tracked() }
    let slopes = gradient(
      of: total(variables), withRespectTo: variables, differentiable: true, allowingIndependent: true)
    let along = zip(slopes, v).map { ($0 * $1).sum() }.reduce(D(0), +)
    let expected = flat(gradient(of: along, withRespectTo: variables, allowingIndependent: true))
    let over = jvp(at: x, along: v) { flat(valueWithGradient(at: $0, in: total).gradient) }.derivative
    expectEqual(over, expected, c, roundings: 4096, "over a gradient")
    let under = flat(valueWithGradient(at: x) { jvp(at: $0, along: v, in: total).derivative }.gradient)
    expectEqual(under, expected, c, roundings: 4096, "under a gradient")
    #expect(!over.isTracked && !under.isTracked)
  }

  @Test("of itself it is a second derivative along two directions, in either order", arguments: twice)
  func ofItself(_ c: Case) {
    let (x, v, u) = (c.tensors, Self.directions(c), Self.directions(c, seed: 2))
    func along(_ x: [D], _ first: [D], _ second: [D]) -> D {
      jvp(at: x, along: first) { jvp(at: $0, along: second, in: c.apply).derivative }.derivative
    }
    let expected = Self.twoPassesBack(at: x, along: v) { Self.twoPassesBack(at: $0, along: u, in: c.apply) }
    // What cancels, as where a second derivative is 0, has the rounding of terms as large as the first.
    let scale = jvp(at: x, along: u, in: c.apply).derivative.abs()
    expectEqual(along(x, v, u) + scale, expected + scale, c, roundings: 4096, "jvp of jvp")
    expectEqual(along(x, u, v) + scale, expected + scale, c, roundings: 4096, "the other way round")
  }

  @Test(
    "inside of a mapped function and through it, tangents are those of a loop",
    arguments: MappedTableTests.cases)
  func mapped(_ c: Case) {
    if case .unchecked = c.derivatives { return }
    if c.inputs.isEmpty { return }
    let points = (0..<3).map { example in
      c.inputs.enumerated().map { index, input in
        D(
          input.scalars(seed: c.constantInputs.contains(index) ? index : index + 100 * example),
          shape: input.shape)
      }
    }
    let ways = (0..<3).map { Self.directions(c, seed: UInt64($0)) }
    let expected = D.stacked(zip(points, ways).map { jvp(at: $0, along: $1, in: c.apply).derivative })
    let count = c.inputs.count
    let (x, v) = (
      (0..<count).map { index in D.stacked(points.map { $0[index] }) },
      (0..<count).map { index in D.stacked(ways.map { $0[index] }) }
    )
    let inside = vmap(over: x + v) { parts in
      [jvp(at: Array(parts[..<count]), along: Array(parts[count...]), in: c.apply).derivative]
    }[0]
    expectEqual(inside, expected, c, roundings: 256, "inside")
    let through = jvp(at: x, along: v) { x in vmap(over: x) { [c.apply($0)] }[0] }.derivative
    expectEqual(through, expected, c, roundings: 256, "through")
    // Directions alone that differ, as for a Jacobian matrix.
    let shared = D.stacked(ways.map { jvp(at: points[0], along: $0, in: c.apply).derivative })
    let columns = vmap(over: v) { [jvp(at: points[0], along: $0, in: c.apply).derivative] }[0]
    expectEqual(columns, shared, c, roundings: 256, "one point")
  }
}
