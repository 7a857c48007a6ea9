// Gradients in ten lines: the straight line that lies nearest to five points.

import Tensor

let x = Tensor<Double>([0, 1, 2, 3, 4])
let y = Tensor<Double>([1.1, 2.9, 5.2, 7.1, 8.8])
func loss(_ line: Tensor<Double>) -> Tensor<Double> { (line[0] * x + line[1] - y).square().mean() }

var line = Tensor<Double>([0, 0])
for _ in 1...1000 { line -= 0.05 * gradient(at: line, in: loss) }
let steeper = hessianVectorProduct(at: line, along: Tensor([1, 0]), in: loss)

print("y = \(line[0].scalar) x + \(line[1].scalar), mean square error \(loss(line).scalar)")
print("A steeper line would have the gradient \(steeper.scalars) for each unit of slope.")
print(GradientCheck.report(at: Tensor([1, 0]), in: loss))
