/// The value of `function` at `x` and its derivative along `direction` there: the Jacobian matrix times the direction, of
/// the shape of the value.
///
/// ```swift
/// let (value, slope) = jvp(at: Tensor<Double>([1, 2]), along: Tensor([1, 0])) { $0.square() }  // [1, 4], [2, 0]
/// ```
///
/// This is forward mode: each operation moves its result along as it is computed. Nothing is kept for a backward pass, so
/// memory does not grow with the number of operations, and a value of any size costs the same, where a Jacobian matrix has
/// a row for each of its elements.
///
/// Transforms nest. A second derivative along a direction is a `jvp` of a `jvp`; a `jvp` of a gradient is the Hessian matrix
/// times the direction. With `vmap` over directions a Laplacian takes no backward pass:
///
/// ```swift
/// let laplacian = vmap(over: Tensor<Double>.identity(x.count)) { axis in
///   jvp(at: x, along: axis) { jvp(at: $0, along: axis, in: f).derivative }.derivative
/// }.sum()
/// ```
///
/// Inside of the function its argument moves, but is no variable: `gradient(at:)` makes one of it,
/// `gradient(of:withRespectTo:)` traps. ``Tensor/detached()`` stops it. What is checkpointed there is not computed again.
///
/// - Parameters:
///   - x: Where to evaluate.
///   - direction: The direction, of the shape of `x`.
///   - function: A function to a tensor of any shape.
/// - Complexity: About two evaluations of `function` where it is made of elementwise operations, three with matrix products,
///   five with convolutions and poolings; memory for a few of its arrays.
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
  let scope = TangentScope()
  defer { scope.close() }
  let result = try function(zip(x, directions).map { $0.moving(along: $1, in: scope) })
  let tangent = result.tangent(in: scope)?.asMapped(result.mapped)
  scope.close()
  return (result.leaving(scope), tangent ?? .zeros(result.shape))
}
