import Tensor
import TestSupport

extension Misuse {
  /// Misuses of operations on shapes, of matrix products and of what makes tensors.
  static let shapes = list { misuse in
    let x = Tensor<Double>.ones([2, 3])
    let none = Tensor<Double>.zeros([0])
    misuse("transposedAxes", "transposed: the axes [0, 0] do not name each axis of [2, 3] once") {
      _ = x.transposed(axes: [0, 0])
    }
    misuse("transposedVector", "transposed: the shape [3] has fewer than two axes") {
      _ = x[0].transposed()
    }
    misuse("reshapedCount", "reshaped: [2, 3] has 6 elements, [4, 2] has 8") { _ = x.reshaped(to: [4, 2]) }
    misuse("squeezedLength", "squeezed: axis 1 of [2, 3] has the length 3, not 1") {
      _ = x.squeezed(axes: [1])
    }
    misuse("expandedAxis", "expanded: axis 3 is out of range for a tensor of rank 3") {
      _ = x.expanded(axis: 3)
    }
    misuse("broadcastShape", "broadcast: [2, 3] does not broadcast to [3, 2]") {
      _ = x.broadcast(to: [3, 2])
    }
    misuse("tooManyIndices", "subscript: 3 indices for the shape [2, 3], which has 2 axes") {
      _ = x[0, 0, 0]
    }
    misuse("position", "subscript: index -3 is out of range for axis 0 of [2, 3]") { _ = x[-3] }
    misuse("range", "subscript: the range 1..<4 is out of bounds for axis 1 of [2, 3]") {
      _ = x[..., 1..<4]
    }
    misuse("valueShape", "subscript: a value of shape [2] does not broadcast to the selected [3]") {
      var y = x
      y[0] = Tensor([1, 2])
    }
    misuse("step", "strided: the step is 0") { _ = x[(0...).strided(by: 0)] }
    misuse("slicedAxis", "sliced: axis 2 is out of range for a tensor of rank 2") {
      _ = x.sliced(0, axis: 2)
    }
    misuse("concatenatedNothing", "concatenated: there are no tensors") {
      _ = Tensor<Double>.concatenated([])
    }
    misuse("concatenatedNumbers", "concatenated: a tensor of rank 0 has no axis; use stacked") {
      _ = Tensor<Double>.concatenated([Tensor(1)])
    }
    misuse("concatenatedShapes", "concatenated: the shapes [2, 3] and [2, 4] differ beside axis 0") {
      _ = Tensor.concatenated([x, .ones([2, 4])])
    }
    misuse("concatenatedRanks", "concatenated: the shapes [2, 3] and [2] differ beside axis 1") {
      _ = Tensor.concatenated([x, .ones([2])], axis: 1)
    }
    misuse("stackedShapes", "stacked: the shapes [2, 3] and [3] differ") { _ = Tensor.stacked([x, x[0]]) }
    misuse("paddedPairs", "padded: 3 pairs of widths for the shape [2, 3], which has 2 axes") {
      _ = x.padded([(1, 1), (1, 1), (1, 1)])
    }
    misuse("paddedNegative", "padded: the widths (0, -1) of axis 1 are negative") {
      _ = x.padded([(0, -1)])
    }
    misuse("reflectWidth", "padded: the widths (3, 0) of axis 1 of [2, 3]: reflect needs widths below 3") {
      _ = x.padded([(3, 0)], mode: .reflect)
    }
    misuse(
      "replicateEmpty",
      "padded: the widths (1, 0) of axis 0 of [0]: replicate needs an axis that is not empty"
    ) {
      _ = none.padded([(1, 0)], mode: .replicate)
    }
    misuse("circularWidth", "padded: the widths (0, 4) of axis 1 of [2, 3]: circular needs widths up to 3") {
      _ = x.padded([(0, 4)], mode: .circular)
    }
    misuse("innerDimensions", "matrixProduct: [2, 3] × [4, 5]: inner dimensions 3 and 4 differ") {
      _ = x.matrixProduct(.ones([4, 5]))
    }
    misuse("innerDimensionsTransposed", "matrixProduct: [2, 3] × [4, 5]: inner dimensions 2 and 5 differ") {
      _ = x.matrixProduct(.ones([4, 5]), transposingLeft: true, transposingRight: true)
    }
    misuse("innerVector", "matrixProduct: [2, 3] × [2]: inner dimensions 3 and 2 differ") {
      _ = x.matrixProduct(.ones([2]))
    }
    misuse("productRank", "matrixProduct: [] × [2, 3]: a tensor of rank 0 is not a matrix; use *") {
      _ = Tensor<Double>(1).matrixProduct(x)
    }
    misuse(
      "productBatches", "matrixProduct: [2, 1, 3] × [3, 3, 1]: the batches [2] and [3] do not broadcast"
    ) {
      _ = Tensor<Double>.ones([2, 1, 3]).matrixProduct(.ones([3, 3, 1]))
    }
    misuse("resampledLength", "resampled: axis 1 of [2, 3] cannot have 0 samples in place of 3") {
      _ = x.resampled(to: 0, axis: 1, method: .bilinear)
    }
    misuse("resampledEmpty", "resampled: axis 0 of [0] cannot have 4 samples in place of 0") {
      _ = none.resampled(to: 4, axis: 0, method: .bicubic)
    }
    misuse.drawing("uniformRange", "uniform: the range 1.0..<1.0 is empty or infinite") {
      _ = Tensor<Double>.uniform([2], in: 1..<1, using: &$0)
    }
    misuse.drawing(
      "normalDeviation",
      "normal: the mean 0.0 and the standard deviation -1.0 are not those of a distribution"
    ) {
      _ = Tensor<Double>.normal([2], standardDeviation: -1, using: &$0)
    }
    misuse("identityOrder", "identity: the order -1 is negative") { _ = Tensor<Double>.identity(-1) }
    misuse("arangeStep", "arange: from 0.0 to 4.0 by 0 has no end; give a step") {
      _ = Tensor<Double>.arange(to: 4, by: 0)
    }
    misuse("arangeCount", "arange: from 0.0 to 1e+300 by 1.0 has more numbers than Int can count") {
      _ = Tensor<Double>.arange(to: 1e300)
    }
    misuse("linspaceEnd", "linspace: from 0.0 through inf: the ends must be finite") {
      _ = Tensor<Double>.linspace(from: 0, through: .infinity, count: 3)
    }
    misuse("linspaceCount", "linspace: a count of -1 numbers is negative") {
      _ = Tensor<Double>.linspace(from: 0, through: 1, count: -1)
    }
  }
}
