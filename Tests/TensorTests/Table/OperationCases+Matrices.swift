import Tensor

extension OperationCases {
  /// Factors and eigenvalues of matrices without symmetry, norms and powers.
  @OperationCaseList<Scalar>
  static var matrices: [Case] {
    let squares: [(String, [CaseInput])] = [
      ("", [.uniform([3, 3])]), (", batch", [.uniform([2, 4, 4])]), (", single", [.uniform([1, 1])]),
      (", no matrices", [.uniform([0, 3, 3])]), (", no rows", [.uniform([2, 0, 0])]),
    ]
    for (suffix, inputs) in squares {
      let same = inputs[0].shape == [1, 1] ? Case.Derivatives.unchecked(because: "it is 1") : nil
      Case("lu", "lu, lower" + suffix, inputs, derivatives: same, conditioning: 64) { try! $0[0].lu().lower }
      Case("lu", "lu, upper" + suffix, inputs, conditioning: 16) { try! $0[0].lu().upper }
      Case(
        "lu", "lu, permutation" + suffix, inputs,
        derivatives: .unchecked(because: "it is constant around each point")
      ) {
        try! $0[0].lu().permutation
      }
      Case("slogdet", "slogdet" + suffix, inputs, conditioning: 16) { try! $0[0].slogdet().logarithm }
      Case(
        "slogdet", "slogdet, sign" + suffix, inputs,
        derivatives: .unchecked(because: "it is constant around each point")
      ) {
        try! $0[0].slogdet().sign
      }
      // Functions that do not see the order of the values.
      Case("eigvals", "eigvals" + suffix, inputs, conditioning: 32) { a in
        let values = try! a[0].eigvals()
        return (values.real.exp() * values.imaginary.cos()).sum(axes: [-1])
      }
      Case("eigvals", "eigvals, magnitudes" + suffix, inputs, conditioning: 32) { a in
        let values = try! a[0].eigvals()
        return (values.real.square() + values.imaginary.square()).sorted()
      }
      Case("eig", "eig, squared vectors" + suffix, inputs, derivatives: same, conditioning: 64) { a in
        let (values, vectors) = try! a[0].eig()
        let sizes = vectors.real.square() + vectors.imaginary.square()
        return (sizes * (values.real.square() + values.imaginary.square()).expanded(axis: -2)).sum(axes: [-1])
      }
      Case("matrixPower", "matrixPower" + suffix, inputs, conditioning: 4) { try! $0[0].matrixPower(5) }
    }
    Case("slogdet", "slogdet, singular", [.values([1, 2, 2, 4], [2, 2])], derivatives: singular) {
      let (sign, logarithm) = try! $0[0].slogdet()
      return Tensor.stacked([sign, logarithm])
    }
    Case("matrixPower", "matrixPower, negative", [.uniform([3, 3])], conditioning: 16) {
      try! ($0[0] + 3 * Tensor.identity(3)).matrixPower(-2)
    }
    Case("matrixPower", "matrixPower, none", [.uniform([2, 2])], derivatives: .zero(because: "A⁰ = 1")) {
      try! $0[0].matrixPower(0)
    }

    for (suffix, left, right) in [
      ("", [3, 3], [3, 2]), (", vector", [3, 3], [3]), (", batch", [2, 3, 3], [2, 3, 1]),
      (", single", [1, 1], [1, 1]), (", empty", [0, 3, 3], [3, 2]),
    ] as [(String, Shape, Shape)] {
      Case(
        "choleskySolve", "choleskySolve" + suffix, [.awayFromZero(left, 0.5...1.5), .uniform(right)],
        conditioning: 64
      ) {
        try! $0[0].choleskySolve($0[1])
      }
    }
    Case(
      "choleskySolve", "choleskySolve, upper", [.awayFromZero([3, 3], 0.5...1.5), .uniform([3, 2])],
      conditioning: 64
    ) {
      try! $0[0].choleskySolve($0[1], upper: true)
    }
    variants(
      "choleskyInverse",
      [
        ("", [.awayFromZero([3, 3], 0.5...1.5)]), (", batch", [.awayFromZero([2, 2, 2], 0.5...1.5)]),
        (", single", [.awayFromZero([1, 1], 0.5...1.5)]), (", empty", [.uniform([0, 2, 2])]),
      ], conditioning: 64
    ) {
      try! $0[0].choleskyInverse()
    }
    Case("choleskyInverse", "choleskyInverse, upper", [.awayFromZero([3, 3], 0.5...1.5)], conditioning: 64) {
      try! $0[0].choleskyInverse(upper: true)
    }

    for (suffix, shape) in [
      ("", [3, 4]), (", batch", [2, 3, 2]), (", single", [1, 1]), (", empty", [0, 2, 3]),
    ] as [(String, Shape)] {
      for kind in MatrixNorm.allCases {
        Case("matrixNorm", "matrixNorm, \(kind)" + suffix, [.awayFromZero(shape)], conditioning: 4) {
          try! $0[0].matrixNorm(kind)
        }
      }
      let one = shape == [1, 1] ? Case.Derivatives.unchecked(because: "it is 1") : nil
      Case(
        "conditionNumber", "conditionNumber" + suffix, [.uniform(shape)], derivatives: one, conditioning: 32
      ) { try! $0[0].conditionNumber() }
      Case(
        "matrixRank", "matrixRank" + suffix, [.uniform(shape)],
        derivatives: .unchecked(because: "it is constant around each point")
      ) {
        Tensor(try! $0[0].matrixRank())
      }
    }
    Case("matrixNorm", "matrixNorm, no rows", [.uniform([2, 0, 3])]) { try! $0[0].matrixNorm(.one) }
    Case(
      "matrixRank", "matrixRank, low", [.uniform([4, 2])],
      derivatives: .unchecked(because: "it is constant around each point")
    ) {
      Tensor(try! $0[0].selfProduct().matrixRank(tolerance: 1e-4))
    }
  }
}
