import Tensor

extension OperationCases {
  /// Cumulative sums and products, and products: what has trouble with zeros.
  @OperationCaseList<Scalar>
  static var cumulative: [Case] {
    alongAxis("cumulativeSum", CaseInput.uniform, -1...1) { $0.cumulativeSum(axis: $1) }
    alongAxis("cumulativeProduct", CaseInput.awayFromZero, 0.2...2) { $0.cumulativeProduct(axis: $1) }
    Case("cumulativeSum", "cumulativeSum, wide rows", [.uniform([6, 1100])]) { $0[0].cumulativeSum(axis: 0) }
    Case("cumulativeSum", "cumulativeSum, long", [.uniform([2, 3000])]) { $0[0].cumulativeSum(axis: 1) }
    let zeros = CaseInput.values([1.5, 0, -2, 0.5, 0, 0, 3, 1, -0.5, 0, 0, 0], [4, 3])
    Case("cumulativeProduct", "cumulativeProduct, zeros", [zeros]) { $0[0].cumulativeProduct(axis: 1) }
    Case("cumulativeProduct", "cumulativeProduct, zeros on the first axis", [zeros]) {
      $0[0].cumulativeProduct(axis: 0)
    }
    Case("cumulativeProduct", "cumulativeProduct, second", [.awayFromZero([4, 3])]) {
      $0[0].cumulativeProduct(axis: 0).cumulativeProduct(axis: 1)
    }

    Case("product", [.awayFromZero([2, 3])]) { $0[0].product() }
    Case("product", "product, last axis", [.awayFromZero([2, 3, 4])]) { $0[0].product(axes: [-1]) }
    Case("product", "product, first axis kept", [.awayFromZero([2, 3, 4])]) {
      $0[0].product(axes: [0], keepingDimensions: true)
    }
    Case("product", "product, outer and inner", [.awayFromZero([2, 3, 4])]) { $0[0].product(axes: [2, 0]) }
    Case("product", "product, no axes", [.awayFromZero([2, 3])]) { $0[0].product(axes: []) }
    Case("product", "product, axis of one", [.awayFromZero([1, 3, 1])]) { $0[0].product(axes: [1, 2]) }
    Case("product", "product, empty axis", [.uniform([0, 3])]) { $0[0].product(axes: [0]) }
    Case("product", "product, empty result", [.uniform([0, 3])]) { $0[0].product(axes: [1]) }
    Case("product", "product, zeros", [zeros]) { $0[0].product(axes: [1]) }
    Case("product", "product, zeros on the first axis", [.values([1.5, 0, 2, 0.5, 3, 0], [2, 3])]) {
      $0[0].product(axes: [0])
    }
    Case("product", "product, one zero of all", [.values([1.5, 0, -2, 0.5], [2, 2])]) { $0[0].product() }
    Case("product", "product, a zero on two axes", [.values([2, 1, 0, 3, 4, 0.5, 1, 1], [2, 2, 2])]) {
      $0[0].product(axes: [0, 2])
    }
  }
}
