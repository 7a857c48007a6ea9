import StyleTransfer
import TestSupport

extension Picture {
  /// Any picture with the levels 0 … `maximum`, so that a round trip must be exact.
  static func random(width: Int, height: Int, maximum: Int, hasAlpha: Bool, seed: Int) -> Picture {
    func plane(_ count: Int, seed: Int) -> [Float] {
      DeterministicValues(seed: seed).uniform(count, in: 0...1).map {
        Float(($0 * Double(maximum)).rounded()) / Float(maximum)
      }
    }
    return Picture(
      width: width, height: height, colour: plane(3 * width * height, seed: seed),
      alpha: hasAlpha ? plane(width * height, seed: seed + 1000) : nil)
  }
}
