import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var linearAlgebra: [Case] {
    for (suffix, left, right) in [
      ("", [3, 4], [4, 2]),
      (", single", [1, 1], [1, 1]),
      (", row by column", [1, 5], [5, 1]),
      (", column by row", [3, 1], [1, 2]),
      (", vector by matrix", [4], [4, 3]),
      (", matrix by vector", [3, 4], [4]),
      (", vector by vector", [5], [5]),
      (", vector by batch", [4], [2, 4, 3]),
      (", batch by vector", [2, 3, 4], [4]),
      (", batch", [2, 3, 4], [2, 4, 5]),
      (", batch by matrix", [2, 3, 4], [4, 5]),
      (", matrix by batch", [3, 4], [2, 4, 5]),
      (", broadcast batch", [2, 1, 3, 4], [3, 4, 2]),
    ] as [(String, Shape, Shape)] {
      Case("matrixProduct", "matrixProduct" + suffix, [.uniform(left), .uniform(right)]) {
        $0[0].matrixProduct($0[1])
      }
    }
    for (suffix, left, right) in [
      (", no rows", [0, 3], [3, 2]),
      (", inner length 0", [2, 0], [0, 3]),
      (", no batch", [0, 2, 3], [3, 2]),
    ] as [(String, Shape, Shape)] {
      Case("matrixProduct", "matrixProduct" + suffix, [.uniform(left), .uniform(right)]) {
        $0[0].matrixProduct($0[1])
      }
    }
    for (suffix, left, right) in [
      ("transposed left", [4, 3], [4, 2]),
      ("transposed right", [3, 4], [2, 4]),
      ("both transposed", [4, 3], [2, 4]),
      ("batch transposed left", [2, 4, 3], [2, 4, 5]),
      ("batch transposed left by matrix", [2, 4, 3], [4, 5]),
      ("batch transposed right", [2, 3, 4], [5, 4]),
      ("batch both transposed", [2, 4, 3], [3, 1, 5, 4]),
    ] as [(String, Shape, Shape)] {
      Case("matrixProduct", "matrixProduct, " + suffix, [.uniform(left), .uniform(right)]) {
        $0[0].matrixProduct(
          $0[1], transposeLeft: suffix.contains("left") || suffix.contains("both"),
          transposeRight: suffix.contains("right") || suffix.contains("both"))
      }
    }
    Case("matrixProduct", "matrixProduct, with itself", [.uniform([3, 4])]) {
      $0[0].matrixProduct($0[0], transposeRight: true)
    }
  }
}
