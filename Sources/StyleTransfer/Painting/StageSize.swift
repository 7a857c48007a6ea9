/// A size that a picture grows through, with its pixels and iterations.
public struct StageSize: Equatable, Sendable {
  /// The longer side as the recipe has it.
  public let side: Int
  /// The width in pixels.
  public let width: Int
  /// The height in pixels.
  public let height: Int
  /// The size as a part of the finished picture's.
  package let ratio: Double
  /// The most iterations at this size.
  public let iterations: Int

  /// What an iteration costs, in pixels.
  package var cost: Double { Double(width * height) }

  package init(side: Int, width: Int, height: Int, ratio: Double, iterations: Int) {
    (self.side, self.width, self.height) = (side, width, height)
    (self.ratio, self.iterations) = (ratio, iterations)
  }

  /// The sizes of a list for a picture that ends with `width` × `height`, or with the next multiples of `multiple`.
  package static func all(_ scales: ScaleList, width: Int, height: Int, multiple: Int = 1) -> [StageSize] {
    scales.scales.map { scale in
      let ratio = Double(scale.side) / Double(max(width, height))
      let size = Picture.size(width, height, scaledBy: ratio, multiple: multiple)
      return StageSize(
        side: scale.side, width: size.width, height: size.height, ratio: ratio, iterations: scale.iterations)
    }
  }
}
