import NN
import Tensor

/// Functions with known minima, as an optimiser sees them.
enum TestFunctions {
  /// (1 − a)² + 100 (b − a²)², lowest at (1, 1).
  static func rosenbrock(_ x: Tensor<Double>) -> (value: Tensor<Double>, gradient: Tensor<Double>) {
    let (a, b) = (x.scalars[0], x.scalars[1])
    let value = (1 - a) * (1 - a) + 100 * (b - a * a) * (b - a * a)
    return (Tensor(value), Tensor([-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)]))
  }

  /// ½ Σ cᵢ (xᵢ − 1)² with cᵢ from 1 to `condition`, evenly on a logarithmic scale.
  static func quadratic(
    condition: Double, count: Int
  ) -> (Tensor<Double>) -> (value: Tensor<Double>, gradient: Tensor<Double>) {
    let curvature = curvatures(condition: condition, count: count)
    return { x in
      valueWithGradient(at: x) { x in
        let distance = x - Tensor<Double>.ones([count])
        return (Tensor(0.5) * curvature * distance * distance).sum()
      }
    }
  }

  static func curvatures(condition: Double, count: Int) -> Tensor<Double> {
    Tensor((0..<count).map { Double.pow(condition, Double($0) / Double(count - 1)) })
  }
}

/// Takes steps until the optimiser is finished or `limit` steps are made.
@discardableResult
func minimize<O: Optimizer>(
  _ optimizer: inout O, _ x: inout Tensor<O.Scalar>, limit: Int,
  _ evaluate: (Tensor<O.Scalar>) -> (value: Tensor<O.Scalar>, gradient: Tensor<O.Scalar>)
) -> [StepReport] {
  var reports: [StepReport] = []
  for _ in 0..<limit {
    reports.append(optimizer.step(&x, evaluate: evaluate))
    if reports.last!.outcome.isFinished { break }
  }
  return reports
}

/// The sum of the evaluations of some steps.
func evaluationCount(_ reports: some Sequence<StepReport>) -> Int {
  reports.reduce(0) { $0 + $1.evaluations }
}
