import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var normalization: [Case] {
    alongLines("softmax") { $0.softmax(axis: $1) }
    alongLines("logSoftmax") { $0.logSoftmax(axis: $1) }
    alongLines("logSumExp") { $0.logSumExp(axes: [$1]) }
    alongLines("standardized", ofOne: .zero(because: "one number is its own mean")) {
      $0.standardized(axes: [$1])
    }
    masked("softmax") { $0.softmax(axis: $1) }
    masked("logSoftmax") { $0.logSoftmax(axis: $1) }
    masked("logSumExp") { $0.logSumExp(axes: [$1]) }
    for (suffix, shape, axis) in [
      ("", [2, 3, 4], 1), (", last axis", [2, 3], -1), (", empty", [0, 3], 1), (", empty axis", [3, 0], 1),
    ] as [(String, Shape, Int)] {
      Case("softmin", "softmin" + suffix, [.uniform(shape)]) { $0[0].softmin(axis: axis) }
    }
    Case("softmin", "softmin, single", [.uniform([1, 3])], derivatives: .zero(because: "it is 1")) {
      $0[0].softmin(axis: 0)
    }

    Case("logSumExp", [.uniform([2, 3, 4])]) { $0[0].logSumExp() }
    Case("logSumExp", "logSumExp, all kept", [.uniform([2, 3, 4])]) {
      $0[0].logSumExp(keepingDimensions: true)
    }
    Case("logSumExp", "logSumExp, no axes", [.uniform([2, 3])]) { $0[0].logSumExp(axes: []) }
    Case("logSumExp", "logSumExp, outer and inner", [.uniform([2, 3, 4])]) {
      $0[0].logSumExp(axes: [2, 0])
    }
    Case("logSumExp", "logSumExp, two axes", [.uniform([2, 3, 4])]) { $0[0].logSumExp(axes: [-2, -1]) }
    Case("logSumExp", "logSumExp, inf", [.values([1, .infinity, -.infinity])], derivatives: infinite) {
      $0[0].logSumExp()
    }

    Case("standardized", [.uniform([2, 3, 4])]) { $0[0].standardized() }
    Case("standardized", "standardized, outer and inner", [.uniform([2, 3, 4])]) {
      $0[0].standardized(axes: [0, 2])
    }
    Case("standardized", "standardized, two axes", [.uniform([2, 3, 4])]) {
      $0[0].standardized(axes: [-1, 1])
    }
    Case("standardized", "standardized, epsilon", [.uniform([3, 4])]) {
      $0[0].standardized(axes: [1], epsilon: 0.5)
    }
    Case(
      "standardized", "standardized, offset", [.values([1e4, 10_000.5, 10_001, 10_003], [1, 4])],
      derivatives: .unchecked(because: "differences of large numbers have few digits")
    ) { $0[0].standardized(axes: [1]) }
    Case(
      "standardized", "standardized, equal numbers", [.values(Array(repeating: 0.1, count: 6), [2, 3])],
      derivatives: .checkedOnce(because: "the second is 0, as the numbers lie evenly")
    ) { $0[0].standardized(axes: [1]) }
  }

  private static var infinite: Case.Derivatives {
    .unchecked(because: "there is no difference of infinities")
  }

  /// An operation along each axis of an array, along axes of one and of none, and along enough elements for each
  /// of the kernels' loops, with and without a remainder.
  private static func alongLines(
    _ operation: String, ofOne: Case.Derivatives? = nil,
    apply: @escaping @Sendable (Tensor<Scalar>, Int) -> Tensor<Scalar>
  ) -> [Case] {
    let isConstantOfOne = operation.hasSuffix("oftmax")
    let one = isConstantOfOne ? .zero(because: "one number is its own maximum") : ofOne
    let choices: [(String, Shape, Int, Case.Derivatives?)] = [
      ("last axis", [2, 3, 4], -1, nil),
      ("middle axis", [2, 3, 4], 1, nil),
      ("first axis", [2, 3, 4], 0, nil),
      ("axis of one", [2, 1, 3], 1, one),
      ("empty axis", [0, 3], 0, nil),
      ("empty result", [0, 3], 1, nil),
      ("long lines", [2, 803], 1, nil),
      ("narrow columns", [605, 3], 0, nil),
      ("wide columns", [67, 37], 0, nil),
    ]
    let huge = Case(
      operation, operation + ", huge", [.values([1e4, -1e4, 9999, 0, 5, -3, -9998, -1e4, 9998.5], [3, 3])],
      derivatives: .unchecked(because: "differences of large numbers have few digits")
    ) { apply($0[0], 1) }
    return [huge]
      + choices.map { suffix, shape, axis, derivatives in
        Case(operation, "\(operation), \(suffix)", [.uniform(shape)], derivatives: derivatives) {
          apply($0[0], axis)
        }
      }
  }

  /// Some elements, or all of them, are −∞.
  private static func masked(
    _ operation: String, apply: @escaping @Sendable (Tensor<Scalar>, Int) -> Tensor<Scalar>
  ) -> [Case] {
    let some: [Double] = [1, -.infinity, 2, -.infinity, -.infinity, 0.5, 0, 3, -.infinity]
    let none = [Double](repeating: -.infinity, count: 4)
    return [
      Case(operation, operation + ", -inf", [.values(some, [3, 3])], derivatives: infinite) {
        apply($0[0], 1)
      },
      Case(operation, operation + ", -inf alone", [.values(none, [2, 2])], derivatives: infinite) {
        apply($0[0], 0)
      },
    ]
  }
}
