import Tensor

/// Which patches of features two pictures are compared by: of both they lie as far apart, so that what lies beside a patch can be
/// found beside the patch that it was found in.
package struct PatchGrid: Hashable, Sendable {
  /// How many features a patch is wide and high.
  package let side: Int
  /// How many features it is from one patch to the next.
  package let step: Int

  /// What Zhou, Chen, Xiao and Huang have (2023), where there are so many features.
  private static let (usualSide, leastStep) = (7, 3)
  /// No more patches of a picture are looked at than about these: of a large one they lie farther apart.
  private static let limit = 2048.0

  /// The patches of features of two heights and widths.
  package init(_ height: Int, _ width: Int, and otherHeight: Int, _ otherWidth: Int) {
    side = min(Self.usualSide, height, width, otherHeight, otherWidth)
    let pixels = Double(max(height * width, otherHeight * otherWidth))
    step = max(Self.leastStep, Int((pixels / Self.limit).squareRoot().rounded(.up)))
  }

  /// The patches of features of two shapes [N, C, H, W].
  init(_ shape: Shape, _ other: Shape) { self.init(shape[2], shape[3], and: other[2], other[3]) }

  /// How many patches features of a height and a width have.
  package func count(_ height: Int, _ width: Int) -> Int {
    ((height - side) / step + 1) * ((width - side) / step + 1)
  }
}

extension Tensor where Scalar: TensorScalar {
  /// The patches of the features [1, C, H, W], a row each, [n, C · side²].
  func patches(_ grid: PatchGrid) -> Tensor {
    let columns = unfolded(window: grid.side, stride: grid.step)
    return columns.reshaped(to: [columns.shape[1], columns.shape[2]]).transposed()
  }
}
