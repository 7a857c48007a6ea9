import NN
import Synchronization
import Tensor

/// What paintings have seen in their styles, for others of the same network that take the same styles at the same
/// sizes: a batch decodes, scales and looks at a painting once.
package final class KnownStyles: Sendable {
  /// The styles of a size, and an objective whose style losses are of them.
  struct Style: Sendable {
    let pictures: [RecipePictures.Manner]
    let objective: StyleTransferObjective
  }

  private struct Memory {
    var styles: [StyleLook: Style] = [:]
    /// From the oldest.
    var order: [StyleLook] = []
  }

  private let memory = Mutex(Memory())

  /// A painting at five sizes has five; the oldest are let go.
  private static let limit = 40

  package init() {}

  subscript(look: StyleLook) -> Style? {
    get { memory.withLock { $0.styles[look] } }
    set {
      memory.withLock { memory in
        if memory.styles.updateValue(newValue!, forKey: look) == nil { memory.order.append(look) }
        if memory.order.count > Self.limit { memory.styles[memory.order.removeFirst()] = nil }
      }
    }
  }
}

/// All that decides what a network sees in the styles of a size.
struct StyleLook: Hashable {
  private struct Picture: Hashable {
    let sha256: String
    let share: Double
    let width: Int
    let height: Int
  }

  private let pictures: [Picture]
  private let layers: String
  private let statistic: String
  private let normalization: String
  private let pooling: String
  private let padding: String
  private let precision: String
  /// A texture measures its total variation by its style, others by their content.
  private let hasContent: Bool
  private let isTileable: Bool

  /// `nil` where there is no style, or not one that another painting could share: pictures that come from no file, and
  /// styles that are given a content's colours, or painted in parts of a content; or where the seed or the picture's size has a part in it.
  init?(_ prepared: PreparedRecipe, _ size: StageSize, _ network: VGG19) {
    let recipe = prepared.recipe
    guard let style = recipe.style, recipe.weights.style > 0, style.statistic.isMadeOfSums,
      style.neighbours == nil, recipe.texture?.spectrumWeight ?? 0 == 0,
      recipe.transfer?.colours == nil,
      !prepared.pictures.hasWeights
    else { return nil }
    let digests = style.pictures.compactMap(\.sha256)
    guard digests.count == style.pictures.count else { return nil }
    let sizes = prepared.pictures.styleSizes(ratio: size.ratio)
    pictures = digests.indices.map { index in
      Picture(
        sha256: digests[index], share: style.shares[index], width: sizes[index].width,
        height: sizes[index].height)
    }
    layers = style.layers.description
    statistic = style.statistic.rawValue
    normalization = recipe.normalization.rawValue
    pooling = network.pooling.rawValue
    padding = network.padding.rawValue
    precision = network.precision.rawValue
    hasContent = recipe.content != nil
    isTileable = recipe.isTileable
  }
}
