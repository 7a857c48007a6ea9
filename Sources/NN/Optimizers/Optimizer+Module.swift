import Tensor

extension Optimizer {
  /// Moves a model's parameters to where the function is lower: as with one tensor, which holds them all in a row.
  ///
  /// ```swift
  /// var optimizer = LBFGS<Double>()
  /// let report = optimizer.step(&model) { model in
  ///   valueWithGradient(at: model) { model in Loss.squaredError(model(x), y) }
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - model: The better model on return.
  ///   - evaluate: The function's value, one element, and its gradient with respect to all parameters. It is called
  ///     once or several times, and must give the same for the same model: no new batch, nothing dropped at random.
  /// - Returns: What happened.
  /// - Throws: What `evaluate` throws; the model is then as it was before the step.
  public mutating func step<Model: Module, Failure: Error>(
    _ model: inout Model,
    evaluate: (Model) throws(Failure) -> (value: Tensor<Scalar>, gradient: NamedTensors<Scalar>)
  ) throws(Failure) -> StepReport where Model.Scalar == Scalar {
    let parameters = model.parameters
    var x = Self.row(parameters)
    var candidate = model
    let report = try step(&x) { (x) throws(Failure) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) in
      candidate.parameters = Self.parts(of: x, parameters)
      let (value, gradient) = try evaluate(candidate)
      gradient.requireGradients(of: parameters, "Optimizer")
      return (value, Self.row(gradient))
    }
    model.parameters = Self.parts(of: x, parameters)
    return report
  }

  /// All elements in one tensor.
  private static func row(_ tensors: NamedTensors<Scalar>) -> Tensor<Scalar> {
    tensors.isEmpty
      ? .zeros([0]) : Tensor.concatenated(tensors.tensors.map { $0.detached().reshaped(to: [$0.count]) })
  }

  /// Views of `row` that have the names and shapes of `model`.
  private static func parts(of row: Tensor<Scalar>, _ model: NamedTensors<Scalar>) -> NamedTensors<Scalar> {
    var start = 0
    let tensors = model.tensors.map { tensor in
      defer { start += tensor.count }
      return row[start..<start + tensor.count].reshaped(to: tensor.shape)
    }
    return NamedTensors(names: model.names, tensors: tensors)
  }
}
