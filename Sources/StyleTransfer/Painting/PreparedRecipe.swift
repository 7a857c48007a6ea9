import Foundation
import NN

/// A recipe whose pictures have been read and whose sizes are known: all that can fail before the work has not.
public struct PreparedRecipe: Sendable {
  /// The recipe, with every size in a list, the history as a number, and its pictures in memory.
  public let recipe: Recipe
  /// The width of the finished picture in pixels; that of a tile is rounded up to what the poolings need.
  public let width: Int
  /// The height of the finished picture in pixels; that of a tile is rounded up as the width is.
  public let height: Int
  /// The sizes that the picture grows through, from the smallest.
  public let stages: [StageSize]
  package let pictures: RecipePictures
  /// How the user said how large the picture is.
  package let sizeOption: String

  /// Reads the pictures of a recipe and finds its sizes.
  ///
  /// - Throws: ``RecipeError`` for a value out of range, ``PictureError`` for a picture that cannot be read,
  ///   ``StyleTransferError`` for one that is too small for the layers, or another than the recipe was made with.
  public init(_ recipe: Recipe) throws { try self.init(recipe, reading: .init()) }

  /// The same with pictures as large as `limits` allow; their side is that of the recipe.
  package init(_ recipe: Recipe, reading limits: ReadingLimits) throws {
    try recipe.check()
    var recipe = recipe
    pictures = try RecipePictures(reading: &recipe, limits)
    try pictures.checkProfile()
    if let style = recipe.style, let reason = style.statistic.reasonForWholeLayers,
      pictures.hasWeights || pictures.styles.contains(where: { $0.alpha != nil })
    {
      throw StyleTransferError(
        .badData,
        "--style-loss \(style.statistic.rawValue) \(reason) and knows no --mask, no --region and no "
          + "transparent pixels; choose another --style-loss, such as wasserstein, or give opaque pictures without masks"
      )
    }
    let asked = pictures.size
    (width, height) = Picture.size(asked.width, asked.height, scaledBy: 1, multiple: recipe.sideMultiple)
    if case .list = recipe.scales { sizeOption = "size in --scales" } else { sizeOption = "--size" }
    let scales = try Self.scales(recipe, pictures)
    stages = StageSize.all(
      scales, width: asked.width, height: asked.height, multiple: recipe.sideMultiple)
    recipe.scales = .list(scales)
    if case .lbfgs(nil, let usesFilter) = recipe.method {
      recipe.method = .lbfgs(
        history: Recipe.Defaults.history(side: max(width, height)), frequencyFilter: usesFilter)
    }
    self.recipe = recipe
  }

  /// What a user should know of the size, where it is not the one that was asked for.
  package var sizeNote: String? {
    let (asked, multiple) = (pictures.size, recipe.sideMultiple)
    guard (asked.width, asked.height) != (width, height) else { return nil }
    return
      "the tile has \(width)×\(height) pixels in place of \(asked.width)×\(asked.height): its edges meet in all "
      + "layers where both sides are multiples of \(multiple)"
  }

  /// What would keep together a texture of parts that repeat, as a user should know who goes by statistics alone: those take
  /// bricks and tiles apart.
  package var repetitionNote: String? {
    guard let texture = recipe.texture, texture.spectrumWeight == 0, texture.style.statistic.isMadeOfSums,
      let source = pictures.styles.first, pictures.styles.count == 1, source.alpha == nil
    else { return nil }
    let isLarge = max(source.width, source.height) > Self.repetitionSide
    let repetition = TextureComparison.repetition(
      of: isLarge ? source.resized(longestSide: Self.repetitionSide) : source)
    guard repetition >= Self.strongRepetition else { return nil }
    return
      "The source repeats itself (\(String(format: "%.2f", repetition)) of 1): --spectrum-weight 1 keeps its rows and courses."
  }

  /// At which longer side it is found out how strongly a source repeats itself.
  private static let repetitionSide = 256
  /// How strongly bricks, tiles and weaves repeat themselves at least; paintings, leaves and handwriting do less.
  private static let strongRepetition = 0.2

  /// The styles that are looked at several times as large as they are, as it is said to a user: that takes time, and shows
  /// nothing that is not there.
  package var enlargementNotes: [String] {
    zip(pictures.styles, pictures.styleSizes(ratio: 1)).enumerated().compactMap { index, sizes in
      let ((own, seen), name) = (sizes, recipe.style?.pictures[index].name ?? "the style")
      guard max(seen.width, seen.height) > 3 * max(own.width, own.height) else { return nil }
      return
        "warning: '\(name)' has \(own.width)×\(own.height) pixels and is enlarged to \(seen.width)×\(seen.height), "
        + "which takes time and adds nothing; use a larger picture or a smaller --style-scale"
    }
  }

  /// The iterations of all sizes together.
  public var iterations: Int { stages.reduce(0) { $0 + $1.iterations } }

  /// The sizes that the picture grows through, as they would be typed.
  package var scales: ScaleList { ScaleList(stages.map { .init(side: $0.side, iterations: $0.iterations) }) }

  /// The sizes, all of them large enough for the layers.
  private static func scales(_ recipe: Recipe, _ pictures: RecipePictures) throws -> ScaleList {
    let (layers, (width, height)) = (recipe.layers, pictures.size)
    let side = max(width, height)
    try pictures.checkLargeEnough(
      for: layers, at: StageSize(side: side, width: width, height: height, ratio: 1, iterations: 1))
    let scales = recipe.scales.list(side: side, isTransfer: recipe.kind == .transfer)
    let sizes = StageSize.all(scales, width: width, height: height, multiple: recipe.sideMultiple)
    if case .list = recipe.scales {
      for size in sizes { try pictures.checkLargeEnough(for: layers, at: size) }
      return scales
    }
    // What a pyramid begins with may be too small for a narrow picture.
    let seen = zip(scales.scales, sizes).filter { scale, size in
      scale.side == side || (try? pictures.checkLargeEnough(for: layers, at: size)) != nil
    }.map(\.0)
    // The first size has something to paint, however large it is.
    let iterations = recipe.scales.iterations ?? 1
    return ScaleList([.init(side: seen[0].side, iterations: iterations)] + seen.dropFirst())
  }

  /// Whether a size only makes finer what a smaller one has painted: it starts from that as it is.
  func finishes(_ size: StageSize) -> Bool { recipe.kind == .transfer && scales.finishes(size.side) }

  /// Whether the sizes after that one only make its picture finer, in fewer iterations, and leave its look as it is.
  func keepsLook(ofStage index: Int) -> Bool {
    let larger = stages[(index + 1)...]
    return !finishes(stages[index]) && !larger.isEmpty
      && larger.allSatisfy { finishes($0) && $0.iterations < stages[index].iterations }
  }

  /// The recipe as the finished picture keeps it.
  ///
  /// - Parameters:
  ///   - weightsSHA256: The digest of the weights that were used.
  ///   - stoppedAt: The iteration that the picture comes from, where the painting was ended before its time.
  package func recorded(weightsSHA256: String, stoppedAt: Int? = nil) -> Recipe {
    var recorded = recipe.withoutFolders
    recorded.weightsSHA256 = weightsSHA256
    recorded.precision = recipe.precision.used
    recorded.stoppedAtIteration = stoppedAt
    return recorded
  }

  /// Whether the picture in the file at `path` is the whole painting after the recipe, by the settings in it: those of
  /// the recipe, with the digests of its pictures and of the weights.
  ///
  /// - Parameter mayEndEarly: Whether the painting is whole when it is good enough, after however many iterations.
  package func isPainted(at path: String, weightsSHA256: String, mayEndEarly: Bool = false) -> Bool {
    guard FileManager.default.isRegularFile(path), let json = try? Picture.settings(ofFileAt: path),
      var found = try? JSONDecoder().decode(Recipe.self, from: Data(json.utf8))
    else { return false }
    if mayEndEarly { found.stoppedAtIteration = nil }
    return found.withoutFolders == recorded(weightsSHA256: weightsSHA256)
  }
}
