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
    Case("argmax", [.spread([3, 4])], derivatives: positions) { $0[0].argmax() }
    Case("argmax", "argmax, axis", [.spread([2, 3, 4])], derivatives: positions) { $0[0].argmax(axis: 1) }
    Case("argmax", "argmax, last axis", [.spread([2, 3, 4])], derivatives: positions) {
      $0[0].argmax(axis: -1)
    }
    Case("argmax", "argmax, single", [.spread([1, 3])], derivatives: positions) { $0[0].argmax(axis: 0) }
    Case("argmax", "argmax, empty", [.spread([0, 3])]) { $0[0].argmax(axis: 1) }
    Case("argmax", "argmax, ties", [.values([1, 3, 3, 0, 2, 2], [2, 3])], derivatives: ties) {
      $0[0].argmax(axis: 1)
    }
    wide("sum", CaseInput.uniform) { $0.sum(axes: $1) }
    wide("max", CaseInput.spread) { $0.max(axes: $1) }
  }

  private static var ties: Case.Derivatives { .unchecked(because: "there are ties") }
  private static var positions: Case.Derivatives {
    .zero(because: "a position is constant around each point that is no tie")
  }

  /// A reduction over all axes, over the last, the first, the middle one and over two that are not neighbours.
  private static func reduction(
    _ operation: String, _ draw: (Shape, ClosedRange<Double>) -> CaseInput,
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
    let single = Case(operation, operation + ", axis of one", [draw([1, 3, 1], -1...1)]) {
      apply($0[0], [1, 2], false)
    }
    return [single]
      + choices.map { suffix, axes, keeps in
        Case(operation, operation + suffix, [draw([2, 3, 4], -1...1)]) { apply($0[0], axes, keeps) }
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
