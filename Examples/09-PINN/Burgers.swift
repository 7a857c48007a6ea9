import NN
import Tensor

/// Burgers' equation, ∂u/∂t + u · ∂u/∂x = ν · ∂²u/∂x², of waves that steepen and wear off: for x from −1 to 1, with
/// u = −sin πx at t = 0 and u = 0 at both ends.
enum Burgers {
  /// ν, the viscosity.
  static let viscosity = 0.03

  /// u at the points (x, t), [N, 2], made of a network so that it begins and ends as it has to: the network is left with
  /// the equation alone.
  static func solution(at points: Tensor<Double>, _ network: Sequential<Double>) -> Tensor<Double> {
    let (x, t) = (points[0..., 0], points[0..., 1])
    return t * (1 - x.square()) * network(points)[0..., 0] - (.pi * x).sin()
  }

  /// By how much u misses the equation at each of the points, [N].
  static func residual(at points: Tensor<Double>, _ network: Sequential<Double>) -> Tensor<Double> {
    let u = solution(at: points, network)
    // Each u depends on its own point alone, so the gradient of their sum is the list of their gradients.
    let (slopes, pullback) = vjp(at: points) { points in
      gradient(at: points) { solution(at: $0, network).sum() }
    }
    // The gradients of all ∂u/∂x, of which the first column is ∂²u/∂x².
    let alongX = Tensor<Double>([1, 0]).broadcast(to: points.shape)
    let curvature = pullback(alongX)[0..., 0]
    return slopes[0..., 1] + u * slopes[0..., 0] - viscosity * curvature
  }

  /// The exact solution at a time, by the substitution of Cole and Hopf (1950, 1951):
  /// u = −∫ sin π(x − η) · w dη / ∫ w dη with w = exp(−cos π(x − η) / 2πν − η² / 4νt).
  static func exact(_ x: Tensor<Double>, time: Double) -> Tensor<Double> {
    // The sum over a grid has as many right digits as one likes, since all falls off on both sides.
    let grid = Tensor<Double>.linspace(from: -6, through: 6, count: 241)
    let y = .pi * (x.expanded(axis: 1) - grid * (4 * viscosity * time).squareRoot())
    let weights = (-y.cos() / (2 * .pi * viscosity) - grid.square()).exp()
    return -(y.sin() * weights).sum(axes: [1]) / weights.sum(axes: [1])
  }
}
