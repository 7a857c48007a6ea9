import NN

extension StudyRun {
  /// How much work the run is, in multiplications: pixels × iterations × what a pixel costs in the network down to
  /// the deepest layer.
  func cost() throws -> Double {
    let settings = try settings()
    let layers = ((settings.contentLayers?.layers ?? []) + (settings.styleLayers?.layers ?? [])).map(\.layer)
    let scales =
      settings.scales
      ?? (settings.pyramid == true
        ? .pyramid(side: settings.size, iterations: settings.iterations ?? 0)
        : ScaleList([.init(side: settings.size, iterations: settings.iterations ?? 0)]))
    let evaluations = scales.scales.reduce(0.0) { $0 + Double($1.side * $1.side * $1.iterations) }
    return evaluations * (layers.max()?.multiplicationsPerPixel ?? 1)
  }
}

extension VGG19.Layer {
  /// The multiplications of all convolutions up to the layer, for each pixel of the picture.
  fileprivate var multiplicationsPerPixel: Double {
    var (sum, channels, pooled) = (0.0, 3.0, 1.0)
    for layer in Self.all where layer <= self {
      if layer.name.hasPrefix("pool") { pooled /= 4 }
      guard layer.name.hasPrefix("conv") else { continue }
      sum += 9 * channels * Double(layer.channelCount) * pooled
      channels = Double(layer.channelCount)
    }
    return sum
  }
}
