import Tensor
import TestSupport

extension Misuse {
  /// Misuses of operations that are made of others: functions, statistics, sets and rearrangements.
  static let compositions = list { misuse in
    let x = Tensor<Double>.ones([2, 3])
    let positions = Tensor<Int64>([0, 1])
    misuse("closeTolerance", "isClose: the tolerances -1.0 and 1e-08 are not both 0 or above") {
      _ = x.isClose(to: x, relative: -1)
    }
    misuse("copysignShapes", "copysign: the shapes [2, 3] and [2] do not broadcast") {
      _ = Tensor.copysign(x, .ones([2]))
    }
    misuse("logAddExpShapes", "logAddExp: the shapes [2, 3] and [2] do not broadcast") {
      _ = Tensor.logAddExp(x, .ones([2]))
    }
    misuse("xlogyShapes", "xlogy: the shapes [2, 3] and [2] do not broadcast") {
      _ = Tensor.xlogy(x, .ones([2]))
    }
    misuse("lerpWeight", "lerp: the shapes [2, 3] and [2] do not broadcast") {
      _ = x.lerp(to: x, weight: .ones([2]))
    }
    misuse("maskedFillMask", "maskedFill: a mask of shape [2] does not broadcast to [2, 3]") {
      _ = x.maskedFill(where: Tensor([true, false]), with: 0)
    }
    misuse(
      "multivariateLogGamma",
      "multivariateLogGamma: in 3 dimensions each element must be above 1.0; the least is 1.0"
    ) {
      _ = x.multivariateLogGamma(dimension: 3)
    }
    misuse("celuAlpha", "celu: alpha is 0, by which the elements are divided") { _ = x.celu(alpha: 0) }
    misuse("shrinkThreshold", "softShrink: the threshold -1.0 is negative") {
      _ = x.softShrink(threshold: -1)
    }
    misuse("hardShrinkThreshold", "hardShrink: the threshold -1.0 is negative") {
      _ = x.hardShrink(threshold: -1)
    }
    misuse("gluLength", "glu: axis 1 of [2, 3] has an odd length, which has no halves") { _ = x.glu() }
    misuse("paddedConstant", "padded: the widths (-1, 0) of axis 1 are negative") {
      _ = x.padded([(-1, 0)], value: 1)
    }
    misuse("covarianceRank", "covariance: the shape [3] has no matrix in its last two axes") {
      _ = x[0].covariance()
    }
    misuse("nanMaxEmpty", "max: the shape [0] has no elements along the axes [0]") {
      _ = Tensor<Double>.zeros([0]).nanMax()
    }
    misuse("weightedMean", "weightedMean: weights of shape [2] do not broadcast to [2, 3]") {
      _ = x.weightedMean(.ones([2]))
    }
    misuse("kthValue", "kthValue: axis -1 of [2, 3] has no element 4, counted from 1") { _ = x.kthValue(4) }
    misuse("modeEmpty", "mode: axis 0 of [0, 3] has no elements") {
      _ = Tensor<Double>.zeros([0, 3]).mode(axis: 0)
    }
    misuse("diffOrder", "diff: the order -1 is negative") { _ = x.diff(order: -1) }
    misuse(
      "interpShapes",
      "interp: places of shape [2, 3] and values of shape [2, 3] are no points, [N] and [N] with N above 0"
    ) {
      _ = x.interp(xs: x, ys: x)
    }
    misuse("interpNaN", "interp: the places xs are not numbers in ascending order") {
      _ = x.interp(xs: Tensor([.nan, 1]), ys: Tensor([1, 2]))
    }
    misuse("interpOrder", "interp: the places xs are not numbers in ascending order") {
      _ = x.interp(xs: Tensor([1, 0]), ys: Tensor([1, 2]))
    }
    misuse("searchSortedNumber", "searchSorted: a tensor of rank 0 is no list") {
      _ = Tensor<Double>(1).searchSorted(x)
    }
    misuse("searchSortedBatch", "searchSorted: lists [2, 3] and values [3, 3] differ beside the last axis") {
      _ = x.searchSorted(.ones([3, 3]))
    }
    misuse("bincountNegative", "bincount: the element -2 at [1] is negative") {
      _ = Tensor<Int64>([1, -2]).bincount()
    }
    misuse("bincountWeights", "bincount: weights of shape [2, 3] for elements of shape [2]") {
      _ = positions.bincount(weights: x)
    }
    misuse("bincountMemory", "bincount: no memory for") { _ = Tensor<Int64>([1 << 58]).bincount() }
    misuse("bincountLength", "bincount: no memory for") { _ = positions.bincount(minimumLength: .max) }
    misuse("vanderMemory", "vander: no memory for") { _ = x.vander(count: 1 << 50) }
    misuse("vanderLength", "vander: 4611686018427387904 powers have more elements than Int can count") {
      _ = x.vander(count: 1 << 62)
    }
    misuse("integerArange", "arange: no memory for") { _ = Tensor<Int64>.arange(to: .max) }
    misuse("integerArangeLength", "there are more elements than Int can count") {
      _ = Tensor<Int64>.arange(from: .min, to: .max)
    }
    misuse("placesShape", "places: the shape [-1] has a negative length") {
      _ = Tensor<Int64>([1]).places(in: [-1])
    }
    misuse("places", "places: the element 6 at [0] is no position in [2, 3], which has 6 elements") {
      _ = Tensor<Int64>([6]).places(in: [2, 3])
    }
    misuse("integerArgmaxEmpty", "argmax: the tensor of shape [0] has no elements to choose from") {
      _ = Tensor<Int64>.zeros([0]).argmax()
    }
    misuse("integerTopK", "topK: axis 0 of [2] has 2 elements, not 3") { _ = positions.topK(3, axis: 0) }
    misuse("lcmOverflow", "lcm: of 200 and 199 the result is no UInt8") {
      _ = Tensor<UInt8>.lcm(Tensor([200]), Tensor([199]))
    }
    misuse("scatteringValues", "scattering: values of shape [2, 3] for positions of shape [2]") {
      _ = x.scattering(x, at: positions, axis: 0)
    }
    misuse("indexFilled", "indexFilled: index 2 is out of range for axis 0 of [2, 3]") {
      _ = x.indexFilled(at: Tensor<Int64>([2]), axis: 0, with: 0)
    }
    misuse("flattenedAxes", "flattened: axis 0 of [2, 3] comes before axis 1") {
      _ = x.flattened(from: 1, through: 0)
    }
    misuse("unflattened", "unflattened: [3] has 3 elements, [2, 2] has 4") {
      _ = x.unflattened(axis: 1, to: [2, 2])
    }
    misuse("rotatedAxes", "rotated90: the axes (0, 0) of [2, 3] are the same") {
      _ = x.rotated90(axes: (0, 0))
    }
    misuse(
      "slidingWindows", "slidingWindows: axis 1 of [2, 3] has no stretches of 4 elements at steps of 1"
    ) {
      _ = x.slidingWindows(4)
    }
    misuse(
      "pixelShuffle", "pixelShuffled: [3, 2, 2] is not of the form […, C·2², H, W] with a factor above 0"
    ) {
      _ = Tensor<Float>.zeros([3, 2, 2]).pixelShuffled(by: 2)
    }
    misuse(
      "pixelUnshuffle", "pixelUnshuffled: [3, 3, 2] is not of the form […, C, H·2, W·2] with a factor above 0"
    ) {
      _ = Tensor<Float>.zeros([3, 3, 2]).pixelUnshuffled(by: 2)
    }
    misuse("channelShuffle", "channelShuffled: 2 groups do not divide the channels of [2, 3], [N, C, …]") {
      _ = x.channelShuffled(groups: 2)
    }
    misuse("cartesianProduct", "cartesianProduct: the shapes [[2, 3]] are not those of one list or more") {
      _ = Tensor.cartesianProduct([x])
    }
    misuse("windowCount", "hannWindow: a count of -1 numbers is negative") {
      _ = Tensor<Float>.hannWindow(-1)
    }
    misuse("logspaceBase", "logspace: the base -1.0 is not above 0") {
      _ = Tensor<Float>.logspace(from: 0, through: 1, count: 2, base: -1)
    }
    misuse(
      "geomspaceSigns", "geomspace: from -1.0 through 1.0: the ends must be finite, of one sign, and not 0"
    ) {
      _ = Tensor<Float>.geomspace(from: -1, through: 1, count: 3)
    }
    misuse("trianglePlaces", "lowerTrianglePlaces: a matrix of -1 × -1 has a negative length") {
      _ = Tensor<Int64>.lowerTrianglePlaces(rows: -1)
    }
  }

  /// Misuses of products, factorisations and volumes.
  static let products = list { misuse in
    let x = Tensor<Double>.ones([2, 3])
    let volume = Tensor<Float>.zeros([1, 2, 4, 4, 4])
    misuse("outerNumber", "outer: the shapes [] and [2, 3] are not both of vectors in the last axis") {
      _ = Tensor<Double>(1).outer(x)
    }
    misuse("dotShapes", "dot: the shapes [2, 3] and [2] do not broadcast") { _ = x.dot(.ones([2])) }
    misuse("crossLength", "cross: the shapes [2, 3] and [2, 3] have not three elements along axis 0") {
      _ = x.cross(x, axis: 0)
    }
    misuse("tensorDotAxes", "tensorDot: 3 axes of [2, 3] and [2, 3], which have 2 and 2") {
      _ = x.tensorDot(x, axes: 3)
    }
    misuse(
      "tensorDotLengths",
      "tensorDot: the axes [0] of [2, 3] and [1] of [2, 3] are no pairs of axes of one length"
    ) {
      _ = x.tensorDot(x, axes: [0], [1])
    }
    misuse("multiDotOne", "multiDot: 1 factors are no product") { _ = Tensor.multiDot([x]) }
    misuse("multiDotVector", "multiDot: factor 1 of shape [3] is no matrix") {
      _ = Tensor.multiDot([x, x[0], x])
    }
    misuse("multiDotInner", "multiDot: [2, 3] × [2, 3]: inner dimensions 3 and 2 differ") {
      _ = Tensor.multiDot([x, x])
    }
    misuse(
      "pairwiseDistances",
      "pairwiseDistances: the shapes [2, 3] and [2, 2] are no points, […, M, D] and […, N, D]"
    ) {
      _ = x.pairwiseDistances(to: .ones([2, 2]))
    }
    misuse("vanderCount", "vander: the count -1 is negative") { _ = x.vander(count: -1) }
    misuse("blockRank", "blockDiagonal: a block of shape [1, 1, 1] is no matrix") {
      _ = Tensor<Float>.blockDiagonal([.ones([1, 1, 1])])
    }
    misuse("traceRank", "trace: the shape [3] has no matrix in its last two axes") { _ = x[0].trace() }
    misuse("luShape", "lu: the matrices of [2, 3] are not square") { _ = try x.lu() }
    misuse("eigShape", "eig: the matrices of [2, 3] are not square") { _ = try x.eig() }
    misuse(
      "choleskySolveRows", "choleskySolve: [2, 2] and [3, 1]: the matrix has 2 rows, the right-hand side 3"
    ) {
      _ = try Tensor<Double>.identity(2).choleskySolve(.ones([3, 1]))
    }
    misuse("conditionEmpty", "conditionNumber: the matrices of [0, 3] have no elements") {
      _ = try Tensor<Double>.zeros([0, 3]).conditionNumber()
    }
    misuse("rankTolerance", "matrixRank: the tolerance -1.0 is negative") {
      _ = try x.matrixRank(tolerance: -1)
    }
    misuse("complexParts", "ComplexParts: real parts of shape [2, 3] and imaginary ones of shape [3]") {
      _ = ComplexParts(real: x, imaginary: x[0])
    }
    misuse("volumeRank", "conv3D: the input [2, 3] is not of the form [N, C, D, H, W]") {
      _ = x.conv3D(.ones([1, 1, 1, 1, 1]))
    }
    misuse(
      "volumeChannels",
      "conv3D: the input [1, 2, 4, 4, 4] has 2 channels in a group, the filter [1, 3, 1, 1, 1] wants 3"
    ) {
      _ = volume.conv3D(.zeros([1, 3, 1, 1, 1]))
    }
    misuse("volumeWindow", "conv3D: the window covers 5, more than the input [1, 2, 4, 4, 4] with padding 0")
    {
      _ = volume.conv3D(.zeros([1, 2, 5, 1, 1]))
    }
    misuse("volumePool", "maxPool3D: the input [2, 3] is not of the form [N, C, D, H, W]") {
      _ = x.maxPool3D(window: 1)
    }
    misuse(
      "poolingDilation",
      "maxPool2D: the window covers (7, 7), more than the input [1, 2, 4, 4] with padding (0, 0)"
    ) {
      _ = volume[0].reshaped(to: [4, 2, 4, 4])[..<1].maxPool2D(window: 3, dilation: 3)
    }
    misuse("responseSize", "localResponseNormalized: the size 0 is not at least 1") {
      _ = x.localResponseNormalized(size: 0)
    }
    misuse("gridInput", "gridSample: the input [2, 3] is not of the form [N, C, H, W] with pixels") {
      _ = x.gridSample(.zeros([1, 1, 1, 2]))
    }
    misuse("gridShape", "gridSample: the grid [2, 1, 1, 2] is not of the form [4, OH, OW, 2]") {
      _ = volume.reshaped(to: [4, 2, 4, 4]).gridSample(.zeros([2, 1, 1, 2]))
    }
    misuse("affineMaps", "affineGrid: the maps [2, 3] are not of the form [N, 2, 3]") {
      _ = Tensor.affineGrid(x, size: (2, 2))
    }
  }
}
