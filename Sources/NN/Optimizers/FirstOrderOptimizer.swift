import Tensor

/// An optimiser whose step follows from the gradient alone: ``SGD``, ``RMSProp``, ``Adam``, ``AdamW``.
///
/// With gradients at hand, as those of batches, `update` makes the step, of one tensor or of a model:
///
/// ```swift
/// var optimizer = AdamW<Float>(learningRate: 1e-3)
/// for rows in Batches(of: 64, from: images.shape[0], using: &generator) {
///   var (loss, slope) = valueWithGradient(at: &model) { model in
///     Loss.crossEntropy(model(images[rows], training: &generator), classes: labels[rows])
///   }
///   slope.clipNorm(to: 1)
///   optimizer.update(&model, along: slope)
/// }
/// ```
///
/// As an ``Optimizer`` it also minimises a function to the end, and comes back from where that is not finite.
public protocol FirstOrderOptimizer<Scalar>: Optimizer {
  /// The learning rate, or step size: what a step is multiplied by. It may be changed between steps, as by a ``LearningRateSchedule``; a step with one
  /// that is negative or not finite traps.
  var learningRate: Double { get set }

  /// What `step` remembers of a function, so that it comes back from where that is not finite. `DescentGuard()` at
  /// first and after ``Optimizer/reset()``.
  var descentGuard: DescentGuard<Scalar> { get set }

  /// Moves parameters one step against their gradients.
  ///
  /// - Precondition: The gradients have the names and shapes of the parameters, and these are the same at every call
  ///   until ``Optimizer/reset()``.
  mutating func update(_ parameters: inout NamedTensors<Scalar>, along gradients: NamedTensors<Scalar>)
}

extension FirstOrderOptimizer {
  /// Moves a tensor one step against its gradient.
  ///
  /// - Precondition: The gradient has the shape of `x`, which is the same at every call until ``Optimizer/reset()``.
  public mutating func update(_ x: inout Tensor<Scalar>, along gradient: Tensor<Scalar>) {
    var parameters = NamedTensors(names: ["x"], tensors: [x.detached()])
    // What is left in x must not share the memory that is written.
    x = Tensor(0)
    update(&parameters, along: NamedTensors(names: ["x"], tensors: [gradient]))
    x = parameters.tensors[0]
  }

  /// Moves a model's parameters one step against their gradients. Parameters without one stay.
  ///
  /// - Precondition: `gradient` is one of this model, and has the same names at every call until
  ///   ``Optimizer/reset()``.
  public mutating func update<Model: Module>(_ model: inout Model, along gradient: NamedTensors<Scalar>)
  where Model.Scalar == Scalar {
    var parameters = model.takeParameters(of: gradient, "\(Self.name): the gradient")
    update(&parameters, along: gradient)
    model.putBack(parameters)
  }

  /// The type without its scalar, as messages name it.
  private static var name: String { String("\(Self.self)".prefix { $0 != "<" }) }
}

/// Traps unless a learning rate can be that of a step. 0, with which some schedules end, can.
func requireLearningRate(_ optimizer: String, _ rate: Double) {
  ShapeCheck.require(rate >= 0 && rate.isFinite) {
    "\(optimizer): the learning rate \(rate) is not a finite number from 0 on"
  }
}

extension Module {
  /// Moves the parameters that have a gradient out, so that they can be changed in place; traps where there is one for
  /// none of the parameters.
  fileprivate mutating func takeParameters(
    of gradient: NamedTensors<Scalar>, _ operation: @autoclosure () -> String
  ) -> NamedTensors<Scalar> {
    let wanted = Set(gradient.names)
    var (names, tensors): ([String], [Tensor<Scalar>]) = ([], [])
    let nothing = Tensor<Scalar>(0)
    var others: [String] = []
    forEachTensor { name, role, tensor in
      guard role == .parameter else { return }
      guard wanted.contains(name) else { return others.append(name) }
      names.append(name)
      tensors.append(tensor.detached())
      tensor = nothing
    }
    if names.count < wanted.count { gradient.requireNames(within: names + others, operation(), "the model") }
    return NamedTensors(names: names, tensors: tensors)
  }

  fileprivate mutating func putBack(_ parameters: NamedTensors<Scalar>) {
    var position = 0
    forEachTensor { name, role, tensor in
      guard role == .parameter, position < parameters.count, parameters.names[position] == name else {
        return
      }
      tensor = parameters.tensors[position]
      position += 1
    }
  }
}
