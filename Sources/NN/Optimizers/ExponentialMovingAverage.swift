import Tensor

/// A model whose weights are the running mean of those of a model in training, which often does better than the last ones
/// (Polyak and Juditsky, 1992).
///
/// After each step of the optimiser every parameter becomes decay · mean + (1 − decay) · parameter; buffers, such as running
/// statistics, are taken over as they are.
///
/// ```swift
/// var average = ExponentialMovingAverage(of: model, decay: 0.999)
/// for rows in batches {
///   // … optimizer.update(&model, along: slope)
///   average.update(with: model)
/// }
/// try average.model.save(to: "model.safetensors")
/// ```
public struct ExponentialMovingAverage<Model: Module>: Sendable {
  /// The model with the mean weights.
  public private(set) var model: Model
  /// How much of the mean is kept in an update, 0 … 1: it looks back about 1 / (1 − decay) updates.
  public var decay: Double { didSet { requireDecay() } }

  /// A mean that begins with the weights of `model`.
  ///
  /// - Precondition: `decay` is in 0 ... 1.
  public init(of model: Model, decay: Double = 0.999) {
    self.model = model
    self.decay = decay
    requireDecay()
  }

  private func requireDecay() {
    ShapeCheck.require((0...1).contains(decay)) {
      "ExponentialMovingAverage: the decay \(decay) is not in 0 ... 1"
    }
  }

  /// Moves the mean towards the weights of `model`.
  ///
  /// - Precondition: `model` has the same tensors as the one that the mean began with.
  public mutating func update(with model: Model) {
    let new = model.state
    new.requireMatch(self.model.state, "ExponentialMovingAverage", "the mean")
    let (keep, take) = (Model.Scalar(decay), Model.Scalar(1 - decay))
    var position = 0
    self.model.forEachTensor { _, role, tensor in
      let next = new.tensors[position].detached()
      tensor = role == .parameter ? keep * tensor.detached() + take * next : next
      position += 1
    }
  }
}
