import Tensor

extension OperationCases {
  /// Where extremes are.
  @OperationCaseList<Scalar>
  static var positions: [Case] {
    Case("argmax", [.spread([3, 4])], derivatives: constant) { Tensor($0[0].argmax()) }
    Case("argmax", "argmax, axis", [.spread([2, 3, 4])], derivatives: constant) {
      Tensor($0[0].argmax(axis: 1))
    }
    Case("argmax", "argmax, last axis", [.spread([2, 3, 4])], derivatives: constant) {
      Tensor($0[0].argmax(axis: -1))
    }
    Case("argmax", "argmax, single", [.spread([1, 3])], derivatives: constant) {
      Tensor($0[0].argmax(axis: 0))
    }
    Case("argmax", "argmax, axis kept", [.spread([2, 3, 4])], derivatives: constant) {
      Tensor($0[0].argmax(axis: 1, keepingDimensions: true))
    }
    Case("argmax", "argmax, all kept", [.spread([3, 4])], derivatives: constant) {
      Tensor($0[0].argmax(keepingDimensions: true))
    }
    Case("argmax", "argmax, empty", [.spread([0, 3])]) { Tensor($0[0].argmax(axis: 1)) }
    Case("argmax", "argmax, ties", [.values([1, 3, 3, 0, 2, 2], [2, 3])], derivatives: ties) {
      Tensor($0[0].argmax(axis: 1))
    }
    Case("argmin", [.spread([3, 4])], derivatives: constant) { Tensor($0[0].argmin()) }
    Case("argmin", "argmin, axis", [.spread([2, 3, 4])], derivatives: constant) {
      Tensor($0[0].argmin(axis: 1))
    }
    Case("argmin", "argmin, single", [.spread([1, 3])], derivatives: constant) {
      Tensor($0[0].argmin(axis: 0))
    }
    Case("argmin", "argmin, axis kept", [.spread([2, 3, 4])], derivatives: constant) {
      Tensor($0[0].argmin(axis: 1, keepingDimensions: true))
    }
    Case("argmin", "argmin, all kept", [.spread([3, 4])], derivatives: constant) {
      Tensor($0[0].argmin(keepingDimensions: true))
    }
    Case("argmin", "argmin, empty", [.spread([0, 3])]) { Tensor($0[0].argmin(axis: 1)) }
    Case("argmin", "argmin, ties", [.values([3, 1, 1, 2, 0, 0], [2, 3])], derivatives: ties) {
      Tensor($0[0].argmin(axis: 1))
    }
    Case("argmin", "argmin, special", [.values([.infinity, .nan, -.infinity, .nan])], derivatives: singular) {
      Tensor($0[0].argmin())
    }
    nearest("", .spread([5, 3]), .uniform([7, 3]))
    nearest(", single", .values([3], [1, 1]), .values([-1, 2], [2, 1]))
    nearest(", ties", .values([1, 0, 0, 2], [2, 2]), .values([0, 0, 3, 0, 1, 0, 0, 1], [4, 2]))
    nearest(", empty", .uniform([0, 3]), .uniform([2, 3]))
    withPositions("maxWithPositions") { $0.maxWithPositions(axis: $1, keepingDimensions: $2) }
    withPositions("minWithPositions") { $0.minWithPositions(axis: $1, keepingDimensions: $2) }
  }

  private static var ties: Case.Derivatives { .unchecked(because: "there are ties") }
  private static var constant: Case.Derivatives {
    .zero(because: "a position is constant around each point that is no tie")
  }

  private static func nearest(_ suffix: String, _ x: CaseInput, _ y: CaseInput) -> [Case] {
    let isEmpty = x.shape.contains(0)
    let none: Case.Derivatives? = isEmpty ? nil : .unchecked(because: "cosines have no derivative here")
    let steps = suffix == ", ties" ? ties : constant
    return [
      Case("nearestRows", "nearestRows, positions\(suffix)", [x, y], derivatives: isEmpty ? nil : steps) {
        Tensor($0[0].nearestRows(in: $0[1]).positions)
      },
      Case("nearestRows", "nearestRows, cosines\(suffix)", [x, y], derivatives: none) {
        $0[0].nearestRows(in: $0[1]).cosines
      },
    ]
  }

  private static func withPositions(
    _ operation: String,
    apply:
      @escaping @Sendable (Tensor<Scalar>, Int, Bool) -> (values: Tensor<Scalar>, positions: Tensor<Int64>)
  ) -> [Case] {
    let choices: [(String, Shape, Int, Bool)] = [
      ("", [2, 3, 4], 1, false), (", last axis kept", [3, 4], -1, true), (", single", [1, 3], 0, false),
      (", empty", [0, 3], 1, false),
    ]
    return choices.flatMap { suffix, shape, axis, keeps in
      [
        Case(operation, "\(operation), values\(suffix)", [.spread(shape)]) {
          apply($0[0], axis, keeps).values
        },
        Case(
          operation, "\(operation), positions\(suffix)", [.spread(shape)],
          derivatives: shape.contains(0) ? nil : constant
        ) { Tensor(apply($0[0], axis, keeps).positions) },
      ]
    }
  }
}
