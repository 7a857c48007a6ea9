extension Recipe {
  /// The longest side at which a picture is looked at; `nil` where they keep their own.
  var neededSide: Int? {
    guard size > 0 else { return nil }
    let sides = [size, texture?.width ?? 0, texture?.height ?? 0]
    let side = max(sides.max() ?? 0, scales.list(side: size, isTransfer: false).finalSide)
    // Sides of tiles are rounded up.
    return Int((Double(side) * max(1, style?.scale ?? 1)).rounded(.up)) + sideMultiple
  }

  /// The most memory while the pictures, which have been read since, were read one after another.
  var readingMemory: ByteCount {
    var (kept, most) = (0.0, 0.0)
    _ = mapSources { (source) throws(Never) in
      if case .picture(let picture) = source {
        let own = 4 * Double(picture.colour.count + (picture.alpha?.count ?? 0))
        kept += own
        most = max(most, picture.readingMemory.bytes - own)
      }
      return source
    }
    return ByteCount(MemoryPlan.programBytes + kept + most)
  }
}
