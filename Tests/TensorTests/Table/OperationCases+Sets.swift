import Tensor

extension OperationCases {
  /// Positions, counts and members, the order and the bits of integers.
  @OperationCaseList<Scalar>
  static var sets: [Case] {
    let list = CaseInput.values([-1, 0, 0.5, 0.5, 2, .infinity])
    let wanted = CaseInput.values([-2, 0.5, 0, 3, .infinity, .nan], [2, 3])
    Case("searchSorted", [list, wanted], derivatives: noDerivatives) { Tensor($0[0].searchSorted($0[1])) }
    Case("searchSorted", "searchSorted, right", [list, wanted], derivatives: noDerivatives) {
      Tensor($0[0].searchSorted($0[1], right: true))
    }
    Case(
      "searchSorted", "searchSorted, batch",
      [.values([1, 2, 3, 10, 20, 30], [2, 3]), .values([2, 4, 10, 31], [2, 2])], derivatives: noDerivatives
    ) {
      Tensor($0[0].searchSorted($0[1]))
    }
    Case(
      "searchSorted", "searchSorted, single", [.values([1], [1]), .values([2], [1, 1])],
      derivatives: noDerivatives
    ) {
      Tensor($0[0].searchSorted($0[1]))
    }
    Case("searchSorted", "searchSorted, empty", [.uniform([0]), .values([2])]) {
      Tensor($0[0].searchSorted($0[1]))
    }
    let some = CaseInput.values([3, 1, 3, -2, 1, 1], [2, 3])
    for (suffix, input) in [("", some), (", single", .values([7], [1, 1])), (", empty", .uniform([0, 3]))]
      as [(String, CaseInput)]
    {
      Case("unique", "unique" + suffix, [input], derivatives: noDerivatives) { $0[0].unique().values }
      Case("unique", "unique, positions" + suffix, [input], derivatives: noDerivatives) {
        Tensor($0[0].unique().positions)
      }
      Case("unique", "unique, counts" + suffix, [input], derivatives: noDerivatives) {
        Tensor($0[0].unique().counts)
      }
      Case("uniqueConsecutive", "uniqueConsecutive" + suffix, [input], derivatives: noDerivatives) {
        $0[0].uniqueConsecutive().values
      }
      Case("uniqueConsecutive", "uniqueConsecutive, positions" + suffix, [input], derivatives: noDerivatives)
      {
        Tensor($0[0].uniqueConsecutive().positions)
      }
      Case("uniqueConsecutive", "uniqueConsecutive, counts" + suffix, [input], derivatives: noDerivatives) {
        Tensor($0[0].uniqueConsecutive().counts)
      }
      Case("isIn", "isIn" + suffix, [input, .values([1, -2, .nan])], derivatives: noDerivatives) {
        Tensor($0[0].isIn($0[1]))
      }
      Case("nonzeroPlaces", "nonzeroPlaces" + suffix, [input], derivatives: noDerivatives) {
        Tensor($0[0].nonzeroPlaces())
      }
    }
    Case("unique", "unique, integers", [some], derivatives: noDerivatives) {
      Tensor(Tensor<Int32>($0[0]).unique().values)
    }
    Case(
      "nonzeroPlaces", "nonzeroPlaces, some", [.values([0, 2, .nan, 0, 0, 1], [3, 2])],
      derivatives: noDerivatives
    ) {
      Tensor($0[0].nonzeroPlaces())
    }
    let labels = CaseInput.values([2, 0, 2, 5], [2, 2])
    for (suffix, input) in [("", labels), (", single", .values([3], [1])), (", empty", .uniform([0]))]
      as [(String, CaseInput)]
    {
      Case("bincount", "bincount" + suffix, [input], derivatives: noDerivatives) {
        Tensor(Tensor<Int64>($0[0]).bincount())
      }
      Case("places", "places" + suffix, [input], derivatives: noDerivatives) {
        Tensor(Tensor<Int32>($0[0]).places(in: [3, 1, 2]))
      }
    }
    Case("bincount", "bincount, minimum length", [labels], derivatives: noDerivatives) {
      Tensor(Tensor<UInt8>($0[0]).bincount(minimumLength: 8))
    }
    Case("bincount", "bincount, weights", [labels, .uniform([2, 2])], constantInputs: [0]) {
      Tensor<Int64>($0[0]).bincount(weights: $0[1])
    }
    orders
    bits
  }

  private static var noDerivatives: Case.Derivatives {
    .unchecked(because: "positions and members have no derivatives")
  }

  @OperationCaseList<Scalar>
  private static var orders: [Case] {
    let numbers = CaseInput.values([7, -7, 5, -5, 7, 8], [2, 3])
    let order = Case.Derivatives.unchecked(because: "integers have no derivatives")
    Case("argmax", "argmax, integers", [numbers], derivatives: order) {
      Tensor(Tensor<Int32>($0[0]).argmax(axis: 0))
    }
    Case("argmax", "argmax, all integers", [numbers], derivatives: order) {
      Tensor(Tensor<Int64>($0[0]).argmax(keepingDimensions: true))
    }
    Case("argmin", "argmin, integers", [numbers], derivatives: order) {
      Tensor(Tensor<Int64>($0[0]).argmin(axis: -1, keepingDimensions: true))
    }
    Case("sorted", "sorted, integers", [numbers], derivatives: order) {
      Tensor(Tensor<Int32>($0[0]).sorted(axis: 0))
    }
    Case("sorted", "sorted, integers descending", [numbers], derivatives: order) {
      Tensor(Tensor<Int64>($0[0]).sorted(descending: true))
    }
    Case("argsort", "argsort, integers", [numbers], derivatives: order) {
      Tensor(Tensor<Int64>($0[0]).argsort())
    }
    Case("topK", "topK, integers", [numbers], derivatives: order) {
      Tensor(Tensor<Int32>($0[0]).topK(2).values)
    }
    Case("topK", "topK, positions of integers", [numbers], derivatives: order) {
      Tensor(Tensor<Int32>($0[0]).topK(2, largest: false).positions)
    }
  }

  @OperationCaseList<Scalar>
  private static var bits: [Case] {
    integerPairs("&") { $0 & $1 }
    integerPairs("|") { $0 | $1 }
    integerPairs("^") { $0 ^ $1 }
    integerPairs("<<") { $0 << $1 }
    integerPairs(">>") { $0 >> $1 }
    integerPairs("gcd") { .gcd($0, $1) }
    integerPairs("lcm") { .lcm($0, $1) }
  }

  private static func integerPairs(
    _ operation: String, _ apply: @escaping @Sendable (Tensor<Int32>, Tensor<Int32>) -> Tensor<Int32>
  ) -> [Case] {
    variants(
      operation,
      [
        ("", [.values([12, -7, 5, -6, 0, 8], [2, 3]), .values([3, 2, 4])]),
        (", single", [.values([12], [1, 1]), .values([8])]),
        (", empty", [.uniform([0, 3]), .values([1, 2, 3], [1, 3])]),
      ], derivatives: .unchecked(because: "integers have no derivatives")
    ) { Tensor(apply(Tensor($0[0]), Tensor($0[1]))) }
  }
}
