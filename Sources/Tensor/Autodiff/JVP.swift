/// The value of `function` at `x` and its derivative along `direction` there: the Jacobian matrix times the direction, of
/// the shape of the value.
///
/// ```swift
/// let (value, slope) = jvp(at: Tensor<Double>([1, 2]), along: Tensor([1, 0])) { $0.square() }  // [1, 4], [2, 0]
/// ```
///
/// It is what forward mode gives, and costs the same for a value of any size, where a Jacobian matrix has a row for each of
/// its elements. It is made of two passes back: the pullback of a covector is linear in it, and the derivative of that is
/// what pushes a direction forward. Transforms nest; a second derivative along a direction is
///
/// ```swift
/// func slope(_ x: Tensor<Double>) -> Tensor<Double> { jvp(at: x, along: v) { $0.exp() }.derivative }
/// let curvature = jvp(at: x, along: v, in: slope).derivative
/// ```
///
/// - Parameters:
///   - x: Where to evaluate.
///   - direction: The direction, of the shape of `x`.
///   - function: A function to a tensor of any shape.
/// - Complexity: About four evaluations of `function`, whatever the shapes.
/// - Precondition: `direction` has the shape of `x`.
public func jvp<Scalar: TensorScalar>(
  at x: Tensor<Scalar>, along direction: Tensor<Scalar>,
  in function: (Tensor<Scalar>) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, derivative: Tensor<Scalar>) {
  try jvp(at: [x], along: [direction]) { try function($0[0]) }
}

/// The value of a function of any number of tensors and its derivative where all of them move along their directions at
/// once.
///
/// - Precondition: There is a direction for each tensor, of its shape.
public func jvp<Scalar: TensorScalar>(
  at x: [Tensor<Scalar>], along directions: [Tensor<Scalar>],
  in function: ([Tensor<Scalar>]) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, derivative: Tensor<Scalar>) {
  ShapeCheck.require(x.map(\.shape) == directions.map(\.shape)) {
    "jvp: the directions have the shapes \(directions.map(\.shape)), the point \(x.map(\.shape))"
  }
  let (value, pullback) = try vjp(at: x, in: function)
  let covector = Tensor<Scalar>.zeros(value.shape).tracked()
  let along = zip(pullback(covector), directions).map { ($0 * $1).sum() }.reduce(Tensor(0), +)
  // Inside of another transform the result has its place in that one's graph, as the value has.
  let isNested = value.isTracked || directions.contains(where: \.isTracked)
  let derivative = gradient(
    of: along, withRespectTo: [covector], differentiable: isNested, allowingIndependent: true)[0]
  return (value, derivative)
}
