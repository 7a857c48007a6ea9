import Tensor
import Testing

@testable import NN

@Suite struct AdamTests {
  @Test("Adam: the first steps are those of the paper's formulas")
  func formulas() {
    var optimizer = Adam<Double>(learningRate: 0.1, betas: (0.8, 0.9), epsilon: 1e-3)
    var x = Tensor<Double>([1, -2])
    var (m, v) = ([0.0, 0.0], [0.0, 0.0])
    var expected = x.scalars
    for step in 1...5 {
      let gradient = expected.map { 3 * $0 }
      for i in 0..<2 {
        m[i] = 0.8 * m[i] + 0.2 * gradient[i]
        v[i] = 0.9 * v[i] + 0.1 * gradient[i] * gradient[i]
        let (first, second) = (
          m[i] / (1 - Double.pow(0.8, Double(step))), v[i] / (1 - Double.pow(0.9, Double(step)))
        )
        expected[i] -= 0.1 * first / (second.squareRoot() + 1e-3)
      }
      let report = optimizer.step(&x) { x in ((Tensor(1.5) * x * x).sum(), Tensor(3) * x) }
      #expect(report.evaluations == 1 && report.outcome == .advanced)
      #expect(zip(x.scalars, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }

  @Test("Adam: finds the minimum of Rosenbrock's function")
  func rosenbrock() {
    var optimizer = Adam<Double>(learningRate: 0.02)
    var x = Tensor<Double>([-1.2, 1])
    for _ in 0..<4000 { _ = optimizer.step(&x, evaluate: TestFunctions.rosenbrock) }
    #expect(x.scalars.allSatisfy { abs($0 - 1) < 1e-2 })
  }

  @Test("Adam: a NaN goes back to the last good point and says so; a lasting one stalls")
  func injectedNaN() {
    var optimizer = Adam<Double>()
    var x = Tensor<Double>([-1.2, 1])
    for _ in 0..<3 { _ = optimizer.step(&x, evaluate: TestFunctions.rosenbrock) }
    let good = x
    _ = optimizer.step(&x, evaluate: TestFunctions.rosenbrock)
    let report = optimizer.step(&x) { x in (Tensor(.nan), x) }
    #expect(report.outcome == .rolledBack && report.nonFiniteEvaluations == 1)
    #expect(x.scalars == good.scalars)
    let retried = optimizer.step(&x, evaluate: TestFunctions.rosenbrock)
    #expect(retried.outcome == .advanced)

    // A wall of NaN around the good point: steps get shorter each time, and in the end it gives up.
    var outcomes: [StepReport.Outcome] = []
    for _ in 0..<100 {
      outcomes.append(
        optimizer.step(&x) { x in
          Vectors.squaredDistance(x, good) == 0 ? TestFunctions.rosenbrock(x) : (Tensor(.nan), x)
        }.outcome)
      if outcomes.last!.isFinished { break }
    }
    #expect(outcomes.last == .stalled)
    #expect(x.scalars.allSatisfy { $0.isFinite })
  }
}
