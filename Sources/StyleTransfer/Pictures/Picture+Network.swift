import NN

extension Picture {
  /// The picture at the size that a run works at, checked to be large enough for the network.
  ///
  /// A picture that is too small to begin with is refused even where `longestSide` would make it larger: the
  /// pixels that enlarging makes up hold nothing for deep layers to see.
  ///
  /// - Parameter path: What errors call the picture.
  /// - Throws: ``StyleTransferError`` that names the smallest size that works.
  package func resized(longestSide: Int, for layers: [VGG19.Layer], path: String) throws -> Picture {
    try checkSize(for: layers, path, is: "is", remedy: Self.largerPicture)
    let side = longestSide == 0 ? max(width, height) : longestSide
    guard side <= Recipe.sideLimit else {
      throw StyleTransferError(.badData, "--size \(side): at most \(Recipe.sideLimit) is possible")
    }
    let size = sizeWhen(longestSide: longestSide)
    guard size.width * size.height <= Self.pixelLimit else {
      throw StyleTransferError(
        .badData,
        "'\(path)' becomes \(size.width)×\(size.height) pixels, more than the limit of \(Self.pixelLimit); use a smaller "
          + "--size")
    }
    let scaled = resized(longestSide: longestSide)
    try scaled.checkSize(
      for: layers, path, is: "becomes", remedy: Self.largerSize)
    return scaled
  }

  package static let largerPicture = "use a larger picture or earlier layers"
  package static let largerSize = "use a larger --size or earlier layers"

  private func checkSize(for layers: [VGG19.Layer], _ path: String, is verb: String, remedy: String) throws {
    try Self.checkSize((width, height), for: layers, path, is: verb, remedy: remedy)
  }

  /// - Throws: ``StyleTransferError`` that says that the picture `path` `verb` too small.
  package static func checkSize(
    _ size: (width: Int, height: Int), for layers: [VGG19.Layer], _ path: String, is verb: String,
    remedy: String
  ) throws {
    let smallest = VGG19.minimumSize(for: layers)
    guard min(size.width, size.height) < smallest, let deepest = layers.max() else { return }
    throw StyleTransferError(
      .badData,
      "'\(path)' \(verb) \(size.width)×\(size.height) pixels, too small for \(deepest.name): each side needs at least "
        + "\(smallest); \(remedy)")
  }
}
