import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var sorting: [Case] {
    Case("sorted", [.spread([3, 4])]) { $0[0].sorted() }
    Case("sorted", "sorted, descending", [.spread([3, 4])]) { $0[0].sorted(axis: 0, descending: true) }
    Case("sorted", "sorted, middle axis", [.spread([2, 5, 3])]) { $0[0].sorted(axis: 1) }
    Case("sorted", "sorted, long lines", [.spread([2, 150])]) { $0[0].sorted() }
    Case("sorted", "sorted, single", [.spread([1, 3])]) { $0[0].sorted(axis: 0) }
    Case("sorted", "sorted, empty", [.spread([2, 0])]) { $0[0].sorted() }
    Case("sorted", "sorted, special numbers", [special], derivatives: withTies) { $0[0].sorted() }

    Case("argsort", [.spread([3, 4])], derivatives: constant) { Tensor($0[0].argsort()) }
    Case("argsort", "argsort, first axis", [.spread([5, 2])], derivatives: constant) {
      Tensor($0[0].argsort(axis: 0, descending: true))
    }
    Case("argsort", "argsort, ties", [ties], derivatives: withTies) { Tensor($0[0].argsort()) }
    Case("argsort", "argsort, ties descending", [ties], derivatives: withTies) {
      Tensor($0[0].argsort(descending: true))
    }
    Case("argsort", "argsort, special numbers", [special], derivatives: withTies) { Tensor($0[0].argsort()) }
    Case("argsort", "argsort, special numbers descending", [special], derivatives: withTies) {
      Tensor($0[0].argsort(descending: true))
    }
    Case("argsort", "argsort, long ties", [longTies], derivatives: withTies) {
      Tensor($0[0].argsort(axis: 0))
    }
    Case("argsort", "argsort, long ties descending", [longTies], derivatives: withTies) {
      Tensor($0[0].argsort(axis: 0, descending: true))
    }
    Case("argsort", "argsort, single", [.spread([1, 3])], derivatives: constant) {
      Tensor($0[0].argsort(axis: 0))
    }
    Case("argsort", "argsort, empty", [.spread([0, 3])]) { Tensor($0[0].argsort(axis: 0)) }

    Case("topK", [.spread([3, 5])]) { $0[0].topK(2).values }
    Case("topK", "topK, smallest of first axis", [.spread([5, 3])]) {
      $0[0].topK(3, axis: 0, largest: false).values
    }
    Case("topK", "topK, positions", [.spread([3, 5])], derivatives: constant) {
      Tensor($0[0].topK(2).positions)
    }
    Case("topK", "topK, long lines", [.spread([2, 150])]) { $0[0].topK(3).values }
    Case("topK", "topK, single", [.spread([1, 3])]) { $0[0].topK(1, axis: 0).values }
    Case("topK", "topK, none", [.spread([3, 5])], derivatives: .unchecked(because: "it is empty")) {
      $0[0].topK(0).values
    }
    Case("topK", "topK, empty", [.spread([0, 3])]) { $0[0].topK(1).values }

    median
    Case("quantile", [.spread([3, 4])]) { $0[0].quantile(0.3) }
    Case("quantile", "quantile, axis", [.spread([2, 4, 3])]) { $0[0].quantile(0.75, axes: [1]) }
    Case("quantile", "quantile, kept axes", [.spread([2, 4, 3])]) {
      $0[0].quantile(0.1, axes: [0, -1], keepingDimensions: true)
    }
    Case("quantile", "quantile, smallest", [.spread([2, 4])]) { $0[0].quantile(0, axes: [1]) }
    Case("quantile", "quantile, largest", [.spread([2, 4])]) { $0[0].quantile(1, axes: [1]) }
    Case("quantile", "quantile, single", [.spread([1, 3])]) { $0[0].quantile(0.4, axes: [0]) }
    Case("quantile", "quantile, empty", [.spread([0, 3])]) { $0[0].quantile(0.4, axes: [1]) }
    Case(
      "quantile", "quantile, not a number", [.values([1, .nan, 2, 3, 0, 5], [2, 3])], derivatives: withTies
    ) {
      $0[0].quantile(0.25, axes: [1])
    }

    Case("histogram", [.spread([5, 7])], derivatives: constant) {
      Tensor($0[0].histogram(binCount: 4, in: -1.49...0.49))
    }
    Case("histogram", "histogram, bounds of the elements", [.values([0, 1, 2, 3, 4])], derivatives: withTies)
    {
      Tensor($0[0].histogram(binCount: 3))
    }
    Case("histogram", "histogram, one number", [.values([3, 3, 3], [1, 3])], derivatives: withTies) {
      Tensor($0[0].histogram(binCount: 4))
    }
    Case("histogram", "histogram, empty", [.uniform([0, 3])]) { Tensor($0[0].histogram(binCount: 2)) }
  }

  @OperationCaseList<Scalar>
  private static var median: [Case] {
    Case("median", [.spread([3, 4], 0...2)]) { $0[0].median() }
    Case("median", "median, odd number", [.spread([2, 5])]) { $0[0].median(axes: [1]) }
    Case("median", "median, kept axes", [.spread([2, 3, 5])]) {
      $0[0].median(axes: [0, 2], keepingDimensions: true)
    }
    Case("median", "median, no axes", [.spread([2, 3])]) { $0[0].median(axes: []) }
    Case("median", "median, single", [.spread([1, 3])]) { $0[0].median(axes: [0]) }
    Case("median", "median, empty", [.spread([0, 3])]) { $0[0].median(axes: [1]) }
  }

  private static var special: CaseInput {
    .values([.nan, 1, -.infinity, 0, -0.0, .infinity, -1, .nan, 0, 1e-30])
  }
  private static var ties: CaseInput { .values([2, 1, 2, 1, 3, 1], [2, 3]) }
  /// Enough for the sort of long lines; every number comes about nine times.
  private static var longTies: CaseInput { .values((0..<120).map { Double($0 * $0 % 13) - 6 }, [60, 2]) }
  private static var withTies: Case.Derivatives { .unchecked(because: "there are ties or special numbers") }
  private static var constant: Case.Derivatives {
    .zero(because: "positions and counts are constant around each point that is no tie")
  }
}
