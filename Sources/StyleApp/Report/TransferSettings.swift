import Foundation

/// Everything that decides how a transfer's picture looks, as it travels inside the picture.
///
/// Times, dates and the number of threads are left out: the same settings give the same bytes.
struct TransferSettings: Codable, Equatable {
  var command = "transfer"
  var version = Version.current
  var content: String
  var style: String
  var size: Int
  var iterations: Int
  var optimizer: String
  var learningRate: Double?
  var history: Int?
  var contentLayers: String
  var styleLayers: String
  var contentWeight: Double
  var styleWeight: Double
  var tvWeight: Double
  var normalization: String
  var initial: String
  var seed: UInt64
  var pooling: String
  /// The weights' hash, in hexadecimal.
  var weightsSHA256: String
  /// The iteration that the picture comes from, where it is not the last one asked for.
  var stoppedAtIteration: Int?

  enum CodingKeys: String, CodingKey {
    case command, version, content, style, size, iterations, optimizer
    case learningRate = "learning-rate"
    case history
    case contentLayers = "content-layers"
    case styleLayers = "style-layers"
    case contentWeight = "content-weight"
    case styleWeight = "style-weight"
    case tvWeight = "tv-weight"
    case normalization
    case initial = "init"
    case seed, pooling
    case weightsSHA256 = "weights-sha256"
    case stoppedAtIteration = "stopped-at-iteration"
  }

  /// One line of JSON with sorted keys.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Plain strings and numbers always encode.
    return String(decoding: (try? encoder.encode(self)) ?? Data(), as: UTF8.self)
  }
}
