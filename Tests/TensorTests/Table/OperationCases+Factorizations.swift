import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var decompositions: [Case] {
    for (suffix, shape) in [
      ("", [4, 3]), (", wide", [3, 5]), (", batch", [2, 3, 3]), (", single", [1, 1]),
      (", no matrices", [0, 3, 2]), (", no rows", [2, 0, 3]),
    ] as [(String, Shape)] {
      // Functions that do not see the vectors' signs.
      Case("svd", "svd" + suffix, [.uniform(shape)], conditioning: 4) {
        let (u, values, v) = try! $0[0].svd()
        return (u * values.tanh().expanded(axis: -2)).matrixProduct(v, transposingRight: true)
      }
      Case("svd", "svd, values" + suffix, [.uniform(shape)], conditioning: 4) { try! $0[0].svd().values }
      Case("singularValues", "singularValues" + suffix, [.uniform(shape)], conditioning: 4) {
        try! $0[0].singularValues()
      }
      Case("pinv", "pinv" + suffix, [.uniform(shape)], conditioning: 16) { try! $0[0].pinv() }
    }
    Case("svd", "svd, squared left vectors", [.uniform([2, 4, 3])], conditioning: 8) {
      try! $0[0].svd().u.square()
    }
    Case("svd", "svd, squared right vectors", [.uniform([3, 4])], conditioning: 8) {
      try! $0[0].svd().v.square()
    }
    for (suffix, shape) in [("", [4, 3]), (", wide", [2, 3, 4])] as [(String, Shape)] {
      Case(
        "svd", "svd, full" + suffix, [.uniform(shape)],
        derivatives: .unchecked(because: "the vectors beyond the thin ones have none"), conditioning: 8
      ) {
        let (u, _, v) = try! $0[0].svd(full: true)
        return u.square().sum(axes: [-2]) + v.square()[..., 0, 0..<1]
      }
    }
    Case("pinv", "pinv, low rank", [.uniform([4, 2])], conditioning: 16) {
      // The product of two factors of rank 2 keeps the rank of the 4×4 matrix.
      try! $0[0].selfProduct().pinv(tolerance: 1e-5)
    }
    orthogonal
    leastSquares
    exponentials
  }

  @OperationCaseList<Scalar>
  private static var orthogonal: [Case] {
    for (suffix, shape) in [
      ("", [4, 3]), (", wide", [3, 5]), (", batch", [2, 3, 3]), (", no matrices", [0, 3, 2]),
      (", no rows", [2, 0, 3]),
    ] as [(String, Shape)] {
      Case("qr", "qr, q" + suffix, [.uniform(shape)], conditioning: 8) { try! $0[0].qr().q }
      Case("qr", "qr, r" + suffix, [.uniform(shape)], conditioning: 8) { try! $0[0].qr().r }
    }
    Case("qr", "qr, single", [.values([-2.25], [1, 1])]) { try! $0[0].qr().r }
  }

  @OperationCaseList<Scalar>
  private static var leastSquares: [Case] {
    for (suffix, left, right) in [
      ("", [4, 2], [4, 3]),
      (", square", [3, 3], [3, 2]),
      (", single", [1, 1], [1, 1]),
      (", vector", [5, 3], [5]),
      (", batch", [2, 4, 3], [2, 4, 2]),
      (", batch by vector", [2, 4, 3], [4]),
      (", broadcast batch", [2, 1, 4, 2], [3, 4, 1]),
      (", no right-hand sides", [4, 2], [4, 0]),
      (", no columns", [3, 0], [3, 2]),
      (", no matrices", [0, 4, 2], [4, 3]),
    ] as [(String, Shape, Shape)] {
      Case("leastSquares", "leastSquares" + suffix, [.uniform(left), .uniform(right)], conditioning: 4) {
        try! shiftedDiagonal($0[0]).leastSquares($0[1])
      }
    }
  }

  @OperationCaseList<Scalar>
  private static var exponentials: [Case] {
    for (suffix, input, conditioning) in [
      ("", .uniform([3, 3]), 2),
      (", batch", .uniform([2, 4, 4], -3...3), 16),
      (", one large and one small", .values([4, -9, 7, -3, 0.01, 0.02, -0.015, 0.005], [2, 2, 2]), 32),
      (", single", .values([1.5], [1, 1]), 4),
      (", no matrices", .uniform([0, 3, 3]), 1),
      (", no rows", .uniform([2, 0, 0]), 1),
    ] as [(String, CaseInput, Double)] {
      Case("matrixExponential", "matrixExponential" + suffix, [input], conditioning: conditioning) {
        try! $0[0].matrixExponential()
      }
    }
  }

  /// A with 3 added to its diagonal, so that its columns are independent.
  private static func shiftedDiagonal(_ a: Tensor<Scalar>) -> Tensor<Scalar> {
    let (rows, columns) = (a.shape[a.rank - 2], a.shape[a.rank - 1])
    let diagonal = (0..<rows * columns).map {
      Scalar($0 % (columns + 1) == 0 && $0 / columns < columns ? 3 : 0)
    }
    return a + Tensor(diagonal, shape: [rows, columns])
  }
}
