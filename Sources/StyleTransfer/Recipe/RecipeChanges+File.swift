// The picture's file as flat settings: how they are laid over a recipe, and how they are written.

extension RecipeChanges {
  func applyFile(to recipe: inout Recipe) throws(RecipeError) {
    if let bitDepth {
      guard let depth = PictureEncoding.BitDepth(rawValue: bitDepth) else {
        throw RecipeError("--bit-depth \(bitDepth): 8 or 16 is needed")
      }
      recipe.bitDepth = depth
    }
    if let quality { recipe.quality = quality }
    if let metadata { recipe.keepsMetadata = metadata }
    if let keepProfile { recipe.keepsProfile = keepProfile }
    if let wasChanged { recipe.wasChanged = wasChanged }
  }
}

extension Recipe {
  func encodeFile(to container: inout KeyedEncodingContainer<RecipeKey>) throws {
    try container.encodeIfPresent(bitDepth?.rawValue, forKey: .bitDepth)
    try container.encodeIfPresent(quality, forKey: .quality)
    if keepsProfile { try container.encode(true, forKey: .keepProfile) }
    if !keepsMetadata { try container.encode(false, forKey: .metadata) }
    if wasChanged { try container.encode(true, forKey: .wasChanged) }
  }
}
