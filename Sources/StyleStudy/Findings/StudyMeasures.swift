import NN
import StyleTransfer

extension StudyResults.Fidelity {
  init(_ original: Picture, _ other: Picture) {
    let comparison = PictureComparison(original, other)
    let threshold = 0.1
    let (edges, found) = (comparison.original.luma.edges, comparison.other.luma.edges)
    let flat = zip(edges.values, found.values).filter { $0.0 < threshold }
    self.init(
      psnr: comparison.peakSignalToNoiseRatio, ssim: comparison.structuralSimilarity?.channelMean,
      keptEdges: comparison.keptEdges(threshold: threshold),
      newEdges: flat.isEmpty ? nil : Double(flat.count { $0.1 >= threshold }) / Double(flat.count),
      edgeCorrelation: edges.correlation(with: found))
  }
}

extension Picture {
  /// The picture's ``highFrequencyResidue``, 0 for a picture too small to have one.
  fileprivate var residue: Double { min(width, height) >= 3 ? highFrequencyResidue : 0 }
}

/// Measures the pictures of a study.
struct StudyMeasures {
  let plan: StudyPlan
  let runner: StudyRunner
  /// The content at the study's size.
  let content: Picture
  /// The style at the study's size.
  let style: Picture
  /// How much differences are amplified to be seen.
  static let gain: Float = 4

  private func network(padding: VGG19.Padding? = nil) throws -> VGG19 {
    var network = runner.network(for: try plan.reconstruction(StudyPlan.seedsLayer).recipe())
    if let padding { network.padding = padding }
    return network
  }

  private func picture(_ run: StudyRun, _ results: StudyResults) throws -> Picture? {
    results.isFinished(run.name) ? try Picture(contentsOf: runner.path(run.pictureName)).overWhite : nil
  }

  func reconstructions(_ results: StudyResults) throws -> [StudyResults.Reconstruction] {
    try StudyPlan.reconstructedLayers.compactMap { layer in
      let run = plan.reconstruction(layer)
      return try picture(run, results).map {
        .init(layer: "conv_\(layer)", run: run.name, fidelity: .init(content, $0))
      }
    }
  }

  /// Measures two seeds' reconstructions, and writes pictures of their differences.
  func seeds(_ results: StudyResults) throws -> StudyResults.Seeds? {
    let layer = StudyPlan.seedsLayer
    let runs = [plan.reconstruction(layer), plan.reconstruction(layer, seed: 1)]
    guard let first = try picture(runs[0], results), let second = try picture(runs[1], results) else {
      return nil
    }
    let (between, toOriginal) = (PictureComparison(first, second), PictureComparison(content, first))
    try between.differencePicture(gain: Self.gain).write(to: runner.path(StudyFiles.seedsDifference))
    try toOriginal.differencePicture(gain: Self.gain).write(to: runner.path(StudyFiles.originalDifference))
    // Edges are those of the picture that was to be reconstructed.
    let character = between.differenceCharacter
    return StudyResults.Seeds(
      layer: "conv_\(layer)", runs: runs.map(\.name), psnr: between.peakSignalToNoiseRatio,
      psnrToOriginal: toOriginal.peakSignalToNoiseRatio, gain: Double(Self.gain),
      autocorrelation: character.autocorrelation, edgeCorrelation: character.edgeCorrelation,
      difference: between.meanSquaredError.squareRoot(),
      differenceToOriginal: toOriginal.meanSquaredError.squareRoot())
  }

  func textures(_ results: StudyResults) throws -> StudyResults.Textures {
    var textures = StudyResults.Textures(sourceResidue: style.residue)
    let probe = try LossProbe(style, network: network())
    for set in StudyPlan.textureSets {
      let run = plan.texture(set)
      if let picture = try picture(run, results) {
        textures.sets.append(
          .init(
            layers: set.title, run: run.name, residue: picture.residue,
            gram: try probe.distances(of: picture).map { .init(layer: $0.layer, distance: $0.gram) }))
      }
    }
    func between(_ a: StudyRun, _ b: StudyRun) throws -> Double? {
      guard let first = try picture(a, results), let second = try picture(b, results) else { return nil }
      return PictureComparison(first, second).peakSignalToNoiseRatio
    }
    let all = StudyPlan.textureSets[StudyPlan.textureSets.count - 1]
    textures.psnrBetweenSeeds = try between(plan.texture(all), plan.texture(all, seed: 1))
    textures.psnrBetweenReconstructions = try between(
      plan.reconstruction(StudyPlan.seedsLayer), plan.reconstruction(StudyPlan.seedsLayer, seed: 1))
    return textures
  }

  /// Measures both losses apart, and writes the rearranged pictures.
  func losses(_ results: StudyResults) throws -> StudyResults.Losses {
    var losses = StudyResults.Losses()
    let square = content.croppedToWholeBlocks
    let probe = try LossProbe(square, network: network(padding: .circular))
    for rearrangement in StudyFiles.rearrangements(square) {
      try rearrangement.picture.write(to: runner.path("\(rearrangement.name).png"))
      losses.rearrangements.append(
        .init(
          name: rearrangement.name, title: rearrangement.title, shift: rearrangement.shift,
          picture: "\(rearrangement.name).png", width: square.width, height: square.height,
          layers: try probe.distances(of: rearrangement.picture)))
    }
    for layer in StudyPlan.reconstructedLayers {
      let (kept, statistics) = (plan.reconstruction(layer), plan.statistics(layer))
      if let first = try picture(kept, results), let second = try picture(statistics, results) {
        losses.twins.append(
          .init(
            layer: "conv_\(layer)", contentRun: kept.name, statisticsRun: statistics.name,
            content: .init(content, first), statistics: .init(content, second)))
      }
    }
    let relative = try picture(plan.reconstruction(StudyPlan.seedsLayer), results)
    for normalization in StudyPlan.normalizations {
      let run = plan.reconstruction(StudyPlan.seedsLayer, normalization: normalization)
      guard let found = try picture(run, results) else { continue }
      losses.normalizations.append(
        .init(
          normalization: normalization.rawValue, run: run.name, fidelity: .init(content, found),
          psnrToRelative: normalization == .relative
            ? nil : relative.map { PictureComparison($0, found).peakSignalToNoiseRatio }))
    }
    return losses
  }

  func transfers(_ results: StudyResults) throws -> [StudyResults.Transfer] {
    try [Recipe.Start.content, .noise()].compactMap { start in
      let run = plan.transfer(from: start)
      guard let picture = try picture(run, results), let report = results.run(run.name),
        let seconds = report.seconds, let evaluations = report.evaluations, let content = report.content,
        let style = report.style, let total = report.total
      else { return nil }
      return .init(
        run: run.name, start: start.name, seconds: seconds, evaluations: evaluations, content: content,
        style: style,
        total: total, residue: picture.residue, fidelity: .init(self.content, picture))
    }
  }

  func sheet(_ results: StudyResults) throws -> [StudyResults.SheetEntry] {
    try StudyPlan.sheetLayers.flatMap { layers in
      try StudyPlan.sheetWeights.compactMap { weight in
        let run = plan.sheet(layers, weight: weight)
        return try picture(run, results).map {
          .init(run: run.name, layers: layers.title, weight: weight, fidelity: .init(content, $0))
        }
      }
    }
  }
}
