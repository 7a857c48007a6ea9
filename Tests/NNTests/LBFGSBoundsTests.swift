import Tensor
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
}
