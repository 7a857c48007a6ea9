import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var resizing: [Case] {
    let lengths = [
      ("growing", 5, 8), ("twice", 4, 8), ("shrinking", 11, 4), ("half", 8, 4), ("to one", 4, 1),
      ("from one", 1, 3),
    ]
    for method in [ResamplingMethod.nearest, .bilinear, .bicubic] {
      for (name, count, length) in lengths {
        Case("resampled", "resampled, \(method) without antialiasing, \(name)", [.uniform([2, count, 3])]) {
          $0[0].resampled(to: length, axis: 1, method: method, antialiasing: false)
        }
      }
      Case("resampled", "resampled, \(method) without antialiasing, empty", [.uniform([0, 6])]) {
        $0[0].resampled(to: 3, axis: 1, method: method, antialiasing: false)
      }
    }
  }
}
