import Tensor

extension OperationCases {
  /// Volumes, warps, and the further figures of pooling and padding.
  @OperationCaseList<Scalar>
  static var volumes: [Case] {
    poolingFigures
    Case("padded", "padded, constant", [.uniform([2, 3])]) { $0[0].padded([(1, 2), (0, 1)], value: -1.5) }
    Case("padded", "padded, constant on the last axis", [.uniform([2, 1, 3])], derivatives: singular) {
      $0[0].padded([(2, 1)], value: .infinity)
    }
    Case("padded", "padded, constant around nothing", [.uniform([0, 3])]) {
      $0[0].padded([(1, 1), (0, 1)], value: 4)
    }

    Case("conv3D", [.uniform([2, 2, 4, 3, 5]), .uniform([3, 2, 2, 3, 2]), .uniform([3])], conditioning: 2) {
      $0[0].conv3D($0[1], bias: $0[2])
    }
    Case(
      "conv3D", "conv3D, figures", [.uniform([1, 2, 5, 4, 6]), .uniform([2, 2, 3, 2, 2]), .uniform([2])],
      conditioning: 2
    ) {
      $0[0].conv3D($0[1], bias: $0[2], stride: (2, 1, 2), padding: (1, 0, 1), dilation: (1, 2, 1))
    }
    Case(
      "conv3D", "conv3D, groups", [.uniform([1, 4, 3, 2, 3]), .uniform([2, 2, 3, 1, 2])], conditioning: 2
    ) {
      $0[0].conv3D($0[1], padding: 1, groups: 2)
    }
    Case("conv3D", "conv3D, no volumes", [.uniform([0, 2, 3, 3, 3]), .uniform([1, 2, 2, 2, 2])]) {
      $0[0].conv3D($0[1])
    }
    Case("conv3D", "conv3D, single", [.uniform([1, 1, 1, 1, 1]), .uniform([1, 1, 3, 3, 3])]) {
      $0[0].conv3D($0[1], padding: 1)
    }

    Case(
      "transposedConv3D", [.uniform([2, 2, 3, 2, 3]), .uniform([2, 3, 2, 3, 2]), .uniform([3])],
      conditioning: 2
    ) {
      $0[0].transposedConv3D($0[1], bias: $0[2])
    }
    Case(
      "transposedConv3D", "transposedConv3D, figures",
      [.uniform([1, 2, 3, 2, 3]), .uniform([2, 2, 3, 2, 2]), .uniform([2])], conditioning: 2
    ) {
      $0[0].transposedConv3D(
        $0[1], bias: $0[2], stride: (3, 1, 2), padding: (1, 0, 1), outputPadding: (2, 0, 1),
        dilation: (2, 1, 1))
    }
    Case(
      "transposedConv3D", "transposedConv3D, groups",
      [.uniform([1, 4, 2, 2, 3]), .uniform([4, 2, 2, 1, 2])],
      conditioning: 2
    ) {
      $0[0].transposedConv3D($0[1], stride: 2, groups: 2)
    }
    Case(
      "transposedConv3D", "transposedConv3D, no volumes",
      [.uniform([0, 2, 2, 2, 2]), .uniform([2, 1, 2, 2, 2])]
    ) {
      $0[0].transposedConv3D($0[1])
    }
    Case(
      "transposedConv3D", "transposedConv3D, single",
      [.uniform([1, 1, 1, 1, 1]), .uniform([1, 1, 3, 3, 3])]
    ) {
      $0[0].transposedConv3D($0[1], padding: 1)
    }

    Case("maxPool3D", [.spread([2, 2, 4, 4, 2])]) { $0[0].maxPool3D(window: 2) }
    Case("maxPool3D", "maxPool3D, figures", [.spread([1, 2, 5, 4, 7])]) {
      $0[0].maxPool3D(
        window: (2, 3, 3), stride: (2, 1, 2), padding: (1, 1, 0), dilation: (1, 1, 2), ceilMode: true)
    }
    Case("maxPool3D", "maxPool3D, no volumes", [.spread([0, 2, 2, 2, 2])]) { $0[0].maxPool3D(window: 2) }
    Case("maxPool3D", "maxPool3D, single", [.spread([1, 1, 1, 1, 1])]) { $0[0].maxPool3D(window: 1) }
    Case("averagePool3D", [.uniform([2, 2, 4, 4, 2])]) { $0[0].averagePool3D(window: 2) }
    Case("averagePool3D", "averagePool3D, figures", [.uniform([1, 2, 5, 4, 7])]) {
      $0[0].averagePool3D(
        window: (2, 3, 3), stride: (2, 1, 2), padding: (1, 1, 0), ceilMode: true, countingPadding: false)
    }
    Case("averagePool3D", "averagePool3D, no volumes", [.uniform([0, 2, 2, 2, 2])]) {
      $0[0].averagePool3D(window: 2)
    }
    Case("averagePool3D", "averagePool3D, single", [.uniform([1, 1, 1, 1, 1])]) {
      $0[0].averagePool3D(window: 1)
    }

    for (suffix, shape, size) in [
      ("", [2, 5, 3, 2], 3), (", even", [2, 5, 3], 4), (", single", [1, 1, 1], 3), (", empty", [0, 2, 3], 2),
    ]
      as [(String, Shape, Int)]
    {
      Case("localResponseNormalized", "localResponseNormalized" + suffix, [.uniform(shape)]) {
        $0[0].localResponseNormalized(size: size, alpha: 0.5, k: 2)
      }
    }
    samplings
  }

  @OperationCaseList<Scalar>
  private static var poolingFigures: [Case] {
    for (suffix, shape, window, stride, padding, dilation, ceils) in [
      ("ceil", [1, 2, 5, 6], 2, 2, 0, 1, true), ("ceil and padding", [1, 2, 5, 7], 3, 2, 1, 1, true),
      ("ceil, long steps", [1, 1, 4, 5], 2, 3, 1, 1, true), ("dilation", [2, 2, 6, 7], 2, 1, 0, 3, false),
      ("dilation and padding", [1, 2, 6, 5], 3, 2, 1, 2, true),
      ("ceil, channels", [1, 16, 5, 3], 2, 2, 0, 1, true),
    ] as [(String, Shape, Int, Int, Int, Int, Bool)] {
      Case("maxPool2D", "maxPool2D, " + suffix, [.spread(shape)]) {
        $0[0].maxPool2D(window: window, stride: stride, padding: padding, dilation: dilation, ceilMode: ceils)
      }
    }
    for (suffix, shape, window, stride, padding) in [
      ("ceil", [1, 2, 5, 6], 2, 2, 0), ("ceil and padding", [1, 2, 5, 7], 3, 2, 1),
      ("ceil, long steps", [1, 1, 4, 5], 2, 3, 1), ("ceil, channels", [1, 16, 5, 3], 2, 2, 0),
    ] as [(String, Shape, Int, Int, Int)] {
      for counts in [true, false] {
        Case(
          "averagePool2D", "averagePool2D, " + (counts ? "" : "without padding, ") + suffix, [.uniform(shape)]
        ) {
          $0[0].averagePool2D(
            window: window, stride: stride, padding: padding, ceilMode: true, countingPadding: counts)
        }
      }
    }
    Case("maxPool1D", "maxPool1D, ceil", [.spread([2, 2, 8])]) {
      $0[0].maxPool1D(window: 3, stride: 3, padding: 1, dilation: 2, ceilMode: true)
    }
    Case("averagePool1D", "averagePool1D, ceil", [.uniform([2, 2, 8])]) {
      $0[0].averagePool1D(window: 3, stride: 2, padding: 1, ceilMode: true, countingPadding: false)
    }
    Case("averagePool2D", "averagePool2D, padding not counted", [.uniform([1, 2, 4, 5])]) {
      $0[0].averagePool2D(window: 3, stride: 1, padding: 1, countingPadding: false)
    }
    Case(
      "maxPool2D", "maxPool2D, all -inf", [.values([-.infinity, -.infinity, -.infinity], [1, 1, 1, 3])],
      derivatives: singular
    ) {
      $0[0].maxPool2D(window: (1, 2), stride: (1, 2), ceilMode: true)
    }
  }

  @OperationCaseList<Scalar>
  private static var samplings: [Case] {
    for border in GridBorder.allCases {
      for corners in [false, true] {
        let name = "gridSample, \(border)" + (corners ? ", corners" : "")
        Case(
          "gridSample", name, [.uniform([2, 2, 4, 5]), .spread([2, 3, 3, 2], -1.4...1.45)], conditioning: 4
        ) {
          $0[0].gridSample($0[1], border: border, alignCorners: corners)
        }
        Case(
          "gridSample", name + ", nearest", [.uniform([2, 2, 4, 5]), .spread([2, 3, 3, 2], -1.4...1.45)],
          constantInputs: [1]
        ) {
          $0[0].gridSample($0[1], interpolation: .nearest, border: border, alignCorners: corners)
        }
      }
    }
    Case("gridSample", "gridSample, no pictures", [.uniform([0, 2, 4, 5]), .uniform([0, 3, 3, 2])]) {
      $0[0].gridSample($0[1])
    }
    Case("gridSample", "gridSample, single", [.uniform([1, 1, 2, 2]), .values([0.2, -0.3], [1, 1, 1, 2])]) {
      $0[0].gridSample($0[1])
    }
    Case(
      "gridSample", "gridSample, special",
      [.uniform([1, 1, 2, 3]), .values([.nan, 0, 1e9, 0, -.infinity, 0.5, 1, 1], [1, 2, 2, 2])],
      derivatives: singular
    ) {
      $0[0].gridSample($0[1], border: .border)
    }
    for corners in [false, true] {
      let suffix = corners ? ", corners" : ""
      variants(
        "affineGrid",
        [
          (suffix, [.uniform([2, 2, 3])]), (suffix + ", single", [.uniform([1, 2, 3])]),
          (suffix + ", empty", [.uniform([0, 2, 3])]),
        ]
      ) {
        .affineGrid($0[0], size: (3, 4), alignCorners: corners)
      }
    }
    Case("affineGrid", "affineGrid, one pixel", [.uniform([1, 2, 3])]) {
      .affineGrid($0[0], size: (1, 2), alignCorners: true)
    }
  }
}
