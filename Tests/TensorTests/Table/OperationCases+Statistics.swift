import Tensor

extension OperationCases {
  /// Reductions without NaN, statistics, differences and integrals.
  @OperationCaseList<Scalar>
  static var statistics: [Case] {
    reductionWithoutNaN("nanSum") { $0.nanSum(axes: $1, keepingDimensions: $2) }
    reductionWithoutNaN("nanMean") { $0.nanMean(axes: $1, keepingDimensions: $2) }
    reductionWithoutNaN("nanVariance") { $0.nanVariance(axes: $1, keepingDimensions: $2) }
    Case("nanVariance", "nanVariance, correction 0", [.uniform([3, 4])]) {
      $0[0].nanVariance(axes: [1], correction: 0)
    }
    reductionWithoutNaN("nanStandardDeviation") { $0.nanStandardDeviation(axes: $1, keepingDimensions: $2) }
    reductionWithoutNaN("nanMax") { $0.nanMax(axes: $1, keepingDimensions: $2) }
    reductionWithoutNaN("nanMin") { $0.nanMin(axes: $1, keepingDimensions: $2) }

    variants(
      "covariance",
      [
        ("", [.uniform([3, 5])]), (", batch", [.uniform([2, 2, 4])]), (", single", [.uniform([1, 4])]),
        (", empty", [.uniform([0, 3])]),
      ]
    ) {
      $0[0].covariance()
    }
    Case("covariance", "covariance, correction 0", [.uniform([3, 5])]) { $0[0].covariance(correction: 0) }
    variants(
      "correlation",
      [("", [.uniform([3, 5])]), (", batch", [.uniform([2, 2, 4])]), (", empty", [.uniform([0, 3])])]
    ) {
      $0[0].correlation()
    }
    Case(
      "correlation", "correlation, single", [.uniform([1, 4])], derivatives: .unchecked(because: "it is 1")
    ) { $0[0].correlation() }
    variants(
      "minMax",
      [(", min", [.spread([3, 4])]), (", single", [.spread([1, 3])]), (", empty", [.spread([0, 3])])]
    ) {
      $0[0].minMax(axes: [-1]).min
    }
    Case("minMax", "minMax, max", [.spread([3, 4])]) { $0[0].minMax(axes: [0], keepingDimensions: true).max }
    variants("peakToPeak", [("", [.spread([3, 4])]), (", empty", [.spread([0, 3])])]) {
      $0[0].peakToPeak(axes: [-1])
    }
    Case("peakToPeak", "peakToPeak, all", [.spread([3, 4])]) { $0[0].peakToPeak() }
    Case("peakToPeak", "peakToPeak, single", [.spread([1, 3])]) { $0[0].peakToPeak() }
    variants(
      "weightedMean",
      [
        ("", [.uniform([3, 4]), .uniform([4], 0.5...2)]),
        (", single", [.uniform([1, 3]), .uniform([1, 3], 0.5...2)]),
        (", empty", [.uniform([0, 3]), .uniform([3], 0.5...2)]),
      ]
    ) {
      $0[0].weightedMean($0[1], axes: [1])
    }
    Case("weightedMean", "weightedMean, of columns", [.uniform([3, 4]), .uniform([3, 1], 0.5...2)]) {
      $0[0].weightedMean($0[1], axes: [0], keepingDimensions: true)
    }
    for (suffix, shape, k, axis) in [
      ("", [3, 5], 2, -1), (", first axis", [5, 3], 5, 0), (", single", [1, 3], 1, 0),
      (", empty", [0, 3], 1, 1),
    ]
      as [(String, Shape, Int, Int)]
    {
      Case("kthValue", "kthValue" + suffix, [.spread(shape)]) { $0[0].kthValue(k, axis: axis).values }
    }
    Case("kthValue", "kthValue, positions", [.spread([3, 5])], derivatives: place) {
      Tensor($0[0].kthValue(2, keepingDimensions: true).positions)
    }
    let often = CaseInput.values([2, 1, 2, 3, 3, 1, 3, 1], [2, 4])
    Case("mode", [often], derivatives: .unchecked(because: "there are ties")) { $0[0].mode().values }
    Case(
      "mode", "mode, first axis", [.values([2, 1, 2, 3, 3, 1, 3, 1], [4, 2])],
      derivatives: .unchecked(because: "there are ties")
    ) {
      $0[0].mode(axis: 0, keepingDimensions: true).values
    }
    Case("mode", "mode, single", [.uniform([1, 3])]) { $0[0].mode(axis: 0).values }
    Case("mode", "mode, empty", [.uniform([0, 3])]) { $0[0].mode(axis: 1).values }

    for (suffix, shape, order, axis) in [
      ("", [3, 5], 1, -1), (", second", [5, 2], 2, 0), (", none", [3, 2], 0, 0),
      (", single", [2, 1, 3], 1, 2), (", empty", [0, 3], 1, 1),
    ] as [(String, Shape, Int, Int)] {
      Case("diff", "diff" + suffix, [.uniform(shape)]) { $0[0].diff(order: order, axis: axis) }
    }
    Case("diff", "diff, of one", [.uniform([3, 1])], derivatives: .unchecked(because: "nothing is left")) {
      $0[0].diff()
    }
    for (suffix, shape, axis) in [
      ("", [3, 5], -1), (", first axis", [4, 2], 0), (", single", [1, 3], 1), (", empty", [0, 3], 1),
    ]
      as [(String, Shape, Int)]
    {
      Case("trapezoid", "trapezoid" + suffix, [.uniform(shape)]) { $0[0].trapezoid(spacing: 0.5, axis: axis) }
      Case("cumulativeTrapezoid", "cumulativeTrapezoid" + suffix, [.uniform(shape)]) {
        $0[0].cumulativeTrapezoid(spacing: 0.5, axis: axis)
      }
    }
    let xs = CaseInput.values([-0.8, -0.1, 0.3, 0.9])
    for (suffix, shape) in [("", [2, 5]), (", single", [1, 1]), (", empty", [0, 3])] as [(String, Shape)] {
      Case(
        "interp", "interp" + suffix, [.uniform(shape, -0.75...0.85), xs, .uniform([4])], constantInputs: [1]
      ) {
        $0[0].interp(xs: $0[1], ys: $0[2])
      }
    }
    Case(
      "interp", "interp, beyond", [.values([-2, -0.8, 0.3, 0.9, 5, .nan]), xs, .uniform([4])],
      derivatives: singular
    ) {
      $0[0].interp(xs: $0[1], ys: $0[2])
    }
    Case(
      "interp", "interp, one point", [.values([-2, 3]), .values([1]), .values([7])], derivatives: singular
    ) {
      $0[0].interp(xs: $0[1], ys: $0[2])
    }

    alongAxis("cumulativeMax", CaseInput.spread, -1...1) { $0.cumulativeMax(axis: $1).values }
    alongAxis("cumulativeMin", CaseInput.spread, -1...1) { $0.cumulativeMin(axis: $1).values }
    let ties = CaseInput.values([1, 3, 3, 0, .nan, 2, 1, 1, -.infinity], [9])
    Case("cumulativeMax", "cumulativeMax, special", [ties], derivatives: singular) {
      $0[0].cumulativeMax(axis: 0).values
    }
    Case("cumulativeMin", "cumulativeMin, special", [ties], derivatives: singular) {
      $0[0].cumulativeMin(axis: 0).values
    }
    Case(
      "cumulativeMax", "cumulativeMax, positions", [.values([1, 3, 3, 0, 5, 2], [2, 3])],
      derivatives: singular
    ) {
      Tensor($0[0].cumulativeMax(axis: 1).positions)
    }
    Case(
      "cumulativeMin", "cumulativeMin, positions", [.values([1, 3, 3, 0, 5, 2], [2, 3])],
      derivatives: singular
    ) {
      Tensor($0[0].cumulativeMin(axis: 0).positions)
    }
    alongAxis("logCumulativeSumExp", CaseInput.uniform, -2...2) { $0.logCumulativeSumExp(axis: $1) }
    Case(
      "logCumulativeSumExp", "logCumulativeSumExp, far", [.values([-900, -1, 800, 800, -5])],
      derivatives: large
    ) {
      $0[0].logCumulativeSumExp(axis: 0)
    }
    Case(
      "logCumulativeSumExp", "logCumulativeSumExp, special",
      [.values([-.infinity, 1, -.infinity, .infinity, 2, .nan])], derivatives: singular
    ) {
      $0[0].logCumulativeSumExp(axis: 0)
    }
  }

  private static var large: Case.Derivatives {
    .checkedOnce(because: "beside 800 differences of differences have few digits")
  }
  private static var place: Case.Derivatives {
    .zero(because: "a position is constant around each point that is no tie")
  }

  private static func reductionWithoutNaN(
    _ operation: String, apply: @escaping @Sendable (Tensor<Scalar>, [Int]?, Bool) -> Tensor<Scalar>
  ) -> [Case] {
    let some = CaseInput.values([1, .nan, 3, .nan, .nan, .nan, -2, 5, 0.5], [3, 3])
    let whole = CaseInput.values([0.3, -0.7, 0.2, 0.9, -0.4, 0.6], [2, 3])
    return [
      Case(operation, [whole]) { apply($0[0], nil, false) },
      Case(operation, operation + ", axis", [whole]) { apply($0[0], [1], false) },
      Case(operation, operation + ", axis kept", [whole]) { apply($0[0], [0], true) },
      Case(operation, operation + ", some", [some], derivatives: singular) { apply($0[0], [1], false) },
      Case(operation, operation + ", single", [.values([0.3, -0.7, 0.2], [1, 3])]) {
        apply($0[0], [1], false)
      },
      Case(operation, operation + ", empty", [.uniform([0, 3])]) { apply($0[0], [1], false) },
    ]
  }
}
