// A derivative in ten lines: fit a line to points by following the gradient.

import Tensor

let x = Tensor<Double>([0, 1, 2, 3, 4])
let y = Tensor<Double>([1.1, 2.9, 5.2, 7.1, 8.8])

/// Mean squared distance of the line `slope · x + offset` from the points.
func loss(_ line: Tensor<Double>) -> Tensor<Double> {
  (line[0] * x + line[1] - y).square().mean()
}

var line = Tensor<Double>([0, 0])
for step in 0...200 {
  let (value, gradient) = valueWithGradient(at: line, in: loss)
  if step % 50 == 0 { print("step \(step): loss \(value.scalar)") }
  line = line - 0.05 * gradient
}
print("y = \(line[0].scalar) x + \(line[1].scalar)")

// Is the derivative right? Compare it with the slope that the function itself shows.
print(GradientCheck.report(at: line, in: loss))
