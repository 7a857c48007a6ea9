import Tensor

/// A range for the elements of a tensor, and what follows from it for a step that must stay inside.
struct BoundConstraints<Scalar: TensorScalar>: Sendable {
  let bounds: ClosedRange<Scalar>

  init(_ bounds: ClosedRange<Scalar>) { self.bounds = bounds }

  /// x + t · d, each element clamped to the range.
  func moved(_ x: Tensor<Scalar>, by t: Double, along d: Tensor<Scalar>) -> Tensor<Scalar> {
    Vectors.moved(x, by: t, along: d, within: bounds)
  }

  /// x with each element clamped to the range.
  func clamped(_ x: Tensor<Scalar>) -> Tensor<Scalar> { moved(x, by: 0, along: x) }

  /// The largest magnitude of the gradient's elements, without those that are at a bound and that descent would push out.
  func freeMagnitude(at point: Evaluation<Scalar>) -> Double {
    Vectors.largestFreeMagnitude(point.gradient, at: point.x, within: bounds)
  }

  /// Puts zeros in `direction` where the gradient keeps an element at its bound.
  func freeze(_ direction: inout Tensor<Scalar>, at point: Evaluation<Scalar>) {
    Vectors.freeze(&direction, at: point.x, descending: point.gradient, within: bounds)
  }

  /// Puts zeros in `direction` where the gradient keeps an element at its bound, and where it leads out itself.
  func freezeOutward(_ direction: inout Tensor<Scalar>, at point: Evaluation<Scalar>) {
    freeze(&direction, at: point)
    Vectors.freezeOutward(&direction, at: point.x, within: bounds)
  }
}
