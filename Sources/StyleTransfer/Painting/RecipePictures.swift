import NN
import Tensor

/// The pictures that a recipe uses, as they are in their files.
package struct RecipePictures: Sendable {
  package let content: Picture?
  /// Without what is clear at their edges, which is no part of a manner.
  package let styles: [Picture]
  /// Where the start is a picture of its own.
  package let initial: Picture?
  /// Whether the result has no colours, since no picture that gives it some has any: those are the styles and a start of its own,
  /// and the content where the picture does not begin in the styles' colours or keeps its own.
  let isGrey: Bool
  let regions: RegionPictures
  private let recipe: Recipe

  /// Reads the pictures, and notes in `recipe` what they are.
  ///
  /// - Throws: ``PictureError``; ``StyleTransferError`` when the recipe knows a picture that is no longer the same.
  init(reading recipe: inout Recipe, _ limits: ReadingLimits) throws {
    var limits = limits
    limits.longestSide = recipe.neededSide
    content = try recipe.content?.picture.read(limits)
    let read = try recipe.style?.pictures.map { try $0.read(limits) } ?? []
    regions = try RegionPictures(reading: &recipe, content: content, styles: read, limits)
    // The parts of a style are where its file has them.
    let hasSources = regions.parts.contains { $0.source != nil }
    styles = hasSources ? read : read.map(\.withoutClearEdges)
    if case .picture(let source) = recipe.start { initial = try source.read(limits) } else { initial = nil }
    if let content { recipe.content?.picture = .picture(content) }
    if recipe.style != nil { recipe.style?.pictures = read.map { .picture($0) } }
    if let initial { recipe.start = .picture(.picture(initial)) }
    self.recipe = recipe
    isGrey = Self.areGrey(content, styles, initial, recipe)
    for (style, source) in zip(styles, recipe.style?.pictures ?? []) where style.isClear {
      throw StyleTransferError(
        .badData,
        "'\(source.name)' is clear everywhere, so that it has no style; use a picture that can be seen")
    }
    if let content, content.isClear, let source = recipe.content?.picture {
      throw StyleTransferError(
        .badData,
        "'\(source.name)' is clear everywhere, so that there is nothing to be painted; use a picture that can be seen"
      )
    }
  }

  private static func areGrey(
    _ content: Picture?, _ styles: [Picture], _ initial: Picture?, _ recipe: Recipe
  ) -> Bool {
    guard initial?.isGrey ?? true else { return false }
    let isContentGrey = content?.isGrey ?? true
    switch recipe.transfer?.colours {
    // The content's colours are kept.
    case .linear: return isContentGrey
    // Only lightness is taken from the painting anyhow.
    case .luminance: return false
    case nil:
      let counted = zip(styles, recipe.style?.shares ?? []).filter { $1 > 0 }
      // What begins in the colours of styles that have none would get a tint back from the content alone.
      let beginsWithout = recipe.start == .colour && recipe.weights.style > 0 && !counted.isEmpty
      return counted.allSatisfy(\.0.isGrey) && (isContentGrey || beginsWithout)
    }
  }

  /// The size of the finished picture.
  package var size: (width: Int, height: Int) {
    if let content {
      let picture = content.sizeWhen(longestSide: recipe.size)
      return (picture.width, picture.height)
    }
    let source = styles[0].sizeWhen(longestSide: recipe.size)
    switch (recipe.texture?.width, recipe.texture?.height) {
    case (nil, nil): return source
    case (let width?, nil): return (width, max(1, source.height * width / source.width))
    case (nil, let height?): return (max(1, source.width * height / source.height), height)
    case (let width?, let height?): return (width, height)
    }
  }
}

// MARK: - At a size

extension RecipePictures {
  /// Everything as it is looked at when the picture has a size. What is clear in a picture counts in no statistic, and the
  /// colours that a file hides there are never looked at.
  struct Scaled: Sendable {
    let content: Tensor<Float>?
    /// Those that count.
    let styles: [Manner]
    /// How much each pixel counts, [1, 1, H, W]: what can be seen and is painted. `nil` where all do.
    let opacity: Tensor<Float>?
    /// What stays as it is; `nil` for nothing.
    let kept: KeptPart?
    /// What the picture starts as; `nil` from noise.
    let start: Tensor<Float>?

    /// The styles as an objective takes them.
    var manners: [StyleTransferObjective.Style] {
      styles.map {
        .init($0.image, opacity: $0.opacity, weight: $0.share, region: $0.region, place: $0.place)
      }
    }
  }

  /// A picture with how opaque its pixels are, `nil` where all of them are.
  struct Manner: Sendable {
    var image: Tensor<Float>
    var opacity: Tensor<Float>?
    /// How much it counts among the styles.
    var share = 1.0
    /// The part of it that is looked at, and the part of the picture that is painted like it; `nil` for all.
    var region: Tensor<Float>?
    var place: Tensor<Float>?

    init(_ picture: Picture) { (image, opacity) = (picture.visibleTensor, picture.opacity) }

    /// How much each pixel counts; `nil` for all alike.
    private var weights: Tensor<Float>? { times(opacity, region) }
    var colours: ColorStatistics { ColorStatistics(of: image, opacity: weights) }
    var luminances: LuminanceStatistics { LuminanceStatistics(of: image, opacity: weights) }

    /// The picture with a part of it alone.
    func part(_ place: Tensor<Float>?) -> Manner {
      var part = self
      part.region = place
      return part
    }
  }

  /// - Parameters:
  ///   - known: The styles at this size, where that is known already and they keep their colours.
  ///   - needsStart: Whether what the picture would start as is asked for.
  func scaled(to size: StageSize, styles known: [Manner]? = nil, needsStart: Bool = true) -> Scaled {
    var content = content.map { Manner($0.resized(width: size.width, height: size.height)) }
    let painted = regions.painted(width: size.width, height: size.height)
    let opacity = times(content?.opacity, painted)
    content?.opacity = opacity
    var styles = known ?? manners(at: size)
    if let reference = content {
      switch recipe.transfer?.colours {
      case .linear(let method):
        for index in styles.indices {
          let wanted = reference.part(styles[index].place).colours
          styles[index].image = styles[index].image
            .matchingColors(from: styles[index].colours, to: wanted, method: method).clamped(to: 0...1)
        }
      case .luminance:
        for index in styles.indices {
          let wanted = reference.part(styles[index].place).luminances
          styles[index].image = styles[index].image
            .matchingLuminance(from: styles[index].luminances, to: wanted).clamped(to: 0...1)
        }
        let wanted = reference.luminances
        content?.image = reference.image.matchingLuminance(from: wanted, to: wanted).clamped(to: 0...1)
      case nil: break
      }
    }
    return Scaled(
      content: content?.image, styles: styles, opacity: opacity,
      kept: painted.flatMap { painted in content.map { KeptPart(painted: painted, over: $0.image) } },
      start: needsStart ? start(content, styles, size) : nil)
  }

  /// The styles that count, or their parts, at a size.
  private func manners(at size: StageSize) -> [Manner] {
    func manner(_ style: Picture) -> Manner {
      let (width, height) = styleSize(of: style, ratio: size.ratio)
      return Manner(style.resized(width: width, height: height))
    }
    if regions.parts.isEmpty {
      return zip(styles, recipe.style?.shares ?? []).filter { $1 > 0 }.map { style, share in
        var own = manner(style)
        own.share = share
        return own
      }
    }
    let places = regions.places(width: size.width, height: size.height)
    let scaled = styles.map(manner)
    return zip(regions.parts, places).filter { $0.0.share > 0 }.map { part, place in
      var own = scaled[part.style]
      let (height, width) = (own.image.shape[2], own.image.shape[3])
      own.region = part.source.map { resizedMap($0, width: width, height: height) }
      (own.share, own.place) = (part.share, place)
      return own
    }
  }

  private func start(_ content: Manner?, _ styles: [Manner], _ size: StageSize) -> Tensor<Float>? {
    let start: Tensor<Float>?
    switch recipe.start {
    case .noise: return nil
    case .content: start = content?.image
    case .colour:
      guard let content else { return nil }
      // Of several styles each gives its share of the colours, or gives them to its part.
      let sum = styles.reduce(0) { $0 + $1.share }
      let claims = regions.parts.isEmpty ? nil : styles.compactMap(\.place).reduce(Tensor(0)) { $0 + $1 }
      var mixed = Tensor<Float>.zeros(content.image.shape)
      for style in styles {
        let matched = content.image.matchingColors(
          from: content.part(style.place).colours, to: style.colours)
        if let claims, let place = style.place {
          mixed = mixed + matched * (place / claims.clamped(to: 1 ... .infinity))
        } else {
          mixed = mixed + matched * Tensor(Float(style.share / sum))
        }
      }
      if let claims { mixed = mixed + content.image * (1 - claims).clamped(to: 0...1) }
      start = mixed
    case .picture:
      let whole =
        initial?.resized(width: size.width, height: size.height, isPeriodic: recipe.isTileable).visibleTensor
      // A step between edges that is there at the beginning is there at the end.
      start =
        recipe.isTileable
        ? whole.map(PeriodicPart(height: size.height, width: size.width).callAsFunction) : whole
    }
    return start.map { isGrey ? $0.withoutColour : $0 }?.clamped(to: 0...1)
  }

  private func styleSize(of style: Picture, ratio: Double) -> (width: Int, height: Int) {
    let longest = Double(recipe.size == 0 ? max(style.width, style.height) : recipe.size)
    let side = longest * (recipe.style?.scale ?? 1) * ratio
    return style.sizeWhen(longestSide: max(1, Int(side.rounded())))
  }

  /// The sizes at which the styles are looked at when the picture has the part `ratio` of its finished size.
  package func styleSizes(ratio: Double) -> [(width: Int, height: Int)] {
    styles.map { styleSize(of: $0, ratio: ratio) }
  }

  /// The sizes of what is looked at as styles: of the styles, or of the regions' one by one.
  func mannerSizes(ratio: Double) -> [(width: Int, height: Int)] {
    let sizes = styleSizes(ratio: ratio)
    return regions.parts.isEmpty ? sizes : regions.parts.map { sizes[$0.style] }
  }

  /// Whether pixels are weighted in the statistics.
  var hasWeights: Bool { regions.mask != nil || !regions.parts.isEmpty || content?.alpha != nil }

  /// Refuses pictures that are too small for the layers to see at a size.
  ///
  /// - Throws: ``StyleTransferError`` that names the smallest size that works.
  func checkLargeEnough(for layers: [VGG19.Layer], at size: StageSize) throws {
    func check(
      _ name: String, _ own: (width: Int, height: Int), _ seen: (width: Int, height: Int),
      is verb: String = "is",
      remedy: String = Picture.largerSize
    ) throws {
      try Picture.checkSize(own, for: layers, name, is: verb, remedy: Picture.largerPicture)
      try Picture.checkSize(seen, for: layers, name, is: "becomes", remedy: remedy)
    }
    if let content, let source = recipe.content?.picture {
      try check(source.name, (content.width, content.height), (size.width, size.height))
    } else {
      try check("the texture", (size.width, size.height), (size.width, size.height))
    }
    for (style, source) in zip(styles, recipe.style?.pictures ?? []) {
      var isCut = false
      if case .picture(let whole) = source {
        isCut = (whole.width, whole.height) != (style.width, style.height)
      }
      try check(
        source.name, (style.width, style.height), styleSize(of: style, ratio: size.ratio),
        is: isCut ? "can be seen in no more than" : "is",
        remedy: recipe.style?.scale ?? 1 < 1
          ? "use a larger --style-scale or --size, or earlier layers" : Picture.largerSize)
    }
  }
}

/// The product of two maps; a missing one is 1 everywhere.
private func times(_ a: Tensor<Float>?, _ b: Tensor<Float>?) -> Tensor<Float>? {
  guard let a, let b else { return a ?? b }
  return a * b
}

extension Tensor<Float> {
  /// Pictures, or their gradients, [N, 3, H, W], with the mean of the channels in each: the nearest that have no colour.
  var withoutColour: Tensor { mean(axes: [1], keepingDimensions: true).broadcast(to: shape) }
}

// MARK: - Colours of the file

extension RecipePictures {
  /// The colours that the finished picture is written in; `nil` for sRGB.
  var keptColours: PictureColours? { recipe.keepsProfile ? content?.colours : nil }

  /// Refuses to keep colours that no picture of red, green and blue has.
  ///
  /// - Throws: ``StyleTransferError``.
  func checkProfile() throws {
    guard let colours = keptColours, try ColourConversion.fromSRGB(colours) == nil else { return }
    let name = recipe.content?.picture.name ?? "the content"
    throw StyleTransferError(
      .badData,
      "--keep-profile: the profile of '\(name)' is none that colours can be put back into, such as one of grey or of inks; "
        + "leave --keep-profile out")
  }
}
