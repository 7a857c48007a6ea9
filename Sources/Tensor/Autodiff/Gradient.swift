/// The value of `function` at `x` and its gradient there, of the shape of `x`.
///
/// ```swift
/// let (value, slope) = valueWithGradient(at: Tensor<Double>([3])) { $0.square().sum() }  // 9, [6]
/// ```
///
/// Transforms may be nested: where the function's result also depends on something tracked outside of it, such as the
/// argument of a function around it, value and gradient can be differentiated in turn.
///
/// ```swift
/// let curvature = gradient(at: Tensor<Double>([2])) { x in
///   gradient(at: x) { $0.pow(3).sum() }.sum()
/// }  // 12
/// ```
///
/// - Parameters:
///   - x: Where to evaluate. If it has a history of its own, the gradient has one as well.
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
  let variables = x.map { $0.asVariable() }
  let result = try function(variables)
  let isNested = result.descends(fromBefore: variables)
  let gradients = gradient(
    of: result, withRespectTo: variables, differentiable: isNested, allowingIndependent: true)
  return (isNested ? result : result.untracked(), gradients)
}

/// The value of `function` at `x`, its gradient there, and what the function gives beside the value, such as predictions
/// that are to be counted.
///
/// ```swift
/// let (loss, predictions, slope) = valueWithGradient(at: weights) { weights in
///   let predictions = x.matrixProduct(weights)
///   return ((predictions - y).square().mean(), predictions)
/// }
/// ```
///
/// - Parameters:
///   - x: Where to evaluate.
///   - function: A function to a tensor with one element, which is differentiated, and to anything else, which is not. A
///     tensor, or a list of them, comes back without its history.
/// - Precondition: The first result has exactly one element.
public func valueWithGradient<Scalar: TensorScalar, Auxiliary>(
  at x: Tensor<Scalar>, in function: (Tensor<Scalar>) throws -> (Tensor<Scalar>, Auxiliary)
) rethrows -> (value: Tensor<Scalar>, auxiliary: Auxiliary, gradient: Tensor<Scalar>) {
  var kept: Auxiliary?
  let (value, slope) = try valueWithGradient(at: [x]) { x in
    let (value, auxiliary) = try function(x[0])
    kept = auxiliary
    return value
  }
  return (value, withoutHistory(kept!, of: Scalar.self), slope[0])
}

/// A value, without its history where it is a tensor or a list of tensors.
package func withoutHistory<Value, Scalar: TensorScalar>(_ value: Value, of: Scalar.Type) -> Value {
  if let tensor = value as? Tensor<Scalar> { return tensor.detached() as! Value }
  if let tensors = value as? [Tensor<Scalar>] { return tensors.map { $0.detached() } as! Value }
  return value
}

extension Tensor where Scalar: TensorScalar {
  /// The same numbers as a variable of a transform. It leads on to the history that this tensor has, if any, so that
  /// the transform can be differentiated in turn.
  package func asVariable() -> Tensor {
    guard isTracked else { return tracked() }
    // Each example has a variable of its own.
    if let scope = MappingScope.inUse {
      return MappingScope.within(nil) { lifted(to: scope).asVariable() }.asMapped(scope.axes)
    }
    guard let origin, let tangents = origin.node.tangents?.active() else {
      return record("variable", detached(), (self, { $0 }))
    }
    return Tensor(
      stored,
      node: Node(name: "variable", edges: identityEdges(), tangents: tangents.output(origin.index)))
  }

  /// Whether something was tracked before `variables` were made that this tensor was computed from: it belongs to a
  /// transform around theirs.
  package func descends(fromBefore variables: [Tensor]) -> Bool {
    guard let node, let first = variables.lazy.compactMap({ $0.node?.id }).min() else { return false }
    return node.oldestAncestor < first
  }
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
///   - variables: Tracked tensors, from ``Tensor/tracked()`` or computed on the way to `result`.
///   - differentiable: Whether the gradients can be differentiated themselves. Implies `retainingGraph`.
///   - retainingGraph: Whether the history of `result` stays for another gradient. Without it, memory is
///     released as the pass goes on.
///   - allowingIndependent: Whether a variable that `result` does not depend on gets zeros. It is an error otherwise,
///     since the usual cause is a mistake: the result was computed from another copy of the variable.
/// - Precondition: `result` has one element; all `variables` are tracked, and `result` depends on each; the history of
///   `result` was not used up by an earlier gradient.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func gradient<Scalar: TensorScalar>(
  of result: Tensor<Scalar>, withRespectTo variables: [Tensor<Scalar>],
  differentiable: Bool = false, retainingGraph: Bool = false, allowingIndependent: Bool = false
) -> [Tensor<Scalar>] {
  ShapeCheck.require(result.count == 1) {
    "gradient: the result has the shape \(result.shape), not one element; reduce it with sum() or mean()"
  }
  let origins = variables.enumerated().map { index, variable in
    guard let origin = variable.origin else {
      ShapeCheck.fail("gradient: variable \(index) is not tracked; make it so with tracked()")
    }
    ShapeCheck.require(origin.node.hasHistory) {
      "gradient: variable \(index), of shape \(variable.shape), is not tracked inside of the function of a jvp; use "
        + "gradient(at:) there"
    }
    // From inside of `vmap` it would be the sum over all examples.
    ShapeCheck.require(MappingScope.inUse.map { variable.mapped == $0.axes } ?? true) {
      "gradient: variable \(index), of shape \(variable.shape), was tracked outside of the mapped function that asks for "
        + "its gradient; use gradient(at:) inside of the function, or ask outside of vmap"
    }
    return origin
  }
  let pass = BackwardPass<Scalar>(retainsGraph: retainingGraph, isDifferentiable: differentiable)
  let found = pass.gradients(of: result, seed: .ones(result.shape), withRespectTo: origins)
  return zip(variables, found).enumerated().map { index, pair in
    let (variable, gradient) = pair
    ShapeCheck.require(gradient != nil || allowingIndependent) {
      "gradient: the result does not depend on variable \(index), of shape \(variable.shape); compute it from that very "
        + "tensor, not from one made before tracked(), or pass allowingIndependent: true for zeros"
    }
    return gradient ?? .zeros(variable.shape)
  }
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
  let variable = x.asVariable()
  let slope = gradient(
    of: try function(variable), withRespectTo: [variable], differentiable: true, allowingIndependent: true)[0]
  let along = (slope * direction).sum()
  return gradient(
    of: along, withRespectTo: [variable], differentiable: along.descends(fromBefore: [variable]),
    allowingIndependent: true)[0]
}
