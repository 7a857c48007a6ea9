import Tensor
import Testing

@Suite("Transforms")
struct TransformTests {
  @Test("the first hour's example works as it is written")
  func firstHour() {
    let (x, y, w) = (normal([5, 3], seed: 1), normal([5, 2], seed: 2), normal([3, 2], seed: 3))
    func loss(_ w: Tensor<Double>) -> Tensor<Double> { (x.matrixProduct(w) - y).square().mean() }
    let (value, slope) = valueWithGradient(at: w, in: loss)
    let curvature = hessianVectorProduct(at: w, along: slope, in: loss)
    let report = GradientCheck.report(at: w, in: loss)

    // The loss is ‖X·W − Y‖² / 10, its gradient 2 Xᵀ·(X·W − Y) / 10 and its Hessian 2 Xᵀ·X / 10.
    let residual = x.matrixProduct(w) - y
    #expect(abs(value.scalar - residual.square().sum().scalar / 10) < tolerance)
    #expect(slope.shape == [3, 2])
    #expect(distance(slope, x.matrixProduct(residual, transposingLeft: true) / 5) < tolerance)
    let expected = x.matrixProduct(x.matrixProduct(slope), transposingLeft: true) / 5
    #expect(distance(curvature, expected) < tolerance)
    #expect(report.hasPrefix("input 0: agrees, analytic "))
  }

  @Test("transforms may be nested, and the outer one sees through the inner one")
  func nested() {
    typealias D = Tensor<Double>
    // d²(x³)/dx² = 6x and d³(x⁴)/dx³ = 24x.
    let second = gradient(at: D([2])) { x in gradient(at: x) { $0.pow(3).sum() }.sum() }
    #expect(second.scalars == [12])
    let third = gradient(at: D([2])) { x in
      gradient(at: x) { y in gradient(at: y) { $0.pow(4).sum() }.sum() }.sum()
    }
    #expect(abs(third[0].scalar - 48) < tolerance)
    // The inner gradient of x²·w is 2·x·w; its square (10·w)² has the slope 200·w.
    let captured = gradient(at: D([3])) { w in
      gradient(at: D([5])) { x in (x * x * w).sum() }.square().sum()
    }
    #expect(captured.scalars == [600])
    let value = gradient(at: D([5])) { w in valueWithGradient(at: D([1])) { ($0 * w * w).sum() }.value }
    #expect(value.scalars == [10])

    // With f(x) = Σ x³·w: H·v = 6·x·v·w, and the Jacobian of x²·w is diag(2·x·w).
    let (x, v, w) = (D([1, 2]), D([3, 4]), D([5, 6]))
    func cube(_ w: D) -> (D) -> D { { ($0.pow(3) * w).sum() } }
    let curvature = gradient(at: w) { hessianVectorProduct(at: x, along: v, in: cube($0)).sum() }
    #expect(curvature.scalars == [18, 48])
    let direction = gradient(at: v) { hessianVectorProduct(at: x, along: $0, in: cube(w)).sum() }
    #expect(direction.scalars == [30, 72])
    #expect(gradient(at: w) { w in jacobian(at: x) { $0.square() * w }.sum() }.scalars == [2, 4])
    #expect(gradient(at: w) { w in hessian(at: x, in: cube(w)).sum() }.scalars == [6, 12])
    #expect(gradient(at: w) { w in vjp(at: x) { $0.square() * w }.pullback(v).sum() }.scalars == [6, 16])
    #expect(gradient(at: v) { v in vjp(at: x) { $0.square() * w }.pullback(v).sum() }.scalars == [10, 24])
  }

  @Test("what is not nested has no history")
  func notNested() {
    let x = Tensor<Double>([1, 2])
    let (value, slope) = valueWithGradient(at: x) { $0.pow(3).sum() }
    let pulled = vjp(at: x) { $0.square() }
    let results = [
      value, slope, pulled.value, pulled.pullback(x), hessian(at: x) { $0.pow(3).sum() },
      jacobian(at: x) { $0.square() }, hessianVectorProduct(at: x, along: x) { $0.pow(3).sum() },
    ]
    #expect(results.allSatisfy { !$0.isTracked })
  }

  @Test("the Jacobian has the value's shape and then the argument's")
  func jacobianOfProduct() {
    let a = normal([2, 3], seed: 4)
    let x = normal([3, 4], seed: 5)
    let found = jacobian(at: x) { a.matrixProduct($0) }
    #expect(found.shape == [2, 4, 3, 4])
    // d(A·X)ᵢⱼ / dXₖₗ = Aᵢₖ·δⱼₗ.
    for (index, number) in found.scalars.enumerated() {
      let (i, j, k, l) = (index / 48, index / 12 % 4, index / 4 % 3, index % 4)
      #expect(number == (j == l ? a[i, k].scalar : 0))
    }
  }

  @Test("the Jacobian of a constant is 0, and of nothing is empty")
  func jacobianWithoutElements() {
    #expect(
      jacobian(at: Tensor<Double>([1, 2])) { _ in Tensor([3, 4, 5]) }.scalars == .init(repeating: 0, count: 6)
    )
    #expect(jacobian(at: Tensor<Double>.zeros([0])) { $0.exp() }.shape == [0, 0])
    #expect(jacobian(at: Tensor<Double>(3)) { $0 }.scalars == [1])
  }

  @Test("the Hessian is that of the formula")
  func hessianOfProduct() {
    // f = x₀² x₁ has the Hessian [[2 x₁, 2 x₀], [2 x₀, 0]].
    let found = hessian(at: Tensor<Double>([3, 5])) { ($0[0].square() * $0[1]).sum() }
    #expect(found.shape == [2, 2])
    #expect(found.scalars == [10, 6, 6, 0])
  }

  @Test("the Hessian times a vector is the product of both")
  func hessianAndProduct() {
    let (x, v) = (normal([2, 3], seed: 6), normal([2, 3], seed: 7))
    func f(_ x: Tensor<Double>) -> Tensor<Double> {
      (x.exp() * x.matrixProduct(x, transposingRight: true).sum()).sum()
    }
    let full = hessian(at: x, in: f)
    #expect(full.shape == [2, 3, 2, 3])
    let product = full.reshaped(to: [6, 6]).matrixProduct(v.reshaped(to: [6]))
    #expect(distance(product, hessianVectorProduct(at: x, along: v, in: f).reshaped(to: [6])) < tolerance)
  }

  @Test("the Hessian of a linear or constant function is 0")
  func hessianOfLinear() {
    #expect(hessian(at: Tensor<Double>([1, 2])) { 3 * $0.sum() }.scalars == [0, 0, 0, 0])
    #expect(hessian(at: Tensor<Double>([1, 2])) { _ in Tensor(1) }.scalars == [0, 0, 0, 0])
  }

  @Test("the pullback serves several covectors, for one input and for several")
  func pullbacks() {
    let (value, pullback) = vjp(at: Tensor<Double>([1, 2])) { $0.square() }
    #expect(value.scalars == [1, 4])
    #expect(!value.isTracked)
    #expect(pullback(Tensor([1, 10])).scalars == [2, 40])
    #expect(pullback(Tensor([0, -1])).scalars == [0, -4])

    let (product, both) = vjp(at: [Tensor<Double>([1, 2]), Tensor([3, 4]), Tensor(7)]) { $0[0] * $0[1] }
    #expect(product.scalars == [3, 8])
    #expect(both(Tensor([1, 10])).map(\.scalars) == [[3, 40], [1, 20], [0]])
  }

  @Test("an error of the function is passed on")
  func errors() {
    struct Failure: Error {}
    let x = Tensor<Double>([1])
    func fail(_ x: Tensor<Double>) throws -> Tensor<Double> { throw Failure() }
    #expect(throws: Failure.self) { try vjp(at: x, in: fail) }
    #expect(throws: Failure.self) { try jacobian(at: x, in: fail) }
    #expect(throws: Failure.self) { try hessian(at: x, in: fail) }
  }

  /// Roundings of a few dozen terms near 1.
  private let tolerance = 1e-13

  private func distance(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Double {
    (a - b).abs().max().scalar / b.abs().max().scalar
  }
}

@Suite("Custom operations")
struct CustomOperationTests {
  /// ln cosh x, computed with loops of its own and recorded by its own rule, as any package can.
  private func logCosh(_ x: Tensor<Double>) -> Tensor<Double> {
    let value = Tensor<Double>(shape: x.shape) { result in
      x.withUnsafeScalars { x in
        for index in x.indices {
          let a = abs(x[index])
          result[index] = a + Double.log(1 + Double.exp(-2 * a)) - Double.log(2)
        }
      }
    }
    return record("logCosh", value, (x, { g in g * x.tanh() }))
  }

  /// √(x² + y²), whose rules use its own result.
  private func hypotenuse(_ x: Tensor<Double>, _ y: Tensor<Double>) -> Tensor<Double> {
    let (a, b) = (x.detached(), y.detached())
    return record(
      "hypotenuse", (a.square() + b.square()).sqrt(), (x, { g, r in g * x / r }), (y, { g, r in g * y / r }))
  }

  @Test(
    "have right derivatives of both orders by a rule alone", arguments: [GradientCheck.Order.first, .second])
  func derivatives(order: GradientCheck.Order) {
    let x = Tensor<Double>([[0.5, -1.25, 2], [3, 0.1, -0.7]])
    let one = GradientCheck.check(at: x, order: order) { logCosh($0) }
    #expect(one.passed && one.inputs[0].analytic != 0, "\(one)")
    let two = GradientCheck.check(at: [x, Tensor([2, 3, 4])], order: order) { hypotenuse($0[0], $0[1]) }
    #expect(two.passed && two.inputs.allSatisfy { $0.analytic != 0 }, "\(two)")
  }
}
