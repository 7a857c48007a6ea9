// A Gaussian process: a curve through noisy points, and how sure it is of itself. How smooth the curve is, how
// far it swings and how noisy the points are it learns by the gradient of the data's likelihood, through the
// Cholesky factor of their covariance.

import NN
import Tensor
import TerminalPlot

var random = RandomGenerator(seed: 4)
// None between 4 and 6: there the curve has to admit that it does not know.
let x = Tensor.concatenated([
  Tensor<Double>.uniform([14], in: 0..<4, using: &random), .uniform([10], in: 6..<10, using: &random),
])
let y = x.sin() + 0.5 * (2 * x).cos() + Tensor.normal(x.shape, standardDeviation: 0.15, using: &random)

/// The covariance of the curve between places [N] and [M]: s² · exp(−(a − b)² / 2ℓ²), [N, M].
func covariance(_ a: Tensor<Double>, _ b: Tensor<Double>, _ settings: Tensor<Double>) -> Tensor<Double> {
  let distance = (a.expanded(axis: 1) - b.expanded(axis: 0)) / settings[0].exp()
  return (2 * settings[1] - 0.5 * distance.square()).exp()
}

/// The Cholesky factor L of the points' covariance, with their noise, and L⁻¹·y.
func factor(_ settings: Tensor<Double>) throws -> (l: Tensor<Double>, whitened: Tensor<Double>) {
  let noise = (2 * settings[2]).exp() * Tensor.identity(x.count)
  let l = try (covariance(x, x, settings) + noise).cholesky()
  return (l, try l.triangularSolve(y))
}

/// −log p(y): ½ yᵀ·K⁻¹·y + ½ log det K + ½ N log 2π.
func loss(_ settings: Tensor<Double>) throws -> Tensor<Double> {
  let (l, whitened) = try factor(settings)
  return 0.5 * whitened.square().sum() + l.diagonal().log().sum() + 0.5 * Double(x.count)
    * Double.log(2 * .pi)
}

func describe(_ settings: Tensor<Double>) -> String {
  let numbers = settings.exp().scalars.map { ($0 * 1000).rounded() / 1000 }
  return "length \(numbers[0]), height \(numbers[1]), noise \(numbers[2])"
}

// The logarithms of ℓ, s and the noise: any real number is allowed.
var settings = Tensor<Double>([1, 0, -1])
print("before: \(describe(settings)), −log p \(try loss(settings).scalar)")
var optimizer = LBFGS<Double>()
for _ in 1...100 {
  let report = try optimizer.step(&settings) { try valueWithGradient(at: $0, in: loss) }
  if report.outcome.isFinished { break }
}
print("after:  \(describe(settings)), −log p \(try loss(settings).scalar)")

// Mean and deviation of the curve at places between the points.
let places = Tensor<Double>.linspace(from: 0, through: 10, count: 401)
let (l, whitened) = try factor(settings)
let cross = try l.triangularSolve(covariance(x, places, settings))
let mean = whitened.matrixProduct(cross)
let deviation = ((2 * settings[1]).exp() - cross.square().sum(axes: [0])).sqrt()
for place in [2.0, 5, 8] {
  let index = Int(place * 40)
  print("at \(place): \(mean[index].scalar) ± \(deviation[index].scalar)")
}

var plot = TerminalPlot(x: 0...10, y: -1.75...1.75)
plot.band(x: places.scalars, from: (mean - 2 * deviation).scalars, to: (mean + 2 * deviation).scalars)
plot.line(x: places.scalars, y: mean.scalars)
plot.points(x: x.scalars, y: y.scalars)
print(plot)
print("● measured, a line for the mean, a shade for twice the deviation")
