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
          $0[1], transposingLeft: suffix.contains("left") || suffix.contains("both"),
          transposingRight: suffix.contains("right") || suffix.contains("both"))
      }
    }
    Case("matrixProduct", "matrixProduct, with itself", [.uniform([3, 4])]) {
      $0[0].matrixProduct($0[0], transposingRight: true)
    }
    factorizations
    systems
    determinants
  }

  @OperationCaseList<Scalar>
  private static var factorizations: [Case] {
    Case("cholesky", [.uniform([3, 4])]) { try! shifted($0[0].selfProduct()).cholesky() }
    Case("cholesky", "cholesky, batch", [.values(definite, [2, 3, 3])]) { try! $0[0].cholesky() }
    Case("cholesky", "cholesky, single", [.values([2.25], [1, 1, 1])]) { try! $0[0].cholesky() }
    Case("cholesky", "cholesky, no matrices", [.uniform([0, 3, 3])]) { try! $0[0].cholesky() }
    Case("cholesky", "cholesky, no rows", [.uniform([2, 0, 0])]) { try! $0[0].cholesky() }

    // Functions that do not see the vectors' signs.
    Case("eigh", [.uniform([3, 3])], conditioning: 4) { spectral($0[0]) { $0.exp() } }
    Case("eigh", "eigh, batch", [.uniform([2, 4, 4])], conditioning: 4) { spectral($0[0]) { $0.tanh() } }
    Case("eigh", "eigh, values", [.uniform([2, 3, 3])], conditioning: 4) { try! $0[0].eigh().values }
    Case("eigh", "eigh, squared vectors", [.uniform([2, 3, 3])], conditioning: 8) {
      try! $0[0].eigh().vectors.square()
    }
    Case("eigh", "eigh, single", [.uniform([1, 1])]) { spectral($0[0]) { $0.exp() } }
    Case("eigh", "eigh, no matrices", [.uniform([0, 3, 3])]) { spectral($0[0]) { $0.exp() } }
    Case("eigh", "eigh, no rows", [.uniform([2, 0, 0])]) { spectral($0[0]) { $0.exp() } }

    Case("eigvalsh", [.uniform([4, 4])], conditioning: 4) { try! $0[0].eigvalsh() }
    Case("eigvalsh", "eigvalsh, batch", [.values(definite, [2, 3, 3])], conditioning: 4) {
      try! $0[0].eigvalsh()
    }
    Case("eigvalsh", "eigvalsh, single", [.values([-2.25], [1, 1])]) { try! $0[0].eigvalsh() }
    Case("eigvalsh", "eigvalsh, no matrices", [.uniform([0, 3, 3])]) { try! $0[0].eigvalsh() }
    Case("eigvalsh", "eigvalsh, no rows", [.uniform([2, 0, 0])]) { try! $0[0].eigvalsh() }

    Case("matrixSquareRoot", [.uniform([3, 4])], conditioning: 4) {
      try! shifted($0[0].selfProduct()).matrixSquareRoot()
    }
    Case("matrixSquareRoot", "matrixSquareRoot, batch", [.values(definite, [2, 3, 3])], conditioning: 4) {
      try! $0[0].matrixSquareRoot()
    }
    Case(
      "matrixSquareRoot", "matrixSquareRoot, low rank", [.uniform([3, 2])],
      derivatives: .checkedOnce(because: "the terms left out at 0 have a part in the second"), conditioning: 8
    ) {
      try! $0[0].selfProduct().matrixSquareRoot()
    }
    Case("matrixSquareRoot", "matrixSquareRoot, single", [.values([2.25], [1, 1])]) {
      try! $0[0].matrixSquareRoot()
    }
    Case("matrixSquareRoot", "matrixSquareRoot, no matrices", [.uniform([0, 3, 3])]) {
      try! $0[0].matrixSquareRoot()
    }
    Case("matrixSquareRoot", "matrixSquareRoot, no rows", [.uniform([2, 0, 0])]) {
      try! $0[0].matrixSquareRoot()
    }
  }

  @OperationCaseList<Scalar>
  private static var systems: [Case] {
    for (suffix, left, right) in [
      ("", [3, 3], [3, 2]),
      (", single", [1, 1], [1, 1]),
      (", vector", [3, 3], [3]),
      (", batch", [2, 3, 3], [2, 3, 2]),
      (", batch by vector", [2, 3, 3], [3]),
      (", batch by matrix", [2, 3, 3], [3, 4]),
      (", matrix by batch", [3, 3], [2, 3, 2]),
      (", broadcast batch", [2, 1, 3, 3], [3, 3, 1]),
      (", no columns", [3, 3], [3, 0]),
      (", no rows", [0, 0], [0, 2]),
      (", no matrices", [0, 3, 3], [3, 2]),
    ] as [(String, Shape, Shape)] {
      let inputs = [CaseInput.awayFromZero(left, 0.5...1.5), .uniform(right)]
      for lower in [true, false] {
        for transposed in [true, false] {
          let name = (lower ? ", lower" : ", upper") + (transposed ? " transposed" : "") + suffix
          Case("triangularSolve", "triangularSolve" + name, inputs, conditioning: 8) {
            try! $0[0].triangularSolve($0[1], lower: lower, transposed: transposed)
          }
        }
      }
      Case("solve", "solve" + suffix, [.uniform(left), .uniform(right)], conditioning: 4) {
        try! shifted($0[0]).solve($0[1])
      }
    }
    Case(
      "solve", "solve, unshifted batch", [.values(regular, [2, 3, 3]), .uniform([2, 3, 2])], conditioning: 8
    ) {
      try! $0[0].solve($0[1])
    }
  }

  @OperationCaseList<Scalar>
  private static var determinants: [Case] {
    for (suffix, input) in [
      (", batch", .values(regular, [2, 3, 3])),
      (", single", .values([-2.25], [1, 1])),
      (", no matrices", .uniform([0, 3, 3])),
      (", no rows", .uniform([2, 0, 0])),
    ] as [(String, CaseInput)] {
      Case("inverse", "inverse" + suffix, [input], conditioning: 8) { try! $0[0].inverse() }
      Case("determinant", "determinant" + suffix, [input], conditioning: 4) { try! $0[0].determinant() }
      Case("logDeterminant", "logDeterminant" + suffix, [input], conditioning: 4) {
        try! $0[0].logDeterminant()
      }
    }
    Case("inverse", [.uniform([3, 3])], conditioning: 4) { try! shifted($0[0]).inverse() }
    Case("determinant", [.uniform([3, 3])], conditioning: 4) { try! shifted($0[0]).determinant() }
    Case("logDeterminant", [.uniform([3, 3])], conditioning: 4) { try! shifted($0[0]).logDeterminant() }
  }

  /// Two positive definite matrices.
  private static var definite: [Double] {
    [2, 0.5, 0.3, 0.5, 1.5, -0.4, 0.3, -0.4, 1.2, 1, 0.2, -0.1, 0.2, 3, 0.7, -0.1, 0.7, 2]
  }

  /// Two regular matrices whose rows elimination exchanges.
  private static var regular: [Double] {
    [0.25, 2, 0.5, 1.5, -0.5, 1, -0.75, 0.5, 2, 1, -0.25, 3, 2, 0.5, -1, 0.5, 2, 0.25]
  }

  /// A + 3·1.
  private static func shifted(_ a: Tensor<Scalar>) -> Tensor<Scalar> {
    let order = a.shape[a.rank - 1]
    let diagonal = (0..<order * order).map { Scalar($0 % (order + 1) == 0 ? 3 : 0) }
    return a + Tensor(diagonal, shape: [order, order])
  }

  /// V·diag(f(λ))·Vᵀ.
  private static func spectral(
    _ a: Tensor<Scalar>, _ f: (Tensor<Scalar>) -> Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let (values, vectors) = try! a.eigh()
    return (vectors * f(values).expanded(axis: -2)).matrixProduct(vectors, transposingRight: true)
  }
}
