import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var elementwise: [Case] {
    pairwise("+", CaseInput.uniform, -2...2) { $0 + $1 }
    pairwise("-", CaseInput.uniform, -2...2) { $0 - $1 }
    pairwise("*", CaseInput.uniform, -2...2) { $0 * $1 }
    pairwise("/", CaseInput.awayFromZero, 0.5...2) { $0 / $1 }
    Case("-", "negation", [.uniform([2, 3])]) { -$0[0] }
    Case("+", "number + x", [.uniform([2, 3])]) { 2 + $0[0] + 0.25 }
    Case("-", "number - x", [.uniform([2, 3])]) { 2 - $0[0] - 0.25 }
    Case("*", "number * x", [.uniform([2, 3])]) { 3 * $0[0] * 0.25 }
    Case("/", "number / x", [.awayFromZero([2, 3])]) { 3 / $0[0] / 0.25 }
    pairwise("+=", CaseInput.uniform, -2...2) { $0.combined(with: $1) { $0 += $1 } }
    pairwise("-=", CaseInput.uniform, -2...2) { $0.combined(with: $1) { $0 -= $1 } }
    pairwise("*=", CaseInput.uniform, -2...2) { $0.combined(with: $1) { $0 *= $1 } }
    pairwise("/=", CaseInput.awayFromZero, 0.5...2) { $0.combined(with: $1) { $0 /= $1 } }
    Case("+=", "compound with numbers", [.uniform([2, 3])]) {
      var x = $0[0]
      x += 2
      x *= 3
      x -= 0.5
      x /= 4
      return x
    }

    pointwise("exp", CaseInput.uniform, -2...2) { $0.exp() }
    pointwise("log", CaseInput.uniform, 0.25...2) { $0.log() }
    pointwise("tanh", CaseInput.uniform, -2...2) { $0.tanh() }
    pointwise("sigmoid", CaseInput.uniform, -3...3) { $0.sigmoid() }
    pointwise("sin", CaseInput.uniform, -3...3) { $0.sin() }
    pointwise("cos", CaseInput.uniform, -3...3) { $0.cos() }
    pointwise("square", CaseInput.uniform, -2...2) { $0.square() }
    pointwise("sqrt", CaseInput.uniform, 0.25...2) { $0.sqrt() }
    pointwise("abs", CaseInput.awayFromZero, 0.2...2) { $0.abs() }
    pointwise(
      "sign", CaseInput.awayFromZero, 0.2...2,
      derivatives: .zero(because: "sign is constant around each point")
    ) { $0.sign() }
    pointwise("pow", CaseInput.uniform, 0.25...2) { $0.pow(2.5) }
    Case("pow", "pow, 1", [.uniform([5])]) { $0[0].pow(1) }
    Case("pow", "pow, 2", [.uniform([5])]) { $0[0].pow(2) }
    Case("pow", "pow, 3 of both signs", [.awayFromZero([5])]) { $0[0].pow(3) }
    Case("pow", "pow, -2 of both signs", [.awayFromZero([5])]) { $0[0].pow(-2) }
    Case("pow", "pow, 0", [.awayFromZero([5])], derivatives: .zero(because: "x⁰ = 1")) { $0[0].pow(0) }
    Case("pow", "pow, tensor", [.uniform([2, 3, 1], 0.25...2), .uniform([3, 4], -2...2)]) { $0[0].pow($0[1]) }

    let choice = Case.Derivatives.unchecked(because: "the number that is not taken has the derivative 0")
    pairwise("maximum", CaseInput.spread, -1...1, single: choice) { Tensor.maximum($0, $1 * 0.75 + 0.1) }
    pairwise("minimum", CaseInput.spread, -1...1, single: choice) { Tensor.minimum($0, $1 * 0.75 + 0.1) }
    pointwise("clamped", CaseInput.spread, -1...1) { $0.clamped(to: -0.5...0.65) }

    comparison(".<") { $0 .< $1 }
    comparison(".<=") { $0 .<= $1 }
    comparison(".>") { $0 .> $1 }
    comparison(".>=") { $0 .>= $1 }
    comparison(".==") { $0 .== $1 }
    comparison(".!=") { $0 .!= $1 }
    Case(
      "where", [.values([1, 0, -2, .nan], [4, 1]), .uniform([4, 3]), .uniform([3])], constantInputs: [0]
    ) {
      Tensor.where(Tensor($0[0]), $0[1], $0[2])
    }
    Case(
      "where", "where, equal shapes", [.values([1, 0, 0]), .uniform([3]), .uniform([3])], constantInputs: [0]
    ) {
      Tensor.where(Tensor($0[0]), $0[1], $0[2])
    }
    Case("where", "where, empty", [.uniform([0, 3]), .uniform([0, 3]), .uniform([1])]) {
      Tensor.where(Tensor($0[0]), $0[1], $0[2])
    }
  }

  /// Functions at NaN, the infinities, both zeros and other numbers where implementations part ways.
  @OperationCaseList<Scalar>
  static var specialNumbers: [Case] {
    special("exp") { $0.exp() }
    special("log") { $0.log() }
    special("tanh") { $0.tanh() }
    special("sigmoid") { $0.sigmoid() }
    special("square") { $0.square() }
    special("sqrt") { $0.sqrt() }
    special("abs") { $0.abs() }
    special("sign") { $0.sign() }
    special("clamped") { $0.clamped(to: -1...1) }
    special("pow", name: "pow, 0") { $0.pow(0) }
    special("pow", name: "pow, 1") { $0.pow(1) }
    special("pow", name: "pow, 2") { $0.pow(2) }
    special("pow", name: "pow, 2.5") { $0.pow(2.5) }
    special("pow", name: "pow, -1") { $0.pow(-1) }
    special("max") { $0.max() }
    special("min") { $0.min() }
    special("argmax") { Tensor($0.argmax()) }
    special("sum") { $0.sum() }
    Case("max", "max, special, without NaN", [.values([-.infinity, 1, .infinity])], derivatives: singular) {
      $0[0].max()
    }
    Case("max", "max, special, -inf", [.values([-.infinity, -.infinity])], derivatives: singular) {
      $0[0].max()
    }
    specialPairs("maximum") { Tensor.maximum($0, $1) }
    specialPairs("minimum") { Tensor.minimum($0, $1) }
    specialPairs("/") { $0 / $1 }
    specialPairs("*") { $0 * $1 }
    specialPairs("pow") { $0.pow($1) }
    specialPairs(".<") { Tensor($0 .< $1) }
    specialPairs(".<=") { Tensor($0 .<= $1) }
    specialPairs(".>") { Tensor($0 .> $1) }
    specialPairs(".>=") { Tensor($0 .>= $1) }
    specialPairs(".==") { Tensor($0 .== $1) }
    specialPairs(".!=") { Tensor($0 .!= $1) }
  }

  private static func comparison(
    _ operation: String, apply: @escaping @Sendable (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Bool>
  ) -> [Case] {
    let levels = CaseInput.values([0, 1, 2, 3, 4, 5], [2, 3])
    let zero = Case.Derivatives.zero(because: "a comparison is constant around each point that is no tie")
    let ties = Case.Derivatives.unchecked(because: "there are ties")
    return [
      Case(operation, [levels, .values([1, 1, 4])], derivatives: ties) { Tensor(apply($0[0], $0[1])) },
      Case(operation, operation + ", no ties", [levels, .values([0.5, 3.5, 2.5])], derivatives: zero) {
        Tensor(apply($0[0], $0[1]))
      },
      Case(operation, operation + ", empty", [.uniform([0, 3]), .uniform([1, 3])]) {
        Tensor(apply($0[0], $0[1]))
      },
    ]
  }
}

extension Tensor where Scalar: TensorScalar {
  /// The tensor, stretched where `other` is larger, after `change` by `other`.
  fileprivate func combined(with other: Tensor, change: (inout Tensor, Tensor) -> Void) -> Tensor {
    var x = shape == other.shape ? self : self + Tensor.zeros(other.shape)
    change(&x, other)
    return x
  }
}
