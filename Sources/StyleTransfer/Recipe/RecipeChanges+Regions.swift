// The masks of a recipe as flat settings: how they are laid over a recipe, and how they are written.

extension RecipeChanges {
  func applyRegions(to recipe: inout Recipe) throws(RecipeError) {
    if let keepShapes {
      recipe.transfer?.shapeKeeping = keepShapes
    } else if weightsSHA256 != nil, preset.flatMap({ Preset(rawValue: $0) })?.shapeKeeping ?? 0 != 0 {
      // A picture that was painted before the preset kept them does not say so.
      recipe.transfer?.shapeKeeping = 0
    }
    if let path = mask ?? recipe.transfer?.mask?.path, mask != nil || maskSHA256 != nil {
      recipe.transfer?.mask = path.isEmpty ? nil : .file(path, sha256: maskSHA256)
    }
    guard let texts = regions ?? recipe.transfer?.regions.compactMap(\.text),
      regions != nil || regionSHA256 != nil
    else { return }
    var digests = regionSHA256?[...]
    var read: [Recipe.Region] = []
    for text in texts { read.append(try Recipe.Region(parsing: text, digests: &digests)) }
    if let regionSHA256, digests?.isEmpty == false || regionSHA256.count != read.flatMap(\.sources).count {
      throw RecipeError(
        "--region-sha256 has \(regionSHA256.count) digests for \(read.flatMap(\.sources).count) masks; give one for each"
      )
    }
    recipe.transfer?.regions = read
  }
}

extension Preset {
  /// How much of the content's shapes the table keeps by itself.
  package var shapeKeeping: Double { table.transfer?.shapeKeeping ?? 0 }
}

extension Recipe {
  func encodeRegions(to container: inout KeyedEncodingContainer<RecipeKey>) throws {
    guard let transfer else { return }
    try container.encodeIfPresent(transfer.mask?.path, forKey: .mask)
    try container.encodeIfPresent(transfer.mask?.sha256, forKey: .maskSHA256)
    // What is left out of a picture's settings is 0, and elsewhere what the preset has.
    if transfer.shapeKeeping != (weightsSHA256 == nil ? preset.shapeKeeping : 0) {
      try container.encode(transfer.shapeKeeping, forKey: .keepShapes)
    }
    let texts = transfer.regions.compactMap(\.text)
    guard !texts.isEmpty, texts.count == transfer.regions.count else { return }
    try container.encode(texts, forKey: .regions)
    let sources = transfer.regions.flatMap(\.sources)
    let digests = sources.compactMap(\.sha256)
    if digests.count == sources.count { try container.encode(digests, forKey: .regionSHA256) }
  }
}

extension Recipe.Region {
  /// What stands for the place that other regions leave, in place of a mask.
  package static let restName = "rest"

  /// The masks, in the order in which they are named.
  package var sources: [PictureSource] {
    var sources: [PictureSource] = []
    if case .mask(let mask) = place { sources.append(mask) }
    return sources + [source].compactMap { $0 }
  }

  /// The region as it is typed: `CONTENT-MASK:STYLE-MASK`, or without a colon for all of the style. A colon in a path, and a
  /// backslash, has a backslash before it. `nil` for masks that come from no file.
  package var text: String? {
    guard sources.allSatisfy({ $0.path != nil }) else { return nil }
    var names: [String] = []
    switch place {
    case .rest: names.append(Self.restName)
    case .mask(let mask): names.append(mask.path ?? "")
    }
    if let source { names.append(source.path ?? "") }
    return names.map { $0.replacing("\\", with: "\\\\").replacing(":", with: "\\:") }.joined(separator: ":")
  }

  /// A region as it is typed; each mask takes the first of the digests, where there are any.
  ///
  /// - Throws: ``RecipeError`` for a text that is none.
  init(parsing text: String, digests: inout ArraySlice<String>?) throws(RecipeError) {
    var names = [""]
    var isEscaped = false
    for letter in text {
      if isEscaped || letter != ":" && letter != "\\" {
        names[names.count - 1].append(letter)
        isEscaped = false
      } else if letter == ":" {
        names.append("")
      } else {
        isEscaped = true
      }
    }
    guard names.count <= 2, !names.contains(""), !isEscaped else {
      throw RecipeError(
        "--region '\(text)': write a mask of the content and one of the style as CONTENT-MASK:STYLE-MASK, one of the content "
          + "alone for all of the style, or '\(Self.restName)' for what the other regions leave; a colon in a name is \\:"
      )
    }
    func file(_ name: String) -> PictureSource { .file(name, sha256: digests?.popFirst()) }
    place = names[0] == Self.restName ? .rest : .mask(file(names[0]))
    source = names.count == 2 ? file(names[1]) : nil
  }
}
