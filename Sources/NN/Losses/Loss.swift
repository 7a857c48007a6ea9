import Tensor

/// Losses for training: how far predictions are from what they should be.
///
/// Each is a function to one number, unless ``Reduction/none`` is asked for. Shapes must agree: nothing is broadcast,
/// since a loss of [N] against [N, 1] would be one of all pairs.
public enum Loss {
  /// What becomes of the losses of single elements or examples.
  public enum Reduction: Sendable, Hashable {
    /// The arithmetic mean of the single losses, a tensor of rank 0.
    case mean
    /// The sum of the single losses, a tensor of rank 0.
    case sum
    /// The single losses as they are.
    case none
  }

  static func requireEqualShapes<Scalar: TensorScalar>(
    _ loss: String, _ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>
  ) {
    ShapeCheck.require(prediction.shape == target.shape) {
      "\(loss): the prediction \(prediction.shape) and the target \(target.shape) differ in shape"
    }
  }
}

extension Tensor where Scalar: TensorScalar {
  func reduced(by reduction: Loss.Reduction) -> Tensor {
    switch reduction {
    case .mean: mean()
    case .sum: sum()
    case .none: self
    }
  }
}
