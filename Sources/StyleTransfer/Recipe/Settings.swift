import ArgumentParser
import Foundation
import NN
import StyleTransfer

/// Everything that decides how a picture looks, as it travels inside the picture and in settings files.
///
/// Every key is the name of the flag that sets it. Times, dates and the number of threads are left out: the
/// same settings give the same bytes. What depends on another setting is `nil` where that one rules it out.
struct Settings: Codable, Equatable, Sendable {
  /// What is made.
  enum Command: String, Codable, CaseIterable, Sendable {
    case transfer, texture, reconstruct
  }

  /// How the picture is made better step by step.
  enum Method: String, Codable, CaseIterable, ExpressibleByArgument, Sendable { case lbfgs, adam }

  /// What of the content's colours is kept.
  enum ColorKeeping: String, Codable, CaseIterable, ExpressibleByArgument, Sendable {
    /// Only lightness is painted, the content's hues are put back (Gatys et al. 2016).
    case luminance
    /// The style is given the content's colours before it is looked at.
    case linear
  }

  var command: Command
  var version = Version.current
  var preset: Preset

  // Pictures
  var content: String?
  var styles: [String] = []
  var styleBlend: [Double]?
  var styleScale: Double?
  var initial: String
  var noiseAmplitude: Double?
  var keepColors: ColorKeeping?
  var colorMatching: ColorMatching?

  // Sizes
  var size: Int
  var width: Int?
  var height: Int?
  var tileable: Bool?
  /// Every size with its iterations; `nil` while they follow from `iterations` and `pyramid`.
  var scales: ScaleList?
  var iterations: Int?
  var pyramid: Bool?

  // Losses
  var contentLayers: LayerList?
  var styleLayers: LayerList?
  var contentWeight: Double?
  var styleWeight: Double?
  /// 0 … 1 in place of the content's and the style's weight.
  var balance: Double?
  var tvWeight: Double
  var styleLoss: StyleStatistic?
  var normalization: LossNormalization

  // The network
  var pooling: VGG19.Pooling
  var padding: VGG19.Padding

  // The optimiser
  var optimizer: Method
  var learningRate: Double?
  var history: Int?
  var frequencyFilter: Bool?
  var stopWhenSettled: Bool
  var seed: UInt64

  // The file
  var bitDepth: Int?
  var quality: Int?

  // What the run found
  /// In hexadecimal.
  var weightsSHA256: String?
  var contentSHA256: String?
  var styleSHA256: [String]?
  var initSHA256: String?
  /// The iteration that the picture comes from, where the run was ended before its last.
  var stoppedAtIteration: Int?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case command, version, preset, content
    case styles = "style"
    case styleBlend = "style-blend"
    case styleScale = "style-scale"
    case initial = "init"
    case noiseAmplitude = "noise-amplitude"
    case keepColors = "keep-colors"
    case colorMatching = "color-matching"
    case size, width, height, tileable, scales, iterations, pyramid
    case contentLayers = "content-layers"
    case styleLayers = "style-layers"
    case contentWeight = "content-weight"
    case styleWeight = "style-weight"
    case balance
    case tvWeight = "tv-weight"
    case styleLoss = "style-loss"
    case normalization, pooling, padding, optimizer
    case learningRate = "learning-rate"
    case history
    case frequencyFilter = "frequency-filter"
    case stopWhenSettled = "stop-when-settled"
    case seed
    case bitDepth = "bit-depth"
    case quality
    case weightsSHA256 = "weights-sha256"
    case contentSHA256 = "content-sha256"
    case styleSHA256 = "style-sha256"
    case initSHA256 = "init-sha256"
    case stoppedAtIteration = "stopped-at-iteration"
  }

  /// One line of JSON with sorted keys.
  var json: String {
    // Plain strings and numbers always encode.
    String(decoding: (try? JSONEncoder.sorted().encode(self)) ?? Data(), as: UTF8.self)
  }
}

extension Settings {
  /// All layers that a loss looks at.
  var layers: [VGG19.Layer] {
    ((contentLayers?.layers ?? []) + (styleLayers?.layers ?? [])).map(\.layer)
  }

  /// How much each style counts.
  var styleShares: [Double] { styleBlend ?? styles.map { _ in 1 } }

  /// The sizes that a picture with the longer side `side` grows through, and the iterations at each.
  func scales(side: Int) -> ScaleList {
    if let scales { return scales }
    let iterations = iterations ?? 0
    return pyramid == true
      ? .pyramid(side: side, iterations: iterations) : ScaleList([.init(side: side, iterations: iterations)])
  }
}

/// What ``Settings/initial`` can say besides a path.
enum Start {
  static let content = "content"
  static let colour = "colour"
  static let noise = "noise"
  static let names = [content, colour, noise]
}

extension VGG19.Pooling: Codable {}
extension VGG19.Padding: Codable {}
extension LossNormalization: Codable {}
extension StyleStatistic: Codable {}
extension ColorMatching: Codable {}
