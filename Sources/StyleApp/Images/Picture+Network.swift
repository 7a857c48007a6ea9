import NN

extension Picture {
  /// The picture at the size that a run works at, checked to be large enough for the network.
  ///
  /// A picture that is too small to begin with is refused even where `longestSide` would make it larger: the
  /// pixels that enlarging makes up hold nothing for deep layers to see.
  ///
  /// - Parameter path: What errors call the picture.
  /// - Throws: ``Failure`` that names the smallest size that works.
  func resized(longestSide: Int, for layers: [VGG19.Layer], path: String) throws -> Picture {
    try checkSize(for: layers, path, is: "is", remedy: "use a larger picture or earlier layers")
    let scaled = resized(longestSide: longestSide)
    try scaled.checkSize(
      for: layers, path, is: "becomes", remedy: "use a larger --size or earlier layers")
    return scaled
  }

  private func checkSize(for layers: [VGG19.Layer], _ path: String, is verb: String, remedy: String) throws {
    let smallest = VGG19.minimumSize(for: layers)
    guard min(width, height) < smallest, let deepest = layers.max() else { return }
    throw Failure(
      .badData,
      "'\(path)' \(verb) \(width)×\(height) pixels, too small for \(deepest.name): each side needs at least "
        + "\(smallest); \(remedy)")
  }
}
