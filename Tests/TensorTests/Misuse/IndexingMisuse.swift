import Tensor

/// Each misuse of indexing, sorting and einsum, and the message with which it traps.
enum IndexingMisuse: String, CaseIterable, Codable {
  case listPosition, maskShape, gatheredShape, gatheredRank, elementsPosition, elementsFraction
  case addingShape, scatterShape, oneHotLabel, integers
  case diagonalRank, diagonalMatrixRank, lowerRank, upperRank
  case tiledCount, repeatedCount, repeatedCounts, splitLengths, splitEvery, chunksCount, meshgridRank
  case topKNegative, splitNegative
  case topKCount, quantileFraction, medianEmpty, histogramBins, histogramPoint, histogramInfinite
  case einsumCharacter, einsumDot, einsumDash, einsumEllipses, einsumArrows, einsumComma
  case einsumUnknown, einsumTwice, einsumLength, einsumDiagonal, einsumEllipsisLength
  case einsumRank, einsumCount

  var message: String {
    switch self {
    case .listPosition: "subscript: index 2 is out of range for axis 0 of [2, 3]"
    case .maskShape: "subscript: a mask of shape [3] does not have the first axes of [2, 3]"
    case .gatheredShape: "gathered: positions of shape [3, 3] do not agree with [2, 3] beside axis 1"
    case .gatheredRank: "gathered: positions of shape [2] do not agree with [2, 3] beside axis 1"
    case .elementsPosition: "elements: index -4 is out of range for axis 1 of [2, 3]"
    case .elementsFraction: "elements: the element 0.5 is not a whole number"
    case .addingShape:
      "adding: values of shape [3, 3] in place of [2, 3], for positions of shape [2] along axis 0 of [2, 3]"
    case .scatterShape: "scatterAdding: values of shape [2, 3] for positions of shape [2, 1]"
    case .oneHotLabel: "oneHot: the label 3 is not one of 0..<3"
    case .integers: "integers: the element nan is not a whole number"
    case .diagonalRank: "diagonal: the shape [3] has no matrix in its last two axes"
    case .diagonalMatrixRank: "diagonalMatrix: a tensor of rank 0 has no axis to put on a diagonal"
    case .lowerRank: "lowerTriangle: the shape [3] has no matrix in its last two axes"
    case .upperRank: "upperTriangle: the shape [3] has no matrix in its last two axes"
    case .tiledCount: "tiled: the counts [2, -1] contain a negative one"
    case .repeatedCount: "repeated: the count -1 is negative"
    case .repeatedCounts:
      "repeated: the counts [1, 2, 3] are not one for each of 2 elements along axis 0 of [2, 3]"
    case .splitLengths: "split: the lengths [1, 1] add up to 2, not to the 3 elements along axis 1 of [2, 3]"
    case .splitEvery: "split: the length 0 of the parts is not positive"
    case .chunksCount: "chunks: the count 0 is not positive"
    case .meshgridRank: "meshgrid: the shape [2, 3] is not that of a list"
    case .topKCount: "topK: axis -1 of [2, 3] has 3 elements, not 4"
    case .topKNegative: "topK: the count -1 is negative"
    case .splitNegative: "split: the lengths [4, -1] contain a negative one"
    case .quantileFraction: "quantile: the fraction 1.5 is not in 0...1"
    case .medianEmpty: "median: the shape [0] has no elements along the axes [0]"
    case .histogramBins: "histogram: the number of bins, 0, is not positive"
    case .histogramPoint: "histogram: the range 1.0...1.0 is a point"
    case .histogramInfinite: "histogram: the range from 1.0 to inf is not finite"
    case .einsumCharacter: "einsum: character 5 of \"ij,j3->i\": '3' is neither a letter nor '...'"
    case .einsumDot: "einsum: character 1 of \"..ij\": '.' is not part of '...'"
    case .einsumDash: "einsum: character 4 of \"ij -i\": '-' is not part of '->'"
    case .einsumEllipses: "einsum: character 5 of \"...i...\": a second '...'"
    case .einsumArrows: "einsum: character 6 of \"ij->i->j\": a second arrow"
    case .einsumComma: "einsum: character 6 of \"ij->i,j\": a comma after the arrow"
    case .einsumUnknown: "einsum: character 6 of \"ij->ik\": 'k' is in no operand"
    case .einsumTwice: "einsum: character 6 of \"ij->ii\": 'i' is twice in the result"
    case .einsumLength: "einsum: character 4 of \"ij,jk\": 'j' has the length 2 here and 3 before"
    case .einsumDiagonal: "einsum: character 2 of \"ii\": 'i' has the length 3 here and 2 before"
    case .einsumEllipsisLength:
      "einsum: character 6 of \"...,i...\": an axis of '...' has the length 2 here and 3 before"
    case .einsumRank: "einsum: operand 1 of \"i,j\" has 1 letters, its shape [2, 3] has 2 axes"
    case .einsumCount: "einsum: \"ij,jk\" has 2 operands, 1 are given"
    }
  }

  func commit() {
    let x = Tensor<Double>.ones([2, 3])
    let row = x[0]
    switch self {
    case .listPosition: _ = x[[0, 2]]
    case .maskShape: _ = x[where: row]
    case .gatheredShape: _ = x.gathered(at: .zeros([3, 3]), axis: 1)
    case .gatheredRank: _ = x.gathered(at: .zeros([2]), axis: 1)
    case .elementsPosition: _ = x.elements(at: Tensor([0, -4]), axis: 1)
    case .elementsFraction: _ = x.elements(at: Tensor([0, 0.5]), axis: 1)
    case .addingShape: _ = x.adding(.ones([3, 3]), at: Tensor([0, 1]), axis: 0)
    case .scatterShape: _ = x.scatterAdding(x, at: .zeros([2, 1]), axis: 1)
    case .oneHotLabel: _ = Tensor<Double>([1, 3]).oneHot(count: 3)
    case .integers: _ = Tensor<Double>([1, .nan]).integers
    case .diagonalRank: _ = row.diagonal()
    case .diagonalMatrixRank: _ = Tensor<Double>(1).diagonalMatrix()
    case .lowerRank: _ = row.lowerTriangle()
    case .upperRank: _ = row.upperTriangle()
    case .tiledCount: _ = x.tiled(by: [2, -1])
    case .repeatedCount: _ = x.repeated(-1, axis: 0)
    case .repeatedCounts: _ = x.repeated([1, 2, 3], axis: 0)
    case .splitLengths: _ = x.split(lengths: [1, 1], axis: 1)
    case .splitEvery: _ = x.split(every: 0)
    case .chunksCount: _ = x.chunks(0)
    case .meshgridRank: _ = Tensor.meshgrid([x])
    case .topKCount: _ = x.topK(4)
    case .topKNegative: _ = x.topK(-1)
    case .splitNegative: _ = x.split(lengths: [4, -1], axis: 1)
    case .quantileFraction: _ = x.quantile(1.5)
    case .medianEmpty: _ = Tensor<Double>.zeros([0]).median()
    case .histogramBins: _ = x.histogram(binCount: 0)
    case .histogramPoint: _ = x.histogram(binCount: 3, in: 1...1)
    case .histogramInfinite: _ = Tensor<Double>([1, .infinity]).histogram(binCount: 3)
    case .einsumCharacter: _ = einsum("ij,j3->i", x, row)
    case .einsumDot: _ = einsum("..ij", x)
    case .einsumDash: _ = einsum("ij -i", x)
    case .einsumEllipses: _ = einsum("...i...", x)
    case .einsumArrows: _ = einsum("ij->i->j", x)
    case .einsumComma: _ = einsum("ij->i,j", x)
    case .einsumUnknown: _ = einsum("ij->ik", x)
    case .einsumTwice: _ = einsum("ij->ii", x)
    case .einsumLength: _ = einsum("ij,jk", x, x)
    case .einsumDiagonal: _ = einsum("ii", x)
    case .einsumEllipsisLength: _ = einsum("...,i...", x, x.transposed())
    case .einsumRank: _ = einsum("i,j", row, x)
    case .einsumCount: _ = einsum("ij,jk", x)
    }
  }
}
