import Tensor

/// Each misuse of a convolution or a pooling, and the message with which it traps.
enum WindowMisuse: String, CaseIterable, Codable {
  case convolutionRank, filterRank, channels, groups, bias, convolutionWindow, convolutionStride, dilation
  case poolingRank, poolingWindow, poolingPadding, poolingStride, negativePadding, emptyWindow
  case selfProductRank
  case sequenceRank, sequenceChannels, sequenceWindow, sequenceStride, sequencePooling, sequencePadding
  case transposedRank, transposedFilterRank, transposedChannels, transposedGroups, transposedBias
  case outputPadding, transposedPadding, transposedStride
  case adaptiveRank, adaptiveSize, adaptiveEmpty
  case unfoldedRank, unfoldedWindow, foldedRank, foldedRows, foldedWindows

  var message: String {
    switch self {
    case .convolutionRank: "conv2D: the input [3, 8, 8] is not of the form [N, C, H, W]"
    case .filterRank: "conv2D: the filter [4, 3, 3] is not of the form [O, C/groups, KH, KW]"
    case .channels:
      "conv2D: the input [1, 2, 8, 8] has 2 channels in a group, the filter [4, 3, 3, 3] wants 3"
    case .groups:
      "conv2D: 2 groups do not divide the 3 channels of the input [1, 3, 8, 8] and the 4 of the filter"
    case .bias: "conv2D: the bias [3] is not [4], one number for each filter of [4, 3, 3, 3]"
    case .convolutionWindow:
      "conv2D: the window covers (5, 5), more than the input [1, 3, 4, 8] with padding (0, 0)"
    case .convolutionStride: "conv2D: the stride (0, 0) is not at least 1 in both directions"
    case .dilation: "conv2D: the dilation (1, 0) is not at least 1 in both directions"
    case .poolingRank: "maxPool2D: the input [3, 4] is not of the form [N, C, H, W]"
    case .poolingWindow:
      "maxPool2D: the window covers (5, 5), more than the input [1, 2, 4, 6] with padding (0, 0)"
    case .poolingPadding: "averagePool2D: the padding (2, 2) is more than half the window (3, 3)"
    case .poolingStride: "averagePool2D: the stride (0, 1) is not at least 1 in both directions"
    case .negativePadding: "maxPool2D: the padding (-1, 0) is negative"
    case .emptyWindow: "maxPool2D: the window (0, 2) is not at least 1 in both directions"
    case .selfProductRank: "selfProduct: the shape [3] has no matrix in its last two axes"
    case .sequenceRank: "conv1D: the input [1, 3, 8, 8] is not of the form [N, C, L]"
    case .sequenceChannels:
      "conv1D: the input [1, 2, 8] has 2 channels in a group, the filter [4, 3, 3] wants 3"
    case .sequenceWindow: "conv1D: the window covers 9, more than the input [1, 2, 8] with padding 0"
    case .sequenceStride: "conv1D: the stride 0 is not at least 1"
    case .sequencePooling: "maxPool1D: the window covers 9, more than the input [1, 2, 8] with padding 0"
    case .sequencePadding: "averagePool1D: the padding 2 is more than half the window 3"
    case .transposedRank: "transposedConv2D: the input [1, 2, 8] is not of the form [N, C, H, W]"
    case .transposedFilterRank:
      "transposedConv1D: the filter [4, 3, 3, 3] is not of the form [C, O/groups, K]"
    case .transposedChannels:
      "transposedConv2D: the input [1, 3, 8, 8] has 3 channels, the filter [4, 3, 3, 3] wants 4"
    case .transposedGroups: "transposedConv1D: 3 groups do not divide the 2 channels of the input [1, 2, 8]"
    case .transposedBias:
      "transposedConv1D: the bias [3] is not [8], one number for each output channel of [2, 4, 3] in 2 groups"
    case .outputPadding:
      "transposedConv2D: the output padding (0, 2) is not from 0 to less than the stride (2, 2)"
    case .transposedPadding:
      "transposedConv1D: the input [1, 2, 8] with the padding 5 leaves nothing of the result"
    case .transposedStride: "transposedConv2D: the stride (1, 0) is not at least 1 in both directions"
    case .adaptiveRank: "adaptiveAveragePool1D: the input [1, 3, 8, 8] is not of the form [N, C, L]"
    case .adaptiveSize: "adaptiveMaxPool2D: the input [1, 3, 8, 8] has no 0 × 2 shares"
    case .adaptiveEmpty: "adaptiveAveragePool2D: the input [1, 2, 0, 3] has no 1 × 1 shares"
    case .unfoldedRank: "unfolded: the input [1, 2, 8] is not of the form [N, C, H, W]"
    case .unfoldedWindow:
      "unfolded: the window covers (9, 9), more than the input [1, 3, 8, 8] with padding (0, 0)"
    case .foldedRank: "folded: the input [1, 3, 8, 8] is not of the form [N, C·KH·KW, OH·OW]"
    case .foldedRows: "folded: the 2 rows of [1, 2, 8] are not a multiple of the 4 places in a window"
    case .foldedWindows: "folded: [1, 2, 8] is not [1, 2, 9], the windows of pictures of 3 × 3"
    }
  }

  func commit() {
    let x = Tensor<Float>.zeros([1, 3, 8, 8])
    let small = Tensor<Float>.zeros([1, 2, 4, 6])
    let filter = Tensor<Float>.zeros([4, 3, 3, 3])
    let sequence = Tensor<Float>.zeros([1, 2, 8])
    switch self {
    case .convolutionRank: _ = Tensor<Float>.zeros([3, 8, 8]).conv2D(filter)
    case .filterRank: _ = x.conv2D(.zeros([4, 3, 3]))
    case .channels: _ = Tensor<Float>.zeros([1, 2, 8, 8]).conv2D(filter)
    case .groups: _ = x.conv2D(filter, groups: 2)
    case .bias: _ = x.conv2D(filter, bias: .zeros([3]))
    case .convolutionWindow: _ = Tensor<Float>.zeros([1, 3, 4, 8]).conv2D(filter, dilation: 2)
    case .convolutionStride: _ = x.conv2D(filter, stride: 0)
    case .dilation: _ = x.conv2D(filter, stride: (1, 1), dilation: (1, 0))
    case .poolingRank: _ = Tensor<Float>.zeros([3, 4]).maxPool2D(window: 2)
    case .poolingWindow: _ = small.maxPool2D(window: 5)
    case .poolingPadding: _ = small.averagePool2D(window: 3, padding: 2)
    case .poolingStride: _ = small.averagePool2D(window: (2, 2), stride: (0, 1))
    case .negativePadding: _ = small.maxPool2D(window: (2, 2), padding: (-1, 0))
    case .emptyWindow: _ = small.maxPool2D(window: (0, 2))
    case .selfProductRank: _ = Tensor<Float>.zeros([3]).selfProduct()
    case .sequenceRank: _ = x.conv1D(.zeros([4, 3, 3]))
    case .sequenceChannels: _ = sequence.conv1D(.zeros([4, 3, 3]))
    case .sequenceWindow: _ = sequence.conv1D(.zeros([4, 2, 3]), dilation: 4)
    case .sequenceStride: _ = sequence.conv1D(.zeros([4, 2, 3]), stride: 0)
    case .sequencePooling: _ = sequence.maxPool1D(window: 9)
    case .sequencePadding: _ = sequence.averagePool1D(window: 3, padding: 2)
    case .transposedRank: _ = sequence.transposedConv2D(filter)
    case .transposedFilterRank: _ = sequence.transposedConv1D(filter)
    case .transposedChannels: _ = x.transposedConv2D(filter)
    case .transposedGroups: _ = sequence.transposedConv1D(.zeros([2, 4, 3]), groups: 3)
    case .transposedBias: _ = sequence.transposedConv1D(.zeros([2, 4, 3]), bias: .zeros([3]), groups: 2)
    case .outputPadding:
      _ = x.transposedConv2D(.zeros([3, 4, 3, 3]), stride: (2, 2), outputPadding: (0, 2))
    case .transposedPadding: _ = sequence.transposedConv1D(.zeros([2, 4, 3]), padding: 5)
    case .transposedStride: _ = x.transposedConv2D(.zeros([3, 4, 3, 3]), stride: (1, 0))
    case .adaptiveRank: _ = x.adaptiveAveragePool1D(to: 2)
    case .adaptiveSize: _ = x.adaptiveMaxPool2D(to: (0, 2))
    case .adaptiveEmpty: _ = Tensor<Float>.zeros([1, 2, 0, 3]).adaptiveAveragePool2D(to: (1, 1))
    case .unfoldedRank: _ = sequence.unfolded(window: 2)
    case .unfoldedWindow: _ = x.unfolded(window: 9)
    case .foldedRank: _ = x.folded(to: (8, 8), window: 1)
    case .foldedRows: _ = sequence.folded(to: (3, 3), window: 2)
    case .foldedWindows: _ = sequence.folded(to: (3, 3), window: 1)
    }
  }
}
