import Tensor

extension OperationCases {
  /// Tensors of numbers that lie evenly, and numbers out of tensors.
  @OperationCaseList<Scalar>
  static var creation: [Case] {
    sequence("arange") { .arange(to: 5) }
    sequence("arange", "arange, from and by") { .arange(from: 2, to: 11, by: 3) }
    sequence("arange", "arange, end between") { .arange(from: -1, to: 1.75, by: 0.5) }
    sequence("arange", "arange, downwards") { .arange(from: 5, to: 0, by: -1.5) }
    sequence("arange", "arange, by no binary number") { .arange(to: 1, by: 0.1) }
    sequence("arange", "arange, single") { .arange(from: 3, to: 3.5) }
    sequence("arange", "arange, empty") { .arange(from: 3, to: 1) }

    sequence("linspace") { .linspace(from: -1, through: 1, count: 5) }
    sequence("linspace", "linspace, even") { .linspace(from: 0, through: 1, count: 8) }
    sequence("linspace", "linspace, downwards") { .linspace(from: 3, through: -2, count: 4) }
    sequence("linspace", "linspace, equal ends") { .linspace(from: 0.25, through: 0.25, count: 3) }
    sequence("linspace", "linspace, single") { .linspace(from: 2, through: 7, count: 1) }
    sequence("linspace", "linspace, empty") { .linspace(from: 0, through: 1, count: 0) }

    Case("integers", [.values([3, -1, 0, 2, 40_000, -7], [2, 3])], derivatives: integers) {
      integers(in: $0[0])
    }
    Case("integers", "integers, single", [.values([12], [1, 1])], derivatives: integers) {
      integers(in: $0[0])
    }
    Case("integers", "integers, empty", [.uniform([0, 3])]) { integers(in: $0[0]) }

    Case("nonzeroPositions", [.values([0, 2, -1, 0, 0, 0.5], [2, 3])], derivatives: integers) {
      positions(in: $0[0])
    }
    Case(
      "nonzeroPositions", "nonzeroPositions, three axes", [.values([1, 0, 0, 0, 5, 0, 0, 3], [2, 2, 2])],
      derivatives: integers
    ) { positions(in: $0[0]) }
    Case(
      "nonzeroPositions", "nonzeroPositions, special", [.values([.nan, 0, -0.0, .infinity])],
      derivatives: integers
    ) {
      positions(in: $0[0])
    }
    Case("nonzeroPositions", "nonzeroPositions, none", [.values([0, 0], [1, 2])], derivatives: integers) {
      positions(in: $0[0])
    }
    Case("nonzeroPositions", "nonzeroPositions, empty", [.uniform([3, 0])]) { positions(in: $0[0]) }
  }

  private static var integers: Case.Derivatives { .unchecked(because: "integers are no tensor") }

  private static func sequence(
    _ operation: String, _ name: String? = nil, _ make: @escaping @Sendable () -> Tensor<Scalar>
  ) -> Case {
    Case(
      operation, name ?? operation, [], derivatives: .unchecked(because: "its arguments are no tensors"),
      noEmptyCase: "its arguments are no tensors"
    ) { _ in make() }
  }

  private static func integers(in x: Tensor<Scalar>) -> Tensor<Scalar> {
    Tensor(Tensor<Int32>(x).integers.map { Scalar($0) })
  }

  private static func positions(in x: Tensor<Scalar>) -> Tensor<Scalar> {
    Tensor(x.nonzeroPositions)
  }
}
