import NN

/// What of a run decides its memory and its operations: the settings, and the sizes of the pictures.
struct RunShape: Sendable {
  struct Size: Equatable, Sendable {
    let width: Int
    let height: Int
    var pixels: Double { Double(width * height) }
  }

  let recipe: Recipe
  let picture: Size
  /// What is looked at as a style, one by one.
  let styles: [Size]
  /// Whether pixels are weighted in statistics, and the pixels of the masks as they are in their files.
  let hasWeights: Bool
  let maskPixels: Double
  /// The pixels of all pictures as they are in their files.
  let sourcePixels: Double
  let iterations: Int
  /// The longer side that the picture ends with.
  private let finalSide: Int

  /// The shape of one step of a run.
  init(_ prepared: PreparedRecipe, _ size: StageSize) {
    self.init(
      prepared, Size(width: size.width, height: size.height), ratio: size.ratio, iterations: size.iterations,
      finalSide: max(prepared.width, prepared.height))
  }

  private init(
    _ prepared: PreparedRecipe, _ picture: Size, ratio: Double, iterations: Int, finalSide: Int
  ) {
    self.finalSide = finalSide
    let pictures = prepared.pictures
    (recipe, self.picture, self.iterations) = (prepared.recipe, picture, iterations)
    (hasWeights, maskPixels) = (pictures.hasWeights, pictures.regions.pixels)
    styles = pictures.mannerSizes(ratio: ratio).map { Size(width: $0.width, height: $0.height) }
    sourcePixels = ([pictures.content, pictures.initial].compactMap { $0 } + pictures.styles)
      .reduce(0) { $0 + Double($1.width * $1.height) }
  }

  /// The shape of a run's last size if `--size` were `side`.
  ///
  /// A texture whose width or height is fixed is made smaller with it.
  static func sized(_ side: Int, _ prepared: PreparedRecipe, iterations: Int) -> RunShape {
    let whole = max(prepared.width, prepared.height)
    let source = prepared.pictures.content ?? prepared.pictures.styles[0]
    let isFree = prepared.recipe.texture?.width == nil && prepared.recipe.texture?.height == nil
    let scaled =
      isFree
      ? source.sizeWhen(longestSide: side)
      : Picture.size(prepared.width, prepared.height, scaledBy: Double(side) / Double(whole))
    let rounded = Picture.size(
      scaled.width, scaled.height, scaledBy: 1, multiple: prepared.recipe.sideMultiple)
    return RunShape(
      prepared, Size(width: rounded.width, height: rounded.height), ratio: Double(side) / Double(whole),
      iterations: iterations, finalSide: max(rounded.width, rounded.height))
  }

  /// The steps that L-BFGS remembers where `asked` are asked for.
  func history(_ asked: Int?) -> Int {
    Recipe.Defaults.history(asked, side: max(picture.width, picture.height), finalSide: finalSide)
  }

  /// About the bytes of a file with the picture.
  var fileBytes: Double { recipe.fileBytes(pixels: picture.pixels) }

  /// Whether a pass can be made by strips of rows: not where a statistic looks at all pixels of a layer at once.
  var allowsStrips: Bool {
    styleLayers.isEmpty || recipe.style?.statistic.isMadeOfSums ?? true && !recipe.findsNeighbours
  }

  /// Whether the pixels of the style's layers are sorted.
  var sorts: Bool { !styleLayers.isEmpty && recipe.style?.statistic == .sliced }

  /// Whether patches of the style's layers are looked for.
  var findsPatches: Bool { !styleLayers.isEmpty && recipe.style?.statistic == .correspondence }

  /// A covariance whose root is worked out: its rows, and the directions of the style's that count.
  struct Root {
    let channels: Double
    let rank: Double
  }

  /// The roots of an evaluation, one for each layer and style.
  var roots: [Root] {
    guard recipe.style?.statistic == .wasserstein || findsPatches else { return [] }
    return styles.flatMap { style in
      steps(style).outputs(of: styleLayers).map { layer in
        let channels = Double(layer.channels)
        // Means are taken out of the pixels.
        let rank = max(1, min(channels, layer.pixels - 1))
        return Root(channels: channels, rank: recipe.normalization == .relative ? rank : channels)
      }
    }
  }

  /// The layers at which the losses look, and that have a weight.
  var contentLayers: [VGG19.Layer] {
    recipe.weights.content > 0 ? Self.weighted(recipe.content?.layers) : []
  }
  var styleLayers: [VGG19.Layer] {
    recipe.weights.style > 0 ? Self.weighted(recipe.style?.layers) : []
  }

  private static func weighted(_ list: LayerList?) -> [VGG19.Layer] {
    list?.layers.filter { $0.weight > 0 }.map(\.layer) ?? []
  }

  /// The pass through the network that an evaluation makes, to the deepest layer that a loss needs.
  var program: [VGG19.Step] {
    VGG19.program(
      for: Set(contentLayers + styleLayers), pooling: recipe.pooling, padding: recipe.padding)
  }

  /// The steps of ``program`` for a picture of `size`.
  func steps(_ size: Size) -> [VGG19.SizedStep] {
    VGG19.sized(program, width: size.width, height: size.height)
  }
}

extension [VGG19.SizedStep] {
  /// The sizes of the outputs of `layers`, in the order of computation.
  func outputs(of layers: [VGG19.Layer]) -> [VGG19.Extent] {
    compactMap { sized in
      guard case .keep(let layer) = sized.step, layers.contains(layer) else { return nil }
      return sized.output
    }
  }

  /// The floating-point operations of one pass.
  var operations: Double { reduce(0) { $0 + $1.operations } }
}

extension Recipe {
  /// About the bytes of a file with a picture of so many pixels: paintings lose a fifth when they are packed.
  package func fileBytes(pixels: Double) -> Double { 2.4 * pixels * Double(bitDepth?.rawValue ?? 8) / 8 }
}
