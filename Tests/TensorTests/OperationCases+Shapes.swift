import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var shapes: [Case] {
    Case("reshaped", [.uniform([2, 3, 4])]) { $0[0].reshaped(to: [4, -1]) }
    Case("reshaped", "reshaped, empty", [.uniform([0, 3])]) { $0[0].reshaped(to: [3, 0, 2]) }
    Case("reshaped", "reshaped, single", [.uniform([1, 1])]) { $0[0].reshaped(to: []) }

    Case("squeezed", [.uniform([2, 1, 3, 1])]) { $0[0].squeezed() }
    Case("squeezed", "squeezed, axis", [.uniform([2, 1, 3, 1])]) { $0[0].squeezed(axes: [-3]) }
    Case("squeezed", "squeezed, empty", [.uniform([1, 0, 1])]) { $0[0].squeezed() }

    Case("broadcast", [.uniform([3, 1])]) { $0[0].broadcast(to: [2, 3, 4]) }
    Case("broadcast", "broadcast, empty", [.uniform([1, 0])]) { $0[0].broadcast(to: [3, 0]) }
  }
}
