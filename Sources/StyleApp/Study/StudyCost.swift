extension StudyRun {
  /// How much work the run is: the operations of the network down to the deepest layer that it looks at, for a
  /// square picture, over all iterations.
  func cost() throws -> Double {
    let settings = try settings()
    guard let deepest = settings.layers.max() else { return 0 }
    return settings.scales(side: settings.size).scales.reduce(0) { sum, scale in
      let stages = NetworkStage.all(to: deepest, width: scale.side, height: scale.side)
      return sum + Double(scale.iterations) * stages.reduce(0) { $0 + $1.operations }
    }
  }
}
