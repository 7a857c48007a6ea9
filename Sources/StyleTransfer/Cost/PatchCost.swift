import NN

/// What finding patches in styles takes beside the network, at one size.
struct PatchCost: Sendable {
  /// The numbers of a patch, and the patches of the picture and of one style, of each layer and style.
  private let searches: [(patch: Double, asked: Double, offered: Double)]
  /// The features of the styles.
  private let features: Double

  /// `nil` where no patches are looked for.
  init?(_ shape: RunShape) {
    guard shape.findsPatches else { return nil }
    let own = shape.steps(shape.picture).outputs(of: shape.styleLayers)
    let styles = shape.styles.map { shape.steps($0).outputs(of: shape.styleLayers) }
    features = styles.joined().reduce(0) { $0 + Double($1.channels) * $1.pixels }
    let isPeriodic = shape.recipe.isTileable
    searches = styles.flatMap { style in
      zip(own, style).map { own, style in
        let grid = PatchGrid(own.height, own.width, and: style.height, style.width)
        let beyond = isPeriodic ? grid.side - 1 : 0
        return (
          Double(own.channels * grid.side * grid.side),
          Double(grid.count(own.height + beyond, own.width + beyond)),
          Double(grid.count(style.height, style.width))
        )
      }
    }
  }

  /// The operations of an evaluation: a product, two of its derivatives, and some on each distance.
  var evaluation: Double {
    searches.reduce(0) { $0 + $1.asked * $1.offered * (NeighbourCost.productCost * 4 * $1.patch + 1000) }
  }

  /// The bytes of the styles' patches, and of the features that they are of.
  var targetBytes: Double { searches.reduce(4 * features) { $0 + 4 * $1.offered * $1.patch } }

  /// The bytes of an evaluation: patches until their way back, and of the largest layer the distances in all their forms, or
  /// after them the gradients.
  var evaluationBytes: Double {
    searches.reduce(0) { $0 + 4 * $1.asked * $1.patch }
      + (searches.map { 4 * max(7 * $0.asked * $0.offered, 2 * $0.asked * $0.patch) }.max() ?? 0)
  }
}
