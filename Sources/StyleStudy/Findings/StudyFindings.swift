import StyleTransfer

/// What the numbers say of the reference's claims, each in a sentence that they choose.
extension StudyResults {
  func makeFindings() -> [Finding] {
    var findings = [
      depth, edges, seedNoise, fineness, texturesDiffer, places, alone, measure, starts, weighing,
    ]
    .compactMap { $0 }
    findings.removeAll { !sections.contains($0.section) }
    return findings
  }

  private func finding(
    _ section: StudySection, _ claim: String, _ verdict: Finding.Verdict, _ text: String
  ) -> Finding { Finding(section: section, claim: claim, verdict: verdict, text: text) }

  // MARK: Reconstruction

  private var depth: Finding? {
    guard let first = reconstructions.first, let last = reconstructions.last, reconstructions.count > 1 else {
      return nil
    }
    let steps = zip(reconstructions, reconstructions.dropFirst())
    let rises = steps.filter { $1.fidelity.psnr > $0.fidelity.psnr }
    let ends =
      "PSNR to the original goes from \(Shown.decibels(first.fidelity.psnr)) after \(first.layer) to "
      + "\(Shown.decibels(last.fidelity.psnr)) after \(last.layer)"
    let claim = "The deeper the layer, the less of the picture comes back."
    if rises.isEmpty {
      return finding(.reconstruction, claim, .agrees, "\(ends), and it falls at every step.")
    }
    let places = rises.map {
      "\($1.layer) (\(Shown.decibels($1.fidelity.psnr))) comes nearer than \($0.layer) "
        + "(\(Shown.decibels($0.fidelity.psnr)))"
    }
    let falls = last.fidelity.psnr < first.fidelity.psnr
    return finding(
      .reconstruction, claim, falls ? .partly : .differs,
      "\(ends), but not at every step: \(places.joined(separator: ", and "))."
        + " A deeper layer is also harder to optimise, so the last word is the run’s as much as the layer’s.")
  }

  /// How much oftener an edge must be where one was than where none was, to count as kept.
  private static let keptMargin = 0.3

  private var edges: Finding? {
    let deep = "conv_\(StudyPlan.deepestReferenceLayer)"
    guard let reference = reconstructions.first(where: { $0.layer == deep }),
      let kept = reference.fidelity.keptEdges, let new = reference.fidelity.newEdges
    else { return nil }
    var text =
      "After \(deep), \(Shown.percent(kept)) of the original’s edge pixels are edges still, against "
      + "\(Shown.percent(new)) of the places that were flat"
    if let last = reconstructions.last, last.layer != deep, let keptLast = last.fidelity.keptEdges,
      let newLast = last.fidelity.newEdges
    {
      text +=
        "; after \(last.layer), beyond the reference, it is \(Shown.percent(keptLast)) against "
        + "\(Shown.percent(newLast))"
      text += keptLast - newLast < Self.keptMargin ? ", so that there the outlines are mostly gone" : ""
    }
    let verdict: Finding.Verdict =
      kept - new >= Self.keptMargin ? .agrees : kept - new >= Self.keptMargin / 2 ? .partly : .differs
    return finding(
      .reconstruction, "Later layers lose the detail and still keep the edges.", verdict, text + ".")
  }

  // MARK: Seeds

  /// A correlation up to which a difference passes for noise.
  private static let noiseLimit = 0.2

  private var seedNoise: Finding? {
    guard let seeds else { return nil }
    let claim = "Two noise seeds at \(seeds.layer) give pictures whose difference is only noise."
    let strength = "The two pictures are \(Shown.decibels(seeds.psnr)) apart"
    guard let neighbours = seeds.autocorrelation, let edges = seeds.edgeCorrelation else {
      return finding(.seeds, claim, .partly, "\(strength), and nothing is left to tell noise from.")
    }
    let numbers =
      "neighbouring pixels of the difference correlate by \(Shown.hundredths(neighbours)), and its strength with "
      + "the picture’s edges by \(Shown.hundredths(edges)) (white noise has 0 of both)"
    let grain: String? =
      switch neighbours {
      case ..<(-Self.noiseLimit):
        "it alternates from pixel to pixel more than white noise would, a fine pattern that pooling hides from the layer"
      case Self.noiseLimit...: "it comes in patches rather than in single pixels"
      default: nil
      }
    let place: String? =
      switch edges {
      case ..<(-Self.noiseLimit): "the seeds disagree most where the picture is flat"
      case Self.noiseLimit...: "the seeds disagree most along the picture’s edges"
      default: nil
      }
    let exceptions = [grain, place].compactMap { $0 }
    switch exceptions.count {
    case 0: return finding(.seeds, claim, .agrees, "\(strength), and \(numbers): noise it is.")
    case 1:
      return finding(.seeds, claim, .partly, "\(strength); \(numbers). Nearly noise, but \(exceptions[0]).")
    default:
      return finding(
        .seeds, claim, .differs,
        "\(strength); \(numbers). It is not only noise: \(exceptions.joined(separator: ", and ")).")
    }
  }

  // MARK: Textures

  /// A layer that sees structures of half a small picture's size.
  static let coarseLayer = "conv_12"

  private var fineness: Finding? {
    // All sixteen layers hold the early ones too and stand outside the order.
    let sets = (textures?.sets ?? []).filter { $0.layers != StudyPlan.textureSets.last?.title }
    let distances = sets.compactMap { set in
      set.gram(Self.coarseLayer).map { (layers: set.layers, value: $0) }
    }
    guard distances.count > 1, let first = distances.first, let last = distances.last else { return nil }
    let list = distances.map { "\(Shown.number($0.value)) after \($0.layers)" }.joined(separator: "; ")
    let rises = zip(distances, distances.dropFirst()).filter { $1.value >= $0.value }
    let text =
      "\(Self.coarseLayer) sees large structures. There the textures’ Gram matrices miss the painting’s, as a "
      + "part of their size, by \(list)"
    let places = rises.map { "from \($0.layers) to \($1.layers)" }.joined(separator: " and ")
    return finding(
      .texture, "The earlier the layers, the finer the detail; large structures need deep layers.",
      rises.isEmpty ? .agrees : last.value < first.value ? .partly : .differs,
      rises.isEmpty
        ? "\(text). Each deeper set holds larger ones." : "\(text). No larger ones are gained \(places).")
  }

  /// By how many decibels two textures must be further apart than two reconstructions.
  static let seedMargin = 10.0

  private var texturesDiffer: Finding? {
    guard let between = textures?.psnrBetweenSeeds, let reconstructed = textures?.psnrBetweenReconstructions
    else { return nil }
    let margin = reconstructed - between
    let text =
      "Two seeds’ textures of all sixteen layers are \(Shown.decibels(between)) apart, the same seeds’ "
      + "reconstructions at conv_\(StudyPlan.seedsLayer) \(Shown.decibels(reconstructed)): "
    return finding(
      .texture, "Two seeds give different textures, where they gave the same reconstruction.",
      margin >= Self.seedMargin ? .agrees : margin > 0 ? .partly : .differs,
      text
        + (margin >= Self.seedMargin
          ? "the statistics leave free where things are, the content does not."
          : "less apart than the \(Shown.decibels(Self.seedMargin)) that would make it plain."))
  }

  // MARK: Losses

  private var places: Finding? {
    guard let losses, let shift = losses.rearrangements.first(where: { $0.shift == 8 }) else { return nil }
    let others = losses.rearrangements.filter { $0.shift == nil }
    func ratio(_ r: Rearrangement) -> Double { r.meanContent / max(r.meanGram, 1e-12) }
    let text =
      "Shifted by 8 pixels, the picture’s content loss is \(Shown.number(shift.meanContent)) of its features’ own "
      + "size on average over the layers, and the Gram loss \(Shown.number(shift.meanGram)): "
      + "\(Shown.number(ratio(shift))) times less"
      + others.map { ". \($0.title): \(Shown.number($0.meanContent)) and \(Shown.number($0.meanGram))" }
      .joined()
      + (others.contains { $0.meanGram > 0.1 }
        ? ". The cuts between blocks are edges that the photograph has not, and these the Gram loss sees"
        : "")
    return finding(
      .losses, "The content loss knows where things are; the Gram loss knows only which go together.",
      ratio(shift) >= 10 ? .agrees : ratio(shift) > 1 ? .partly : .differs, text + ".")
  }

  private var alone: Finding? {
    guard let twins = losses?.twins, !twins.isEmpty else { return nil }
    let won = twins.filter { $0.content.psnr > $0.statistics.psnr }
    let widest = twins.max { $0.content.psnr - $0.statistics.psnr < $1.content.psnr - $1.statistics.psnr }!
    let narrowest = twins.min { $0.content.psnr - $0.statistics.psnr < $1.content.psnr - $1.statistics.psnr }!
    let text =
      "From the same noise the content loss comes nearer to the picture than the Gram loss at "
      + "\(won.count) of \(twins.count) layers: most at \(widest.layer) (\(Shown.decibels(widest.content.psnr)) "
      + "against \(Shown.decibels(widest.statistics.psnr))), least at \(narrowest.layer) "
      + "(\(Shown.decibels(narrowest.content.psnr)) against \(Shown.decibels(narrowest.statistics.psnr)))"
    return finding(
      .losses, "Alone, the content loss brings the picture back and the Gram loss its texture.",
      won.count == twins.count ? .agrees : won.count * 2 > twins.count ? .partly : .differs, text + ".")
  }

  /// The decibels between two pictures from which on they look the same.
  private static let sameInDecibels = 30.0

  private var measure: Finding? {
    let others = (losses?.normalizations ?? []).compactMap { one in
      one.psnrToRelative.map { (one.normalization, $0) }
    }
    guard !others.isEmpty else { return nil }
    let list = others.map { "\($0) ends \(Shown.decibels($1)) from relative" }.joined(separator: ", ")
    let same = others.filter { $0.1 >= Self.sameInDecibels }.count
    return finding(
      .losses, "At one layer the normalisation changes the number, not the picture.",
      same == others.count ? .agrees : same > 0 ? .partly : .differs,
      "At conv_\(StudyPlan.seedsLayer), \(list). "
        + (same == others.count
          ? "Normalisations matter only where losses are added: between layers, and between content and style."
          : "The minimum is the same in every measure; the way there is not, and the run ends before it."))
  }

  // MARK: Transfer

  private var starts: Finding? {
    guard let image = transfers.first(where: { $0.start == Recipe.Start.content.name }),
      let noise = transfers.first(where: { $0.start == Recipe.Start.noise().name })
    else { return nil }
    let ratio = noise.total / max(image.total, 1e-12)
    let text =
      "From the image: objective \(Shown.number(image.total)) in \(Shown.seconds(image.seconds)) and "
      + "\(image.evaluations) evaluations. From noise: \(Shown.number(noise.total)) in "
      + "\(Shown.seconds(noise.seconds)) and \(noise.evaluations). "
    let comment: String
    switch ratio {
    case ..<0.95: comment = "Noise ends lower here: the start from the image holds on to its colours."
    case ...1.25: comment = "Both come to about the same objective."
    default:
      comment =
        "After as many iterations noise is still \(Shown.number(ratio)) times as far, so the image is the better "
        + "start."
    }
    return finding(
      .transfer, "The picture can be painted from the image or from noise.",
      ratio <= 1.25 ? .agrees : ratio <= 2 ? .partly : .differs, text + comment)
  }

  private var weighing: Finding? {
    let rows = StudyPlan.sheetLayers.map { row in sheet.filter { $0.layers == row.title } }
      .filter { $0.count > 1 }
    guard !rows.isEmpty else { return nil }
    let falling = rows.filter { row in
      zip(row, row.dropFirst()).allSatisfy { $1.fidelity.psnr < $0.fidelity.psnr }
    }
    let list = rows.map { row in
      "\(row[0].layers): " + row.map { Shown.decibels($0.fidelity.psnr) }.joined(separator: " → ")
    }
    return finding(
      .transfer, "The more the style weighs, the less of the photograph is left.",
      falling.count == rows.count ? .agrees : falling.isEmpty ? .differs : .partly,
      "PSNR to the photograph over the weights \(StudyPlan.sheetWeights.map { "\($0)" }.joined(separator: ", ")): "
        + list.joined(separator: "; ") + "."
        + (falling.count == rows.count
          ? "" : " In \(rows.count - falling.count) of \(rows.count) rows a step does not lower it."))
  }
}
