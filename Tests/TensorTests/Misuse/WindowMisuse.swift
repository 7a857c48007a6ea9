import Tensor
import TestSupport

extension Misuse {
  /// Misuses of convolutions and poolings.
  static let windows = list { misuse in
    let x = Tensor<Float>.zeros([1, 3, 8, 8])
    let small = Tensor<Float>.zeros([1, 2, 4, 6])
    let filter = Tensor<Float>.zeros([4, 3, 3, 3])
    let sequence = Tensor<Float>.zeros([1, 2, 8])
    misuse("convolutionRank", "conv2D: the input [3, 8, 8] is not of the form [N, C, H, W]") {
      _ = Tensor<Float>.zeros([3, 8, 8]).conv2D(filter)
    }
    misuse("filterRank", "conv2D: the filter [4, 3, 3] is not of the form [O, C/groups, KH, KW]") {
      _ = x.conv2D(.zeros([4, 3, 3]))
    }
    misuse(
      "channels",
      "conv2D: the input [1, 2, 8, 8] has 2 channels in a group, the filter [4, 3, 3, 3] wants 3"
    ) {
      _ = Tensor<Float>.zeros([1, 2, 8, 8]).conv2D(filter)
    }
    misuse(
      "groups",
      "conv2D: 2 groups do not divide the 3 channels of the input [1, 3, 8, 8] and the 4 of the filter"
    ) {
      _ = x.conv2D(filter, groups: 2)
    }
    misuse("bias", "conv2D: the bias [3] is not [4], one number for each filter of [4, 3, 3, 3]") {
      _ = x.conv2D(filter, bias: .zeros([3]))
    }
    misuse(
      "convolutionWindow",
      "conv2D: the window covers (5, 5), more than the input [1, 3, 4, 8] with padding (0, 0)"
    ) {
      _ = Tensor<Float>.zeros([1, 3, 4, 8]).conv2D(filter, dilation: 2)
    }
    misuse("convolutionStride", "conv2D: the stride (0, 0) is not at least 1 in both directions") {
      _ = x.conv2D(filter, stride: 0)
    }
    misuse("dilation", "conv2D: the dilation (1, 0) is not at least 1 in both directions") {
      _ = x.conv2D(filter, stride: (1, 1), dilation: (1, 0))
    }
    misuse("poolingRank", "maxPool2D: the input [3, 4] is not of the form [N, C, H, W]") {
      _ = Tensor<Float>.zeros([3, 4]).maxPool2D(window: 2)
    }
    misuse(
      "poolingWindow",
      "maxPool2D: the window covers (5, 5), more than the input [1, 2, 4, 6] with padding (0, 0)"
    ) {
      _ = small.maxPool2D(window: 5)
    }
    misuse("poolingPadding", "averagePool2D: the padding (2, 2) is more than half the window (3, 3)") {
      _ = small.averagePool2D(window: 3, padding: 2)
    }
    misuse("poolingStride", "averagePool2D: the stride (0, 1) is not at least 1 in both directions") {
      _ = small.averagePool2D(window: (2, 2), stride: (0, 1))
    }
    misuse("negativePadding", "maxPool2D: the padding (-1, 0) is negative") {
      _ = small.maxPool2D(window: (2, 2), padding: (-1, 0))
    }
    misuse("emptyWindow", "maxPool2D: the window (0, 2) is not at least 1 in both directions") {
      _ = small.maxPool2D(window: (0, 2))
    }
    misuse("selfProductRank", "selfProduct: the shape [3] has no matrix in its last two axes") {
      _ = Tensor<Float>.zeros([3]).selfProduct()
    }
    misuse("sequenceRank", "conv1D: the input [1, 3, 8, 8] is not of the form [N, C, L]") {
      _ = x.conv1D(.zeros([4, 3, 3]))
    }
    misuse(
      "sequenceChannels",
      "conv1D: the input [1, 2, 8] has 2 channels in a group, the filter [4, 3, 3] wants 3"
    ) {
      _ = sequence.conv1D(.zeros([4, 3, 3]))
    }
    misuse("sequenceWindow", "conv1D: the window covers 9, more than the input [1, 2, 8] with padding 0") {
      _ = sequence.conv1D(.zeros([4, 2, 3]), dilation: 4)
    }
    misuse("sequenceStride", "conv1D: the stride 0 is not at least 1") {
      _ = sequence.conv1D(.zeros([4, 2, 3]), stride: 0)
    }
    misuse(
      "sequencePooling", "maxPool1D: the window covers 9, more than the input [1, 2, 8] with padding 0"
    ) {
      _ = sequence.maxPool1D(window: 9)
    }
    misuse("sequencePadding", "averagePool1D: the padding 2 is more than half the window 3") {
      _ = sequence.averagePool1D(window: 3, padding: 2)
    }
    misuse("transposedRank", "transposedConv2D: the input [1, 2, 8] is not of the form [N, C, H, W]") {
      _ = sequence.transposedConv2D(filter)
    }
    misuse(
      "transposedFilterRank",
      "transposedConv1D: the filter [4, 3, 3, 3] is not of the form [C, O/groups, K]"
    ) {
      _ = sequence.transposedConv1D(filter)
    }
    misuse(
      "transposedChannels",
      "transposedConv2D: the input [1, 3, 8, 8] has 3 channels, the filter [4, 3, 3, 3] wants 4"
    ) {
      _ = x.transposedConv2D(filter)
    }
    misuse(
      "transposedGroups", "transposedConv1D: 3 groups do not divide the 2 channels of the input [1, 2, 8]"
    ) {
      _ = sequence.transposedConv1D(.zeros([2, 4, 3]), groups: 3)
    }
    misuse(
      "transposedBias",
      "transposedConv1D: the bias [3] is not [8], one number for each output channel of [2, 4, 3] in 2 groups"
    ) {
      _ = sequence.transposedConv1D(.zeros([2, 4, 3]), bias: .zeros([3]), groups: 2)
    }
    misuse(
      "outputPadding",
      "transposedConv2D: the output padding (0, 2) is not from 0 to less than the stride (2, 2)"
    ) {
      _ = x.transposedConv2D(.zeros([3, 4, 3, 3]), stride: (2, 2), outputPadding: (0, 2))
    }
    misuse(
      "transposedPadding",
      "transposedConv1D: the input [1, 2, 8] with the padding 5 leaves nothing of the result"
    ) {
      _ = sequence.transposedConv1D(.zeros([2, 4, 3]), padding: 5)
    }
    misuse("transposedVolume", "transposedConv3D: the input [1, 3, 8, 8] is not of the form [N, C, D, H, W]")
    {
      _ = x.transposedConv3D(.zeros([3, 4, 3, 3, 3]))
    }
    misuse(
      "transposedVolumeStride", "transposedConv3D: the stride (1, 0, 1) is not at least 1 in all directions"
    ) {
      _ = Tensor<Double>.zeros([1, 3, 2, 2, 2]).transposedConv3D(.zeros([3, 4, 3, 3, 3]), stride: (1, 0, 1))
    }
    misuse("transposedStride", "transposedConv2D: the stride (1, 0) is not at least 1 in both directions") {
      _ = x.transposedConv2D(.zeros([3, 4, 3, 3]), stride: (1, 0))
    }
    misuse("adaptiveRank", "adaptiveAveragePool1D: the input [1, 3, 8, 8] is not of the form [N, C, L]") {
      _ = x.adaptiveAveragePool1D(to: 2)
    }
    misuse("adaptiveSize", "adaptiveMaxPool2D: the input [1, 3, 8, 8] has no 0 × 2 shares") {
      _ = x.adaptiveMaxPool2D(to: (0, 2))
    }
    misuse("adaptiveEmpty", "adaptiveAveragePool2D: the input [1, 2, 0, 3] has no 1 × 1 shares") {
      _ = Tensor<Float>.zeros([1, 2, 0, 3]).adaptiveAveragePool2D(to: (1, 1))
    }
    misuse("unfoldedRank", "unfolded: the input [1, 2, 8] is not of the form [N, C, H, W]") {
      _ = sequence.unfolded(window: 2)
    }
    misuse(
      "unfoldedWindow",
      "unfolded: the window covers (9, 9), more than the input [1, 3, 8, 8] with padding (0, 0)"
    ) {
      _ = x.unfolded(window: 9)
    }
    misuse("foldedRank", "folded: the input [1, 3, 8, 8] is not of the form [N, C·KH·KW, OH·OW]") {
      _ = x.folded(to: (8, 8), window: 1)
    }
    misuse("foldedRows", "folded: the 2 rows of [1, 2, 8] are not a multiple of the 4 places in a window") {
      _ = sequence.folded(to: (3, 3), window: 2)
    }
    misuse("foldedWindows", "folded: [1, 2, 8] is not [1, 2, 9], the windows of pictures of 3 × 3") {
      _ = sequence.folded(to: (3, 3), window: 1)
    }
  }
}
