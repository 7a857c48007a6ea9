// A physics-informed network: it solves Burgers' equation without a grid, by learning a function whose derivatives obey
// it (Burgers.swift), and is compared with the exact solution.

import NN
import Tensor
import TerminalPlot

var random = RandomGenerator(seed: 2)
var network = Sequential<Double> {
  Linear(inputs: 2, outputs: 24, initializer: .xavierUniform(gain: 5.0 / 3), using: &random)
  Apply { $0.tanh() }
  Linear(inputs: 24, outputs: 24, initializer: .xavierUniform(gain: 5.0 / 3), using: &random)
  Apply { $0.tanh() }
  Linear(inputs: 24, outputs: 24, initializer: .xavierUniform(gain: 5.0 / 3), using: &random)
  Apply { $0.tanh() }
  Linear(inputs: 24, outputs: 1, using: &random)
}

/// Where the equation has to hold: places anywhere and times from 0 to 1, [N, 2].
let points = Tensor.stacked(
  [
    Tensor<Double>.uniform([600], in: -1..<1, using: &random),
    Tensor<Double>.uniform([600], in: 0..<1, using: &random),
  ], axis: 1)

// The derivatives that the equation is about are taken inside of a function that is differentiated for the weights.
var optimizer = LBFGS<Double>()
for step in 1...600 {
  let report = optimizer.step(&network) { network in
    valueWithGradient(at: network) { network in Burgers.residual(at: points, network).square().mean() }
  }
  if step == 1 || step.isMultiple(of: 200) {
    print("step \(step): mean square of the residual \(report.value)")
  }
  if report.outcome.isFinished { break }
}

let places = Tensor<Double>.linspace(from: -1, through: 1, count: 201)
print("largest error against the exact solution:")
var plot = TerminalPlot(x: -1...1, y: -1.1...1.1, columns: 66, rows: 20)
for time in [0.25, 0.5, 1] {
  let there = Tensor.stacked([places, Tensor(repeating: time, shape: places.shape)], axis: 1)
  let (found, exact) = (Burgers.solution(at: there, network), Burgers.exact(places, time: time))
  print("  at t = \(time): \((found - exact).abs().max().scalar)")
  plot.path(x: places.scalars, y: found.scalars)
  let marks = stride(from: 0, to: places.count, by: 10)
  plot.points(x: marks.map { places.scalars[$0] }, y: marks.map { exact.scalars[$0] })
}
print("The wave steepens: the network at three times, and the exact solution (•).")
print(plot)
