import Tensor
import TestSupport

extension Misuse {
  /// Misuses of indexing, sorting and einsum.
  static let indexing = list { misuse in
    let x = Tensor<Double>.ones([2, 3])
    let row = x[0]
    misuse("listPosition", "subscript: index 2 is out of range for axis 0 of [2, 3]") { _ = x[[0, 2]] }
    misuse("maskShape", "subscript: a mask of shape [3] does not have the first axes of [2, 3]") {
      _ = x[where: row .> 0]
    }
    misuse("gatheredShape", "gathered: positions of shape [3, 3] do not agree with [2, 3] beside axis 1") {
      _ = x.gathered(at: Tensor<Int64>.zeros([3, 3]), axis: 1)
    }
    misuse("gatheredRank", "gathered: positions of shape [2] do not agree with [2, 3] beside axis 1") {
      _ = x.gathered(at: Tensor<Int32>.zeros([2]), axis: 1)
    }
    misuse("elementsPosition", "elements: index -4 is out of range for axis 1 of [2, 3]") {
      _ = x.elements(at: Tensor<Int64>([0, -4]), axis: 1)
    }
    misuse(
      "matrixOfPositions",
      "subscript: positions of the shape [1, 2] are no list; elements(at:axis:) takes them"
    ) {
      _ = x[Tensor<Int32>([[0, 1]])]
    }
    misuse(
      "addingShape",
      "adding: values of shape [3, 3] in place of [2, 3], for positions of shape [2] along axis 0 of [2, 3]"
    ) {
      _ = x.adding(.ones([3, 3]), at: Tensor<Int64>([0, 1]), axis: 0)
    }
    misuse("scatterShape", "scatterAdding: values of shape [2, 3] for positions of shape [2, 1]") {
      _ = x.scatterAdding(x, at: Tensor<Int64>.zeros([2, 1]), axis: 1)
    }
    misuse("oneHotLabel", "oneHot: the label 3 is not one of 0..<3") {
      _ = Tensor<Int32>([1, 3]).oneHot(count: 3)
    }
    misuse("diagonalRank", "diagonal: the shape [3] has no matrix in its last two axes") {
      _ = row.diagonal()
    }
    misuse("diagonalMatrixRank", "diagonalMatrix: a tensor of rank 0 has no axis to put on a diagonal") {
      _ = Tensor<Double>(1).diagonalMatrix()
    }
    misuse("lowerRank", "lowerTriangle: the shape [3] has no matrix in its last two axes") {
      _ = row.lowerTriangle()
    }
    misuse("upperRank", "upperTriangle: the shape [3] has no matrix in its last two axes") {
      _ = row.upperTriangle()
    }
    misuse("tiledCount", "tiled: the counts [2, -1] contain a negative one") { _ = x.tiled(by: [2, -1]) }
    misuse("repeatedCount", "repeated: the count -1 is negative") { _ = x.repeated(-1, axis: 0) }
    misuse(
      "repeatedCounts",
      "repeated: the counts [1, 2, 3] are not one for each of 2 elements along axis 0 of [2, 3]"
    ) {
      _ = x.repeated([1, 2, 3], axis: 0)
    }
    misuse(
      "splitLengths", "split: the lengths [1, 1] add up to 2, not to the 3 elements along axis 1 of [2, 3]"
    ) {
      _ = x.split(lengths: [1, 1], axis: 1)
    }
    misuse("splitEvery", "split: the length 0 of the parts is not positive") { _ = x.split(every: 0) }
    misuse("chunksCount", "chunks: the count 0 is not positive") { _ = x.chunks(0) }
    misuse("meshgridRank", "meshgrid: the shape [2, 3] is not that of a list") { _ = Tensor.meshgrid([x]) }
    misuse("topKCount", "topK: axis -1 of [2, 3] has 3 elements, not 4") { _ = x.topK(4) }
    misuse("topKNegative", "topK: the count -1 is negative") { _ = x.topK(-1) }
    misuse("splitNegative", "split: the lengths [4, -1] contain a negative one") {
      _ = x.split(lengths: [4, -1], axis: 1)
    }
    misuse("quantileFraction", "quantile: the fraction 1.5 is not in 0...1") { _ = x.quantile(1.5) }
    misuse("medianEmpty", "median: the shape [0] has no elements along the axes [0]") {
      _ = Tensor<Double>.zeros([0]).median()
    }
    misuse("histogramBins", "histogram: the number of bins, 0, is not positive") {
      _ = x.histogram(binCount: 0)
    }
    misuse("histogramPoint", "histogram: the range 1.0...1.0 is a point") {
      _ = x.histogram(binCount: 3, in: 1...1)
    }
    misuse("histogramInfinite", "histogram: the range from 1.0 to inf is not finite") {
      _ = Tensor<Double>([1, .infinity]).histogram(binCount: 3)
    }
    misuse("einsumCharacter", "einsum: character 5 of \"ij,j3->i\": '3' is neither a letter nor '...'") {
      _ = einsum("ij,j3->i", x, row)
    }
    misuse("einsumDot", "einsum: character 1 of \"..ij\": '.' is not part of '...'") {
      _ = einsum("..ij", x)
    }
    misuse("einsumDash", "einsum: character 4 of \"ij -i\": '-' is not part of '->'") {
      _ = einsum("ij -i", x)
    }
    misuse("einsumEllipses", "einsum: character 5 of \"...i...\": a second '...'") {
      _ = einsum("...i...", x)
    }
    misuse("einsumArrows", "einsum: character 6 of \"ij->i->j\": a second arrow") {
      _ = einsum("ij->i->j", x)
    }
    misuse("einsumComma", "einsum: character 6 of \"ij->i,j\": a comma after the arrow") {
      _ = einsum("ij->i,j", x)
    }
    misuse("einsumUnknown", "einsum: character 6 of \"ij->ik\": 'k' is in no operand") {
      _ = einsum("ij->ik", x)
    }
    misuse("einsumTwice", "einsum: character 6 of \"ij->ii\": 'i' is twice in the result") {
      _ = einsum("ij->ii", x)
    }
    misuse("einsumLength", "einsum: character 4 of \"ij,jk\": 'j' has the length 2 here and 3 before") {
      _ = einsum("ij,jk", x, x)
    }
    misuse("einsumDiagonal", "einsum: character 2 of \"ii\": 'i' has the length 3 here and 2 before") {
      _ = einsum("ii", x)
    }
    misuse(
      "einsumEllipsisLength",
      "einsum: character 6 of \"...,i...\": an axis of '...' has the length 2 here and 3 before"
    ) {
      _ = einsum("...,i...", x, x.transposed())
    }
    misuse("einsumRank", "einsum: operand 1 of \"i,j\" has 1 letters, its shape [2, 3] has 2 axes") {
      _ = einsum("i,j", row, x)
    }
    misuse("einsumCount", "einsum: \"ij,jk\" has 2 operands, 1 are given") { _ = einsum("ij,jk", x) }
  }
}
