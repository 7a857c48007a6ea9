import Tensor
import TestSupport
import Testing

/// One way to use one public operation, which the tests of the operation table walk.
///
/// Its name is also its name in `Tests/Fixtures/operations`, where PyTorch's result for the same inputs is kept.
struct OperationCase<Scalar: TensorScalar>: Sendable, CustomTestStringConvertible {
  /// The declaration that this case exercises: `exp`, `+`, `subscript`.
  let operation: String
  /// Unique in the table.
  let name: String
  let inputs: [CaseInput]
  /// What the tests expect of the derivatives.
  let derivatives: Derivatives
  /// Positions of inputs that are not differentiated, such as a condition.
  let constantInputs: Set<Int>
  /// By how much the case loses more digits than a well-conditioned one.
  let conditioning: Double
  /// Why no case of the operation has an axis of length 0, if that is so.
  let noEmptyCase: String?
  let apply: @Sendable ([Tensor<Scalar>]) -> Tensor<Scalar>

  enum Derivatives: Sendable, Equatable {
    /// First and second derivatives agree with central differences and are not 0.
    case checked
    /// The first derivatives are checked only.
    case checkedOnce(because: String)
    /// The derivative is 0 everywhere.
    case zero(because: String)
    /// There is nothing to check.
    case unchecked(because: String)
  }

  init(
    _ operation: String, _ name: String, _ inputs: [CaseInput], derivatives: Derivatives? = nil,
    constantInputs: Set<Int> = [], conditioning: Double = 1, noEmptyCase: String? = nil,
    apply: @escaping @Sendable ([Tensor<Scalar>]) -> Tensor<Scalar>
  ) {
    self.operation = operation
    self.name = name
    self.inputs = inputs
    let isEmpty = inputs.contains { $0.shape.contains(0) }
    self.derivatives = derivatives ?? (isEmpty ? .unchecked(because: "there are no elements") : .checked)
    self.constantInputs = constantInputs
    self.conditioning = conditioning
    self.noEmptyCase = noEmptyCase
    self.apply = apply
  }

  /// A case with its operation's name.
  init(
    _ operation: String, _ inputs: [CaseInput], derivatives: Derivatives? = nil,
    constantInputs: Set<Int> = [],
    conditioning: Double = 1, noEmptyCase: String? = nil,
    apply: @escaping @Sendable ([Tensor<Scalar>]) -> Tensor<Scalar>
  ) {
    self.init(
      operation, operation, inputs, derivatives: derivatives, constantInputs: constantInputs,
      conditioning: conditioning, noEmptyCase: noEmptyCase, apply: apply)
  }

  var testDescription: String { name }

  /// The inputs as tensors; input `i` is drawn with the seed `i`.
  var tensors: [Tensor<Scalar>] {
    inputs.enumerated().map { index, input in
      Tensor(input.scalars(seed: index).map { Scalar($0) }, shape: input.shape)
    }
  }
}

/// Shape and numbers of one input of a case; the same words exist in `Tests/Fixtures/deterministic.py`.
struct CaseInput: Sendable {
  let shape: Shape
  private let draw: @Sendable (DeterministicValues, Int) -> [Double]

  func scalars(seed: Int) -> [Double] { scalars(seed: seed, count: shape.reduce(1, *)) }

  /// As many numbers of the same kind; listed ones repeat.
  func scalars(seed: Int, count: Int) -> [Double] {
    let drawn = draw(DeterministicValues(seed: seed), count)
    return drawn.isEmpty ? [] : (0..<count).map { drawn[$0 % drawn.count] }
  }

  /// Independent numbers of `range`.
  static func uniform(_ shape: Shape, _ range: ClosedRange<Double> = -1...1) -> CaseInput {
    CaseInput(shape: shape) { $0.uniform($1, in: range) }
  }

  /// Numbers of either sign that keep away from a kink at 0.
  static func awayFromZero(_ shape: Shape, _ magnitudes: ClosedRange<Double> = 0.2...2) -> CaseInput {
    CaseInput(shape: shape) { $0.awayFromZero($1, in: magnitudes) }
  }

  /// Evenly spaced numbers in shuffled order, so that no two are nearly equal.
  static func spread(_ shape: Shape, _ range: ClosedRange<Double> = -1...1) -> CaseInput {
    CaseInput(shape: shape) { $0.spread($1, in: range) }
  }

  /// Exactly these numbers, in row-major order.
  static func values(_ values: [Double], _ shape: Shape? = nil) -> CaseInput {
    CaseInput(shape: shape ?? [values.count]) { _, _ in values }
  }
}
