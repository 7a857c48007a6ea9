import NN
import Tensor

/// The pictures that a recipe uses, as they are in their files.
package struct RecipePictures: Sendable {
  package let content: Picture?
  package let styles: [Picture]
  /// Where the start is a picture of its own.
  package let initial: Picture?
  private let recipe: Recipe

  /// Reads the pictures, and notes in `recipe` what they are.
  ///
  /// - Throws: ``PictureError``; ``StyleTransferError`` when the recipe knows a picture that is no longer the same.
  init(reading recipe: inout Recipe) throws {
    content = try recipe.content?.picture.read()
    styles = try recipe.style?.pictures.map { try $0.read() } ?? []
    if case .picture(let source) = recipe.start { initial = try source.read() } else { initial = nil }
    if let content { recipe.content?.picture = .picture(content) }
    if recipe.style != nil { recipe.style?.pictures = styles.map { .picture($0) } }
    if let initial { recipe.start = .picture(.picture(initial)) }
    self.recipe = recipe
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
  /// Everything as it is looked at when the picture has a size.
  struct Scaled: Sendable {
    let content: Tensor<Float>?
    let styles: [Tensor<Float>]
    /// What the picture starts as; `nil` from noise.
    let start: Tensor<Float>?
  }

  func scaled(to size: StageSize) -> Scaled {
    var content = content?.resized(width: size.width, height: size.height).tensor
    var styles = styles.map { style in
      let (styleWidth, styleHeight) = styleSize(of: style, ratio: size.ratio)
      return style.resized(width: styleWidth, height: styleHeight).tensor
    }
    if let reference = content {
      switch recipe.transfer?.colours {
      case .linear(let method):
        styles = styles.map { $0.matchingColors(of: reference, method: method).clamped(to: 0...1) }
      case .luminance:
        styles = styles.map { $0.matchingLuminance(of: reference).clamped(to: 0...1) }
        content = reference.matchingLuminance(of: reference).clamped(to: 0...1)
      case nil: break
      }
    }
    return Scaled(content: content, styles: styles, start: start(content, styles, size))
  }

  private func start(
    _ content: Tensor<Float>?, _ styles: [Tensor<Float>], _ size: StageSize
  ) -> Tensor<Float>? {
    switch recipe.start {
    case .noise: return nil
    case .content: return content?.clamped(to: 0...1)
    case .colour:
      guard let content else { return nil }
      // Of several styles each gives its share of the colours.
      let shares = recipe.style?.shares ?? []
      let sum = shares.reduce(0, +)
      var mixed = Tensor<Float>.zeros(content.shape)
      for (style, share) in zip(styles, shares) {
        mixed = mixed + content.matchingColors(of: style) * Tensor(Float(share / sum))
      }
      return mixed.clamped(to: 0...1)
    case .picture:
      return initial?.resized(width: size.width, height: size.height, isPeriodic: recipe.isTileable)
        .tensor.clamped(to: 0...1)
    }
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

  /// Refuses pictures that are too small for the layers to see at a size.
  ///
  /// - Throws: ``StyleTransferError`` that names the smallest size that works.
  func checkLargeEnough(for layers: [VGG19.Layer], at size: StageSize) throws {
    func check(_ name: String, _ own: (width: Int, height: Int), _ seen: (width: Int, height: Int)) throws {
      try Picture.checkSize(own, for: layers, name, is: "is", remedy: Picture.largerPicture)
      try Picture.checkSize(seen, for: layers, name, is: "becomes", remedy: Picture.largerSize)
    }
    if let content, let source = recipe.content?.picture {
      try check(source.name, (content.width, content.height), (size.width, size.height))
    } else {
      try check("the texture", (size.width, size.height), (size.width, size.height))
    }
    for (style, source) in zip(styles, recipe.style?.pictures ?? []) {
      try check(source.name, (style.width, style.height), styleSize(of: style, ratio: size.ratio))
    }
  }
}
