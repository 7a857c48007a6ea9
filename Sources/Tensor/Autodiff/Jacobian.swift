/// The value of `function` at `x` and its pullback there: the map from a covector, of the value's shape, to the
/// covector times the Jacobian matrix, of the shape of `x`.
///
/// ```swift
/// let (value, pullback) = vjp(at: Tensor<Double>([1, 2])) { $0.square() }  // [1, 4]
/// let slope = pullback(Tensor([1, 10]))                                    // [2, 40]
/// ```
///
/// The pullback may be called any number of times. It keeps what the function recorded alive. Value and pullback can be
/// differentiated in turn where they depend on something that is tracked outside of the function.
///
/// - Parameters:
///   - x: Where to evaluate. If it has a history of its own, what is pulled back has one as well.
///   - function: A function to a tensor of any shape.
/// - Precondition: The covector has the shape of the value.
public func vjp<Scalar: TensorScalar>(
  at x: Tensor<Scalar>, in function: (Tensor<Scalar>) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, pullback: (Tensor<Scalar>) -> Tensor<Scalar>) {
  let (value, pullback) = try vjp(at: [x]) { try function($0[0]) }
  return (value, { pullback($0)[0] })
}

/// The value of a function of any number of tensors and its pullback, which gives a gradient for each of them.
///
/// - Precondition: The covector has the shape of the value.
public func vjp<Scalar: TensorScalar>(
  at x: [Tensor<Scalar>], in function: ([Tensor<Scalar>]) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, pullback: (Tensor<Scalar>) -> [Tensor<Scalar>]) {
  let variables = x.map { $0.asVariable() }
  let result = try function(variables)
  let isNested = result.descends(fromBefore: variables)
  return (
    isNested ? result : result.untracked(),
    { covector in
      ShapeCheck.require(covector.shape == result.shape) {
        "vjp: the covector has the shape \(covector.shape), the value \(result.shape)"
      }
      let pass = BackwardPass<Scalar>(retainsGraph: true, isDifferentiable: isNested || covector.isTracked)
      let found = pass.gradients(of: result, seed: covector, withRespectTo: variables.map { $0.origin! })
      return zip(variables, found).map { variable, gradient in gradient ?? .zeros(variable.shape) }
    }
  )
}

/// The derivative of every element of `function` at `x` with respect to every element of `x`: the value's shape,
/// followed by the shape of `x`.
///
/// ```swift
/// jacobian(at: Tensor<Double>([1, 2])) { $0.square() }.scalars  // [2, 0, 0, 4], of shape [2, 2]
/// ```
///
/// - Complexity: One evaluation of `function` and a backward pass for each element of its value. For a product with
///   a vector alone use `vjp`.
public func jacobian<Scalar: TensorScalar>(
  at x: Tensor<Scalar>, in function: (Tensor<Scalar>) throws -> Tensor<Scalar>
) rethrows -> Tensor<Scalar> {
  let variable = x.asVariable()
  return try function(variable).jacobian(withRespectTo: variable)
}

/// The second derivatives of `function` at `x` with respect to every pair of elements of `x`: the shape of `x`,
/// twice. It is symmetric.
///
/// - Complexity: One gradient, and a pass back through it for each element of `x`. For a product with a vector alone
///   use ``hessianVectorProduct(at:along:in:)``.
/// - Precondition: The function's result has exactly one element.
public func hessian<Scalar: TensorScalar>(
  at x: Tensor<Scalar>, in function: (Tensor<Scalar>) throws -> Tensor<Scalar>
) rethrows -> Tensor<Scalar> {
  let variable = x.asVariable()
  let slope = gradient(
    of: try function(variable), withRespectTo: [variable], differentiable: true, allowingIndependent: true)[0]
  return slope.jacobian(withRespectTo: variable)
}

extension Tensor where Scalar: TensorScalar {
  /// A backward pass for each element, whose gradients are the rows.
  fileprivate func jacobian(withRespectTo variable: Tensor) -> Tensor {
    if count == 0 { return .zeros(shape + variable.shape) }
    let pass = BackwardPass<Scalar>(retainsGraph: true, isDifferentiable: descends(fromBefore: [variable]))
    let rows = (0..<count).map { row in
      var unit = Tensor.zeros([count])
      unit.withUnsafeMutableScalars { $0[row] = 1 }
      let found = pass.gradients(of: self, seed: unit.reshaped(to: shape), withRespectTo: [variable.origin!])
      return found[0] ?? .zeros(variable.shape)
    }
    return Tensor.stacked(rows).reshaped(to: shape + variable.shape)
  }
}
