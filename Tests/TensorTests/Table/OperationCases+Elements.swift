import Tensor

// What tensors of other elements are given and give, in the table's numbers.

extension OperationCases {
  /// Truth values; a number is true unless it is 0.
  @OperationCaseList<Scalar>
  static var truthValues: [Case] {
    connective(".&") { $0 .& $1 }
    connective(".|") { $0 .| $1 }
    connective(".^") { $0 .^ $1 }
    Case(".!", [.values([0, 1, -2, .nan, 0, 0.5], [2, 3])], derivatives: constant) {
      Tensor(.!Tensor<Bool>($0[0]))
    }
    Case(".!", ".!, single", [.values([0], [1, 1])], derivatives: constant) { Tensor(.!Tensor<Bool>($0[0])) }
    Case(".!", ".!, empty", [.uniform([0, 3])]) { Tensor(.!Tensor<Bool>($0[0])) }
  }

  /// What integers have and other numbers have not, or have otherwise.
  @OperationCaseList<Scalar>
  static var integerArithmetic: [Case] {
    integers("+") { $0 + $1 }
    integers("-") { $0 - $1 }
    integers("*") { $0 * $1 }
    integers("/") { $0 / $1 }
    integers("%") { $0 % $1 }
    wrapping("&+") { $0 &+ $1 }
    wrapping("&-") { $0 &- $1 }
    wrapping("&*") { $0 &* $1 }
    Case("sum", "sum, integers", [numbers], derivatives: constant) {
      Tensor(Tensor<Int32>($0[0]).sum(axes: [0]))
    }
    Case("max", "max, integers", [numbers], derivatives: constant) {
      Tensor(Tensor<Int64>($0[0]).max(axes: [1]))
    }
    Case("min", "min, integers", [numbers], derivatives: constant) {
      Tensor(Tensor<Int64>($0[0]).min(keepingDimensions: true))
    }
    Case("-", "negation, integers", [numbers], derivatives: constant) { Tensor(-Tensor<Int64>($0[0])) }
  }

  private static var numbers: CaseInput { .values([7, -7, 5, -5, 0, 8], [2, 3]) }
  private static var constant: Case.Derivatives { .unchecked(because: "these elements have no derivatives") }

  private static func connective(
    _ operation: String, _ apply: @escaping @Sendable (Tensor<Bool>, Tensor<Bool>) -> Tensor<Bool>
  ) -> [Case] {
    let left = CaseInput.values([0, 1, 0, 2, -1, 0], [2, 3])
    return [
      Case(operation, [left, .values([0, .nan, 0.5])], derivatives: constant) {
        Tensor(apply(Tensor($0[0]), Tensor($0[1])))
      },
      Case(operation, operation + ", column", [left, .values([1, 0], [2, 1])], derivatives: constant) {
        Tensor(apply(Tensor($0[0]), Tensor($0[1])))
      },
      Case(operation, operation + ", empty", [.uniform([0, 3]), .uniform([1, 3])]) {
        Tensor(apply(Tensor($0[0]), Tensor($0[1])))
      },
    ]
  }

  private static func integers(
    _ operation: String, _ apply: @escaping @Sendable (Tensor<Int32>, Tensor<Int32>) -> Tensor<Int32>
  ) -> [Case] {
    pairs(operation + ", integers", operation, numbers, .values([3, -3, -2])) {
      Tensor(apply(Tensor($0), Tensor($1)))
    }
  }

  private static func wrapping(
    _ operation: String, _ apply: @escaping @Sendable (Tensor<UInt8>, Tensor<UInt8>) -> Tensor<UInt8>
  ) -> [Case] {
    pairs(operation, operation, .values([200, 5, 255, 0, 17, 128], [2, 3]), .values([100, 7, 255])) {
      Tensor(apply(Tensor($0), Tensor($1)))
    }
  }

  private static func pairs(
    _ name: String, _ operation: String, _ x: CaseInput, _ y: CaseInput,
    _ apply: @escaping @Sendable (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>
  ) -> [Case] {
    [
      Case(operation, name, [x, y], derivatives: constant) { apply($0[0], $0[1]) },
      Case(operation, name + ", single", [x, .values([3], [1, 1])], derivatives: constant) {
        apply($0[0], $0[1])
      },
      Case(operation, name + ", empty", [.uniform([0, 3]), .values([1, 2, 3], [1, 3])]) {
        apply($0[0], $0[1])
      },
    ]
  }
}
