/// The value of `function` at `x` and its gradient there, of the shape of `x`.
///
/// ```swift
/// let (value, slope) = valueWithGradient(at: Tensor<Double>([3])) { $0.square().sum() }  // 9, [6]
/// ```
///
/// - Parameters:
///   - x: Where to evaluate. If it has a history of its own, that is not looked at.
///   - function: A function to a tensor with one element. A result that does not depend on its argument has
///     the gradient zero.
/// - Precondition: The result has exactly one element.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func valueWithGradient<Scalar: TensorScalar>(
  at x: Tensor<Scalar>, in function: (Tensor<Scalar>) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
  let (value, gradients) = try valueWithGradient(at: [x]) { try function($0[0]) }
  return (value, gradients[0])
}

/// The value of a function of two tensors and its gradient with respect to each.
///
/// - Precondition: The result has exactly one element.
public func valueWithGradient<Scalar: TensorScalar>(
  at x: Tensor<Scalar>, _ y: Tensor<Scalar>,
  in function: (Tensor<Scalar>, Tensor<Scalar>) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, gradient: (Tensor<Scalar>, Tensor<Scalar>)) {
  let (value, gradients) = try valueWithGradient(at: [x, y]) { try function($0[0], $0[1]) }
  return (value, (gradients[0], gradients[1]))
}

/// The value of a function of any number of tensors and its gradient with respect to each, in their order.
///
/// - Precondition: The result has exactly one element.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func valueWithGradient<Scalar: TensorScalar>(
  at x: [Tensor<Scalar>], in function: ([Tensor<Scalar>]) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, gradient: [Tensor<Scalar>]) {
  let variables = x.map { $0.detached().tracked() }
  let result = try function(variables)
  let gradients = gradient(of: result, withRespectTo: variables)
  return (result.detached(), gradients)
}

/// The gradient of `function` at `x`, of the shape of `x`.
///
/// - Precondition: The result has exactly one element.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func gradient<Scalar: TensorScalar>(
  at x: Tensor<Scalar>, in function: (Tensor<Scalar>) throws -> Tensor<Scalar>
) rethrows -> Tensor<Scalar> {
  try valueWithGradient(at: x, in: function).gradient
}

/// The gradients of `result` with respect to tracked tensors that it was computed from.
///
/// ```swift
/// let x = Tensor<Double>([1, 2]).tracked()
/// let slope = gradient(of: (x * x).sum(), withRespectTo: [x], differentiable: true)[0]
/// let curvature = gradient(of: slope.sum(), withRespectTo: [x])[0]
/// ```
///
/// - Parameters:
///   - result: A tensor with one element.
///   - variables: Tracked tensors, from ``Tensor/tracked()`` or computed on the way to `result`. One that
///     `result` does not depend on gets zeros.
///   - differentiable: Whether the gradients can be differentiated themselves. Implies `retainingGraph`.
///   - retainingGraph: Whether the history of `result` stays for another gradient. Without it, memory is
///     released as the pass goes on.
/// - Precondition: `result` has one element; all `variables` are tracked; the history of `result` was not used
///   up by an earlier gradient.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func gradient<Scalar: TensorScalar>(
  of result: Tensor<Scalar>, withRespectTo variables: [Tensor<Scalar>],
  differentiable: Bool = false, retainingGraph: Bool = false
) -> [Tensor<Scalar>] {
  ShapeCheck.require(result.count == 1) {
    "gradient: the result has the shape \(result.shape), not one element; reduce it with sum() or mean()"
  }
  let nodes = variables.enumerated().map { index, variable in
    guard let node = variable.node else {
      ShapeCheck.fail("gradient: variable \(index) is not tracked; make it so with tracked()")
    }
    return node
  }
  let pass = BackwardPass<Scalar>(retainsGraph: retainingGraph, isDifferentiable: differentiable)
  let found = pass.gradients(of: result, seed: .ones(result.shape), withRespectTo: nodes)
  return zip(variables, found).map { variable, gradient in gradient ?? .zeros(variable.shape) }
}

/// The second derivative of `function` at `x` along `direction`: the Hessian matrix times that direction,
/// without the matrix. Of the shape of `x`.
///
/// - Complexity: About four evaluations of `function`.
/// - Precondition: `direction` has the shape of `x`; the function's result has one element.
public func hessianVectorProduct<Scalar: TensorScalar>(
  at x: Tensor<Scalar>, along direction: Tensor<Scalar>,
  in function: (Tensor<Scalar>) throws -> Tensor<Scalar>
) rethrows -> Tensor<Scalar> {
  ShapeCheck.require(x.shape == direction.shape) {
    "hessianVectorProduct: the direction has the shape \(direction.shape), the point \(x.shape)"
  }
  let variable = x.detached().tracked()
  let slope = gradient(of: try function(variable), withRespectTo: [variable], differentiable: true)[0]
  return gradient(of: (slope * direction.detached()).sum(), withRespectTo: [variable])[0]
}
