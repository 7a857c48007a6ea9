import NN

/// What finding neighbours and painting like them takes beside the network, at one size.
struct NeighbourCost: Sendable {
  /// The numbers of a column, and the columns of the picture and of the styles, of all their turns.
  private let (column, queries, candidates): (Double, Double, Double)
  /// Each layer's channels and places.
  private let layers: [VGG19.Extent]

  /// `nil` where no neighbours are looked for.
  init?(_ shape: RunShape) {
    guard shape.recipe.findsNeighbours, let neighbours = shape.recipe.style?.neighbours else { return nil }
    layers = shape.steps(shape.picture).outputs(of: shape.styleLayers)
    column = shape.styleLayers.reduce(0) { $0 + Double($1.channelCount) }
    queries = (shape.picture.pixels / 16).rounded(.up)
    let turns = neighbours.turnsStyles ? 4.0 : 1
    candidates = min(
      shape.styles.reduce(0) { $0 + $1.pixels / 16 } * turns,
      Double(StyleTransferObjective.mostNeighbourCandidates * (shape.hasWeights ? shape.styles.count : 1)))
  }

  /// How much longer an operation of a plain product takes than one of a convolution, which Winograd's method makes of fewer
  /// multiplications than are counted.
  static let productCost = 3.5

  /// The operations of finding neighbours once for all places, as so many of convolutions.
  var search: Double { Self.productCost * 2 * queries * candidates * column }

  /// The operations that an evaluation with fixed neighbours has beside the network: some on each number.
  var fixedEvaluation: Double { 12 * queries * column }

  /// The same with fresh neighbours, of which each layer looks for some.
  var freshEvaluation: Double {
    let most = Double(StyleTransferObjective.freshNeighbourPlaces)
    return layers.reduce(0) { sum, layer in
      sum + Self.productCost * 2 * Double(layer.channels) * min(layer.pixels, most)
        * min(candidates * 16, most)
    }
  }

  /// The bytes of what each place is to be like.
  var targetBytes: Double { 4 * queries * column }

  /// The bytes that a search takes beside the targets: the columns of both sides as they are and centred, and what was
  /// found.
  var searchBytes: Double { 4 * column * (2 * queries + 2 * candidates + max(queries, candidates)) }

  /// The bytes of columns and their gradients in an evaluation.
  var evaluationBytes: Double { 3 * targetBytes }
}
