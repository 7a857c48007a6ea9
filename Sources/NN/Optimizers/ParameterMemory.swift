import Tensor

/// A tensor for each parameter, which an optimiser keeps from step to step; zeros at first.
struct ParameterMemory<Scalar: TensorScalar>: Sendable {
  private(set) var names: [String] = []
  var tensors: [Tensor<Scalar>] = []

  init() {}

  init(_ tensors: NamedTensors<Scalar>) { (names, self.tensors) = (tensors.names, tensors.tensors) }

  var named: NamedTensors<Scalar> { NamedTensors(names: names, tensors: tensors) }

  /// Whether there are tensors for the same parameters as in `other`, or none in one of them.
  func hasShapes(of other: ParameterMemory) -> Bool {
    let (shapes, others) = (shapesByName, other.shapesByName)
    return shapes.isEmpty || others.isEmpty || shapes == others
  }

  private var shapesByName: [String: Shape] {
    Dictionary(uniqueKeysWithValues: zip(names, tensors.map(\.shape)))
  }

  /// Makes sure that there is a tensor of the shape of each parameter.
  ///
  /// - Precondition: The parameters have the names and shapes of the first call.
  mutating func prepare(for parameters: NamedTensors<Scalar>, _ optimizer: String) {
    if names.isEmpty {
      names = parameters.names
      tensors = parameters.tensors.map { Tensor.zeros($0.shape).lasting() }
    } else if names != parameters.names, Set(names) == Set(parameters.names) {
      // A file keeps tensors in the order of their names.
      let memory = named
      (names, tensors) = (parameters.names, parameters.names.map { memory[$0]! })
    }
    ShapeCheck.require(
      names == parameters.names && zip(tensors, parameters.tensors).allSatisfy { $0.shape == $1.shape }
    ) {
      "\(optimizer): the parameters are not those of the last step; call reset() before it is used for others"
    }
  }
}

extension NamedTensors {
  /// Traps unless these are gradients of `parameters`.
  func requireGradients(of parameters: NamedTensors, _ optimizer: String) {
    requireMatch(parameters, "\(optimizer): the gradient", "the model")
  }
}

/// g + decay · x: the gradient of what is minimised together with ½ decay · ‖x‖².
func decayed<Scalar: TensorScalar>(_ gradient: Tensor<Scalar>, _ decay: Double, _ x: Tensor<Scalar>)
  -> Tensor<Scalar>
{
  decay == 0 ? gradient : Vectors.moved(gradient, by: decay, along: x)
}
