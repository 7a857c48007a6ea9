import Tensor
import TestSupport
import Testing

@testable import NN

@Suite struct LBFGSTests {
  @Test("LBFGS: finds the minimum of Rosenbrock's function")
  func rosenbrock() {
    var optimizer = LBFGS<Double>(gradientTolerance: 1e-12, changeTolerance: 0)
    var x = Tensor<Double>([-1.2, 1])
    let reports = minimize(&optimizer, &x, limit: 100, TestFunctions.rosenbrock)
    // SciPy's L-BFGS-B takes 43 evaluations from this start to 1e-9.
    #expect(evaluationCount(reports) < 70)
    #expect(abs(x.scalars[0] - 1) < 1e-8 && abs(x.scalars[1] - 1) < 1e-8)
    #expect(reports.last!.outcome.isFinished)
  }

  @Test("LBFGS: solves quadratics of any condition", arguments: [1.0, 1e2, 1e4])
  func quadratic(condition: Double) {
    let count = 40
    var optimizer = LBFGS<Double>(historySize: 20, gradientTolerance: 1e-10, changeTolerance: 0)
    var x = Tensor<Double>.zeros([count])
    let reports = minimize(
      &optimizer, &x, limit: 2000, TestFunctions.quadratic(condition: condition, count: count))
    #expect(reports.last!.outcome == .converged)
    // |∇| ≤ 1e-10 · condition bounds each element's distance by that over its curvature, which is at least 1.
    #expect(x.scalars.allSatisfy { abs($0 - 1) <= 1e-10 * condition })
  }

  @Test("LBFGS: nearly every step after the first few takes one evaluation")
  func evaluationsPerStep() {
    var optimizer = LBFGS<Double>(gradientTolerance: 1e-8)
    var x = Tensor<Double>.zeros([100])
    let reports = minimize(&optimizer, &x, limit: 500, TestFunctions.quadratic(condition: 1e3, count: 100))
    let later = reports.dropFirst(5)
    #expect(Double(evaluationCount(later)) <= 1.2 * Double(later.count))
  }

  @Test("LBFGS: the value never rises and the report tells the value at x")
  func descent() {
    var optimizer = LBFGS<Double>()
    var x = Tensor<Double>([-1.2, 1])
    var last = TestFunctions.rosenbrock(x).value.scalar
    for _ in 0..<30 {
      let report = optimizer.step(&x, evaluate: TestFunctions.rosenbrock)
      #expect(report.value < last)
      #expect(report.value == TestFunctions.rosenbrock(x).value.scalar)
      last = report.value
      if report.outcome.isFinished { break }
    }
  }

  @Test(
    "LBFGS: the first step has the same length whatever the function is multiplied by",
    arguments: [1e-12, 1, 1e12])
  func scaleInvariance(scale: Double) {
    var optimizer = LBFGS<Double>()
    var x = Tensor<Double>([-1.2, 1])
    var tried: [Tensor<Double>] = []
    _ = optimizer.step(&x) { x in
      tried.append(x)
      let (value, gradient) = TestFunctions.rosenbrock(x)
      return (value * Tensor(scale), gradient * Tensor(scale))
    }
    let distance = Vectors.squaredDistance(tried[0], tried[1]).squareRoot()
    #expect(abs(distance - 0.01 * Vectors.norm(tried[0])) < 1e-12)
  }

  @Test("LBFGS: a value that is not finite shortens the step and is reported")
  func nonFiniteIsSteppedBackFrom() {
    // −log(x) + x, lowest at 1, and NaN from 0 down.
    var optimizer = LBFGS<Double>(changeTolerance: 0)
    var x = Tensor<Double>([30])
    var met = 0
    for _ in 0..<50 {
      let report = optimizer.step(&x) { x in
        let x = x.scalar
        return (Tensor(x - Double.log(x)), Tensor([1 - 1 / x]))
      }
      met += report.nonFiniteEvaluations
      #expect(report.value.isFinite && x.scalar > 0)
      if report.outcome.isFinished { break }
    }
    #expect(abs(x.scalar - 1) < 1e-6)
  }

  @Test("LBFGS: one NaN is survived, NaN everywhere rolls back to the last good point and then stalls")
  func injectedNaN() {
    var optimizer = LBFGS<Double>()
    var x = Tensor<Double>([-1.2, 1])
    for _ in 0..<5 { _ = optimizer.step(&x, evaluate: TestFunctions.rosenbrock) }
    var calls = 0
    let survived = optimizer.step(&x) { x in
      calls += 1
      return calls == 1 ? (Tensor(.nan), x) : TestFunctions.rosenbrock(x)
    }
    #expect(survived.nonFiniteEvaluations == 1 && survived.value.isFinite)

    let good = x
    let broken: (Tensor<Double>) -> (value: Tensor<Double>, gradient: Tensor<Double>) = { x in
      (Tensor(1), Tensor([.nan, 0]))
    }
    let first = optimizer.step(&x, evaluate: broken)
    #expect(first.outcome == .rolledBack && x.scalars == good.scalars && first.value.isFinite)
    let second = optimizer.step(&x, evaluate: broken)
    #expect(second.outcome == .stalled && x.scalars == good.scalars)
    let recovered = optimizer.step(&x, evaluate: TestFunctions.rosenbrock)
    #expect(recovered.value < first.value)
  }

  @Test("LBFGS: a start that is not finite stalls at once and stays where it is")
  func nonFiniteStart() {
    var optimizer = LBFGS<Double>()
    var x = Tensor<Double>([1, 2])
    let report = optimizer.step(&x) { _ in (Tensor(.infinity), Tensor([0, 0])) }
    #expect(report.outcome == .stalled && report.evaluations == 1 && x.scalars == [1, 2])
  }

  @Test("LBFGS: a wrong gradient stalls, with the function's history dropped first")
  func wrongGradient() {
    var optimizer = LBFGS<Double>()
    var x = Tensor<Double>([-1.2, 1])
    for _ in 0..<5 { _ = optimizer.step(&x, evaluate: TestFunctions.rosenbrock) }
    let good = x
    let report = optimizer.step(&x) { x in
      let (value, gradient) = TestFunctions.rosenbrock(x)
      return (value + Tensor(1e3), gradient)
    }
    #expect(report.outcome == .stalled && x.scalars == good.scalars)
  }

  @Test("LBFGS: a zero gradient is converged, a flat function settled")
  func finished() {
    var optimizer = LBFGS<Double>()
    var x = Tensor<Double>([1, 1])
    let report = optimizer.step(&x, evaluate: TestFunctions.rosenbrock)
    #expect(report.outcome == .converged)
    var other = LBFGS<Float>()
    var y = Tensor<Float>([1])
    // 1e6 + y: a step along the gradient changes the sum by less than a Float of that size can tell.
    let flat = other.step(&y) { y in (Tensor(1e6 + y.scalar * 1e-3), Tensor([1e-3])) }
    #expect(flat.outcome == .settled)
  }

  @Test("LBFGS: an x that was changed is noticed")
  func changedPoint() {
    var optimizer = LBFGS<Double>()
    var x = Tensor<Double>([-1.2, 1])
    for _ in 0..<5 { _ = optimizer.step(&x, evaluate: TestFunctions.rosenbrock) }
    x = Tensor([3, 3])
    var tried: [Tensor<Double>] = []
    _ = optimizer.step(&x) { x in
      tried.append(x)
      return TestFunctions.rosenbrock(x)
    }
    #expect(tried[0].scalars == [3, 3])
  }

  @Test("LBFGS: an error of the function leaves x as it was, and the step can be taken again")
  func throwing() throws {
    struct Interrupted: Error {}
    var optimizer = LBFGS<Double>()
    var x = Tensor<Double>([-1.2, 1])
    for _ in 0..<3 { _ = optimizer.step(&x, evaluate: TestFunctions.rosenbrock) }
    let before = x
    #expect(throws: Interrupted.self) {
      try optimizer.step(&x) { _ throws(Interrupted) in throw Interrupted() }
    }
    #expect(x.scalars == before.scalars)
    let report = optimizer.step(&x, evaluate: TestFunctions.rosenbrock)
    #expect(report.outcome == .advanced)
  }

  @Test("LBFGS: an initial inverse Hessian makes a badly conditioned quadratic easy")
  func preconditioner() {
    let count = 60
    let function = TestFunctions.quadratic(condition: 1e6, count: count)
    let curvature = TestFunctions.curvatures(condition: 1e6, count: count)
    func evaluations(_ inverse: (@Sendable (Tensor<Double>) -> Tensor<Double>)?) -> Int {
      var optimizer = LBFGS<Double>(historySize: 5, gradientTolerance: 1e-9, initialInverseHessian: inverse)
      var x = Tensor<Double>.zeros([count])
      return evaluationCount(minimize(&optimizer, &x, limit: 1000, function))
    }
    // Off by a factor, which the last pair corrects: after the first step the model is exact.
    let preconditioned = evaluations { Tensor(100) * $0 / curvature }
    #expect(preconditioned < 15)
    #expect(evaluations(nil) > 5 * preconditioned)
  }

  @Test("LBFGS: results are the same to the bit for any number of threads")
  func threads() {
    let count = 3 * Vectors.grain + 17
    let target = Tensor<Float>((0..<count).map { Float($0 % 97) / 97 })
    let weight = Tensor<Float>((0..<count).map { 1 + Float($0 % 13) })
    func result(threads: Int) -> [Float] {
      withThreadCount(threads) {
        var optimizer = LBFGS<Float>()
        var x = Tensor<Float>.zeros([count])
        for _ in 0..<6 {
          _ = optimizer.step(&x) { x in
            let difference = x - target
            return (
              Tensor(Float(Vectors.dot(difference * weight, difference))), Tensor(2) * weight * difference
            )
          }
        }
        return x.scalars
      }
    }
    #expect(result(threads: 1) == result(threads: 3))
  }
}
