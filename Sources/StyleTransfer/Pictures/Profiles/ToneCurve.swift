#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How the numbers of a channel grow with light: from 0…1 as they are stored to linear light.
enum ToneCurve: Equatable, Sendable {
  /// (a·x + b)^g + e from `d` on, c·x + f below it: all five kinds that profiles have.
  case parametric(
    g: Double, a: Double = 1, b: Double = 0, c: Double = 0, d: Double = 0, e: Double = 0, f: Double = 0)
  /// Values at even distances; straight lines between them.
  case table([UInt16])
  /// SMPTE ST 2084; white is 203 candelas a square metre, brighter is above 1.
  case perceptualQuantizer
  /// ARIB STD-B67, with the light of a screen of 1,000 candelas a square metre; white is at 0.75.
  case hybridLogGamma

  /// x^gamma.
  static func power(_ gamma: Double) -> ToneCurve { .parametric(g: gamma) }
  /// That of IEC 61966-2-1.
  static let sRGB = ToneCurve.parametric(
    g: 2.4, a: 1 / 1.055, b: 0.055 / 1.055, c: 1 / 12.92, d: 0.04045)

  func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .parametric(let g, let a, let b, let c, let d, let e, let f):
      // Below 0 a power has no value.
      return x >= d ? pow(max(a * x + b, 0), g) + e : c * x + f
    case .table(let values):
      let place = x * Double(values.count - 1)
      let index = min(Int(place), values.count - 2)
      let (low, high) = (Double(values[index]), Double(values[index + 1]))
      return (low + (high - low) * (place - Double(index))) / 65535
    case .perceptualQuantizer:
      let root = pow(x, 32 / 2523.0)
      let light = pow(max(root - 3424 / 4096.0, 0) / (2413 / 128.0 - 2392 / 128.0 * root), 16384 / 2610.0)
      return light * 10_000 / 203
    case .hybridLogGamma:
      let (a, b, c) = (0.17883277, 0.28466892, 0.55991073)
      let scene = x <= 0.5 ? x * x / 3 : (exp((x - c) / a) + b) / 12
      // The screen's own curve, here channel by channel, such that 0.75 is white.
      let white = (exp((0.75 - c) / a) + b) / 12
      return pow(scene / white, 1.2)
    }
  }

  /// The curve as the shim wants it: rising all the way, or falling, as one of a negative or of amounts of ink does.
  func samples() -> [Float] {
    let last = 65535
    let falls = self(0) > self(1)
    var furthest: Float = falls ? .greatestFiniteMagnitude : 0
    return (0...last).map { index in
      let value = Float(self(Double(index) / Double(last)))
      guard value.isFinite else { return furthest }
      furthest = falls ? max(min(furthest, value), 0) : max(furthest, value)
      return furthest
    }
  }
}
