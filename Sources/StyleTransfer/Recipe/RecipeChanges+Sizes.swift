// The sizes of a recipe as flat settings: how they are laid over a recipe, and how they are written.

extension RecipeChanges {
  func applySizes(to recipe: inout Recipe) {
    if let width { recipe.texture?.width = width }
    if let height { recipe.texture?.height = height }
    if let tileable { recipe.texture?.isTileable = tileable }
    if let size {
      recipe.size = size
      // A list ends with another size.
      if case .list = recipe.scales { recipe.scales = recipe.untouched.scales }
    }
    if let scales {
      recipe.scales = .list(scales)
      // The last scale is the picture's size, unless a texture's is said by its sides.
      if size == nil, recipe.texture?.width == nil, recipe.texture?.height == nil {
        recipe.size = scales.finalSide
      }
    }
    guard iterations != nil || pyramid != nil else { return }
    let count = iterations ?? recipe.scales.iterations ?? recipe.untouched.scales.iterations ?? 1
    var growsUp = false
    if case .pyramid = recipe.scales { growsUp = true }
    recipe.scales = pyramid ?? growsUp ? .pyramid(iterations: count) : .single(iterations: count)
  }
}

extension Recipe {
  func encodeSizes(to container: inout KeyedEncodingContainer<RecipeKey>) throws {
    try container.encode(size, forKey: .size)
    if let texture {
      try container.encodeIfPresent(texture.width, forKey: .width)
      try container.encodeIfPresent(texture.height, forKey: .height)
      if texture.isTileable { try container.encode(true, forKey: .tileable) }
    }
    switch scales {
    case .list(let list): try container.encode(list, forKey: .scales)
    case .pyramid(let iterations):
      try container.encode(iterations, forKey: .iterations)
      try container.encode(true, forKey: .pyramid)
    case .single(let iterations):
      try container.encode(iterations, forKey: .iterations)
      try container.encode(false, forKey: .pyramid)
    }
  }
}
