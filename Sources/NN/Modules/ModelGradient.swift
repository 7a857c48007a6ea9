import Tensor

/// The value of a function of a model, and its gradient with respect to the model's parameters, by name.
///
/// ```swift
/// let (loss, slope) = valueWithGradient(at: &model) { model in
///   Loss.crossEntropy(model(x, training: &generator), classes: y)
/// }
/// optimizer.update(&model, along: slope)
/// ```
///
/// - Parameters:
///   - model: What the function does to it stays, such as running statistics; its parameters stay as they are.
///   - parts: Names of parameters, or of modules for all of theirs; `nil` for all there are. The other parameters are
///     constants: their gradients are neither computed nor part of the result, and an optimiser leaves them alone.
///   - function: A function to a tensor with one element.
/// - Precondition: The result has exactly one element and depends on a parameter, and every name in `parts` is that of a
///   part.
public func valueWithGradient<Model: Module>(
  at model: inout Model, withRespectTo parts: [String]? = nil,
  in function: (inout Model) throws -> Tensor<Model.Scalar>
) rethrows -> (value: Tensor<Model.Scalar>, gradient: NamedTensors<Model.Scalar>) {
  let result = try differentiated(&model, [], parts) { model, _ in (try function(&model), ()) }
  return (result.value, result.gradient)
}

/// The value of a function of a model, its gradient with respect to the parameters, and what the function gives beside the
/// value, such as scores that are to be counted.
///
/// ```swift
/// let (loss, scores, slope) = valueWithGradient(at: &model) { model in
///   let scores = model(x, training: &generator)
///   return (Loss.crossEntropy(scores, classes: y), scores)
/// }
/// ```
///
/// - Parameters:
///   - model: What the function does to it stays, such as running statistics; its parameters stay as they are.
///   - parts: Names of parameters, or of modules for all of theirs; `nil` for all there are.
///   - function: A function to a tensor with one element, which is differentiated, and to anything else, which is not. A
///     tensor, or a list of them, comes back without its history.
/// - Precondition: The first result has exactly one element, and every name in `parts` is that of a part.
public func valueWithGradient<Model: Module, Auxiliary>(
  at model: inout Model, withRespectTo parts: [String]? = nil,
  in function: (inout Model) throws -> (Tensor<Model.Scalar>, Auxiliary)
) rethrows -> (value: Tensor<Model.Scalar>, auxiliary: Auxiliary, gradient: NamedTensors<Model.Scalar>) {
  let result = try differentiated(&model, [], parts) { model, _ in try function(&model) }
  return (result.value, withoutHistory(result.auxiliary, of: Model.Scalar.self), result.gradient)
}

/// The value of a function of a model and a tensor, such as its input, and its gradients with respect to the parameters and
/// to the tensor.
///
/// ```swift
/// let (loss, slope, inputSlope) = valueWithGradient(at: &model, x) { model, x in
///   Loss.crossEntropy(model(x), classes: y)
/// }
/// ```
///
/// - Parameters:
///   - model: What the function does to it stays, such as running statistics; its parameters stay as they are.
///   - x: The tensor.
///   - parts: Names of parameters, or of modules for all of theirs; `nil` for all there are.
///   - function: A function to a tensor with one element.
/// - Precondition: The result has exactly one element, and every name in `parts` is that of a part.
public func valueWithGradient<Model: Module>(
  at model: inout Model, _ x: Tensor<Model.Scalar>, withRespectTo parts: [String]? = nil,
  in function: (inout Model, Tensor<Model.Scalar>) throws -> Tensor<Model.Scalar>
) rethrows -> (
  value: Tensor<Model.Scalar>, gradient: NamedTensors<Model.Scalar>, inputGradient: Tensor<Model.Scalar>
) {
  let result = try differentiated(&model, [x], parts) { model, x in (try function(&model, x[0]), ()) }
  return (result.value, result.gradient, result.inputGradients[0])
}

/// What all forms have in common: a function of a model and of tensors beside it.
private func differentiated<Model: Module, Auxiliary>(
  _ model: inout Model, _ inputs: [Tensor<Model.Scalar>], _ parts: [String]?,
  _ function: (inout Model, [Tensor<Model.Scalar>]) throws -> (Tensor<Model.Scalar>, Auxiliary)
) rethrows -> (
  value: Tensor<Model.Scalar>, auxiliary: Auxiliary, gradient: NamedTensors<Model.Scalar>,
  inputGradients: [Tensor<Model.Scalar>]
) {
  var tracked = model
  var unseen = Set(parts ?? [])
  var (names, variables): ([String], [Tensor<Model.Scalar>]) = ([], [])
  var originals: [String: Tensor<Model.Scalar>] = [:]
  tracked.forEachTensor { name, role, tensor in
    guard role == .parameter else { return }
    if let parts {
      let chosen = parts.filter { name == $0 || name.hasPrefix($0 + ".") }
      if chosen.isEmpty { return }
      unseen.subtract(chosen)
    }
    originals[name] = tensor
    tensor = tensor.asVariable()
    names.append(name)
    variables.append(tensor)
  }
  ShapeCheck.require(unseen.isEmpty) {
    "valueWithGradient: the model has no parameters under \(listed(unseen.sorted())); it has "
      + listed(model.parameters.names)
  }
  let inputVariables = inputs.map { $0.asVariable() }
  let (value, auxiliary) = try function(&tracked, inputVariables)
  tracked.forEachTensor { name, role, tensor in
    if role == .parameter { tensor = originals[name] ?? tensor } else { tensor = tensor.detached() }
  }
  model = tracked
  ShapeCheck.require(value.isTracked || variables.isEmpty) {
    "valueWithGradient: the result depends on none of the \(variables.count) parameters; compute it by the model that the "
      + "function is given, not by one from outside of it"
  }
  let isNested = value.descends(fromBefore: variables + inputVariables)
  let gradients = gradient(
    of: value, withRespectTo: variables + inputVariables, differentiable: isNested, allowingIndependent: true)
  return (
    isNested ? value : value.untracked(), auxiliary,
    NamedTensors(names: names, tensors: Array(gradients.prefix(names.count))),
    Array(gradients.dropFirst(names.count))
  )
}

/// The value of a function that leaves the model as it is, and its gradient with respect to the parameters.
///
/// ```swift
/// func loss(_ model: Sequential<Double>) -> Tensor<Double> { Loss.squaredError(model(x), y) }
/// let (value, slope) = valueWithGradient(at: model, in: loss)
/// ```
///
/// - Precondition: The result has exactly one element and depends on a parameter: it is computed by the model that the
///   function is given, not by one from outside of it.
public func valueWithGradient<Model: Module>(
  at model: Model, withRespectTo parts: [String]? = nil,
  in function: (Model) throws -> Tensor<Model.Scalar>
) rethrows -> (value: Tensor<Model.Scalar>, gradient: NamedTensors<Model.Scalar>) {
  var copy = model
  return try valueWithGradient(at: &copy, withRespectTo: parts) { try function($0) }
}
