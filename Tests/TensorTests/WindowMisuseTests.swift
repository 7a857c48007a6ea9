import Foundation
import Tensor
import Testing

/// Each misuse of a convolution or a pooling, and the message with which it traps.
private enum Misuse: String, CaseIterable, Codable {
  case convolutionRank, filterRank, channels, groups, bias, convolutionWindow, convolutionStride, dilation
  case poolingRank, poolingWindow, poolingPadding, poolingStride, negativePadding, emptyWindow
  case selfProductRank

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
    }
  }

  func commit() {
    let x = Tensor<Float>.zeros([1, 3, 8, 8])
    let small = Tensor<Float>.zeros([1, 2, 4, 6])
    let filter = Tensor<Float>.zeros([4, 3, 3, 3])
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
    }
  }
}

#if os(macOS) || os(Linux)
  @Suite("Misuse of convolution and pooling")
  struct WindowMisuseTests {
    @Test("traps with the operation's name, the figures and the shapes", arguments: Misuse.allCases)
    fileprivate func trap(misuse: Misuse) async throws {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        [name = misuse.rawValue as String] in
        Misuse(rawValue: name)?.commit()
      }
      let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(message.contains(misuse.message), "\(message)")
    }
  }
#endif
