import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var linearAlgebra: [Case] {
  }
}
