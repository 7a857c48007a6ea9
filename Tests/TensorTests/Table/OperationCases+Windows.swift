import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var windows: [Case] {
    Case("conv1D", [.uniform([2, 3, 7]), .uniform([4, 3, 3]), .uniform([4])]) {
      $0[0].conv1D($0[1], bias: $0[2])
    }
    Case("conv1D", "conv1D, stride", [.uniform([2, 2, 9]), .uniform([3, 2, 2]), .uniform([3])]) {
      $0[0].conv1D($0[1], bias: $0[2], stride: 3, padding: 1)
    }
    Case("conv1D", "conv1D, dilation", [.uniform([1, 2, 8]), .uniform([2, 2, 3])]) {
      $0[0].conv1D($0[1], padding: 2, dilation: 3)
    }
    Case("conv1D", "conv1D, groups", [.uniform([2, 4, 5]), .uniform([6, 2, 3]), .uniform([6])]) {
      $0[0].conv1D($0[1], bias: $0[2], padding: 1, groups: 2)
    }
    Case("conv1D", "conv1D, applying ReLU", [.uniform([2, 3, 6]), .uniform([4, 3, 3]), .uniform([4])]) {
      $0[0].conv1D($0[1], bias: $0[2], padding: 1, applyingReLU: true)
    }
    Case("conv1D", "conv1D, no sequences", [.uniform([0, 3, 5]), .uniform([4, 3, 3]), .uniform([4])]) {
      $0[0].conv1D($0[1], bias: $0[2], padding: 1)
    }
    Case("conv1D", "conv1D, single", [.uniform([1, 1, 1]), .uniform([1, 1, 3]), .uniform([1])]) {
      $0[0].conv1D($0[1], bias: $0[2], padding: 1)
    }
    transposedConvolutions

    Case("maxPool1D", [.spread([2, 3, 6])]) { $0[0].maxPool1D(window: 2) }
    Case("maxPool1D", "maxPool1D, overlapping", [.spread([2, 2, 8])]) {
      $0[0].maxPool1D(window: 3, stride: 2, padding: 1)
    }
    Case("maxPool1D", "maxPool1D, no sequences", [.spread([0, 3, 4])]) { $0[0].maxPool1D(window: 2) }
    Case("maxPool1D", "maxPool1D, single", [.spread([1, 1, 1])]) { $0[0].maxPool1D(window: 1) }
    Case("averagePool1D", [.uniform([2, 3, 6])]) { $0[0].averagePool1D(window: 2) }
    Case("averagePool1D", "averagePool1D, overlapping", [.uniform([2, 2, 8])]) {
      $0[0].averagePool1D(window: 3, stride: 2, padding: 1)
    }
    Case("averagePool1D", "averagePool1D, no sequences", [.uniform([0, 3, 4])]) {
      $0[0].averagePool1D(window: 2)
    }
    Case("averagePool1D", "averagePool1D, single", [.uniform([1, 1, 1])]) { $0[0].averagePool1D(window: 1) }
    adaptivePoolings

    Case("unfolded", [.uniform([2, 3, 4, 5])]) { $0[0].unfolded(window: 3) }
    Case("unfolded", "unfolded, stride", [.uniform([1, 2, 5, 6])]) {
      $0[0].unfolded(window: (2, 3), stride: (2, 1), padding: (1, 0))
    }
    Case("unfolded", "unfolded, dilation", [.uniform([1, 2, 6, 5])]) {
      $0[0].unfolded(window: 2, padding: 1, dilation: 3)
    }
    Case("unfolded", "unfolded, gaps", [.uniform([1, 2, 5, 5])]) { $0[0].unfolded(window: 1, stride: 2) }
    Case("unfolded", "unfolded, no pictures", [.uniform([0, 2, 3, 3])]) { $0[0].unfolded(window: 2) }
    Case("unfolded", "unfolded, single", [.uniform([1, 1, 1, 1])]) { $0[0].unfolded(window: 3, padding: 1) }
    Case("folded", [.uniform([2, 27, 6])]) { $0[0].folded(to: (4, 5), window: 3) }
    Case("folded", "folded, stride", [.uniform([1, 12, 12])]) {
      $0[0].folded(to: (5, 6), window: (2, 3), stride: (2, 1), padding: (1, 0))
    }
    Case("folded", "folded, dilation", [.uniform([1, 8, 20])]) {
      $0[0].folded(to: (6, 5), window: 2, padding: 1, dilation: 3)
    }
    Case("folded", "folded, gaps", [.uniform([1, 2, 9])]) {
      $0[0].folded(to: (5, 5), window: 1, stride: 2)
    }
    Case("folded", "folded, no pictures", [.uniform([0, 8, 4])]) { $0[0].folded(to: (3, 3), window: 2) }
    Case("folded", "folded, single", [.uniform([1, 1, 1])]) { $0[0].folded(to: (1, 1), window: 1) }
  }

  @OperationCaseList<Scalar>
  private static var transposedConvolutions: [Case] {
    Case(
      "transposedConv2D", [.uniform([2, 3, 4, 5]), .uniform([3, 4, 3, 3]), .uniform([4])]
    ) { $0[0].transposedConv2D($0[1], bias: $0[2]) }
    Case(
      "transposedConv2D", "transposedConv2D, padding", [.uniform([1, 2, 4, 6]), .uniform([2, 3, 3, 3])]
    ) { $0[0].transposedConv2D($0[1], padding: 1) }
    Case(
      "transposedConv2D", "transposedConv2D, stride",
      [.uniform([2, 2, 3, 4]), .uniform([2, 3, 3, 2]), .uniform([3])]
    ) { $0[0].transposedConv2D($0[1], bias: $0[2], stride: 2, padding: 1) }
    Case(
      "transposedConv2D", "transposedConv2D, output padding",
      [.uniform([1, 2, 3, 4]), .uniform([2, 3, 3, 3]), .uniform([3])]
    ) {
      $0[0].transposedConv2D($0[1], bias: $0[2], stride: (2, 3), padding: (1, 0), outputPadding: (1, 2))
    }
    Case(
      "transposedConv2D", "transposedConv2D, dilation", [.uniform([1, 2, 3, 3]), .uniform([2, 2, 3, 2])]
    ) { $0[0].transposedConv2D($0[1], stride: (1, 2), padding: (2, 1), dilation: (2, 3)) }
    Case(
      "transposedConv2D", "transposedConv2D, groups",
      [.uniform([2, 4, 3, 4]), .uniform([4, 3, 3, 3]), .uniform([6])]
    ) { $0[0].transposedConv2D($0[1], bias: $0[2], padding: 1, groups: 2) }
    Case("transposedConv2D", "transposedConv2D, gaps", [.uniform([1, 2, 3, 2]), .uniform([2, 2, 1, 2])]) {
      $0[0].transposedConv2D($0[1], stride: 3, outputPadding: 2)
    }
    Case(
      "transposedConv2D", "transposedConv2D, no pictures",
      [.uniform([0, 3, 4, 4]), .uniform([3, 4, 3, 3]), .uniform([4])]
    ) { $0[0].transposedConv2D($0[1], bias: $0[2], stride: 2) }
    Case(
      "transposedConv2D", "transposedConv2D, single",
      [.uniform([1, 1, 1, 1]), .uniform([1, 1, 3, 3]), .uniform([1])]
    ) { $0[0].transposedConv2D($0[1], bias: $0[2], padding: 1) }

    Case("transposedConv1D", [.uniform([2, 3, 4]), .uniform([3, 4, 3]), .uniform([4])]) {
      $0[0].transposedConv1D($0[1], bias: $0[2])
    }
    Case(
      "transposedConv1D", "transposedConv1D, stride",
      [.uniform([2, 2, 4]), .uniform([2, 3, 4]), .uniform([3])]
    ) { $0[0].transposedConv1D($0[1], bias: $0[2], stride: 2, padding: 1, outputPadding: 1) }
    Case(
      "transposedConv1D", "transposedConv1D, groups",
      [.uniform([1, 4, 3]), .uniform([4, 1, 2]), .uniform([2])]
    ) { $0[0].transposedConv1D($0[1], bias: $0[2], dilation: 2, groups: 2) }
    Case("transposedConv1D", "transposedConv1D, no sequences", [.uniform([0, 3, 4]), .uniform([3, 4, 3])]) {
      $0[0].transposedConv1D($0[1])
    }
    Case(
      "transposedConv1D", "transposedConv1D, single",
      [.uniform([1, 1, 1]), .uniform([1, 1, 1]), .uniform([1])]
    ) { $0[0].transposedConv1D($0[1], bias: $0[2]) }
  }

  @OperationCaseList<Scalar>
  private static var adaptivePoolings: [Case] {
    let pictures: [(String, Shape, (Int, Int))] = [
      ("", [2, 3, 4, 6], (2, 3)), (", uneven", [1, 2, 7, 5], (3, 4)), (", enlarging", [2, 1, 3, 2], (5, 3)),
      (", to one", [2, 3, 4, 5], (1, 1)), (", no pictures", [0, 3, 4, 5], (2, 2)),
      (", single", [1, 1, 1, 1], (1, 1)),
    ]
    for (suffix, shape, size) in pictures {
      Case("adaptiveAveragePool2D", "adaptiveAveragePool2D" + suffix, [.uniform(shape)]) {
        $0[0].adaptiveAveragePool2D(to: size)
      }
      Case("adaptiveMaxPool2D", "adaptiveMaxPool2D" + suffix, [.spread(shape)]) {
        $0[0].adaptiveMaxPool2D(to: size)
      }
    }
    let sequences: [(String, Shape, Int)] = [
      ("", [2, 3, 6], 2), (", uneven", [1, 2, 7], 3), (", enlarging", [2, 1, 3], 5),
      (", no sequences", [0, 3, 5], 2), (", single", [1, 1, 1], 1),
    ]
    for (suffix, shape, length) in sequences {
      Case("adaptiveAveragePool1D", "adaptiveAveragePool1D" + suffix, [.uniform(shape)]) {
        $0[0].adaptiveAveragePool1D(to: length)
      }
      Case("adaptiveMaxPool1D", "adaptiveMaxPool1D" + suffix, [.spread(shape)]) {
        $0[0].adaptiveMaxPool1D(to: length)
      }
    }
    Case(
      "adaptiveMaxPool2D", "adaptiveMaxPool2D, not a number",
      [.values([.nan, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [1, 1, 3, 4])],
      derivatives: .unchecked(because: "NaN")
    ) { $0[0].adaptiveMaxPool2D(to: (2, 3)) }
  }
}
