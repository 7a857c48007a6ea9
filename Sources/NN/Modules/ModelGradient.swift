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
/// - Precondition: The result has exactly one element, and every name in `parts` is that of a part.
public func valueWithGradient<Model: Module>(
  at model: inout Model, withRespectTo parts: [String]? = nil,
  in function: (inout Model) throws -> Tensor<Model.Scalar>
) rethrows -> (value: Tensor<Model.Scalar>, gradient: NamedTensors<Model.Scalar>) {
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
  let value = try function(&tracked)
  tracked.forEachTensor { name, role, tensor in
    if role == .parameter { tensor = originals[name] ?? tensor } else { tensor = tensor.detached() }
  }
  model = tracked
  let isNested = value.descends(fromBefore: variables)
  let gradients = gradient(
    of: value, withRespectTo: variables, differentiable: isNested, allowingIndependent: true)
  return (
    isNested ? value : value.detached(), NamedTensors(names: names, tensors: gradients)
  )
}

/// The value of a function that leaves the model as it is, and its gradient with respect to the parameters.
///
/// - Precondition: The result has exactly one element.
public func valueWithGradient<Model: Module>(
  at model: Model, withRespectTo parts: [String]? = nil,
  in function: (Model) throws -> Tensor<Model.Scalar>
) rethrows -> (value: Tensor<Model.Scalar>, gradient: NamedTensors<Model.Scalar>) {
  var copy = model
  return try valueWithGradient(at: &copy, withRespectTo: parts) { try function($0) }
}
