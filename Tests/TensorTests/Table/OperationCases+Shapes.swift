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
    rearranging
    matrixParts
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
          $0[0].resampled(to: target, axis: 1, method: method)
        }
      } + [
        Case("resampled", "resampled, \(method) last axis", [.uniform([2, 40])]) {
          $0[0].resampled(to: 11, axis: -1, method: method)
        },
        Case("resampled", "resampled, \(method) empty", [.uniform([0, 6])]) {
          $0[0].resampled(to: 3, axis: 1, method: method)
        },
      ]
    }
  }

  @OperationCaseList<Scalar>
  private static var rearranging: [Case] {
    Case("rolled", [.uniform([2, 5])]) { $0[0].rolled(by: 2, axis: 1) }
    Case("rolled", "rolled, towards the front", [.uniform([5, 1])]) { $0[0].rolled(by: -8, axis: 0) }
    Case("rolled", "rolled, once round", [.uniform([2, 5])]) { $0[0].rolled(by: 10, axis: -1) }
    Case("rolled", "rolled, empty", [.uniform([0, 3])]) { $0[0].rolled(by: 1, axis: 0) }

    Case("flipped", [.uniform([2, 3, 4])]) { $0[0].flipped() }
    Case("flipped", "flipped, axes", [.uniform([2, 1, 4])]) { $0[0].flipped(axes: [-1, 1]) }
    Case("flipped", "flipped, empty", [.uniform([0, 3])]) { $0[0].flipped() }

    Case("tiled", [.uniform([2, 3])]) { $0[0].tiled(by: [2, 3]) }
    Case("tiled", "tiled, last axis", [.uniform([2, 1, 3])]) { $0[0].tiled(by: [2]) }
    Case("tiled", "tiled, new axes", [.uniform([3])]) { $0[0].tiled(by: [2, 1, 2]) }
    Case(
      "tiled", "tiled, not once", [.uniform([2, 3])], derivatives: .unchecked(because: "it is empty")
    ) { $0[0].tiled(by: [0, 2]) }
    Case("tiled", "tiled, empty", [.uniform([0, 3])]) { $0[0].tiled(by: [2, 2]) }

    Case("repeated", [.uniform([2, 3])]) { $0[0].repeated(3, axis: 1) }
    Case("repeated", "repeated, first axis", [.uniform([2, 1])]) { $0[0].repeated(2, axis: -2) }
    Case("repeated", "repeated, counts", [.uniform([2, 3])]) { $0[0].repeated([2, 0, 3], axis: -1) }
    Case("repeated", "repeated, empty", [.uniform([0, 3])]) { $0[0].repeated(2, axis: 1) }

    Case("meshgrid", [.uniform([2]), .uniform([3]), .uniform([1])]) { .stacked(Tensor.meshgrid($0)) }
    Case("meshgrid", "meshgrid, empty", [.uniform([2]), .uniform([0])]) { .stacked(Tensor.meshgrid($0)) }

    Case("split", [.uniform([6, 2])]) { .concatenated($0[0].split(lengths: [1, 0, 3, 2]).reversed()) }
    Case("split", "split, every", [.uniform([1, 5])]) {
      .concatenated($0[0].split(every: 2, axis: -1).reversed(), axis: 1)
    }
    Case("split", "split, empty", [.uniform([0, 3])]) { .stacked($0[0].split(every: 2)) }
    Case("chunks", [.uniform([7, 2])]) { .concatenated($0[0].chunks(3).reversed()) }
    Case("chunks", "chunks, fewer", [.uniform([1, 6])]) { .stacked($0[0].chunks(4, axis: 1)) }
    Case("chunks", "chunks, empty", [.uniform([0, 3])]) { .stacked($0[0].chunks(2)) }
  }

  @OperationCaseList<Scalar>
  private static var matrixParts: [Case] {
    Case("diagonal", [.uniform([2, 3, 4])]) { $0[0].diagonal() }
    Case("diagonal", "diagonal, above", [.uniform([3, 4])]) { $0[0].diagonal(offset: 2) }
    Case("diagonal", "diagonal, below", [.uniform([3, 4])]) { $0[0].diagonal(offset: -1) }
    Case("diagonal", "diagonal, single", [.uniform([1, 4])]) { $0[0].diagonal(offset: 1) }
    Case(
      "diagonal", "diagonal, outside", [.uniform([3, 4])], derivatives: .unchecked(because: "it is empty")
    ) { $0[0].diagonal(offset: -3) }
    Case("diagonal", "diagonal, empty", [.uniform([0, 3])]) { $0[0].diagonal() }

    Case("diagonalMatrix", [.uniform([2, 3])]) { $0[0].diagonalMatrix() }
    Case("diagonalMatrix", "diagonalMatrix, above", [.uniform([3])]) { $0[0].diagonalMatrix(offset: 2) }
    Case("diagonalMatrix", "diagonalMatrix, below", [.uniform([2, 1])]) { $0[0].diagonalMatrix(offset: -1) }
    Case("diagonalMatrix", "diagonalMatrix, empty", [.uniform([2, 0])]) { $0[0].diagonalMatrix() }

    Case("lowerTriangle", [.uniform([2, 4, 3])]) { $0[0].lowerTriangle() }
    Case("lowerTriangle", "lowerTriangle, above", [.uniform([3, 5])]) { $0[0].lowerTriangle(offset: 1) }
    Case("lowerTriangle", "lowerTriangle, below", [.uniform([5, 3])]) { $0[0].lowerTriangle(offset: -2) }
    Case("lowerTriangle", "lowerTriangle, all", [.uniform([1, 3])]) { $0[0].lowerTriangle(offset: 9) }
    Case("lowerTriangle", "lowerTriangle, empty", [.uniform([0, 3])]) { $0[0].lowerTriangle() }
    Case("upperTriangle", [.uniform([2, 4, 3])]) { $0[0].upperTriangle() }
    Case("upperTriangle", "upperTriangle, above", [.uniform([3, 5])]) { $0[0].upperTriangle(offset: 1) }
    Case("upperTriangle", "upperTriangle, below", [.uniform([5, 3])]) { $0[0].upperTriangle(offset: -2) }
    Case("upperTriangle", "upperTriangle, all", [.uniform([1, 3])]) { $0[0].upperTriangle(offset: -9) }
    Case("upperTriangle", "upperTriangle, empty", [.uniform([0, 3])]) { $0[0].upperTriangle() }
  }
}
