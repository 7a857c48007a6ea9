// Fit a curve with L-BFGS: a swing that dies away, measured with noise. The second derivatives at the end tell
// how well the measurements determine each of its four numbers.

import NN
import Tensor
import TerminalPlot

/// a · e⁻ᵇᵗ · cos(c · t + d)
func swing(_ p: Tensor<Double>, _ t: Tensor<Double>) -> Tensor<Double> {
  p[0] * (-(p[1] * t)).exp() * (p[2] * t + p[3]).cos()
}

// Sixty measurements of a swing that only this part of the program knows, each off by 0.15 or so.
var random = RandomGenerator(seed: 2)
let truth = Tensor<Double>([2, 0.3, 3, 0.5])
let t = Tensor<Double>.arange(to: 60) / 10
let deviation = 0.15
let measured = swing(truth, t) + Tensor.normal(t.shape, standardDeviation: deviation, using: &random)

/// Minus the logarithm of the measurements' likelihood, but for a constant.
func loss(_ p: Tensor<Double>) -> Tensor<Double> {
  (swing(p, t) - measured).square().sum() / (2 * deviation * deviation)
}

var p = Tensor<Double>([1, 0.1, 2.8, 0])
var optimizer = LBFGS<Double>()
for step in 1...100 {
  let report = optimizer.step(&p) { valueWithGradient(at: $0, in: loss) }
  if step % 5 == 0 || report.outcome.isFinished { print("step \(step): loss \(report.value)") }
  if report.outcome.isFinished {
    print("It ends: \(report.outcome).")
    break
  }
}

// The inverse of the loss's Hessian is the covariance of the four numbers.
let covariance = try hessian(at: p, in: loss).inverse()
for (index, name) in ["a", "b", "c", "d"].enumerated() {
  let error = covariance[index, index].sqrt()
  print("\(name) = \(rounded(p[index])) ± \(rounded(error)), in truth \(rounded(truth[index]))")
}

let fine = Tensor<Double>.arange(to: 600) / 100
var plot = TerminalPlot(x: 0...6, y: -2...2)
plot.line(x: fine.scalars, y: swing(p, fine).scalars)
plot.points(x: t.scalars, y: measured.scalars, mark: "•")
print(plot)

func rounded(_ number: Tensor<Double>) -> Double { (number.scalar * 1000).rounded() / 1000 }
