// An operation of one's own. Kepler's equation can only be solved by iteration, but its solution has a derivative
// (Kepler.swift). With it, the orbit of a comet is found from a few positions seen in the sky.

import NN
import Tensor
import TerminalPlot

/// Where a comet with orbit (e, time of perihelion) is at times t, in units of the orbit's size: [2, N].
func position(_ orbit: Tensor<Double>, _ t: Tensor<Double>) -> Tensor<Double> {
  let angle = eccentricAnomaly(2 * .pi * (t - orbit[1]), eccentricity: orbit[0])
  return Tensor.stacked([angle.cos() - orbit[0], (1 - orbit[0].square()).sqrt() * angle.sin()])
}

let example = Tensor<Double>([0.4, 2.0, 5.5])
print("dE/dM:   \(GradientCheck.report(at: example) { eccentricAnomaly($0, eccentricity: Tensor(0.6)) })")
print("dE/de:   \(GradientCheck.report(at: Tensor(0.6)) { eccentricAnomaly(example, eccentricity: $0) })")
let second = GradientCheck.report(at: [example, Tensor(0.6)], order: .second) {
  eccentricAnomaly($0[0], eccentricity: $0[1])
}
print("second derivatives:\n\(second)")

let both = GradientCheck.report(at: [example, example / 2], order: .second) {
  let (distance, angle) = polar($0[0], $0[1])
  return distance * angle
}
print("second derivatives of distance · angle (Polar.swift):\n\(both)")

// Twelve observations, each off by 0.01 or so.
var random = RandomGenerator(seed: 7)
let truth = Tensor<Double>([0.7, 0.1])
let t = Tensor<Double>.arange(to: 12) / 20
let seen = position(truth, t) + Tensor.normal([2, t.count], standardDeviation: 0.01, using: &random)

var orbit = Tensor<Double>([0.3, 0])
var optimizer = LBFGS<Double>()
for _ in 1...100 {
  let report = optimizer.step(&orbit) { orbit in
    // A trial step may leave the ellipses; there the loss is infinite, and the search comes back.
    guard 0..<1 ~= orbit[0].scalar else { return (Tensor(.infinity), .zeros([2])) }
    return valueWithGradient(at: orbit) { (position($0, t) - seen).square().sum() }
  }
  if report.outcome.isFinished { break }
}
print("eccentricity \(orbit[0].scalar), in truth \(truth[0].scalar)")
print("perihelion   \(orbit[1].scalar), in truth \(truth[1].scalar)")

let times = Tensor<Double>.arange(to: 2000) / 2000
let year = position(orbit, times)
let distance = polar(year[0], year[1]).distance
// How fast the comet comes nearer: the gradient asks for the distance alone, so nothing is divided by it.
let speed = gradient(at: times) { polar(position(orbit, $0)[0], position(orbit, $0)[1]).distance.sum() }
print("distance from the sun \(distance.min().scalar) to \(distance.max().scalar)")
print("coming nearer by at most \(-speed.min().scalar) in a year")
var plot = TerminalPlot(x: -1.8...0.4, y: -0.8...0.8, columns: 66, rows: 22)
plot.path(x: year[0].scalars, y: year[1].scalars)
plot.points(x: [0], y: [0], mark: "☀")
plot.points(x: seen[0].scalars, y: seen[1].scalars)
print(plot)
