/// One iteration of a painting: how far it has come, and how good the picture is.
public struct Iteration: Codable, Equatable, Sendable {
  /// The picture's longer side in pixels.
  public var side = 0
  /// Counted from 1 over all sizes; 0 is the start, before the first step. The start of each further size has the
  /// number of the iteration before it.
  public var number: Int
  /// Evaluations of the objective and its gradient so far.
  public var evaluations: Int
  /// Since the painting began.
  public var seconds: Double
  /// The distance from the content, before its weight.
  public let content: Double
  /// The distance from the styles, before its weight.
  public let style: Double
  /// The total variation, before its weight.
  public let totalVariation: Double
  /// The distance of shapes from the content's, before its weight; `nil` where it has none.
  public var selfSimilarity: Double?
  /// The distance of lines, likewise.
  public var laplacian: Double?
  /// The distance from the styles' power spectra, before its weight; `nil` where it has none.
  public var spectrum: Double?
  /// The objective: the sum of the terms, each times its weight.
  public let total: Double
  /// What ``content`` is made of: each layer's own loss, before its weight, by the layer's name.
  public var contentLayers: [String: Double]?
  /// What ``style`` is made of, likewise.
  public var styleLayers: [String: Double]?

  enum CodingKeys: String, CodingKey {
    case side
    case number = "iteration"
    case evaluations, seconds, content, style
    case totalVariation = "tv"
    case selfSimilarity = "self-similarity"
    case laplacian, spectrum
    case total, contentLayers, styleLayers
  }

  /// The iteration with what earlier sizes did counted in.
  func continuing(_ earlier: Iteration?, side: Int) -> Iteration {
    var iteration = self
    iteration.side = side
    iteration.number += earlier?.number ?? 0
    iteration.evaluations += earlier?.evaluations ?? 0
    iteration.seconds += earlier?.seconds ?? 0
    return iteration
  }
}
