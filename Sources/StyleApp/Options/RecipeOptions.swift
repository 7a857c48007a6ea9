import ArgumentParser
import Foundation
import NN
import StyleTransfer

/// Flags that change a recipe.
protocol RecipeOptions {
  /// Puts those that were given among the changes.
  ///
  /// - Throws: `RecipeError` for a text that is no list of layers or scales.
  func add(to changes: inout RecipeChanges) throws
}

/// How a picture's content is compared.
struct ContentOptions: ParsableArguments, RecipeOptions {
  @Option(
    help: ArgumentHelp(
      "The picture whose content is kept.", valueName: "picture"))
  var content: String?

  @Option(help: ContentLayerOptions.help)
  var contentLayers: String?

  func add(to changes: inout RecipeChanges) throws {
    changes.content = content
    changes.contentLayers = try contentLayers.map(LayerList.init(parsing:))
  }
}

/// How contents are compared, of pictures that are named in another way.
struct ContentLayerOptions: ParsableArguments, RecipeOptions {
  static let help = ArgumentHelp(
    "Layers whose features are kept: names, 'all', ranges (conv_5...conv_8), with a weight each (conv_2:0.5); \(Preset.defaults(\.content?.layers)).",
    valueName: "layers")

  @Option(help: Self.help)
  var contentLayers: String?

  func add(to changes: inout RecipeChanges) throws {
    changes.contentLayers = try contentLayers.map(LayerList.init(parsing:))
  }
}

/// How a picture's style is compared.
struct StyleOptions: ParsableArguments, RecipeOptions {
  @Option(
    help: ArgumentHelp(
      "A picture whose style is taken; may be given several times.", valueName: "picture"))
  var style: [String] = []

  @Option(
    help: ArgumentHelp("How much each style counts, such as 3,7 (default: all alike).", valueName: "list"))
  var styleBlend: String?

  @Option(
    help: ArgumentHelp(
      "Size of the styles against the picture's: 2 gives strokes twice as large "
        + "(\(Preset.defaults(\.style?.scale))).", valueName: "s"))
  var styleScale: Double?

  @Option(
    help: ArgumentHelp(
      "Layers whose statistics are matched, written as --content-layers (\(Preset.defaults(\.style?.layers))).",
      valueName: "layers"))
  var styleLayers: String?

  @Option(
    help: ArgumentHelp(
      "The statistics: gram, wasserstein, covariance, moments, sliced or cross-layer, patches of features: correspondence, or nearest neighbours: neighbours (\(Preset.defaults(\.style?.statistic))).",
      valueName: "kind"))
  var styleLoss: Recipe.StyleLossName?

  @Option(
    help: ArgumentHelp(
      "From photograph (0) to painting (1) in the search for neighbours (default: \(Recipe.Neighbours().alpha)).",
      valueName: "a"))
  var alpha: Double?

  @Flag(
    inversion: .prefixedNo,
    help:
      "Look for neighbours in the styles turned by 90, 180 and 270 degrees as well (default: --no-style-rotations)."
  )
  var styleRotations: Bool?

  func add(to changes: inout RecipeChanges) throws {
    changes.styles = style.isEmpty ? nil : style
    changes.styleBlend = try blend()
    changes.styleScale = styleScale
    changes.styleLayers = try styleLayers.map(LayerList.init(parsing:))
    changes.styleLoss = styleLoss
    changes.alpha = alpha
    changes.styleRotations = styleRotations
  }

  private func blend() throws -> [Double]? {
    guard let styleBlend else { return nil }
    return try styleBlend.split(separator: ",", omittingEmptySubsequences: false).map { entry in
      guard let number = Double(entry.filter { $0 != " " }) else {
        throw RecipeError("--style-blend '\(styleBlend)': '\(entry)' is no number; write them as 3,7")
      }
      return number
    }
  }
}

/// How much of the photograph stays.
struct BalanceOptions: ParsableArguments, RecipeOptions {
  @Option(
    help: ArgumentHelp(
      "From photograph (0) to painting (1), in place of the weights.", valueName: "b"))
  var balance: Double?

  @Option(
    help: ArgumentHelp("Weight of the content loss (\(Preset.defaults(\.contentWeight))).", valueName: "w"))
  var contentWeight: Double?

  @Option(
    help: ArgumentHelp("Weight of the style loss (\(Preset.defaults(\.styleWeight))).", valueName: "w"))
  var styleWeight: Double?

  @Option(
    help: ArgumentHelp(
      "Keep the content's colours: luminance (paint lightness alone) or linear (recolour the style first).",
      valueName: "kind"))
  var keepColors: Recipe.ColourKeeping.Name?

  @Option(
    help: ArgumentHelp(
      "How much shapes and lines of the content are kept, such as faces and lettering: 0 to 1 (default: \(Preset.painterly.shapeKeeping); 0 of every preset but painterly).",
      valueName: "k"))
  var keepShapes: Double?

  @Option(
    help: ArgumentHelp(
      "How colours are matched for --keep-colors linear: cholesky, pca or symmetric (default: "
        + "\(ColorMatching.symmetric.rawValue)).", valueName: "kind"))
  var colorMatching: ColorMatching?

  func add(to changes: inout RecipeChanges) {
    changes.balance = balance
    changes.contentWeight = contentWeight
    changes.styleWeight = styleWeight
    changes.keepColors = keepColors
    changes.keepShapes = keepShapes
    changes.colorMatching = colorMatching
  }
}

/// Which parts of a picture are painted, and like which.
struct RegionOptions: ParsableArguments, RecipeOptions {
  @Option(
    help: ArgumentHelp(
      "Where the content may be repainted, a picture of its proportions: white or opaque; elsewhere it stays, and greys mix.",
      valueName: "picture"))
  var mask: String?

  @Option(
    help: ArgumentHelp(
      "Paint what one mask shows of the content like what another shows of the style; the second may be left out, and the first be 'rest'. One for each --style, or several for one; what none covers stays.",
      valueName: "content-mask:style-mask"))
  var region: [String] = []

  func add(to changes: inout RecipeChanges) {
    changes.mask = mask
    changes.regions = region.isEmpty ? nil : region
  }
}

/// What every recipe has besides.
struct CommonOptions: ParsableArguments, RecipeOptions {
  @Option(
    help: ArgumentHelp(
      "The longer side in pixels; 0 keeps the pictures' own (\(Preset.defaults(\.size))).",
      valueName: "pixels"))
  var size: Int?

  @Option(
    help: ArgumentHelp(
      "Weight of the total variation, which smooths (\(Preset.defaults(\.totalVariationWeight))).",
      valueName: "w"))
  var tvWeight: Double?

  @Option(
    help:
      "How losses are scaled: relative, mean, sum or study (\(Preset.defaults(\.normalization)))."
  )
  var normalization: LossNormalization?

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      "Where to start: content, colour (the content in the style's colours), noise or a picture "
        + "(\(Preset.defaults(\.start.name))).",
      valueName: "start"))
  var initial: String?

  @Option(
    help: ArgumentHelp(
      "Deviation of the noise around grey, for --init noise (default: \(Recipe.Defaults.noiseAmplitude)).",
      valueName: "a"))
  var noiseAmplitude: Double?

  @Option(
    help: ArgumentHelp(
      "Settings to begin from, as JSON with the flags' names as keys; flags override them.",
      valueName: "file.json"))
  var settings: String?

  func add(to changes: inout RecipeChanges) {
    changes.size = size
    changes.tvWeight = tvWeight
    changes.normalization = normalization
    changes.initial = initial
    changes.noiseAmplitude = noiseAmplitude
  }

  /// The changes of the settings file, if any, and of `options`, which override it.
  func changes(_ options: [any RecipeOptions]) throws -> [RecipeChanges] {
    var flags = RecipeChanges()
    for group in options + [self] { try group.add(to: &flags) }
    return try (settings.map { [try RecipeChanges(contentsOf: $0)] } ?? []) + [flags]
  }
}

/// How a picture is made better step by step.
struct OptimizationOptions: ParsableArguments, RecipeOptions {
  @Option(
    help: ArgumentHelp(
      "Iterations of the optimiser at each size (\(Preset.defaults(\.scales.iterations))).", valueName: "n"))
  var iterations: Int?

  @Flag(
    inversion: .prefixedNo,
    help: ArgumentHelp(
      "Begin small and grow by steps of √2, from \(ScaleList.firstSide) pixels (default: --pyramid)."))
  var pyramid: Bool?

  @Option(
    help: ArgumentHelp(
      "Every size, by its longer side, with its iterations, such as 128:40,181:20,256:28.",
      valueName: "list"))
  var scales: String?

  @Option(
    help:
      "The optimiser: lbfgs, adam, or pyramid, which is adam over a Laplacian pyramid (\(Preset.defaults(\.method.name)))."
  )
  var optimizer: Recipe.Method.Name?

  @Option(
    help: ArgumentHelp(
      "Adam's step size, in units of the pixel range 0…1 (default: \(Recipe.Defaults.learningRate); pyramid: \(Recipe.Defaults.pyramidLearningRate)).",
      valueName: "r"))
  var learningRate: Double?

  @Option(
    help: ArgumentHelp(
      "Steps that L-BFGS remembers (default: \(Recipe.Defaults.history), at sizes above \(Recipe.Defaults.printSide) pixels \(Recipe.Defaults.printHistory)).",
      valueName: "n")
  )
  var history: Int?

  @Flag(
    inversion: .prefixedNo,
    help: "Let L-BFGS move large areas before small ones (default: --frequency-filter).")
  var frequencyFilter: Bool?

  @Flag(
    inversion: .prefixedNo,
    help: "End a size when its objective has settled (default: --stop-when-settled).")
  var stopWhenSettled: Bool?

  @Option(
    help: ArgumentHelp(
      """
      How exactly the network computes: full, fast (in bfloat16, where the processor has it, in two thirds of the time) \
      or auto (so for the gradient alone: four fifths of it) (\(Preset.defaults(\.precision.rawValue))).
      """,
      valueName: "kind"))
  var precision: Recipe.Precision?

  @Option(
    help: ArgumentHelp("The seed of all randomness (\(Preset.defaults(\.seed))).", valueName: "n"))
  var seed: UInt64?

  func add(to changes: inout RecipeChanges) throws {
    changes.iterations = iterations
    changes.pyramid = pyramid
    changes.scales = try scales.map(ScaleList.init(parsing:))
    changes.optimizer = optimizer
    changes.learningRate = learningRate
    changes.history = history
    changes.frequencyFilter = frequencyFilter
    changes.stopWhenSettled = stopWhenSettled
    changes.precision = precision
    changes.seed = seed
  }
}

/// How the network looks at pictures.
struct NetworkOptions: ParsableArguments, RecipeOptions {
  @Option(
    help: ArgumentHelp(
      "How the network makes its pictures smaller: max or average (\(Preset.defaults(\.pooling))).",
      valueName: "kind"))
  var pooling: VGG19.Pooling?

  @Option(
    help: ArgumentHelp(
      "What the network sees beyond the border: \(VGG19.Padding.names) (\(Preset.defaults(\.padding))).",
      valueName: "kind"))
  var padding: VGG19.Padding?

  func add(to changes: inout RecipeChanges) {
    changes.pooling = pooling
    changes.padding = padding
  }
}

extension VGG19.Padding {
  static let names = allCases.map(\.rawValue).joined(separator: ", ")
}

extension VGG19.Pooling: ExpressibleByArgument {}
extension VGG19.Padding: ExpressibleByArgument {}
extension LossNormalization: ExpressibleByArgument {}
extension Recipe.StyleLossName: ExpressibleByArgument {}
extension ColorMatching: ExpressibleByArgument {}
extension Recipe.Method.Name: ExpressibleByArgument {}
extension Recipe.Precision: ExpressibleByArgument {}
extension Recipe.ColourKeeping.Name: ExpressibleByArgument {}
extension ByteCount: ExpressibleByArgument {
  public init?(argument: String) { self.init(parsing: argument) }
}
