import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var indexing: [Case] {
    listed
    masked
    gathering

    Case("oneHot", [.values([2, 0, 1, 1], [2, 2])], derivatives: labels) {
      Tensor<Int64>($0[0]).oneHot(count: 4, as: Scalar.self)
    }
    Case("oneHot", "oneHot, integers", [.uniform([1])], derivatives: labels) { _ in
      Tensor<Scalar>.oneHot([1, 0, 2], count: 3)
    }
    Case("oneHot", "oneHot, empty", [.uniform([0])]) {
      Tensor<UInt8>($0[0]).oneHot(count: 2, as: Scalar.self)
    }
  }

  private static var labels: Case.Derivatives { .unchecked(because: "labels are whole numbers") }

  /// Subscripts with lists of positions.
  @OperationCaseList<Scalar>
  private static var listed: [Case] {
    Case("subscript", "subscript, list", [.uniform([4, 3])]) { $0[0][[2, 0, 2, -1]] }
    Case("subscript", "subscript, list of last axis", [.uniform([2, 3, 4])]) { $0[0][..., [3, 1]] }
    Case("subscript", "subscript, list of middle axis", [.uniform([2, 3, 4])]) { $0[0][0..., [1, 1]] }
    Case("subscript", "subscript, lists", [.uniform([3, 4, 5])]) { $0[0][[2, 0], 1..<3, [4, 0, 0]] }
    Case("subscript", "subscript, list among others", [.uniform([3, 2, 5])]) {
      $0[0][1, .newAxis, [1, 0], (0...).strided(by: -2)]
    }
    Case("subscript", "subscript, empty list", [.uniform([0, 3])]) { $0[0][0..., [2, 2]] }
    Case("subscript", "subscript, list assignment", [.uniform([4, 3]), .uniform([2, 3])]) {
      var x = $0[0]
      x[[3, 0]] = $0[1]
      return x
    }
    Case("subscript", "subscript, list assignment, twice", [.uniform([4]), .uniform([3])]) {
      var x = $0[0]
      x[[1, 3, 1]] = $0[1]
      return x
    }
    Case("subscript", "subscript, lists assignment", [.uniform([3, 2, 4]), .uniform([2, 1, 3])]) {
      var x = $0[0]
      x[[2, 0], 0..., [3, 0, 1]] = $0[1]
      return x
    }
  }

  /// Subscripts with masks.
  @OperationCaseList<Scalar>
  private static var masked: [Case] {
    let mask: CaseInput = .values([1, 0, 0, 2, -1, 0], [2, 3])
    Case("subscript", "subscript, mask", [.uniform([2, 3]), mask], constantInputs: [1]) {
      $0[0][where: Tensor($0[1])]
    }
    Case("subscript", "subscript, mask of first axes", [.uniform([2, 3, 2]), mask], constantInputs: [1]) {
      $0[0][where: Tensor($0[1])]
    }
    Case("subscript", "subscript, empty mask", [.uniform([0, 3]), .uniform([0])]) {
      $0[0][where: Tensor($0[1])]
    }
    Case(
      "subscript", "subscript, mask assignment", [.uniform([2, 3]), mask, .uniform([3])], constantInputs: [1]
    ) {
      var x = $0[0]
      // Broadcast, so that any number of elements may be selected.
      x[where: Tensor($0[1])] = $0[2].sum()
      return x
    }
    Case(
      "subscript", "subscript, mask assignment of rows",
      [.uniform([3, 2]), .values([0, 1, 1]), .uniform([2])],
      constantInputs: [1]
    ) {
      var x = $0[0]
      x[where: Tensor($0[1])] = $0[2]
      return x
    }
  }

  /// Reading and adding at positions that are tensors.
  @OperationCaseList<Scalar>
  private static var gathering: [Case] {
    let few: CaseInput = .values([2, 0, 2, 1])
    let pairs: CaseInput = .values([1, 2, 0, 0, 2, 1], [2, 3])
    Case("elements", [.uniform([3, 4]), few], constantInputs: [1]) {
      $0[0].elements(at: Tensor<Int64>($0[1]), axis: 0)
    }
    Case("elements", "elements, last axis", [.uniform([2, 3]), few], constantInputs: [1]) {
      $0[0].elements(at: Tensor<Int64>($0[1]), axis: -1)
    }
    Case("elements", "elements, matrix of positions", [.uniform([2, 3, 2]), pairs], constantInputs: [1]) {
      $0[0].elements(at: Tensor<Int64>($0[1]), axis: 1)
    }
    Case("elements", "elements, single", [.uniform([3, 1]), .values([2], [])], constantInputs: [1]) {
      $0[0].elements(at: Tensor<Int64>($0[1]), axis: 0)
    }
    Case("elements", "elements, empty", [.uniform([3, 2]), .uniform([0])]) {
      $0[0].elements(at: Tensor<Int64>($0[1]), axis: 0)
    }
    sums("adding") { $0.adding($1, at: Tensor<Int32>($2), axis: $3) }
    sums("add") {
      var x = $0
      x.add($1, at: Tensor<Int32>($2), axis: $3)
      return x
    }

    Case("gathered", [.uniform([3, 3]), pairs], constantInputs: [1]) {
      $0[0].gathered(at: Tensor<Int64>($0[1]), axis: 0)
    }
    Case("gathered", "gathered, last axis", [.uniform([2, 4]), pairs], constantInputs: [1]) {
      $0[0].gathered(at: Tensor<Int64>($0[1]), axis: -1)
    }
    Case(
      "gathered", "gathered, middle axis",
      [.uniform([2, 4, 2]), .values([3, 0, 1, 1, 2, 2, 0, 3, 1, 0, 3, 3], [2, 3, 2])], constantInputs: [1]
    ) { $0[0].gathered(at: Tensor<Int64>($0[1]), axis: 1) }
    Case("gathered", "gathered, single", [.uniform([2, 3]), .values([2, 1], [2, 1])], constantInputs: [1]) {
      $0[0].gathered(at: Tensor<Int64>($0[1]), axis: 1)
    }
    Case("gathered", "gathered, empty", [.uniform([0, 3]), .uniform([0, 2])]) {
      $0[0].gathered(at: Tensor<Int64>($0[1]), axis: 1)
    }
    scatters("scatterAdding") { $0.scatterAdding($1, at: Tensor<Int32>($2), axis: $3) }
    scatters("scatterAdd") {
      var x = $0
      x.scatterAdd($1, at: Tensor<Int32>($2), axis: $3)
      return x
    }
  }

  private typealias Addition =
    @Sendable (Tensor<Scalar>, Tensor<Scalar>, Tensor<Scalar>, Int) -> Tensor<Scalar>

  private static func sums(_ operation: String, _ apply: @escaping Addition) -> [Case] {
    [
      Case(
        operation, operation, [.uniform([3, 4]), .uniform([4, 4]), .values([2, 0, 2, 1])], constantInputs: [2]
      ) { apply($0[0], $0[1], $0[2], 0) },
      Case(
        operation, operation + ", matrix of positions",
        [.uniform([2, 3, 1]), .uniform([2, 2, 2, 1]), .values([1, 0, 1, 1], [2, 2])], constantInputs: [2]
      ) { apply($0[0], $0[1], $0[2], -2) },
      Case(operation, operation + ", empty", [.uniform([3, 2]), .uniform([0, 2]), .uniform([0])]) {
        apply($0[0], $0[1], $0[2], 0)
      },
    ]
  }

  private static func scatters(_ operation: String, _ apply: @escaping Addition) -> [Case] {
    let positions: CaseInput = .values([1, 2, 0, 1, 2, 1], [2, 3])
    return [
      Case(operation, operation, [.uniform([3, 3]), .uniform([2, 3]), positions], constantInputs: [2]) {
        apply($0[0], $0[1], $0[2], 0)
      },
      Case(
        operation, operation + ", last axis", [.uniform([2, 4]), .uniform([2, 3]), positions],
        constantInputs: [2]
      ) { apply($0[0], $0[1], $0[2], -1) },
      Case(
        operation, operation + ", single",
        [.uniform([2, 1]), .uniform([2, 2]), .values([0, 0, 0, 0], [2, 2])],
        constantInputs: [2]
      ) { apply($0[0], $0[1], $0[2], 1) },
      Case(operation, operation + ", empty", [.uniform([0, 3]), .uniform([0, 2]), .uniform([0, 2])]) {
        apply($0[0], $0[1], $0[2], 1)
      },
    ]
  }
}
