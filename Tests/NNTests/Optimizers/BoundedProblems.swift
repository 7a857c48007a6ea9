import Tensor
import TestSupport

/// The convex functions of Tests/Fixtures/generate_bounded.py, which SciPy's L-BFGS-B minimises in boxes.
enum BoundedProblems {
  private static let (count, rows) = (12, 30)
  private static let a = values([rows, count], -1...1, seed: 1)
  private static let b = values([rows], -2...2, seed: 2)
  private static let c = values([count], -1...1, seed: 3)
  private static let labels = Tensor(values([rows], -1...1, seed: 4).scalars.map { $0 > 0 ? 1.0 : -1.0 })
  private static let signal =
    Tensor((0..<count).map { $0 < count / 2 ? 0.1 : 0.9 }) + 0.3 * values([count], -1...1, seed: 5)

  static func function(_ name: String) -> (@Sendable (Tensor<Double>) -> Tensor<Double>)? {
    switch name {
    case "quadratic, condition 1": quadratic(condition: 1)
    case "quadratic, condition 10000": quadratic(condition: 1e4)
    case "non-negative least squares": { 0.5 * (a.matrixProduct($0) - b).square().sum() }
    case "logistic regression":
      // Margins stay small in the box, and exp with them.
      { x in (1 + (-(labels * a.matrixProduct(x))).exp()).log().sum() + 0.05 * x.square().sum() }
    case "entropy": { x in (x * x.log()).sum() + 3 * (c * x).sum() }
    case "pseudo-Huber regression": { x in (1 + ((a.matrixProduct(x) - b) * 10).square()).sqrt().sum() }
    case "log-sum-exp":
      { x in
        let z = 4 * a.matrixProduct(x) + b
        let top = z.detached().max()
        return top + (z - top).exp().sum().log() + 0.01 * x.square().sum()
      }
    case "total variation denoising":
      { x in
        let difference = x[1...] - x[..<(-1)]
        return 0.5 * (x - signal).square().sum() + 0.2 * (difference.square() + 1e-4).sqrt().sum()
      }
    default: nil
    }
  }

  private static func quadratic(condition: Double) -> @Sendable (Tensor<Double>) -> Tensor<Double> {
    let curvature = TestFunctions.curvatures(condition: condition, count: count)
    return { x in 0.5 * (curvature * (x - 2 * c).square()).sum() }
  }

  private static func values(_ shape: [Int], _ range: ClosedRange<Double>, seed: Int) -> Tensor<Double> {
    Tensor(DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: range), shape: shape)
  }

  /// What SciPy found.
  struct Reference: Decodable {
    let name: String
    let lower: Double
    let upper: Double
    let start: [Double]
    let value: Double
    let point: [Double]
    let evaluations: Int
  }

  static func references() throws -> [Reference] { try FixtureFile.json("nn/bounded.json") }
}
