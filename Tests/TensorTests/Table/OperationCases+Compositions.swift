import Tensor

extension OperationCases {
  /// Functions of one or two numbers that are made of others, questions about numbers, and replacements.
  @OperationCaseList<Scalar>
  static var compositions: [Case] {
    question("isNaN") { $0.isNaN() }
    question("isFinite") { $0.isFinite() }
    question("isInfinite") { $0.isInfinite() }
    question("signBit") { $0.signBit() }
    closeness

    pairwise("copysign", CaseInput.awayFromZero, 0.2...2, constantInputs: [1]) { .copysign($0, $1) }
    specialPairs("copysign") { .copysign($0, $1) }
    pointwise("heaviside", CaseInput.awayFromZero, 0.2...2, derivatives: steps) { $0.heaviside(0.75) }
    special("heaviside") { $0.heaviside(0.75) }
    pointwise("frac", CaseInput.spread, -3...3) { $0.frac() }
    special("frac") { $0.frac() }
    pointwise("round", name: "round, decimals", CaseInput.spread, -3...3.12, derivatives: steps) {
      $0.round(decimals: 1)
    }
    Case("round", "round, tens", [.values([14, 15, 16, -25, 149, 0])], derivatives: singular) {
      $0[0].round(decimals: -1)
    }
    pairwise("truncatingRemainder", CaseInput.awayFromZero, 0.5...2, single: noSteps) {
      (2.5 * $0).truncatingRemainder(dividingBy: $1)
    }
    Case("truncatingRemainder", "truncatingRemainder, of a number", [.spread([3, 4], -3...3)]) {
      $0[0].truncatingRemainder(dividingBy: 0.8)
    }
    specialPairs("truncatingRemainder") { $0.truncatingRemainder(dividingBy: $1) }
    pairwise("floorDivided", CaseInput.awayFromZero, 0.5...2, derivatives: steps) {
      (2.5 * $0).floorDivided(by: $1)
    }
    Case("floorDivided", "floorDivided, by one number", [.spread([3, 4], -3...3)], derivatives: steps) {
      $0[0].floorDivided(by: 0.8)
    }
    specialPairs("floorDivided") { $0.floorDivided(by: $1) }

    pairwise("logAddExp", CaseInput.uniform, -2...2) { .logAddExp($0, $1) }
    Case("logAddExp", "logAddExp, ties", [.values([1, -2, 0]), .values([1, -2, 0])]) {
      .logAddExp($0[0], $0[1])
    }
    Case("logAddExp", "logAddExp, far", [.values([900, -900, 40, 0]), .values([899, -901, 0, -700])]) {
      .logAddExp($0[0], $0[1])
    }
    specialPairs("logAddExp") { .logAddExp($0, $1) }
    pairwise("logAddExp2", CaseInput.uniform, -2...2) { .logAddExp2($0, $1) }
    specialPairs("logAddExp2") { .logAddExp2($0, $1) }
    pairwise("xlogy", CaseInput.uniform, 0.25...2) { .xlogy($0, $1) }
    specialPairs("xlogy") { .xlogy($0, $1) }
    Case("xlogy", "xlogy, zeros", [.values([0, 0, 2]), .values([0, 0.5, 0.5])], derivatives: singular) {
      .xlogy($0[0], $0[1])
    }
    pairwise("xlog1py", CaseInput.uniform, 0.25...2) { .xlog1py($0, $1) }
    specialPairs("xlog1py") { .xlog1py($0, $1) }
    pointwise("entr", CaseInput.uniform, 0.05...1) { $0.entr() }
    special("entr") { $0.entr() }

    blending
    distributions
  }

  @OperationCaseList<Scalar>
  private static var blending: [Case] {
    pairwise("lerp", CaseInput.uniform, -2...2) { $0.lerp(to: $1, weight: 0.3) }
    Case("lerp", "lerp, beyond the middle", [.uniform([3, 4]), .uniform([4])]) {
      $0[0].lerp(to: $0[1], weight: 0.75)
    }
    Case("lerp", "lerp, tensor", [.uniform([2, 3, 1]), .uniform([3, 4]), .uniform([4], 0...1)]) {
      $0[0].lerp(to: $0[1], weight: $0[2])
    }
    Case(
      "lerp", "lerp, ends", [.values([0.1, 0.1]), .values([0.7, 0.7]), .values([0, 1])], derivatives: singular
    ) {
      $0[0].lerp(to: $0[1], weight: $0[2])
    }
    pointwise("nanToNum", CaseInput.uniform, -2...2) { $0.nanToNum() }
    special("nanToNum") { $0.nanToNum(nan: 0.5, positiveInfinity: 7, negativeInfinity: -9) }
    Case("nanToNum", "nanToNum, some", [.values([.nan, 1, .infinity, -.infinity])], derivatives: singular) {
      $0[0].nanToNum(positiveInfinity: 4, negativeInfinity: -4)
    }
    variants(
      "maskedFill",
      [
        ("", [.uniform([2, 3]), .values([0, 1, 0])]), (", single", [.uniform([1, 1]), .values([0])]),
        (", empty", [.uniform([0, 3]), .uniform([1])]),
      ],
      constantInputs: [1]
    ) { $0[0].maskedFill(where: Tensor($0[1]), with: -0.5) }
    pointwise("clamped", name: "clamped, from below", CaseInput.spread, -1...1) { $0.clamped(to: (-0.3)...) }
    pointwise("clamped", name: "clamped, from above", CaseInput.spread, -1...1) { $0.clamped(to: ...0.3) }
    Case(
      "clamped", "clamped, by tensors",
      [.spread([3, 4], -2...2), .uniform([4], -1 ... -0.5), .uniform([3, 1], 0.5...1)]
    ) {
      $0[0].clamped(lower: $0[1], upper: $0[2])
    }
    special("clamped", name: "clamped, to 0 and more") { $0.clamped(to: 0...) }
    for (suffix, order, axes) in [
      ("", 2, [-1]), (" of order 1", 1, [0]), (" of order 3", 3, nil),
      (" of order inf", Scalar.infinity, [1]),
    ]
      as [(String, Scalar, [Int]?)]
    {
      Case("normalized", "normalized" + suffix, [.awayFromZero([3, 4])]) {
        $0[0].normalized(order, axes: axes)
      }
    }
    Case("normalized", "normalized, single", [.awayFromZero([1, 3])]) { $0[0].normalized(axes: [1]) }
    Case("normalized", "normalized, zeros", [.values([0, 0, 3, 4], [2, 2])], derivatives: singular) {
      $0[0].normalized(axes: [1])
    }
    Case("normalized", "normalized, empty", [.uniform([0, 3])]) { $0[0].normalized(axes: [1]) }
  }

  /// The error function's relatives, Bessel functions and others.
  @OperationCaseList<Scalar>
  private static var distributions: [Case] {
    pointwise("erfinv", CaseInput.uniform, -0.95...0.95) { $0.erfinv() }
    special("erfinv") { $0.erfinv() }
    Case(
      "erfinv", "erfinv, near the ends", [.values([1 - 1e-5, -1 + 1e-6, 1e-9, 0.85, -0.86])],
      derivatives: singular, conditioning: 4096
    ) {
      $0[0].erfinv()
    }
    pointwise("erfcx", CaseInput.uniform, -1...4) { $0.erfcx() }
    special("erfcx") { $0.erfcx() }
    Case("erfcx", "erfcx, far", [.values([-5, 1.99, 2.01, 5, 10, 50, 1e3])], derivatives: singular) {
      $0[0].erfcx()
    }
    pointwise("ndtr", CaseInput.uniform, -2...2) { $0.ndtr() }
    special("ndtr") { $0.ndtr() }
    pointwise("ndtri", CaseInput.uniform, 0.05...0.95) { $0.ndtri() }
    special("ndtri") { $0.ndtri() }
    Case("ndtri", "ndtri, near 0", [.values([1e-30, 1e-12, 1e-3, 0.07, 0.08])], derivatives: singular) {
      $0[0].ndtri()
    }
    pointwise("logNdtr", CaseInput.uniform, -4...3) { $0.logNdtr() }
    special("logNdtr") { $0.logNdtr() }
    Case("logNdtr", "logNdtr, far", [.values([-30, -10, -1.01, -0.99, 5])]) { $0[0].logNdtr() }
    pointwise("i0", CaseInput.uniform, -4...4) { $0.i0() }
    pointwise("i0e", CaseInput.awayFromZero, 0.2...4) { $0.i0e() }
    pointwise("i1", CaseInput.awayFromZero, 0.2...4) { $0.i1() }
    pointwise("i1e", CaseInput.awayFromZero, 0.2...4) { $0.i1e() }
    let far = CaseInput.values([-40, -29, 8, 12, 31, 80])
    Case("i0", "i0, far", [far], derivatives: singular, conditioning: 4) { $0[0].i0() }
    Case("i0e", "i0e, far", [far], derivatives: singular) { $0[0].i0e() }
    Case("i1", "i1, far", [far], derivatives: singular, conditioning: 4) { $0[0].i1() }
    Case("i1e", "i1e, far", [far], derivatives: singular) { $0[0].i1e() }
    special("i0e") { $0.i0e() }
    special("i1e") { $0.i1e() }
    pointwise("sinc", CaseInput.uniform, -2...2) { $0.sinc() }
    Case("sinc", "sinc, near 0", [.values([0.01, -0.02, 0.1, 0.158])]) { $0[0].sinc() }
    special("sinc") { $0.sinc() }
    pointwise("deg2rad", CaseInput.uniform, -180...180) { $0.deg2rad() }
    pointwise("rad2deg", CaseInput.uniform, -3...3) { $0.rad2deg() }
    pointwise("multivariateLogGamma", CaseInput.uniform, 1.5...5) { $0.multivariateLogGamma(dimension: 3) }
  }

  private static var noSteps: Case.Derivatives { .unchecked(because: "the only quotient is cut to 0") }
  private static var steps: Case.Derivatives { .zero(because: "it is constant between the steps") }

  private static func question(
    _ operation: String, _ ask: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Bool>
  ) -> [Case] {
    let same = Case.Derivatives.zero(because: "the answer is the same around each point")
    return [special(operation) { Tensor(ask($0)) }]
      + pointwise(operation, CaseInput.awayFromZero, 0.2...2, derivatives: same) { Tensor(ask($0)) }
  }

  @OperationCaseList<Scalar>
  private static var closeness: [Case] {
    let same = Case.Derivatives.zero(because: "the answer is the same around each point")
    let x = CaseInput.values([1, 1.1, 2, -3], [2, 2])
    let y = CaseInput.values([1.00001, 2.5])
    Case("isClose", [x, y], derivatives: same) { Tensor($0[0].isClose(to: $0[1], relative: 1e-3)) }
    Case("isClose", "isClose, single", [.values([2], [1, 1]), .values([2.5])], derivatives: same) {
      Tensor($0[0].isClose(to: $0[1], absolute: 1))
    }
    Case("isClose", "isClose, empty", [.uniform([0, 3]), .uniform([1])]) { Tensor($0[0].isClose(to: $0[1])) }
    specialPairs("isClose") { Tensor($0.isClose(to: $1)) }
    Case(
      "isClose", "isClose, equal NaN", [.values([.nan, 1]), .values([.nan, .nan])], derivatives: singular
    ) {
      Tensor($0[0].isClose(to: $0[1], equalNaN: true))
    }
    Case("allClose", [x, y], derivatives: same) { Tensor($0[0].allClose(to: $0[1]) ? 1 : 0) }
    Case("allClose", "allClose, wide", [x, y], derivatives: same) {
      Tensor($0[0].allClose(to: $0[1], absolute: 9) ? 1 : 0)
    }
    Case("allClose", "allClose, single", [.values([2], [1, 1]), .values([2.5])], derivatives: same) {
      Tensor($0[0].allClose(to: $0[1], relative: 0.5) ? 1 : 0)
    }
    Case("allClose", "allClose, empty", [.uniform([0, 3]), .uniform([1])]) {
      Tensor($0[0].allClose(to: $0[1]) ? 1 : 0)
    }
  }
}
