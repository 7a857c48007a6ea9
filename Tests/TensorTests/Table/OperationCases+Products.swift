import Tensor

extension OperationCases {
  /// Products of vectors and tensors, distances, and matrices made of vectors.
  @OperationCaseList<Scalar>
  static var products: [Case] {
    variants(
      "outer",
      [
        ("", [.uniform([3]), .uniform([4])]), (", batch", [.uniform([2, 3]), .uniform([2])]),
        (", single", [.uniform([1]), .uniform([4])]), (", empty", [.uniform([0]), .uniform([2])]),
      ]
    ) {
      $0[0].outer($0[1])
    }
    variants(
      "dot",
      [
        ("", [.uniform([2, 3]), .uniform([2, 3])]),
        (", broadcast", [.uniform([2, 1, 3]), .uniform([4, 3])]),
        (", vectors", [.uniform([5]), .uniform([5])]), (", single", [.uniform([1]), .uniform([1])]),
        (", empty", [.uniform([2, 0]), .uniform([2, 0])]),
      ]
    ) {
      $0[0].dot($0[1])
    }
    Case("dot", "dot, first axis", [.uniform([3, 2]), .uniform([3, 2])]) { $0[0].dot($0[1], axis: 0) }
    variants(
      "cross",
      [
        ("", [.uniform([2, 3]), .uniform([2, 3])]),
        (", broadcast", [.uniform([4, 1, 3]), .uniform([2, 3])]),
        (", single", [.uniform([1, 3]), .uniform([3])]), (", empty", [.uniform([0, 3]), .uniform([0, 3])]),
      ]
    ) {
      $0[0].cross($0[1])
    }
    Case("cross", "cross, first axis", [.uniform([3, 2]), .uniform([3, 2])]) { $0[0].cross($0[1], axis: 0) }
    variants(
      "kron",
      [
        ("", [.uniform([2, 3]), .uniform([3, 2])]), (", ranks", [.uniform([3]), .uniform([2, 2])]),
        (", single", [.uniform([1, 1]), .uniform([2, 2])]),
        (", empty", [.uniform([0, 2]), .uniform([2, 2])]),
      ]
    ) {
      $0[0].kron($0[1])
    }
    variants(
      "tensorDot",
      [
        ("", [.uniform([2, 3, 4]), .uniform([3, 4, 5])]),
        (", single", [.uniform([1, 2]), .uniform([1, 2])]),
        (", empty", [.uniform([2, 0, 3]), .uniform([0, 3])]),
      ]
    ) {
      $0[0].tensorDot($0[1])
    }
    Case("tensorDot", "tensorDot, no axes", [.uniform([2, 3]), .uniform([4])]) {
      $0[0].tensorDot($0[1], axes: 0)
    }
    Case("tensorDot", "tensorDot, lists", [.uniform([2, 3, 4]), .uniform([4, 5, 2])]) {
      $0[0].tensorDot($0[1], axes: [0, -1], [2, 0])
    }
    variants(
      "multiDot",
      [
        ("", [.uniform([2, 5]), .uniform([5, 3]), .uniform([3, 4])]),
        (", vectors", [.uniform([5]), .uniform([5, 3]), .uniform([3])]),
        (", four", [.uniform([4, 2]), .uniform([2, 6]), .uniform([6, 3]), .uniform([3, 1])]),
        (", single", [.uniform([1, 1]), .uniform([1, 1])]),
        (", empty", [.uniform([0, 2]), .uniform([2, 3])]),
      ], conditioning: 4
    ) {
      .multiDot($0)
    }
    let clouds: [(String, [CaseInput])] = [
      ("", [.spread([3, 2]), .uniform([4, 2], 1.5...3)]),
      (", batch", [.spread([2, 3, 2]), .uniform([4, 2], 1.5...3)]),
      (", single", [.spread([1, 1]), .uniform([1, 1], 1.5...3)]),
      (", empty", [.spread([0, 2]), .uniform([3, 2])]),
    ]
    variants("pairwiseDistances", clouds) { $0[0].pairwiseDistances(to: $0[1]) }
    Case(
      "pairwiseDistances", "pairwiseDistances, of order 1", [.spread([3, 2]), .uniform([4, 2], 1.5...3)]
    ) {
      $0[0].pairwiseDistances(to: $0[1], 1)
    }
    Case(
      "pairwiseDistances", "pairwiseDistances, near", [.values([1, 2, 1, 2.0001220703125], [2, 2])],
      derivatives: singular
    ) {
      $0[0].pairwiseDistances(to: $0[0])
    }
    variants(
      "vander", [("", [.uniform([4])]), (", batch", [.uniform([2, 3])]), (", empty", [.uniform([0])])]
    ) { $0[0].vander() }
    Case("vander", "vander, falling", [.uniform([3])]) { $0[0].vander(count: 5, increasing: false) }
    Case("vander", "vander, single", [.uniform([1])], derivatives: .zero(because: "the only column is x⁰")) {
      $0[0].vander()
    }
    variants(
      "blockDiagonal",
      [
        ("", [.uniform([2, 3]), .uniform([1, 2]), .uniform([3])]), (", single", [.uniform([1, 1])]),
        (", empty", [.uniform([0, 2]), .uniform([2, 2])]),
      ]
    ) {
      .blockDiagonal($0)
    }
    variants(
      "trace",
      [
        ("", [.uniform([3, 4])]), (", batch", [.uniform([2, 3, 3])]), (", single", [.uniform([1, 1])]),
        (", empty", [.uniform([0, 3])]),
      ]
    ) {
      $0[0].trace()
    }
    Case("trace", "trace, above", [.uniform([3, 4])]) { $0[0].trace(offset: 1) }
    variants(
      "cartesianProduct",
      [
        ("", [.uniform([3]), .uniform([2]), .uniform([2])]), (", single", [.uniform([1])]),
        (", empty", [.uniform([0]), .uniform([2])]),
      ]
    ) {
      .cartesianProduct($0)
    }
  }

  /// Axes exchanged, taken apart and put together; windows; elements overwritten.
  @OperationCaseList<Scalar>
  static var rearrangements: [Case] {
    for (suffix, shape) in [("", [2, 3, 4]), (", single", [1, 1, 2]), (", empty", [0, 3, 2])]
      as [(String, Shape)]
    {
      Case("movedAxis", "movedAxis" + suffix, [.uniform(shape)]) { $0[0].movedAxis(from: 0, to: -1) }
      Case("swappedAxes", "swappedAxes" + suffix, [.uniform(shape)]) { $0[0].swappedAxes(0, -1) }
      Case("flattened", "flattened" + suffix, [.uniform(shape)]) { $0[0].flattened() }
      Case("flattened", "flattened, some" + suffix, [.uniform(shape)]) { $0[0].flattened(from: 1) }
      Case("rotated90", "rotated90" + suffix, [.uniform(shape)]) { $0[0].rotated90() }
      Case("rotated90", "rotated90, back" + suffix, [.uniform(shape)]) { $0[0].rotated90(-1, axes: (1, 2)) }
      Case("unstacked", "unstacked" + suffix, [.uniform(shape)]) { $0[0].unstacked(axis: 2)[1] }
    }
    Case("flattened", "flattened, a number", [.uniform([])]) { $0[0].flattened() }
    Case("rotated90", "rotated90, twice", [.uniform([2, 3])]) { $0[0].rotated90(2) }
    variants(
      "unflattened",
      [("", [.uniform([2, 6])]), (", single", [.uniform([1, 3])]), (", empty", [.uniform([0, 3])])]
    ) {
      $0[0].unflattened(axis: 1, to: [-1, 3])
    }
    for (suffix, shape, length, step, axis) in [
      ("", [2, 7], 3, 2, -1), (", first axis", [5, 2], 2, 1, 0), (", whole", [3, 2], 3, 1, 0),
      (", single", [1, 1], 1, 1, 1), (", empty", [0, 3], 2, 1, 1),
    ] as [(String, Shape, Int, Int, Int)] {
      Case("slidingWindows", "slidingWindows" + suffix, [.uniform(shape)]) {
        $0[0].slidingWindows(length, step: step, axis: axis)
      }
    }
    variants(
      "pixelShuffled",
      [
        ("", [.uniform([2, 8, 3, 2])]), (", without batch", [.uniform([4, 1, 2])]),
        (", single", [.uniform([1, 4, 1, 1])]), (", empty", [.uniform([0, 4, 2, 2])]),
      ]
    ) {
      $0[0].pixelShuffled(by: 2)
    }
    variants(
      "pixelUnshuffled",
      [
        ("", [.uniform([2, 2, 4, 6])]), (", without batch", [.uniform([1, 2, 4])]),
        (", single", [.uniform([1, 1, 2, 2])]), (", empty", [.uniform([0, 1, 2, 2])]),
      ]
    ) {
      $0[0].pixelUnshuffled(by: 2)
    }
    variants(
      "channelShuffled",
      [
        ("", [.uniform([2, 6, 3, 2])]), (", single", [.uniform([1, 2, 1, 1])]),
        (", empty", [.uniform([0, 4, 2, 2])]),
      ]
    ) {
      $0[0].channelShuffled(groups: 2)
    }
    let places: [(String, [CaseInput])] = [
      ("", [.uniform([3, 4]), .uniform([3, 2]), .values([1, 3, 0, 2, 3, 0], [3, 2])]),
      (", single", [.uniform([1, 2]), .uniform([1, 1]), .values([1], [1, 1])]),
      (", empty", [.uniform([0, 2]), .uniform([0, 1]), .uniform([0, 1])]),
    ]
    variants("scattering", places, constantInputs: [2]) {
      $0[0].scattering($0[1], at: Tensor<Int64>($0[2]), axis: 1)
    }
    variants(
      "indexFilled",
      [
        ("", [.uniform([3, 4]), .values([1, 3])]), (", single", [.uniform([1, 2]), .values([1])]),
        (", empty", [.uniform([0, 2]), .values([0])]),
      ], constantInputs: [1]
    ) {
      $0[0].indexFilled(at: Tensor<Int64>($0[1]), axis: -1, with: 7)
    }
  }

  /// Windows of signals and other rows of numbers.
  @OperationCaseList<Scalar>
  static var signals: [Case] {
    for (suffix, count, periodic) in [
      ("", 8, true), (", symmetric", 7, false), (", single", 1, true), (", empty", 0, true),
    ]
      as [(String, Int, Bool)]
    {
      numbers("hannWindow", suffix) { .hannWindow(count, periodic: periodic) }
      numbers("hammingWindow", suffix) { .hammingWindow(count, periodic: periodic) }
      numbers("blackmanWindow", suffix) { .blackmanWindow(count, periodic: periodic) }
      numbers("bartlettWindow", suffix) { .bartlettWindow(count, periodic: periodic) }
      numbers("kaiserWindow", suffix) { .kaiserWindow(count, periodic: periodic) }
    }
    numbers("logspace", "") { .logspace(from: -1, through: 2, count: 5) }
    numbers("logspace", ", base 2") { .logspace(from: 0, through: 3, count: 4, base: 2) }
    numbers("geomspace", "") { .geomspace(from: 1, through: 100, count: 5) }
    numbers("geomspace", ", negative") { .geomspace(from: -8, through: -0.5, count: 5) }
    numbers("lowerTrianglePlaces", "") { Tensor(Tensor<Int64>.lowerTrianglePlaces(rows: 3)) }
    numbers("lowerTrianglePlaces", ", above") {
      Tensor(Tensor<Int64>.lowerTrianglePlaces(rows: 2, columns: 4, offset: 1))
    }
    numbers("upperTrianglePlaces", "") { Tensor(Tensor<Int64>.upperTrianglePlaces(rows: 3)) }
    numbers("upperTrianglePlaces", ", below") {
      Tensor(Tensor<Int64>.upperTrianglePlaces(rows: 3, columns: 2, offset: -1))
    }
  }

  private static func numbers(
    _ operation: String, _ suffix: String, _ make: @escaping @Sendable () -> Tensor<Scalar>
  ) -> Case {
    Case(
      operation, operation + suffix, [], derivatives: .unchecked(because: "its arguments are no tensors"),
      noEmptyCase: "its arguments are no tensors"
    ) { _ in make() }
  }
}
