import Tensor

/// Cases that many operations have in common; `Tests/Fixtures/operations/_patterns.py` knows them by the same names.
extension OperationCases {
  /// A function of one tensor: an ordinary case, one without elements and one with axes of length 1.
  static func pointwise(
    _ operation: String, name: String? = nil, _ draw: (Shape, ClosedRange<Double>) -> CaseInput,
    _ range: ClosedRange<Double>, derivatives: Case.Derivatives? = nil, single: Case.Derivatives? = nil,
    apply: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Scalar>
  ) -> [Case] {
    [("", [2, 3, 4]), (", empty", [0, 3]), (", single", [1, 1])].map { suffix, shape in
      Case(
        operation, (name ?? operation) + suffix, [draw(shape, range)],
        derivatives: shape[0] == 0 ? nil : suffix == ", single" ? single ?? derivatives : derivatives
      ) { apply($0[0]) }
    }
  }

  /// A function of two tensors: of equal shapes, broadcast against each other, without elements, and of one
  /// element.
  static func pairwise(
    _ operation: String, _ draw: (Shape, ClosedRange<Double>) -> CaseInput, _ range: ClosedRange<Double>,
    single: Case.Derivatives? = nil, derivatives: Case.Derivatives? = nil, constantInputs: Set<Int> = [],
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
      Case(
        operation, operation + suffix, [draw(left, range), draw(right, range)],
        derivatives: suffix == ", single" ? single ?? derivatives : suffix == ", empty" ? nil : derivatives,
        constantInputs: constantInputs
      ) { apply($0[0], $0[1]) }
    }
  }

  /// One operation on inputs of several kinds, each under a suffix of its own.
  static func variants(
    _ operation: String, _ choices: [(String, [CaseInput])], derivatives: Case.Derivatives? = nil,
    constantInputs: Set<Int> = [], conditioning: Double = 1,
    apply: @escaping @Sendable ([Tensor<Scalar>]) -> Tensor<Scalar>
  ) -> [Case] {
    choices.map { suffix, inputs in
      let isEmpty = inputs.contains { $0.shape.contains(0) }
      return Case(
        operation, operation + suffix, inputs, derivatives: isEmpty ? nil : derivatives,
        constantInputs: constantInputs, conditioning: conditioning, apply: apply)
    }
  }

  static var specials: [Double] { [.nan, -0.0, 0, -.infinity, .infinity, 1, -1, 0.5, -0.5, 2, -2] }
  static var singular: Case.Derivatives { .unchecked(because: "the points are singular") }

  static func special(
    _ operation: String, name: String? = nil, apply: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Scalar>
  ) -> Case {
    Case(operation, (name ?? operation) + ", special", [.values(specials)], derivatives: singular) {
      apply($0[0])
    }
  }

  static func specialPairs(
    _ operation: String, apply: @escaping @Sendable (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>
  ) -> Case {
    let inputs = [CaseInput.values(specials, [specials.count, 1]), .values(specials)]
    return Case(operation, operation + ", special pairs", inputs, derivatives: singular) {
      apply($0[0], $0[1])
    }
  }

  /// A function of the lines along one axis: of each axis in turn, without lines, and of lines without elements.
  static func alongAxis(
    _ operation: String, _ draw: (Shape, ClosedRange<Double>) -> CaseInput, _ range: ClosedRange<Double>,
    apply: @escaping @Sendable (Tensor<Scalar>, Int) -> Tensor<Scalar>
  ) -> [Case] {
    let choices: [(String, Shape, Int)] = [
      ("", [2, 3, 4], 1), (", first axis", [5, 3], 0), (", last axis", [2, 3, 4], -1), (", rank 1", [7], 0),
      (", empty", [0, 3], 1), (", empty axis", [3, 0], 1), (", single", [1, 3], 0),
    ]
    return choices.map { suffix, shape, axis in
      Case(operation, operation + suffix, [draw(shape, range)]) { apply($0[0], axis) }
    }
  }
}
