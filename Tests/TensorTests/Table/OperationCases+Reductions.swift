import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var reductions: [Case] {
    reduction("sum", CaseInput.uniform) { $0.sum(axes: $1, keepingDimensions: $2) }
    reduction("mean", CaseInput.uniform) { $0.mean(axes: $1, keepingDimensions: $2) }
    reduction("max", CaseInput.spread) { $0.max(axes: $1, keepingDimensions: $2) }
    reduction("min", CaseInput.spread) { $0.min(axes: $1, keepingDimensions: $2) }
    reduction("variance", CaseInput.uniform) { $0.variance(axes: $1, keepingDimensions: $2) }
    Case("variance", "variance, correction 0", [.uniform([3, 4])]) {
      $0[0].variance(axes: [1], correction: 0)
    }
    Case("variance", "variance, correction 2", [.uniform([3, 4])]) { $0[0].variance(correction: 2) }

    reduction("standardDeviation", CaseInput.uniform) {
      $0.standardDeviation(axes: $1, keepingDimensions: $2)
    }
    Case("standardDeviation", "standardDeviation, correction 0", [.uniform([3, 4])]) {
      $0[0].standardDeviation(axes: [1], correction: 0)
    }
    Case(
      "standardDeviation", "standardDeviation, of one", [.uniform([1, 3])],
      derivatives: .unchecked(because: "0/0")
    ) { $0[0].standardDeviation(axes: [0]) }
    Case("standardDeviation", "standardDeviation, empty axis", [.uniform([0, 3])]) {
      $0[0].standardDeviation(axes: [0])
    }

    Case("sum", "sum, no axes", [.uniform([2, 3])]) { $0[0].sum(axes: []) }
    Case("max", "max, no axes", [.uniform([2, 3])]) { $0[0].max(axes: []) }
    Case("sum", "sum, rank 0", [.uniform([])]) { $0[0].sum() }
    Case("sum", "sum, empty axis", [.uniform([0, 3])]) { $0[0].sum(axes: [0]) }
    Case("sum", "sum, empty result", [.uniform([0, 3])]) { $0[0].sum(axes: [1]) }
    Case("mean", "mean, empty axis", [.uniform([0, 3])]) { $0[0].mean(axes: [0]) }
    Case("mean", "mean, empty result", [.uniform([0, 3])]) { $0[0].mean(axes: [1]) }
    Case("max", "max, empty result", [.uniform([0, 3])]) { $0[0].max(axes: [1]) }
    Case("min", "min, empty result", [.uniform([0, 3])]) { $0[0].min(axes: [1]) }
    Case("variance", "variance, empty axis", [.uniform([0, 3])]) { $0[0].variance(axes: [0]) }
    Case("variance", "variance, of one", [.uniform([1, 3])], derivatives: .unchecked(because: "0/0")) {
      $0[0].variance(axes: [0])
    }

    Case("max", "max, ties", [.values([1, 3, 3, 0, 2, 2], [2, 3])], derivatives: ties) {
      $0[0].max(axes: [1])
    }
    let anywhere = { (shape: Shape, _: ClosedRange<Double>) in CaseInput.awayFromZero(shape) }
    for (suffix, order) in [("", 2), (" of order 1", 1), (" of order 3", 3), (" of order 1.5", 1.5)] {
      reduction("norm", name: "norm" + suffix, anywhere) {
        $0.norm(Scalar(order), axes: $1, keepingDimensions: $2)
      }
    }
    reduction("norm", name: "norm of order inf", anywhere) {
      $0.norm(.infinity, axes: $1, keepingDimensions: $2)
    }
    Case(
      "norm", "norm of order 0", [.values([1, 0, 3, 0, 0, -2], [2, 3])],
      derivatives: .unchecked(because: "it counts")
    ) { $0[0].norm(0, axes: [1]) }
    Case("norm", "norm of order 0.5", [.awayFromZero([2, 3])]) { $0[0].norm(0.5, axes: [1]) }
    Case("norm", "norm, no axes", [.awayFromZero([2, 3])]) { $0[0].norm(axes: []) }
    Case("norm", "norm, empty axis", [.uniform([0, 3])]) { $0[0].norm(axes: [0]) }
    Case("norm", "norm of order inf, empty axis", [.uniform([0, 3])]) { $0[0].norm(.infinity, axes: [0]) }
    Case(
      "norm", "norm of order 3, zeros", [.values([0, 2, 0, 0.5, -1, 0], [2, 3])],
      derivatives: .checkedOnce(because: "the third derivative, which numeric ones meet, jumps at 0")
    ) { $0[0].norm(3, axes: [1]) }
    for (name, order) in [("", 2), (" of order 3", 3), (" of order inf", Scalar.infinity)] {
      Case(
        "norm", "norm\(name), special", [.values([.nan, 1, .infinity, 1, 0, 0], [3, 2])],
        derivatives: singular
      ) { $0[0].norm(order, axes: [1]) }
    }

    truthValues("any") { Tensor($0.any(axes: $1, keepingDimensions: $2)) }
    truthValues("all") { Tensor($0.all(axes: $1, keepingDimensions: $2)) }
    truthValues("countTrue") { Tensor($0.countTrue(axes: $1, keepingDimensions: $2)) }
    wide("sum", CaseInput.uniform) { $0.sum(axes: $1) }
    wide("max", CaseInput.spread) { $0.max(axes: $1) }
  }

  private static var ties: Case.Derivatives { .unchecked(because: "there are ties") }

  private static func truthValues(
    _ operation: String, apply: @escaping @Sendable (Tensor<Bool>, [Int]?, Bool) -> Tensor<Scalar>
  ) -> [Case] {
    let some = CaseInput.values([0, 0, 0, 0, 2, 0, -1, .nan, 3], [3, 3])
    let choices: [(String, [Int]?, Bool)] = [
      ("", nil, false), (", axis", [1], false), (", axis kept", [0], true), (", no axes", [], false),
    ]
    let around = Case.Derivatives.zero(because: "it is constant around a number that is not 0")
    return [
      Case(operation, operation + ", empty axis", [.uniform([0, 3])]) { apply(Tensor($0[0]), [0], false) },
      Case(operation, operation + ", single", [.uniform([1, 3])], derivatives: around) {
        apply(Tensor($0[0]), [0], false)
      },
    ]
      + choices.map { suffix, axes, keeps in
        Case(operation, operation + suffix, [some], derivatives: .unchecked(because: "there are zeros")) {
          apply(Tensor($0[0]), axes, keeps)
        }
      }
  }

  /// A reduction over all axes, over the last, the first, the middle one and over two that are not neighbours.
  private static func reduction(
    _ operation: String, name: String? = nil, _ draw: (Shape, ClosedRange<Double>) -> CaseInput,
    apply: @escaping @Sendable (Tensor<Scalar>, [Int]?, Bool) -> Tensor<Scalar>
  ) -> [Case] {
    let choices: [(String, [Int]?, Bool)] = [
      ("", nil, false),
      (", last axis", [-1], false),
      (", first axis kept", [0], true),
      (", middle axis", [1], false),
      (", outer and inner", [2, 0], false),
      (", all kept", nil, true),
    ]
    let name = name ?? operation
    let single = Case(operation, name + ", axis of one", [draw([1, 3, 1], -1...1)]) {
      apply($0[0], [1, 2], false)
    }
    return [single]
      + choices.map { suffix, axes, keeps in
        Case(operation, name + suffix, [draw([2, 3, 4], -1...1)]) { apply($0[0], axes, keeps) }
      }
  }

  /// A reduction of enough elements for every one of the kernel's loops: long runs, many short runs, wide rows,
  /// and rows too narrow for a loop of their own.
  private static func wide(
    _ operation: String, _ draw: (Shape, ClosedRange<Double>) -> CaseInput,
    apply: @escaping @Sendable (Tensor<Scalar>, [Int]?) -> Tensor<Scalar>
  ) -> [Case] {
    // Among 600 · 601 numbers some column has its two largest closer than the step of a numeric derivative.
    let wideRows = operation == "max" ? [600, 67] : [600, 601]
    let choices: [(String, Shape, [Int]?)] = [
      ("long runs", [2, 9001], [1]), ("short runs", [700, 2, 20], [0, 2]), ("wide rows", wideRows, [0]),
      ("narrow rows", [5003, 3], [0]), ("narrow gaps", [50, 2, 40, 3], [0, 2]),
      ("everything", [3, 5000], nil),
    ]
    return choices.map { name, shape, axes in
      // A sum of n numbers of either sign loses digits to the cancellation of √n.
      Case(operation, "\(operation), \(name)", [draw(shape, -1...1)], conditioning: 64) { apply($0[0], axes) }
    }
  }
}
