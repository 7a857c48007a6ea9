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
  /// What a step is multiplied by. It may be changed between steps, as by a ``LearningRateSchedule``.
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
    var parameters = model.takeParameters(named: Set(gradient.names))
    update(&parameters, along: gradient)
    model.putBack(parameters)
  }
}

extension Module {
  /// Moves the parameters of the given names out, so that they can be changed in place.
  fileprivate mutating func takeParameters(named wanted: Set<String>) -> NamedTensors<Scalar> {
    var (names, tensors): ([String], [Tensor<Scalar>]) = ([], [])
    let nothing = Tensor<Scalar>(0)
    forEachTensor { name, role, tensor in
      guard role == .parameter, wanted.contains(name) else { return }
      names.append(name)
      tensors.append(tensor.detached())
      tensor = nothing
    }
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

/// What the step of a ``FirstOrderOptimizer`` remembers, so that it comes back from where the function is not finite.
public struct DescentGuard<Scalar: TensorScalar>: Sendable {
  /// The last place with a finite gradient.
  fileprivate var lastGood: Tensor<Scalar>?
  /// How many steps were made since the optimiser was new or rolled back.
  fileprivate var steps = 0
  /// What the learning rate is multiplied by: halved each time that a step is rolled back.
  fileprivate var rateScale = 1.0
  /// How many steps in a row were rolled back.
  fileprivate var rollbacks = 0
  /// Whether x was put back, so that it will be evaluated a second time.
  fileprivate var isRetrying = false

  /// One that remembers nothing.
  public init() {}
}

/// How often in a row a step may be rolled back before it is given up.
private let rollbackLimit = 10

extension FirstOrderOptimizer {
  /// Evaluates once and moves `x` against the gradient.
  ///
  /// Where the gradient is not finite, `x` goes back to the last good place, what was learned is forgotten, and the
  /// steps are half as long from then on.
  public mutating func step<Failure: Error>(
    _ x: inout Tensor<Scalar>,
    evaluate: (Tensor<Scalar>) throws(Failure) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>)
  ) throws(Failure) -> StepReport {
    let here = try Evaluation(at: x.detached(), evaluate)
    var report = StepReport(
      value: here.value, gradientMagnitude: here.gradientMagnitude, evaluations: 1, outcome: .advanced)
    guard here.isFinite else {
      report.nonFiniteEvaluations = 1
      report.outcome = rollBack(&x)
      return report
    }
    if !descentGuard.isRetrying { descentGuard.rollbacks = 0 }
    descentGuard.isRetrying = false
    descentGuard.lastGood = here.x
    if here.gradientMagnitude == 0, descentGuard.steps == 0 {
      report.outcome = .converged
      return report
    }
    descentGuard.steps += 1
    let rate = learningRate
    learningRate = rate * descentGuard.rateScale
    update(&x, along: here.gradient)
    learningRate = rate
    return report
  }

  private mutating func rollBack(_ x: inout Tensor<Scalar>) -> StepReport.Outcome {
    descentGuard.rollbacks += 1
    guard let lastGood = descentGuard.lastGood, descentGuard.rollbacks <= rollbackLimit else {
      return .stalled
    }
    x = lastGood
    var memory = descentGuard
    reset()
    memory.steps = 0
    memory.rateScale /= 2
    memory.isRetrying = true
    descentGuard = memory
    return .rolledBack
  }
}
