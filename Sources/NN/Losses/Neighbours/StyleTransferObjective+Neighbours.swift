import Tensor

extension StyleTransferObjective {
  /// How pictures look for neighbours in styles.
  package struct NeighbourSearch: Sendable {
    /// The layers that see, with how much each counts.
    package var layers: [WeightedLayer]
    /// Whether they look in the styles turned by quarters as well.
    package var turnsStyles: Bool
    /// How much farther than the nearest what continues a neighbour may be, as a part of the nearest's 1 − cos.
    package var coherence: Float
    package var seed: UInt64

    package init(
      layers: [WeightedLayer], turnsStyles: Bool = false, coherence: Float = 0, seed: UInt64 = 0
    ) {
      (self.layers, self.turnsStyles, self.coherence, self.seed) = (layers, turnsStyles, coherence, seed)
    }

    /// The parts of the picture: one that looks in all styles, or one for each style with a place.
    fileprivate func parts(_ styles: [Style]) -> (parts: [NeighbourPart], places: [Tensor<Float>?]) {
      let seen = styles.filter { $0.weight > 0 }
      func source(_ style: Style) -> (Tensor<Float>, Tensor<Float>?) {
        let region =
          style.opacity.map { opacity in style.region.map { $0 * opacity } ?? opacity } ?? style.region
        return (style.image, region)
      }
      let hasPlaces = seen.contains { $0.place != nil }
      let parts =
        hasPlaces
        ? seen.map { NeighbourPart(sources: [source($0)]) } : [NeighbourPart(sources: seen.map(source))]
      return (turnsStyles ? parts.map(\.turned) : parts, hasPlaces ? seen.map(\.place) : [nil])
    }
  }

  /// What the style's loss is where it is made of neighbours.
  enum NeighbourTerm: Sendable {
    case fixed(FixedNeighbours)
    case fresh(FreshNeighbours)

    var layers: [VGG19.Layer] {
      switch self {
      case .fixed(let neighbours): neighbours.columns.layers
      case .fresh(let neighbours): neighbours.layers
      }
    }
  }

  /// No more columns of styles than these are looked through for a part of the picture.
  package static let mostNeighbourCandidates = FixedNeighbours.candidateLimit
  /// How many places of the picture, and of the styles, each layer looks at for fresh neighbours.
  package static let freshNeighbourPlaces = FreshNeighbours.queries

  /// How strongly neighbours paint beside a content; see ``StyleStatistic/relativeScale``.
  static let neighbourScale = 10.0

  /// The objective whose style is to be like the neighbours of a picture in styles, found once.
  ///
  /// - Parameters:
  ///   - content: The photograph, [1, 3, H, W].
  ///   - picture: What has been painted of it, of the same size; `nil` for nothing yet.
  ///   - alpha: How much the painted picture counts in the search beside the photograph, 0 … 1.
  ///   - styles: Where neighbours are looked for. Those with places are looked in by their places alone.
  ///   - opacity: How much each pixel counts, [1, 1, H, W]; `nil` for all alike.
  ///   - weight: The weight of the style.
  /// - Throws: ``VGG19/ImageTooSmall`` when one of the pictures is.
  package func findingNeighbours(
    of content: Tensor<Float>, painted picture: Tensor<Float>?, alpha: Double, in styles: [Style],
    _ search: NeighbourSearch, opacity: Tensor<Float>?, weight: Double
  ) throws(VGG19.ImageTooSmall) -> StyleTransferObjective {
    let columns = FeatureColumns(search.layers)
    let grid = FeatureColumns.grid(height: content.shape[2], width: content.shape[3])
    let (parts, places) = search.parts(styles)
    var queries = try columns.rows(of: content, network)
    if let picture, alpha > 0 {
      let painted = try columns.rows(of: picture, network)
      queries = queries * Tensor(Float(1 - alpha)) + painted * Tensor(Float(alpha))
    }
    let belonging = NeighbourPlaces(
      opacity: opacity, places: places, poolings: FeatureColumns.poolings, size: grid)
    return seeking(
      .fixed(
        try FixedNeighbours(
          columns, of: queries, belonging, in: parts, grid: grid, network: network,
          coherence: search.coherence, seed: search.seed)),
      weight: weight)
  }

  /// The objective whose style is to be like its own neighbours in styles, found anew at each look.
  ///
  /// - Parameter size: The rows and columns of the picture to be made.
  package func findingFreshNeighbours(
    size: (height: Int, width: Int), in styles: [Style], _ search: NeighbourSearch, opacity: Tensor<Float>?,
    weight: Double
  ) throws(VGG19.ImageTooSmall) -> StyleTransferObjective {
    let (parts, places) = search.parts(styles)
    return seeking(
      .fresh(
        try FreshNeighbours(
          search.layers, size: size, opacity: opacity, places: places, in: parts, network: network,
          seed: search.seed)),
      weight: weight)
  }

  private func seeking(_ term: NeighbourTerm, weight: Double) -> StyleTransferObjective {
    var objective = self
    objective.neighbours = term
    objective.weights.style = weight
    for layer in term.layers { objective.requests[layer, default: .init()].features = true }
    return objective
  }
}
