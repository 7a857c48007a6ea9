// The pictures of a recipe as flat settings: how they are laid over a recipe, and how they are written.

extension RecipeChanges {
  func applyPictures(to recipe: inout Recipe) throws(RecipeError) {
    if let path = content ?? recipe.content?.picture.path, content != nil || contentSHA256 != nil {
      recipe.content?.picture = .file(path, sha256: contentSHA256)
    }
    if let contentLayers { recipe.content?.layers = contentLayers }
    if let paths = styles ?? recipe.style?.pictures.compactMap(\.path), styles != nil || styleSHA256 != nil {
      if let styleSHA256, styleSHA256.count != paths.count {
        throw RecipeError(
          "--style-sha256 has \(styleSHA256.count) digests for \(paths.count) styles; give one for each --style"
        )
      }
      recipe.style?.pictures = paths.indices.map { .file(paths[$0], sha256: styleSHA256?[$0]) }
      if styles != nil { recipe.style?.blend = nil }
    }
    if let styleBlend { recipe.style?.blend = styleBlend }
    if let styleScale { recipe.style?.scale = styleScale }
    if let styleLayers { recipe.style?.layers = styleLayers }
    try applyStyleLoss(to: &recipe)
    try applyStart(to: &recipe)
    try applyColours(to: &recipe)
  }

  private func applyStart(to recipe: inout Recipe) throws(RecipeError) {
    if let initial {
      recipe.start = Recipe.Start(named: initial, amplitude: noiseAmplitude, sha256: initSHA256)
    } else if let noiseAmplitude, case .noise = recipe.start {
      recipe.start = .noise(amplitude: noiseAmplitude)
    }
    guard noiseAmplitude != nil else { return }
    guard case .noise = recipe.start else {
      throw RecipeError("--noise-amplitude goes with --init noise only, and --init is '\(recipe.start.name)'")
    }
  }

  private func applyColours(to recipe: inout Recipe) throws(RecipeError) {
    switch keepColors {
    case .luminance: recipe.transfer?.colours = .luminance
    case .linear: recipe.transfer?.colours = .linear()
    case nil: break
    }
    guard let colorMatching else { return }
    guard case .linear = recipe.transfer?.colours else {
      throw RecipeError("--color-matching goes with --keep-colors linear only")
    }
    recipe.transfer?.colours = .linear(colorMatching)
  }
}

extension Recipe {
  func encodePictures(to container: inout KeyedEncodingContainer<RecipeKey>) throws {
    if let content {
      try container.encodeIfPresent(content.picture.path, forKey: .content)
      try container.encodeIfPresent(content.picture.sha256, forKey: .contentSHA256)
      try container.encode(content.layers, forKey: .contentLayers)
    }
    if let style {
      try container.encode(style.pictures.compactMap(\.path), forKey: .styles)
      let hashes = style.pictures.compactMap(\.sha256)
      if hashes.count == style.pictures.count { try container.encode(hashes, forKey: .styleSHA256) }
      try container.encodeIfPresent(style.blend, forKey: .styleBlend)
      try container.encode(style.scale, forKey: .styleScale)
      try container.encode(style.layers, forKey: .styleLayers)
      try encodeStyleLoss(style, to: &container)
    } else {
      try container.encode([String](), forKey: .styles)
    }
    switch start {
    case .content, .colour: try container.encode(start.name, forKey: .initial)
    case .noise(let amplitude):
      try container.encode(start.name, forKey: .initial)
      try container.encode(amplitude, forKey: .noiseAmplitude)
    case .picture(let source):
      try container.encodeIfPresent(source.path, forKey: .initial)
      try container.encodeIfPresent(source.sha256, forKey: .initSHA256)
    }
  }
}
