import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var elementwise: [Case] {
    pointwise("exp", CaseInput.uniform, -2...2) { $0.exp() }
    pairwise("+", CaseInput.uniform, -2...2) { $0 + $1 }
    pairwise("-", CaseInput.uniform, -2...2) { $0 - $1 }
    pairwise("*", CaseInput.uniform, -2...2) { $0 * $1 }
    pairwise("/", CaseInput.awayFromZero, 0.5...2) { $0 / $1 }
    Case("-", "negation", [.uniform([2, 3])]) { -$0[0] }
  }

  /// A function of one tensor: an ordinary case, one without elements and one with axes of length 1.
  static func pointwise(
    _ operation: String, _ draw: (Shape, ClosedRange<Double>) -> CaseInput, _ range: ClosedRange<Double>,
    derivatives: Case.Derivatives? = nil, conditioning: Double = 1,
    apply: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Scalar>
  ) -> [Case] {
    [("", [2, 3, 4]), (", empty", [0, 3]), (", single", [1, 1])].map { suffix, shape in
      Case(
        operation, operation + suffix, [draw(shape, range)], derivatives: derivatives,
        conditioning: conditioning
      ) { apply($0[0]) }
    }
  }

  /// A function of two tensors: of equal shapes, broadcast against each other, without elements, and of one
  /// element.
  static func pairwise(
    _ operation: String, _ draw: (Shape, ClosedRange<Double>) -> CaseInput, _ range: ClosedRange<Double>,
    derivatives: Case.Derivatives? = nil,
    apply: @escaping @Sendable (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>
  ) -> [Case] {
    let shapes: [(String, Shape, Shape)] = [
      ("", [2, 3, 4], [2, 3, 4]),
      (", broadcast", [2, 3, 1], [3, 4]),
      (", by a number", [3, 4], []),
      (", empty", [0, 3], [1, 3]),
      (", single", [1, 1], [1]),
    ]
    return shapes.map { suffix, left, right in
      Case(operation, operation + suffix, [draw(left, range), draw(right, range)], derivatives: derivatives) {
        apply($0[0], $0[1])
      }
    }
  }
}
