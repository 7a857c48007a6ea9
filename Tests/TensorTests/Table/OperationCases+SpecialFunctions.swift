import Tensor

extension OperationCases {
  /// Trigonometric, hyperbolic and other functions of one or two numbers, and rounding.
  @OperationCaseList<Scalar>
  static var specialFunctions: [Case] {
    pointwise("tan", CaseInput.uniform, -1.25...1.25) { $0.tan() }
    pointwise("asin", CaseInput.uniform, -0.9...0.9) { $0.asin() }
    pointwise("acos", CaseInput.uniform, -0.9...0.9) { $0.acos() }
    pointwise("atan", CaseInput.uniform, -3...3) { $0.atan() }
    pointwise("sinh", CaseInput.uniform, -2...2) { $0.sinh() }
    pointwise("cosh", CaseInput.uniform, -2...2) { $0.cosh() }
    pointwise("asinh", CaseInput.uniform, -3...3) { $0.asinh() }
    pointwise("acosh", CaseInput.uniform, 1.25...4) { $0.acosh() }
    pointwise("atanh", CaseInput.uniform, -0.9...0.9) { $0.atanh() }
    pointwise("exp2", CaseInput.uniform, -3...3) { $0.exp2() }
    pointwise("expm1", CaseInput.uniform, -2...2) { $0.expm1() }
    pointwise("log2", CaseInput.uniform, 0.25...4) { $0.log2() }
    pointwise("log10", CaseInput.uniform, 0.25...4) { $0.log10() }
    pointwise("log1p", CaseInput.uniform, -0.75...3) { $0.log1p() }
    pointwise("erf", CaseInput.uniform, -2...2) { $0.erf() }
    pointwise("erfc", CaseInput.uniform, -2...2) { $0.erfc() }
    pointwise("logGamma", CaseInput.uniform, 0.5...5) { $0.logGamma() }
    pointwise("digamma", CaseInput.uniform, 0.5...5) { $0.digamma() }
    pointwise("polygamma", CaseInput.uniform, 0.5...5) { $0.polygamma(3) }
    let negative = CaseInput.values([-0.3, -1.4, -2.25, -3.75])
    Case("polygamma", "polygamma, 2 below 0", [negative]) { $0[0].polygamma(2) }
    Case("digamma", "digamma, below 0", [negative]) { $0[0].digamma() }
    Case("polygamma", "polygamma, 1", [.uniform([2, 3, 4], 0.5...5)]) { $0[0].polygamma(1) }
    Case("polygamma", "polygamma, 1 below 0", [negative]) { $0[0].polygamma(1) }
    Case("logGamma", "logGamma, below 0", [negative]) { $0[0].logGamma() }
    pointwise("cbrt", CaseInput.awayFromZero, 0.2...2) { $0.cbrt() }
    pointwise("reciprocal", CaseInput.awayFromZero, 0.5...2) { $0.reciprocal() }
    pointwise("rsqrt", CaseInput.uniform, 0.25...2) { $0.rsqrt() }
    pairwise("hypot", CaseInput.awayFromZero, 0.2...2) { Tensor.hypot($0, $1) }
    pairwise("atan2", CaseInput.awayFromZero, 0.2...2) { Tensor.atan2(y: $0, x: $1) }

    let steps = Case.Derivatives.zero(because: "rounding is constant between whole numbers")
    pointwise("floor", CaseInput.spread, -3...3.2, derivatives: steps) { $0.floor() }
    pointwise("ceil", CaseInput.spread, -3...3.2, derivatives: steps) { $0.ceil() }
    pointwise("round", CaseInput.spread, -3.1...3, derivatives: steps) { $0.round() }
    pointwise("trunc", CaseInput.spread, -3...3, derivatives: steps) { $0.trunc() }
    pairwise("remainder", CaseInput.awayFromZero, 0.5...2) { (2.5 * $0).remainder(modulo: $1) }
    Case("remainder", "remainder, of a number", [.spread([3, 4], -3...3)]) { $0[0].remainder(modulo: 0.8) }

    special("tan") { $0.tan() }
    special("asin") { $0.asin() }
    special("acos") { $0.acos() }
    special("atan") { $0.atan() }
    special("sinh") { $0.sinh() }
    special("cosh") { $0.cosh() }
    special("asinh") { $0.asinh() }
    special("acosh") { $0.acosh() }
    special("atanh") { $0.atanh() }
    special("exp2") { $0.exp2() }
    special("expm1") { $0.expm1() }
    special("log2") { $0.log2() }
    special("log10") { $0.log10() }
    special("log1p") { $0.log1p() }
    special("erf") { $0.erf() }
    special("erfc") { $0.erfc() }
    special("logGamma") { $0.logGamma() }
    special("digamma") { $0.digamma() }
    special("reciprocal") { $0.reciprocal() }
    special("rsqrt") { $0.rsqrt() }
    special("floor") { $0.floor() }
    special("ceil") { $0.ceil() }
    special("round") { $0.round() }
    special("trunc") { $0.trunc() }
    specialPairs("atan2") { Tensor.atan2(y: $0, x: $1) }
    specialPairs("hypot") { Tensor.hypot($0, $1) }
    specialPairs("remainder") { $0.remainder(modulo: $1) }
    Case("round", "round, ties", [.values([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 1e15])], derivatives: singular) {
      $0[0].round()
    }
    Case("expm1", "expm1, near 0", [.values([1e-12, -1e-12, 1e-3, 50, -100])], derivatives: singular) {
      $0[0].expm1()
    }
    Case("log1p", "log1p, near 0", [.values([1e-12, -1e-12, 1e-3, 100])], derivatives: singular) {
      $0[0].log1p()
    }
    Case("erfc", "erfc, far", [.values([3, 3.5, 4, 4.5, 5, -5])]) { $0[0].erfc() }
    Case("digamma", "digamma, far", [.values([1e-3, 1e-2, 20, 1e3, 1e6])], derivatives: singular) {
      $0[0].digamma()
    }
  }
}
