import NN

extension Recipe {
  /// The recipe of the preset that the changes name, or else of the kind's own, with the changes laid over it in
  /// order.
  ///
  /// - Throws: ``RecipeError`` that names the setting, its value and the remedy.
  package init(_ kind: Kind, _ changes: [RecipeChanges]) throws {
    let preset = try changes.compactMap(\.preset).last.map(Preset.init(parsing:)) ?? .standard(for: kind)
    guard preset.kind == kind else {
      throw RecipeError("--preset \(preset.rawValue) is not one of '\(kind.rawValue)'")
    }
    for change in changes { try change.checkKind(kind) }
    let content = changes.compactMap(\.content).last
    if content == nil, kind != .texture {
      throw RecipeError("--content is missing: the picture to keep")
    }
    let styles = changes.compactMap(\.styles).last ?? []
    if styles.isEmpty, kind != .reconstruct {
      throw RecipeError("--style is missing: the picture whose style is taken")
    }
    self.init(preset, kind, content: .file(content ?? ""), styles: styles.map { .file($0) })
    for change in changes { try change.apply(to: &self) }
    try check()
  }

  /// The preset's own recipe for the same pictures: what a setting goes back to that another one had displaced.
  var untouched: Recipe {
    Recipe(preset, kind, content: content?.picture ?? .file(""), styles: style?.pictures ?? [])
  }
}

extension RecipeChanges {
  /// Lays the changes over a recipe.
  ///
  /// - Throws: ``RecipeError`` for a value out of range, and for a setting that another one rules out.
  func apply(to recipe: inout Recipe) throws(RecipeError) {
    try checkNumbers()
    try checkPairs()
    if let version { recipe.version = version }
    try applyPictures(to: &recipe)
    try applyRegions(to: &recipe)
    applySizes(to: &recipe)
    applyLosses(to: &recipe)
    // A preset's own wish to keep shapes gives way where the content is given no weight.
    if keepShapes == nil, recipe.weights.content == 0,
      recipe.transfer?.shapeKeeping == recipe.preset.shapeKeeping
    {
      recipe.transfer?.shapeKeeping = 0
    }
    try applyMethod(to: &recipe)
    try applyFile(to: &recipe)
  }
}

// MARK: - Checks of what was given together

extension RecipeChanges {
  private func checkNumbers() throws(RecipeError) {
    let numbers: [(RecipeKey, Double?)] = [
      (.styleScale, styleScale), (.noiseAmplitude, noiseAmplitude), (.contentWeight, contentWeight),
      (.styleWeight, styleWeight), (.balance, balance), (.tvWeight, tvWeight), (.learningRate, learningRate),
      (.keepShapes, keepShapes), (.spectrumWeight, spectrumWeight), (.alpha, alpha),
    ]
    for case (let key, let number?) in numbers where !number.isFinite {
      throw RecipeError("--\(key.rawValue) \(number): a finite number is needed")
    }
  }

  private func checkPairs() throws(RecipeError) {
    func exclude(_ a: RecipeKey, _ isGiven: Bool, _ others: [(RecipeKey, Bool)], because: String)
      throws(RecipeError)
    {
      guard isGiven, let other = others.first(where: { $0.1 })?.0 else { return }
      throw RecipeError("--\(a.rawValue) and --\(other.rawValue) contradict each other: \(because)")
    }
    try exclude(
      .balance, balance != nil, [(.contentWeight, contentWeight != nil), (.styleWeight, styleWeight != nil)],
      because: "the balance stands for both weights")
    try exclude(
      .scales, scales != nil, [(.iterations, iterations != nil), (.pyramid, pyramid != nil)],
      because: "the scales say every size and its iterations")
  }

  /// Refuses what a kind of recipe has no use for; a file can have it where there is no flag.
  fileprivate func checkKind(_ kind: Recipe.Kind) throws(RecipeError) {
    let content = [
      (RecipeKey.content, content != nil), (.contentLayers, contentLayers != nil),
      (.contentWeight, contentWeight != nil),
    ]
    let style = [
      (RecipeKey.styles, styles?.isEmpty == false), (.styleBlend, styleBlend != nil),
      (.styleScale, styleScale != nil), (.styleLayers, styleLayers != nil),
      (.styleWeight, styleWeight != nil), (.styleLoss, styleLoss != nil), (.alpha, alpha != nil),
      (.styleRotations, styleRotations == true),
    ]
    let both = [
      (RecipeKey.balance, balance != nil), (.keepColors, keepColors != nil),
      (.colorMatching, colorMatching != nil), (.mask, mask?.isEmpty == false),
      (.regions, regions?.isEmpty == false), (.keepShapes, keepShapes ?? 0 != 0),
    ]
    let shape = [
      (RecipeKey.width, width != nil), (.height, height != nil), (.tileable, tileable != nil),
      (.spectrumWeight, spectrumWeight != nil),
    ]
    let useless =
      switch kind {
      case .transfer: shape
      case .texture: content + both + [(RecipeKey.keepProfile, keepProfile == true)]
      case .reconstruct: style + both + shape
      }
    if let key = useless.first(where: { $0.1 })?.0 {
      throw RecipeError("--\(key.rawValue) does not go with '\(kind.rawValue)'; leave it out")
    }
  }
}
