// Is my derivative right? GradientCheck compares it with what the function itself does. Three tries at writing
// softplus, log(1 + eˣ), whose derivative is the sigmoid σ(x); the value is right each time.

import Tensor

/// Stable for large x of either sign.
func value(_ x: Tensor<Double>) -> Tensor<Double> { x.relu() + ((-x.abs()).exp() + 1).log() }

func softplus(_ x: Tensor<Double>) -> Tensor<Double> {
  record("softplus", value(x), (x, { g in g * x.sigmoid() }))
}

/// A slip of the pen: the sigmoid of −x.
func mirrored(_ x: Tensor<Double>) -> Tensor<Double> {
  record("mirrored", value(x), (x, { g in g * (-x).sigmoid() }))
}

/// Right at first sight: the slope is a number that was worked out beforehand, and has itself no slope.
func flat(_ x: Tensor<Double>) -> Tensor<Double> {
  let slope = x.detached().sigmoid()
  return record("flat", value(x), (x, { g in g * slope }))
}

let x = Tensor<Double>([-2, -0.5, 0.3, 1.7])
let tries: [(name: String, function: (Tensor<Double>) -> Tensor<Double>)] = [
  ("softplus", softplus), ("mirrored", mirrored), ("flat", flat),
]
for (name, function) in tries {
  print("\(name)(x) = \(function(x).scalars)")
  print("  first derivative:  \(GradientCheck.report(at: x, in: function))")
  print("  second derivative: \(GradientCheck.report(at: x, order: .second, in: function))")
}

// In a test it is one line: that a derivative agrees is a fact like any other.
let isRight = GradientCheck.check(at: x, in: softplus).passed
let isFound = !GradientCheck.check(at: x, in: mirrored).passed
print(isRight && isFound ? "The right one passes, the wrong one is caught." : "The check itself is wrong!")
