import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var reductions: [Case] {
    Case("sum", [.uniform([2, 3, 4])]) { $0[0].sum() }
    Case("sum", "sum, last axis", [.uniform([2, 3, 4])]) { $0[0].sum(axes: [-1]) }
    Case("sum", "sum, first axis kept", [.uniform([2, 3, 4])]) {
      $0[0].sum(axes: [0], keepingDimensions: true)
    }
    Case("sum", "sum, outer and inner", [.uniform([2, 3, 4])]) { $0[0].sum(axes: [2, 0]) }
    Case("sum", "sum, middle axis", [.uniform([2, 3, 4])]) { $0[0].sum(axes: [1]) }
    Case("sum", "sum, empty axis", [.uniform([0, 3])]) { $0[0].sum(axes: [0]) }
    Case("sum", "sum, empty result", [.uniform([0, 3])]) { $0[0].sum(axes: [1]) }
    Case("sum", "sum, single", [.uniform([1, 1])]) { $0[0].sum() }
  }
}
