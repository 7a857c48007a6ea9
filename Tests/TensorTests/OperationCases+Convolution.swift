import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var convolution: [Case] {
  }
}
