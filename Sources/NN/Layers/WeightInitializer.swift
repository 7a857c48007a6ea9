import Tensor

/// How the weights of a layer are first drawn.
///
/// A weight is [O, I, …]: O outputs, I inputs, and the taps of a window, T of them. Its fan-in is I·T and its fan-out
/// O·T.
public enum WeightInitializer: Sendable, Hashable {
  /// The same number for every weight.
  case constant(Double)
  /// Evenly between −bound and bound.
  case uniform(bound: Double)
  /// Normal, with mean 0.
  case normal(standardDeviation: Double)
  /// Evenly, with the standard deviation gain / √fanIn: keeps the size of activations on the way forward (He et al.,
  /// 2015). The gain is √2 before a ReLU.
  case kaimingUniform(gain: Double = 2.0.squareRoot())
  /// Normal, with the standard deviation gain / √fanIn.
  case kaimingNormal(gain: Double = 2.0.squareRoot())
  /// Evenly, with the standard deviation gain · √(2 / (fanIn + fanOut)): a compromise between the ways forward and
  /// back (Glorot and Bengio, 2010). The gain is 5/3 before a tanh.
  case xavierUniform(gain: Double = 1)
  /// Normal, with the standard deviation gain · √(2 / (fanIn + fanOut)).
  case xavierNormal(gain: Double = 1)

  /// Evenly between ±1/√fanIn, as PyTorch's layers begin.
  public static let standard = WeightInitializer.kaimingUniform(gain: (1.0 / 3).squareRoot())

  /// A new weight of `shape`, not tracked.
  ///
  /// - Precondition: The shape has two axes at least and a positive fan-in, where fans are asked for.
  public func callAsFunction<Scalar: TensorScalar>(
    _ shape: Shape, using generator: inout RandomGenerator
  ) -> Tensor<Scalar> {
    switch self {
    case .constant(let value): Tensor(repeating: Scalar(value), shape: shape)
    case .uniform(let bound): Self.even(shape, bound, using: &generator)
    case .normal(let deviation):
      Tensor.normal(shape, standardDeviation: Scalar(deviation), using: &generator)
    case .kaimingUniform, .xavierUniform:
      // A range of ±b has the standard deviation b / √3.
      Self.even(shape, 3.0.squareRoot() * deviation(for: shape), using: &generator)
    case .kaimingNormal, .xavierNormal:
      Tensor.normal(shape, standardDeviation: Scalar(deviation(for: shape)), using: &generator)
    }
  }

  private func deviation(for shape: Shape) -> Double {
    ShapeCheck.require(shape.count >= 2 && shape.dropFirst().allSatisfy { $0 > 0 }) {
      "WeightInitializer: the shape \(shape) has no fan-in: it is not [O, I, …] with positive lengths"
    }
    let taps = shape.dropFirst(2).reduce(1.0) { $0 * Double($1) }
    let (fanIn, fanOut) = (Double(shape[1]) * taps, Double(shape[0]) * taps)
    return switch self {
    case .kaimingUniform(let gain), .kaimingNormal(let gain): gain / fanIn.squareRoot()
    case .xavierUniform(let gain), .xavierNormal(let gain): gain * (2 / (fanIn + fanOut)).squareRoot()
    case .constant, .uniform, .normal: 0
    }
  }

  private static func even<Scalar: TensorScalar>(
    _ shape: Shape, _ bound: Double, using generator: inout RandomGenerator
  ) -> Tensor<Scalar> {
    bound > 0
      ? Tensor.uniform(shape, in: Scalar(-bound)..<Scalar(bound), using: &generator)
      : Tensor.zeros(shape)
  }
}

extension WeightInitializer {
  /// The bias that goes with a weight of `shape`: evenly between ±1/√fanIn, as PyTorch's layers begin.
  static func bias<Scalar: TensorScalar>(
    _ count: Int, forWeight shape: Shape, using generator: inout RandomGenerator
  ) -> Tensor<Scalar> {
    even([count], 1 / Double(max(shape.dropFirst().reduce(1, *), 1)).squareRoot(), using: &generator)
  }
}

/// Traps unless a length of a layer is positive.
func requirePositive(_ layer: String, _ name: String, _ length: Int) {
  ShapeCheck.require(length >= 1) { "\(layer): the \(name), \(length), is not positive" }
}
