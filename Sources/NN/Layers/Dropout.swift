import Tensor

/// Drops elements at random while training: each is 0 with probability p, else divided by 1 − p, which keeps the
/// mean. Changes nothing when used.
public struct Dropout<Scalar: TensorScalar>: Layer {
  /// p, the probability that an element is dropped, 0 ..< 1.
  public let probability: Double

  /// A layer that drops a part of the elements.
  ///
  /// - Precondition: `probability` is in 0 ..< 1.
  public init(probability: Double = 0.5) {
    ShapeCheck.require((0..<1).contains(probability)) {
      "Dropout: the probability \(probability) is not in 0 ..< 1"
    }
    self.probability = probability
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {}

  public func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    guard mode.isTraining, probability > 0 else { return x }
    let kept = Tensor<Scalar>.uniform(x.shape, using: &mode.generator) .>= Scalar(probability)
    return Tensor.where(kept, x * Scalar(1 / (1 - probability)), Tensor(0))
  }
}
