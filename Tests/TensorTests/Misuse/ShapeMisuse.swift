import Tensor

/// Each misuse of a shape operation, and the message with which it traps.
enum ShapeMisuse: String, CaseIterable, Codable {
  case transposedAxes, transposedVector, reshapedCount, squeezedLength, expandedAxis, broadcastShape
  case tooManyIndices, position, range, valueShape, step, slicedAxis
  case concatenatedNothing, concatenatedNumbers, concatenatedShapes, concatenatedRanks, stackedShapes
  case paddedPairs, paddedNegative, reflectWidth, replicateEmpty, circularWidth
  case innerDimensions, innerDimensionsTransposed, innerVector, productRank, productBatches
  case resampledLength, resampledEmpty, uniformRange, normalDeviation, identityOrder
  case arangeStep, arangeCount, linspaceEnd, linspaceCount

  var message: String {
    switch self {
    case .transposedAxes: "transposed: the axes [0, 0] do not name each axis of [2, 3] once"
    case .transposedVector: "transposed: the shape [3] has fewer than two axes"
    case .reshapedCount: "reshaped: [2, 3] has 6 elements, [4, 2] has 8"
    case .squeezedLength: "squeezed: axis 1 of [2, 3] has the length 3, not 1"
    case .expandedAxis: "expanded: axis 3 is out of range for a tensor of rank 3"
    case .broadcastShape: "broadcast: [2, 3] does not broadcast to [3, 2]"
    case .tooManyIndices: "subscript: 3 indices for the shape [2, 3], which has 2 axes"
    case .position: "subscript: index -3 is out of range for axis 0 of [2, 3]"
    case .range: "subscript: the range 1..<4 is out of bounds for axis 1 of [2, 3]"
    case .valueShape: "subscript: a value of shape [2] does not broadcast to the selected [3]"
    case .step: "strided: the step is 0"
    case .slicedAxis: "sliced: axis 2 is out of range for a tensor of rank 2"
    case .concatenatedNothing: "concatenated: there are no tensors"
    case .concatenatedNumbers: "concatenated: a tensor of rank 0 has no axis; use stacked"
    case .concatenatedShapes: "concatenated: the shapes [2, 3] and [2, 4] differ beside axis 0"
    case .concatenatedRanks: "concatenated: the shapes [2, 3] and [2] differ beside axis 1"
    case .stackedShapes: "stacked: the shapes [2, 3] and [3] differ"
    case .paddedPairs: "padded: 3 pairs of widths for the shape [2, 3], which has 2 axes"
    case .paddedNegative: "padded: the widths (0, -1) of axis 1 are negative"
    case .reflectWidth: "padded: the widths (3, 0) of axis 1 of [2, 3]: reflect needs widths below 3"
    case .replicateEmpty:
      "padded: the widths (1, 0) of axis 0 of [0]: replicate needs an axis that is not empty"
    case .circularWidth: "padded: the widths (0, 4) of axis 1 of [2, 3]: circular needs widths up to 3"
    case .innerDimensions: "matrixProduct: [2, 3] × [4, 5]: inner dimensions 3 and 4 differ"
    case .innerDimensionsTransposed: "matrixProduct: [2, 3] × [4, 5]: inner dimensions 2 and 5 differ"
    case .innerVector: "matrixProduct: [2, 3] × [2]: inner dimensions 3 and 2 differ"
    case .productRank: "matrixProduct: [] × [2, 3]: a tensor of rank 0 is not a matrix; use *"
    case .productBatches: "matrixProduct: [2, 1, 3] × [3, 3, 1]: the batches [2] and [3] do not broadcast"
    case .resampledLength: "resampled: axis 1 of [2, 3] cannot have 0 samples in place of 3"
    case .resampledEmpty: "resampled: axis 0 of [0] cannot have 4 samples in place of 0"
    case .uniformRange: "uniform: the range 1.0..<1.0 is empty or infinite"
    case .normalDeviation:
      "normal: the mean 0.0 and the standard deviation -1.0 are not those of a distribution"
    case .identityOrder: "identity: the order -1 is negative"
    case .arangeStep: "arange: from 0.0 to 4.0 by 0 has no end; give a step"
    case .arangeCount: "arange: from 0.0 to 1e+300 by 1.0 has more numbers than Int can count"
    case .linspaceEnd: "linspace: from 0.0 through inf: the ends must be finite"
    case .linspaceCount: "linspace: a count of -1 numbers is negative"
    }
  }

  func commit() {
    let x = Tensor<Double>.ones([2, 3])
    let none = Tensor<Double>.zeros([0])
    var generator = RandomGenerator(seed: 0)
    switch self {
    case .transposedAxes: _ = x.transposed(axes: [0, 0])
    case .transposedVector: _ = x[0].transposed()
    case .reshapedCount: _ = x.reshaped(to: [4, 2])
    case .squeezedLength: _ = x.squeezed(axes: [1])
    case .expandedAxis: _ = x.expanded(axis: 3)
    case .broadcastShape: _ = x.broadcast(to: [3, 2])
    case .tooManyIndices: _ = x[0, 0, 0]
    case .position: _ = x[-3]
    case .range: _ = x[..., 1..<4]
    case .valueShape:
      var y = x
      y[0] = Tensor([1, 2])
    case .step: _ = x[(0...).strided(by: 0)]
    case .slicedAxis: _ = x.sliced(0, axis: 2)
    case .concatenatedNothing: _ = Tensor<Double>.concatenated([])
    case .concatenatedNumbers: _ = Tensor<Double>.concatenated([Tensor(1)])
    case .concatenatedShapes: _ = Tensor.concatenated([x, .ones([2, 4])])
    case .concatenatedRanks: _ = Tensor.concatenated([x, .ones([2])], axis: 1)
    case .stackedShapes: _ = Tensor.stacked([x, x[0]])
    case .paddedPairs: _ = x.padded([(1, 1), (1, 1), (1, 1)])
    case .paddedNegative: _ = x.padded([(0, -1)])
    case .reflectWidth: _ = x.padded([(3, 0)], mode: .reflect)
    case .replicateEmpty: _ = none.padded([(1, 0)], mode: .replicate)
    case .circularWidth: _ = x.padded([(0, 4)], mode: .circular)
    case .innerDimensions: _ = x.matrixProduct(.ones([4, 5]))
    case .innerDimensionsTransposed:
      _ = x.matrixProduct(.ones([4, 5]), transposingLeft: true, transposingRight: true)
    case .innerVector: _ = x.matrixProduct(.ones([2]))
    case .productRank: _ = Tensor<Double>(1).matrixProduct(x)
    case .productBatches: _ = Tensor<Double>.ones([2, 1, 3]).matrixProduct(.ones([3, 3, 1]))
    case .resampledLength: _ = x.resampled(to: 0, axis: 1, method: .bilinear)
    case .resampledEmpty: _ = none.resampled(to: 4, axis: 0, method: .bicubic)
    case .uniformRange: _ = Tensor<Double>.uniform([2], in: 1..<1, using: &generator)
    case .identityOrder: _ = Tensor<Double>.identity(-1)
    case .arangeStep: _ = Tensor<Double>.arange(to: 4, by: 0)
    case .arangeCount: _ = Tensor<Double>.arange(to: 1e300)
    case .linspaceEnd: _ = Tensor<Double>.linspace(from: 0, through: .infinity, count: 3)
    case .linspaceCount: _ = Tensor<Double>.linspace(from: 0, through: 1, count: -1)
    case .normalDeviation: _ = Tensor<Double>.normal([2], standardDeviation: -1, using: &generator)
    }
  }
}
