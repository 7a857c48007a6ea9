import Foundation
import ImpastoPlatform
import NN

/// What looking at pictures through the network takes, as `compare` and `features` do, without a run: memory and
/// operations.
package struct LookPlan: Sendable, CustomStringConvertible {
  /// How pictures of a size are looked at.
  package struct Look: Sendable {
    package let network: VGG19
    package let layers: Set<VGG19.Layer>
    /// How many pictures are looked at together.
    package let pictures: Int
    /// The pixels of the pictures as they are in their files.
    package let sourcePixels: Double
    /// Whether two pictures are also compared by ``PerceptualDistances``.
    package let isPerceptual: Bool
    /// Whether they are also compared by ``TextureComparison``.
    package let isTexture: Bool

    package init(
      _ network: VGG19, layers: Set<VGG19.Layer>, pictures: Int, sourcePixels: Double,
      isPerceptual: Bool = false, isTexture: Bool = false
    ) {
      (self.network, self.layers) = (network, layers)
      (self.pictures, self.sourcePixels) = (pictures, sourcePixels)
      (self.isPerceptual, self.isTexture) = (isPerceptual, isTexture)
    }
  }

  private let look: Look
  private let (width, height): (Int, Int)
  private let (picturesBytes, networkBytes): (Double, Double)
  private let operations: Double

  package init(_ look: Look, width: Int, height: Int) {
    (self.look, self.width, self.height) = (look, width, height)
    let cost = VGG19.bandCost(
      layers: look.layers, pooling: look.network.pooling, padding: look.network.padding, width: width,
      height: height, pictures: look.pictures)
    // One after the other.
    networkBytes = max(
      cost.bytes, look.isPerceptual ? PerceptualDistances.bytes(width: width, height: height) : 0,
      look.isTexture ? TextureComparison.bytes(width: width, height: height) : 0)
    // As they were read, as they are looked at, and as the network takes them.
    let pixels = Double(width) * Double(height)
    picturesBytes = 12 * look.sourcePixels + Double(look.pictures) * 24 * pixels
    let perceptual = look.isPerceptual ? 2 * PerceptualDistances.operationsPerPixel * pixels : 0
    let texture = look.isTexture ? TextureComparison.operations(width: width, height: height) : 0
    operations = Double(look.pictures) * cost.operations + perceptual + texture
  }

  /// The most bytes that are taken at once.
  package var peak: ByteCount { ByteCount(picturesBytes + networkBytes + MemoryPlan.programBytes) }

  /// A table of the memory and its parts.
  package var description: String {
    """
    pictures: \(width)×\(height)
    operations: \(Cost.amount(operations))
    peak memory: about \(peak)
      the program: \(ByteCount(MemoryPlan.programBytes))
      the pictures: \(ByteCount(picturesBytes))
      the network's filters and features: \(ByteCount(networkBytes))
    """
  }

  /// - Parameters:
  ///   - limit: What may be used; `nil` for what the machine or its container has.
  ///   - remedy: What to do about it, given the largest longer side that fits.
  /// - Throws: ``StyleTransferError`` that says how much is needed, and the remedy.
  package func checkMemory(
    _ limit: ByteCount?, remedy: (_ longestSide: Int) -> String
  ) throws(StyleTransferError) {
    let allowed = limit ?? .available
    guard peak.bytes > allowed.bytes else { return }
    let largest = largestSide(within: allowed)
    throw StyleTransferError(
      .badData,
      "this needs about \(peak), and \(limit == nil ? MemoryBudget.owner : "--memory-limit allows") \(allowed); "
        + (largest.map(remedy) ?? "no size fits; choose earlier layers or allow more memory"))
  }

  private func largestSide(within limit: ByteCount) -> Int? {
    func fits(_ side: Int) -> Bool {
      let size = Picture.size(width, height, scaledBy: Double(side) / Double(max(width, height)))
      return min(size.width, size.height) >= VGG19.minimumSize(for: look.layers)
        && LookPlan(look, width: size.width, height: size.height).peak.bytes <= limit.bytes
    }
    var (low, high) = (
      VGG19.minimumSize(for: look.layers) * max(width, height) / min(width, height) + 1, max(width, height)
    )
    guard low < high, fits(low) else { return nil }
    while high - low > 1 {
      let middle = (low + high) / 2
      if fits(middle) { low = middle } else { high = middle }
    }
    return low
  }
}
