import NN

extension Recipe {
  /// What of the styles is painted, by the name that a flag gives it: a statistic of their features, or neighbours.
  package enum StyleLossName: Equatable, Sendable, CaseIterable {
    case statistic(StyleStatistic)
    case neighbours

    package static let gram = StyleLossName.statistic(.gram)
    package static var allCases: [StyleLossName] {
      StyleStatistic.allCases.map { .statistic($0) } + [.neighbours]
    }
  }
}

extension Recipe.StyleLossName: RawRepresentable, Codable {
  package var rawValue: String {
    switch self {
    case .statistic(let statistic): statistic.rawValue
    case .neighbours: "neighbours"
    }
  }

  package init?(rawValue: String) {
    guard let name = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = name
  }
}

extension Recipe.Style {
  /// The name of what is painted of the pictures.
  package var lossName: Recipe.StyleLossName { neighbours == nil ? .statistic(statistic) : .neighbours }
}

// MARK: - In flat settings

extension RecipeChanges {
  func applyStyleLoss(to recipe: inout Recipe) throws(RecipeError) {
    switch styleLoss {
    case .statistic(let statistic):
      recipe.style?.statistic = statistic
      recipe.style?.neighbours = nil
      if statistic == .correspondence, styleLayers == nil,
        recipe.style?.layers == recipe.untouched.style?.layers
      {
        recipe.style?.layers = .patches
      }
    case .neighbours:
      recipe.style?.statistic = .gram
      if recipe.style?.neighbours == nil { recipe.style?.neighbours = .init() }
    case nil: break
    }
    let given: [(RecipeKey, Bool)] = [(.alpha, alpha != nil), (.styleRotations, styleRotations == true)]
    if let key = given.first(where: { $0.1 })?.0, recipe.style?.neighbours == nil {
      throw RecipeError("--\(key.rawValue) goes with --style-loss neighbours only")
    }
    if let alpha { recipe.style?.neighbours?.alpha = alpha }
    if let styleRotations { recipe.style?.neighbours?.turnsStyles = styleRotations }
  }
}

extension Recipe {
  func encodeStyleLoss(_ style: Style, to container: inout KeyedEncodingContainer<RecipeKey>) throws {
    try container.encode(style.lossName, forKey: .styleLoss)
    guard let neighbours = style.neighbours else { return }
    try container.encode(neighbours.alpha, forKey: .alpha)
    try container.encode(neighbours.turnsStyles, forKey: .styleRotations)
  }

  /// Refuses what neighbours cannot be found with.
  func checkNeighbours() throws(RecipeError) {
    guard let style, let neighbours = style.neighbours else { return }
    if !(0...1 ~= neighbours.alpha) {
      throw RecipeError("--alpha \(neighbours.alpha): a number from 0 (photograph) to 1 (painting) is needed")
    }
    if kind == .texture {
      throw RecipeError(
        "--style-loss neighbours does not go with 'texture', which has no content to find neighbours of; choose gram, "
          + "wasserstein, covariance or moments, or sliced, cross-layer or correspondence, which hold textures together best"
      )
    }
    if let blend = style.blend, transfer?.regions.isEmpty ?? true, Set(blend.filter { $0 > 0 }).count > 1 {
      throw RecipeError(
        "--style-blend \(blend.map { "\($0)" }.joined(separator: ",")): neighbours are looked for in all styles alike; leave "
          + "--style-blend out, or say with --region where each style is painted")
    }
  }

  /// Whether neighbours paint: their loss has a weight.
  var findsNeighbours: Bool { style?.neighbours != nil && weights.style > 0 }

  /// The part of the last size's iterations that looks for neighbours anew each time.
  static let freshPart = 3

  /// How many of the last size's iterations, of `iterations`, look for neighbours anew; `nil` where none are looked for.
  func freshIterations(of iterations: Int) -> Int? {
    findsNeighbours ? max(1, iterations / Self.freshPart) : nil
  }
}
