import NN
import Tensor

/// What a size of a painting aims at, and where it starts.
struct StageTargets: Sendable {
  private let recipe: Recipe
  private let size: StageSize
  /// The longer side that the picture ends with.
  private let finalSide: Int
  private(set) var objective: StyleTransferObjective
  /// Whether the picture has no colours, see ``RecipePictures/isGrey``.
  private let isGrey: Bool
  /// What the size would start from if it were the first; `nil` from noise, and where nobody asks any more.
  private(set) var start: Tensor<Float>?
  /// What of the picture stays as it is, at this size: what the recipe keeps, and what was kept while it was painted.
  private(set) var kept: [KeptPart]

  /// The pictures, until neighbours have been found in them.
  private var unsearched: RecipePictures.Scaled?
  /// What the neighbours were found of, from which they are found again.
  private(set) var origin: Tensor<Float>?

  /// - Parameters:
  ///   - strips: How the network is run.
  ///   - known: Where styles that other paintings have looked at are kept.
  ///   - isFirst: Whether there is no picture of a smaller size to start from.
  init(
    _ prepared: PreparedRecipe, _ size: StageSize, network: VGG19, strips: VGG19.Strips = .none,
    known: KnownStyles? = nil, isFirst: Bool = false
  ) throws {
    (recipe, self.size) = (prepared.recipe, size)
    finalSide = max(prepared.width, prepared.height)
    isGrey = prepared.pictures.isGrey
    let look = known.flatMap { _ in StyleLook(prepared, size, network) }
    let style = look.flatMap { known?[$0] }
    let pictures = prepared.pictures.scaled(
      to: size, styles: style?.pictures, needsStart: isFirst || !prepared.finishes(size))
    if let style {
      objective = try Self.balanced(
        prepared.recipe,
        style.objective.keepingStyles(
          content: pictures.content, contentLayers: recipe.content?.layers.layers ?? [],
          weights: Self.weights(recipe), normalization: recipe.normalization, seed: recipe.seed,
          strips: strips))
    } else {
      objective = try Self.objective(prepared.recipe, pictures, size, network, strips)
      if let look { known?[look] = KnownStyles.Style(pictures: pictures.styles, objective: objective) }
    }
    // Of what was just looked at.
    if !strips.keepsFilters { network.releaseFilters() }
    start = pictures.start
    kept = [pictures.kept].compactMap { $0 }
    turn(to: 0)
    if recipe.findsNeighbours { unsearched = pictures }
    try checkFeatures()
  }

  /// Whether the objective looks at the style along directions, or at places, that turn.
  var hasTurns: Bool { recipe.style.map { $0.statistic.hasTurns && recipe.weights.style > 0 } ?? false }

  /// How many iterations the directions are held: L-BFGS works on one function, and its pairs take ten iterations to come.
  private static let iterationsOfTurn = 20

  /// The turn in which the iteration after `number` is made.
  static func turn(after number: Int) -> Int { number / iterationsOfTurn }

  /// Looks at the style as a turn does.
  mutating func turn(to turn: Int) {
    if hasTurns { objective = objective.turned(to: turn, seed: recipe.seed) }
  }

  /// Keeps one more part of the picture as it is.
  mutating func keep(_ part: KeptPart?) { kept += [part].compactMap { $0 } }

  /// A picture with what is kept in its place.
  func shown(_ painted: Tensor<Float>) -> Tensor<Float> { kept.reduce(painted) { $1.over($0) } }

  /// The gradient to what is painted, from that to what is shown.
  func pulledBack(_ gradient: Tensor<Float>) -> Tensor<Float> { kept.reduce(gradient) { $1.gradient($0) } }

  /// Refuses a network that sees nothing: no loss would change with the picture.
  private func checkFeatures() throws(StyleTransferError) {
    // The sizes of covariances are 0 for a plain picture as well.
    guard recipe.style.map({ $0.statistic == .gram && $0.neighbours == nil }) ?? true else { return }
    let (scale, weights) = (objective.relativeScale, objective.weights)
    guard weights.content > 0 || weights.style > 0, scale.content + scale.style == 0 else { return }
    throw StyleTransferError(
      .badData,
      "the network sees nothing in the pictures, all its features are 0: the weights '\(objective.network.weights.path)' "
        + "are damaged, or the layers too deep for pictures so plain")
  }

  private static func objective(
    _ recipe: Recipe, _ pictures: RecipePictures.Scaled, _ size: StageSize, _ network: VGG19,
    _ strips: VGG19.Strips
  ) throws -> StyleTransferObjective {
    try balanced(
      recipe,
      StyleTransferObjective(
        network: network, content: pictures.content, styles: pictures.manners,
        contentLayers: recipe.content?.layers.layers ?? [], styleLayers: recipe.style?.layers.layers ?? [],
        weights: weights(recipe, withoutStyle: recipe.findsNeighbours),
        statistic: recipe.style?.statistic ?? .gram,
        normalization: recipe.normalization, isPeriodic: recipe.isTileable, opacity: pictures.opacity,
        seed: recipe.seed, size: (size.height, size.width), strips: strips))
  }

  private static func weights(
    _ recipe: Recipe, withoutStyle: Bool = false
  ) -> StyleTransferObjective.Weights {
    var weights = recipe.weights
    if withoutStyle { weights.style = 0 }
    let shapes = recipe.transfer?.shapeKeeping ?? 0
    return .init(
      content: weights.content, style: weights.style, totalVariation: recipe.totalVariationWeight,
      selfSimilarity: shapes, laplacian: shapes, spectrum: recipe.texture?.spectrumWeight ?? 0)
  }

  /// How strongly shapes and lines are kept at most, beside the content at its own size.
  private static let (shapeStrength, lineStrength) = (16.0, 1.0)

  /// The objective with the weights that the recipe's balance stands for, where it has one.
  private static func balanced(_ recipe: Recipe, _ objective: StyleTransferObjective)
    -> StyleTransferObjective
  {
    var objective = objective
    if case .balance(let balance) = recipe.transfer?.weighing, 0 < balance, balance < 1,
      objective.weights.style > 0
    {
      objective.weights.style = objective.styleWeight(balance: balance)
    }
    if let shapes = recipe.transfer?.shapeKeeping, shapes > 0 {
      let content = objective.weights.content * objective.relativeScale.content
      objective.weights.selfSimilarity = shapes * shapeStrength * content
      objective.weights.laplacian = shapes * lineStrength * content
    }
    return objective
  }

  /// How much of the detail that a smaller size could not show is put back into the picture as it grows; a size that only
  /// finishes has no start to take it from.
  private static let detail: Float = 0.7

  /// The picture that the size starts from.
  ///
  /// - Parameter smaller: The picture that the size before ended with, and what it had started from.
  func startingPicture(after smaller: (picture: Tensor<Float>, start: Tensor<Float>?)? = nil) -> Tensor<Float>
  {
    guard let smaller else {
      return start ?? Self.noise(recipe, width: size.width, height: size.height, isGrey: isGrey)
    }
    let grown = resized(
      smaller.picture, width: size.width, height: size.height, isPeriodic: recipe.isTileable)
    guard let start, let smallerStart = smaller.start else { return grown.clamped(to: 0...1) }
    let missing =
      start - resized(smallerStart, width: size.width, height: size.height, isPeriodic: recipe.isTileable)
    return (grown + missing * Tensor(Self.detail)).clamped(to: 0...1)
  }

  /// Lets go of what the size would start from, a whole picture, where no larger one will ask.
  mutating func forgetStart() { start = nil }

  /// Finds the neighbours that the picture is to be painted like, where the recipe wants neighbours.
  ///
  /// - Parameter picture: What the size starts from.
  mutating func findNeighbours(of picture: Tensor<Float>) throws {
    guard let pictures = unsearched, let content = pictures.content, let style = recipe.style,
      let neighbours = style.neighbours
    else { return }
    (unsearched, origin) = (nil, picture)
    let found = try objective.findingNeighbours(
      of: content, painted: picture, alpha: neighbours.alpha, in: pictures.manners, search(style, neighbours),
      opacity: pictures.opacity, weight: recipe.weights.style)
    objective = Self.balanced(recipe, found)
    // What was searched in would lie idle beside what follows.
    TensorMemory.drain()
  }

  /// Lets neighbours be found anew at each look from now on.
  mutating func findFreshNeighbours() throws {
    guard let pictures = unsearched, let style = recipe.style, let neighbours = style.neighbours else {
      return
    }
    unsearched = nil
    let found = try objective.findingFreshNeighbours(
      size: (size.height, size.width), in: pictures.manners, search(style, neighbours),
      opacity: pictures.opacity, weight: recipe.weights.style)
    objective = Self.balanced(recipe, found)
  }

  private func search(
    _ style: Recipe.Style, _ neighbours: Recipe.Neighbours
  ) -> StyleTransferObjective.NeighbourSearch {
    .init(
      layers: style.layers.layers, turnsStyles: neighbours.turnsStyles, coherence: Self.coherence,
      seed: recipe.seed)
  }

  /// How much less similar a neighbour may be that continues another one; more of it paints patches of the style across
  /// edges.
  private static let coherence: Float = 0.3

  /// The objective of a picture, its gradient and its terms. The gradient of a picture without colours leads to no others:
  /// the network itself prefers some.
  ///
  /// - Parameter iteration: Which places look for fresh neighbours. L-BFGS learns of one function, and keeps the first.
  func valueWithGradient(
    at picture: Tensor<Float>, iteration: Int = 0
  ) throws(VGG19.ImageTooSmall) -> (gradient: Tensor<Float>, terms: StyleTransferObjective.Terms) {
    var objective = objective
    if recipe.method.name != .lbfgs { objective.iteration = iteration }
    let (_, gradient, terms) = try objective.valueWithGradient(at: picture)
    return (isGrey ? gradient.withoutColour : gradient, terms)
  }

  /// The noise that a painting starts from.
  static func noise(_ recipe: Recipe, width: Int, height: Int, isGrey: Bool = false) -> Tensor<Float> {
    var amplitude = Recipe.Defaults.noiseAmplitude
    if case .noise(let own) = recipe.start { amplitude = own }
    var generator = RandomGenerator(seed: recipe.seed)
    return Tensor.normal(
      [1, isGrey ? 1 : 3, height, width], mean: 0.5, standardDeviation: Float(amplitude), using: &generator
    ).clamped(to: 0...1).broadcast(to: [1, 3, height, width])
  }

  /// The optimiser, which keeps pixels in 0…1. It begins anew at each size: what it learned of the curvature
  /// belongs to pixels that are no more.
  func optimizer() -> any Optimizer<Float> {
    func steps(_ asked: Int?) -> Int {
      Recipe.Defaults.history(asked, side: max(size.width, size.height), finalSide: finalSide)
    }
    switch recipe.method {
    case .adam(let learningRate):
      return Adam(learningRate: learningRate, bounds: 0...1)
    case .pyramid(let learningRate):
      return PyramidAdam(learningRate: learningRate, bounds: 0...1, isPeriodic: recipe.isTileable)
    case .lbfgs(let history, frequencyFilter: false):
      return LBFGS(historySize: steps(history), bounds: 0...1)
    case .lbfgs(let history, frequencyFilter: true):
      let filter = InverseFrequencyFilter<Float>(
        height: size.height, width: size.width,
        boundary: recipe.isTileable ? .periodic : .mirrored)
      return LBFGS(historySize: steps(history), bounds: 0...1, initialInverseHessian: { filter($0) })
    }
  }
}

extension Recipe {
  /// The noise that a painting of this size starts from, where its start is noise.
  package func noise(width: Int, height: Int) -> Picture {
    Picture(StageTargets.noise(self, width: width, height: height))
  }
}
