import Tensor
import TestSupport
import Testing

@testable import NN

@Suite struct LBFGSBoundsTests {
  @Test("LBFGS: with bounds every evaluation is inside and the corner is found")
  func corner() {
    // Lowest at (3, −2) without bounds, at (1, 0) in the unit square.
    var optimizer = LBFGS<Double>(bounds: 0...1)
    var x = Tensor<Double>([0.3, 0.6])
    let reports = minimize(&optimizer, &x, limit: 50) { x in
      #expect(x.scalars.allSatisfy { (0...1).contains($0) })
      let (a, b) = (x.scalars[0] - 3, x.scalars[1] + 2)
      return (Tensor(a * a + 2 * b * b), Tensor([2 * a, 4 * b]))
    }
    #expect(x.scalars == [1, 0])
    #expect(reports.last!.outcome == .converged)
  }

  @Test("LBFGS: with bounds some elements end at a bound and the free ones at their minimum")
  func mixed() {
    let count = 50
    let curvature = TestFunctions.curvatures(condition: 100, count: count)
    let target = Tensor((0..<count).map { -0.5 + 2 * Double($0 * 7 % count) / Double(count) })
    var optimizer = LBFGS<Double>(gradientTolerance: 1e-9, changeTolerance: 0, bounds: 0...1)
    var x = Tensor<Double>(repeating: 0.5, shape: [count])
    let reports = minimize(&optimizer, &x, limit: 300) { x in
      let distance = x - target
      return ((curvature * distance * distance).sum(), Tensor(2) * curvature * distance)
    }
    let expected = target.scalars.map { min(max($0, 0), 1) }
    #expect(zip(x.scalars, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(reports.last!.outcome.isFinished)
    #expect(Double(evaluationCount(reports)) < 1.5 * Double(reports.count))
  }

  @Test("LBFGS: with bounds a coupled function, Rosenbrock's with its valley cut off, ends on the bound")
  func rosenbrockInABox() {
    var optimizer = LBFGS<Double>(gradientTolerance: 1e-10, changeTolerance: 0, bounds: -0.5...0.5)
    var x = Tensor<Double>([-0.4, 0.5])
    minimize(&optimizer, &x, limit: 200, TestFunctions.rosenbrock)
    // On a = ½ the function is lowest at b = a² = ¼.
    #expect(x.scalars[0] == 0.5 && abs(x.scalars[1] - 0.25) < 1e-8)
  }

  @Test("LBFGS: a start outside its bounds is clamped into them")
  func startOutside() {
    var optimizer = LBFGS<Double>(bounds: 0...1)
    var x = Tensor<Double>([-1, 4])
    var first: [Double]?
    _ = optimizer.step(&x) { x in
      first = first ?? x.scalars
      return TestFunctions.rosenbrock(x)
    }
    #expect(first == [0, 1])
  }

  /// First guesses of an inverse Hessian of twelve elements, all symmetric and positive definite.
  static let guesses: [(name: String, function: (@Sendable (Tensor<Double>) -> Tensor<Double>)?)] = [
    ("identity", nil),
    ("diagonal", { $0 * Tensor((1...12).map { 1 / Double($0) }) }),
    ("1/f along a line", { filtered($0, height: 1) }),
    ("1/f over a picture", { filtered($0, height: 3) }),
  ]

  private static func filtered(_ x: Tensor<Double>, height: Int) -> Tensor<Double> {
    let filter = InverseFrequencyFilter<Double>(height: height, width: x.count / height)
    return filter(x.reshaped(to: [1, 1, height, -1])).reshaped(to: [-1])
  }

  @Test("LBFGS: finds the minima of SciPy's L-BFGS-B in boxes, with any initial inverse Hessian")
  func table() throws {
    let references = try BoundedProblems.references()
    #expect(references.count == 8)
    for reference in references {
      let function = try #require(BoundedProblems.function(reference.name))
      for guess in Self.guesses {
        var optimizer = LBFGS<Double>(
          historySize: 10, gradientTolerance: 1e-9, changeTolerance: 0,
          bounds: reference.lower...reference.upper, initialInverseHessian: guess.function)
        var x = Tensor(reference.start)
        let reports = minimize(&optimizer, &x, limit: 500) { valueWithGradient(at: $0, in: function) }
        let name = "\(reference.name), \(guess.name): \(evaluationCount(reports)) evaluations"
        // At a minimum the value is flat: SciPy's own is exact to a few roundings.
        #expect(
          abs(reports.last!.value - reference.value) < 1e-11 * max(1, abs(reference.value)), "\(name)")
        #expect(zip(x.scalars, reference.point).allSatisfy { abs($0 - $1) < 1e-5 }, "\(name)")
        #expect(reports.last!.outcome.isFinished, "\(name)")
        #expect(evaluationCount(reports) < 10 * reference.evaluations + 40, "\(name)")
      }
    }
  }

  @Test("LBFGS: what is frozen neither moves nor pushes others through the initial inverse Hessian")
  func frozenElements() {
    var history = LBFGSHistory<Double>(capacity: 4)
    let guess: @Sendable (Tensor<Double>) -> Tensor<Double> = { Self.filtered($0, height: 3) }
    let constraints = BoundConstraints<Double>(0...1)
    let x = Tensor([0, 0, 1, 1] + (0..<8).map { 0.1 + 0.1 * Double($0) })
    // Two of the four at a bound are pushed out, two in.
    let gradient = Tensor([2, -1, -3, 1] + (0..<8).map { Double.sin(Double($0)) })
    let point = Evaluation(at: x) { _ in (Tensor(0.0), gradient) }
    func direction() -> Tensor<Double> {
      var direction = history.direction(
        for: point.gradient, initialInverseHessian: guess
      ) {
        constraints.freeze(&$0, at: point)
      }
      constraints.freezeOutward(&direction, at: point)
      return direction
    }
    // Without pairs: the free part of the filtered free part.
    let isFree = Tensor([0, 1, 0, 1] + [Double](repeating: 1, count: 8))
    let expected = -(isFree * guess(isFree * gradient))
    for (found, wanted) in zip(direction().scalars, expected.scalars).dropFirst(4) {
      #expect(abs(found - wanted) < 1e-12)
    }
    for seed in 1...4 {
      let step = Tensor(DeterministicValues(seed: seed).uniform(12, in: -1...1))
      // Of a function with curvatures between 1 and 12.
      history.insert(
        step: step, change: step * Tensor((1...12).map(Double.init)), initialInverseHessian: guess)
      let found = direction()
      #expect(found.scalars[0] == 0 && found.scalars[2] == 0)
      #expect(Vectors.dot(gradient, found) < 0)
    }
  }
}
