// The losses of a recipe as flat settings: how they are laid over a recipe, and how they are written.

extension RecipeChanges {
  func applyLosses(to recipe: inout Recipe) {
    if let tvWeight { recipe.totalVariationWeight = tvWeight }
    if let normalization { recipe.normalization = normalization }
    if let balance { recipe.transfer?.weighing = .balance(balance) }
    switch recipe.subject {
    case .transfer(var transfer):
      guard contentWeight != nil || styleWeight != nil else { break }
      var weights = recipe.untouched.weights
      if case .weights(let content, let style) = transfer.weighing { weights = (content, style) }
      transfer.weighing = .weights(
        content: contentWeight ?? weights.content, style: styleWeight ?? weights.style)
      recipe.subject = .transfer(transfer)
    case .texture(var texture):
      texture.weight = styleWeight ?? texture.weight
      texture.spectrumWeight = spectrumWeight ?? texture.spectrumWeight
      recipe.subject = .texture(texture)
    case .reconstruction(var reconstruction):
      reconstruction.weight = contentWeight ?? reconstruction.weight
      recipe.subject = .reconstruction(reconstruction)
    }
  }
}

extension Recipe {
  func encodeLosses(to container: inout KeyedEncodingContainer<RecipeKey>) throws {
    switch subject {
    case .transfer(let transfer):
      switch transfer.weighing {
      case .balance(let balance): try container.encode(balance, forKey: .balance)
      case .weights(let content, let style):
        try container.encode(content, forKey: .contentWeight)
        try container.encode(style, forKey: .styleWeight)
      }
      try container.encodeIfPresent(transfer.colours?.name, forKey: .keepColors)
      if case .linear(let matching) = transfer.colours {
        try container.encode(matching, forKey: .colorMatching)
      }
    case .texture(let texture):
      try container.encode(texture.weight, forKey: .styleWeight)
      if texture.spectrumWeight != 0 { try container.encode(texture.spectrumWeight, forKey: .spectrumWeight) }
    case .reconstruction(let reconstruction):
      try container.encode(reconstruction.weight, forKey: .contentWeight)
    }
    try container.encode(totalVariationWeight, forKey: .tvWeight)
    try container.encode(normalization, forKey: .normalization)
  }
}
