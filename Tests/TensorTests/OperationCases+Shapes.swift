import Tensor

extension OperationCases {
  @OperationCaseList<Scalar>
  static var shapes: [Case] {
    Case("reshaped", [.uniform([2, 3, 4])]) { $0[0].reshaped(to: [4, -1]) }
    Case("reshaped", "reshaped, empty", [.uniform([0, 3])]) { $0[0].reshaped(to: [3, 0, 2]) }
    Case("reshaped", "reshaped, single", [.uniform([1, 1])]) { $0[0].reshaped(to: []) }

    Case("squeezed", [.uniform([2, 1, 3, 1])]) { $0[0].squeezed() }
    Case("squeezed", "squeezed, axis", [.uniform([2, 1, 3, 1])]) { $0[0].squeezed(axes: [-3]) }
    Case("squeezed", "squeezed, empty", [.uniform([1, 0, 1])]) { $0[0].squeezed() }

    Case("expanded", [.uniform([2, 3])]) { $0[0].expanded(axis: 1) }
    Case("expanded", "expanded, last", [.uniform([2, 1])]) { $0[0].expanded(axis: -1) }
    Case("expanded", "expanded, rank 0", [.uniform([])]) { $0[0].expanded(axis: 0) }
    Case("expanded", "expanded, empty", [.uniform([0, 3])]) { $0[0].expanded(axis: 0) }

    Case("broadcast", [.uniform([3, 1])]) { $0[0].broadcast(to: [2, 3, 4]) }
    Case("broadcast", "broadcast, empty", [.uniform([1, 0])]) { $0[0].broadcast(to: [3, 0]) }

    Case("transposed", [.uniform([2, 3, 4])]) { $0[0].transposed() }
    Case("transposed", "transposed, axes", [.uniform([2, 3, 4])]) { $0[0].transposed(axes: [2, 0, -2]) }
    Case("transposed", "transposed, single", [.uniform([1, 3])]) { $0[0].transposed() }
    Case("transposed", "transposed, empty", [.uniform([0, 3])]) { $0[0].transposed() }

    slicing
    joining
    padding
    resampling
  }

  @OperationCaseList<Scalar>
  private static var slicing: [Case] {
    Case("subscript", "subscript, position", [.uniform([3, 4])]) { $0[0][1] }
    Case("subscript", "subscript, negative position", [.uniform([3, 4])]) { $0[0][-1, 0] }
    Case("subscript", "subscript, range and rest", [.uniform([4, 2, 3])]) { $0[0][1..<3, ...] }
    Case("subscript", "subscript, rest and position", [.uniform([2, 3, 4])]) { $0[0][..., 2] }
    Case("subscript", "subscript, rest between", [.uniform([2, 3, 1, 4])]) { $0[0][-1, ..., 1...2] }
    Case("subscript", "subscript, whole axis", [.uniform([2, 3])]) { $0[0][0..., 1] }
    Case("subscript", "subscript, steps", [.uniform([9, 2])]) { $0[0][(1..<8).strided(by: 3)] }
    Case("subscript", "subscript, backwards", [.uniform([3, 5])]) {
      $0[0][..., (..<4).strided(by: -2)]
    }
    Case("subscript", "subscript, from the back", [.uniform([5, 5])]) { $0[0][(-3)..., ..<(-3)] }
    Case("subscript", "subscript, new axes", [.uniform([2, 3])]) { $0[0][.newAxis, 0, .newAxis] }
    Case("subscript", "subscript, all", [.uniform([2, 3])]) { $0[0][...] }
    Case(
      "subscript", "subscript, nothing", [.uniform([3, 2])], derivatives: .unchecked(because: "it is empty")
    ) {
      $0[0][3...]
    }
    Case("subscript", "subscript, empty", [.uniform([0, 3])]) { $0[0][..., 1] }
    Case("subscript", "subscript, assignment", [.uniform([3, 4]), .uniform([2, 2])]) {
      var x = $0[0]
      x[1..., (0...).strided(by: 2)] = $0[1]
      return x
    }
    Case("subscript", "subscript, assignment broadcast", [.uniform([3, 2, 4]), .uniform([4])]) {
      var x = $0[0]
      x[..., 1, 0...] = $0[1]
      return x
    }

    Case("sliced", [.uniform([3, 5])]) { $0[0].sliced(1..<4, axis: -1) }
    Case("sliced", "sliced, position", [.uniform([3, 1, 2])]) { $0[0].sliced(2, axis: 0) }
    Case("sliced", "sliced, empty", [.uniform([3, 0])]) { $0[0].sliced(1..., axis: 0) }
  }

  @OperationCaseList<Scalar>
  private static var joining: [Case] {
    Case("concatenated", [.uniform([2, 3]), .uniform([1, 3]), .uniform([3, 3])]) { .concatenated($0) }
    Case("concatenated", "concatenated, last axis", [.uniform([2, 3]), .uniform([2, 1])]) {
      .concatenated($0, axis: -1)
    }
    Case("concatenated", "concatenated, middle axis", [.uniform([2, 1, 3]), .uniform([2, 2, 3])]) {
      .concatenated($0, axis: 1)
    }
    Case("concatenated", "concatenated, itself", [.uniform([2, 3])]) {
      .concatenated([$0[0], $0[0]], axis: 1)
    }
    Case("concatenated", "concatenated, empty", [.uniform([0, 3]), .uniform([2, 3])]) { .concatenated($0) }

    Case("stacked", [.uniform([2, 3]), .uniform([2, 3])]) { .stacked($0) }
    Case("stacked", "stacked, last axis", [.uniform([2, 1]), .uniform([2, 1])]) { .stacked($0, axis: -1) }
    Case("stacked", "stacked, numbers", [.uniform([]), .uniform([])]) { .stacked($0) }
    Case("stacked", "stacked, empty", [.uniform([0, 3]), .uniform([0, 3])]) { .stacked($0, axis: 1) }
  }

  @OperationCaseList<Scalar>
  private static var padding: [Case] {
    Case("padded", [.uniform([2, 3])]) { $0[0].padded([(1, 2), (0, 3)]) }
    Case("padded", "padded, last axes", [.uniform([2, 1, 3, 4])]) { $0[0].padded([(2, 1), (1, 0)]) }
    Case("padded", "padded, empty", [.uniform([0, 3])]) { $0[0].padded([(1, 1), (1, 1)]) }
    Case("padded", "padded, not at all", [.uniform([2, 3])]) { $0[0].padded([(0, 0)], mode: .reflect) }
    Case("padded", "padded, reflect", [.uniform([1, 2, 4, 3])]) {
      $0[0].padded([(3, 2), (1, 2)], mode: .reflect)
    }
    Case("padded", "padded, reflect one side", [.uniform([2, 3, 4])]) {
      $0[0].padded([(0, 3)], mode: .reflect)
    }
    Case("padded", "padded, replicate", [.uniform([1, 2, 3, 4])]) {
      $0[0].padded([(2, 1), (5, 3)], mode: .replicate)
    }
    Case("padded", "padded, replicate single", [.uniform([1, 2, 1])]) {
      $0[0].padded([(2, 2)], mode: .replicate)
    }
    Case("padded", "padded, circular", [.uniform([1, 2, 3, 4])]) {
      $0[0].padded([(3, 1), (2, 4)], mode: .circular)
    }
  }

  private static var resampling: [Case] {
    [ResamplingMethod.bilinear, .bicubic, .lanczos3].flatMap { method in
      let sizes: [(String, Int, Int)] = [
        ("shrunk", 23, 7), ("grown", 5, 13), ("slightly shrunk", 9, 8), ("to one", 6, 1), ("from one", 1, 4),
      ]
      return sizes.map { name, length, target in
        Case("resampled", "resampled, \(method) \(name)", [.uniform([2, length, 3])]) {
          $0[0].resampled(axis: 1, to: target, method: method)
        }
      } + [
        Case("resampled", "resampled, \(method) last axis", [.uniform([2, 40])]) {
          $0[0].resampled(axis: -1, to: 11, method: method)
        },
        Case("resampled", "resampled, \(method) empty", [.uniform([0, 6])]) {
          $0[0].resampled(axis: 1, to: 3, method: method)
        },
      ]
    }
  }
}
