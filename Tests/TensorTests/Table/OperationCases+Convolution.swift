import Tensor

extension OperationCases {
  /// Winograd's algorithm adds numbers several times larger than the result.
  private static var winogradConditioning: Double { 4 }

  @OperationCaseList<Scalar>
  static var convolution: [Case] {
    Case(
      "conv2D", [.uniform([2, 3, 5, 6]), .uniform([4, 3, 3, 3]), .uniform([4])]
    ) {
      $0[0].conv2D($0[1], bias: $0[2])
    }
    Case(
      "conv2D", "conv2D, padding", [.uniform([1, 2, 4, 7]), .uniform([3, 2, 3, 3])]
    ) {
      $0[0].conv2D($0[1], padding: 1)
    }
    Case("conv2D", "conv2D, stride", [.uniform([2, 2, 7, 8]), .uniform([3, 2, 3, 2]), .uniform([3])]) {
      $0[0].conv2D($0[1], bias: $0[2], stride: 2, padding: 1)
    }
    Case("conv2D", "conv2D, stride beyond the window", [.uniform([1, 2, 8, 9]), .uniform([2, 2, 2, 2])]) {
      $0[0].conv2D($0[1], stride: (3, 4))
    }
    Case("conv2D", "conv2D, dilation", [.uniform([1, 2, 8, 7]), .uniform([2, 2, 3, 2])]) {
      $0[0].conv2D($0[1], stride: (1, 2), padding: (2, 1), dilation: (2, 3))
    }
    Case("conv2D", "conv2D, groups", [.uniform([2, 4, 5, 4]), .uniform([6, 2, 3, 3]), .uniform([6])]) {
      $0[0].conv2D($0[1], bias: $0[2], padding: 1, groups: 2)
    }
    Case("conv2D", "conv2D, depthwise", [.uniform([1, 3, 6, 5]), .uniform([3, 1, 3, 3])]) {
      $0[0].conv2D($0[1], stride: 2, padding: 1, groups: 3)
    }
    Case("conv2D", "conv2D, 1×1", [.uniform([2, 3, 4, 3]), .uniform([5, 3, 1, 1]), .uniform([5])]) {
      $0[0].conv2D($0[1], bias: $0[2])
    }
    Case("conv2D", "conv2D, whole picture", [.uniform([2, 3, 4, 5]), .uniform([2, 3, 4, 5])]) {
      $0[0].conv2D($0[1])
    }
    Case("conv2D", "conv2D, more padding than window", [.uniform([1, 2, 3, 3]), .uniform([2, 2, 2, 2])]) {
      $0[0].conv2D($0[1], padding: 3)
    }
    Case(
      "conv2D", "conv2D, applying ReLU", [.uniform([2, 3, 5, 6]), .uniform([4, 3, 3, 3]), .uniform([4])]
    ) {
      $0[0].conv2D($0[1], bias: $0[2], padding: 1, applyingReLU: true)
    }
    for padding in [0, 1, 2] {
      Case(
        "conv2D", "conv2D, Winograd, padding \(padding)",
        [.uniform([2, 3, 5, 6]), .uniform([4, 3, 3, 3]), .uniform([4])], conditioning: winogradConditioning
      ) {
        $0[0].conv2D($0[1], bias: $0[2], padding: padding, applyingReLU: padding == 1, algorithm: .winograd)
      }
    }
    Case("conv2D", "conv2D, no pictures", [.uniform([0, 3, 5, 6]), .uniform([4, 3, 3, 3]), .uniform([4])]) {
      $0[0].conv2D($0[1], bias: $0[2], padding: 1)
    }
    Case(
      "conv2D", "conv2D, single", [.uniform([1, 1, 1, 1]), .uniform([1, 1, 3, 3]), .uniform([1])]
    ) {
      $0[0].conv2D($0[1], bias: $0[2], padding: 1)
    }

    Case("maxPool2D", [.spread([2, 3, 4, 6])]) { $0[0].maxPool2D(window: 2) }
    Case("maxPool2D", "maxPool2D, odd sizes", [.spread([1, 5, 5, 7])]) { $0[0].maxPool2D(window: 2) }
    Case("maxPool2D", "maxPool2D, overlapping", [.spread([2, 2, 7, 6])]) {
      $0[0].maxPool2D(window: 3, stride: 2, padding: 1)
    }
    Case("maxPool2D", "maxPool2D, oblong", [.spread([1, 2, 6, 8])]) {
      $0[0].maxPool2D(window: (3, 2), stride: (1, 3), padding: (1, 0))
    }
    Case("maxPool2D", "maxPool2D, large window", [.spread([1, 1, 20, 19])]) {
      $0[0].maxPool2D(window: (17, 16), stride: (2, 2), padding: (4, 3))
    }
    Case("maxPool2D", "maxPool2D, no pictures", [.spread([0, 3, 4, 4])]) { $0[0].maxPool2D(window: 2) }
    Case("maxPool2D", "maxPool2D, single", [.spread([1, 1, 1, 1])]) { $0[0].maxPool2D(window: 1) }
    Case(
      "maxPool2D", "maxPool2D, not a number",
      [.values([.nan, 1, 2, 3, -.infinity, -.infinity, -.infinity, -.infinity], [1, 1, 2, 4])],
      derivatives: .unchecked(because: "NaN")
    ) { $0[0].maxPool2D(window: 2) }

    Case("averagePool2D", [.uniform([2, 3, 4, 6])]) { $0[0].averagePool2D(window: 2) }
    Case("averagePool2D", "averagePool2D, odd sizes", [.uniform([1, 5, 5, 7])]) {
      $0[0].averagePool2D(window: 2)
    }
    Case("averagePool2D", "averagePool2D, overlapping", [.uniform([2, 2, 7, 6])]) {
      $0[0].averagePool2D(window: 3, stride: 2, padding: 1)
    }
    Case("averagePool2D", "averagePool2D, oblong", [.uniform([1, 2, 6, 8])]) {
      $0[0].averagePool2D(window: (3, 2), stride: (1, 3), padding: (1, 0))
    }
    Case("averagePool2D", "averagePool2D, no pictures", [.uniform([0, 3, 4, 4])]) {
      $0[0].averagePool2D(window: 2)
    }
    Case("averagePool2D", "averagePool2D, single", [.uniform([1, 1, 1, 1])]) {
      $0[0].averagePool2D(window: 1)
    }

    Case("relu", [.awayFromZero([2, 3, 5])]) { $0[0].relu() }
    Case("relu", "relu, empty", [.uniform([0, 3])]) { $0[0].relu() }
    Case("relu", "relu, single", [.uniform([1, 1], 0.5...1)]) { $0[0].relu() }
    Case(
      "relu", "relu, special values", [.values([.nan, .infinity, -.infinity, 0, -0.0, 1])],
      derivatives: .unchecked(because: "infinities and the kink at 0")
    ) { $0[0].relu() }

    Case("selfProduct", [.uniform([3, 5])]) { $0[0].selfProduct() }
    Case("selfProduct", "selfProduct, batch", [.uniform([2, 2, 4, 3])]) { $0[0].selfProduct() }
    Case("selfProduct", "selfProduct, long rows", [.uniform([2, 1300])]) { $0[0].selfProduct() }
    Case("selfProduct", "selfProduct, no columns", [.uniform([2, 3, 0])]) { $0[0].selfProduct() }
    Case("selfProduct", "selfProduct, single", [.uniform([1, 1])]) { $0[0].selfProduct() }
  }
}
