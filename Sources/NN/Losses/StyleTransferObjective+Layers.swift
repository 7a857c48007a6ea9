import Tensor

extension StyleTransferObjective {
  /// A layer's part of a term: a content's loss, or those of the styles.
  struct LayerLoss: Sendable {
    let layer: VGG19.Layer
    /// Of the term.
    let share: Double
    /// An earlier layer that the parts look at as well.
    var partner: VGG19.Layer?
    var parts: [PictureLoss] = []

    /// What the parts ask of the network.
    var requests: [(VGG19.Layer, FeatureSums<Float>.Request)] {
      parts.flatMap { part in ([layer] + [partner].compactMap { $0 }).map { ($0, part.request) } }
    }
  }

  /// What a picture adds to a layer's loss.
  struct PictureLoss: Sendable {
    /// Of the layer's loss.
    var share = 1.0
    /// Of the layer's features, and those of its partner where it has one.
    var loss: @Sendable (FeatureSums<Float>, _ before: FeatureSums<Float>?) -> Tensor<Float>
    let zeroFeaturesLoss: Double
    /// What ``loss`` looks at.
    let request: FeatureSums<Float>.Request
    /// The loss that ``loss`` is along some directions; `nil` where it has none.
    var turning: StyleLoss<Float>?
  }

  /// A layer's part of the self-similarity.
  struct ShapeLoss: Sendable {
    let layer: VGG19.Layer
    let share: Double
    let loss: SelfSimilarityLoss<Float>

    var request: FeatureSums<Float>.Request { .init(places: loss.places, placeSide: loss.side) }
  }

  /// A total of weighted terms.
  struct WeightedSum {
    var total = Tensor<Float>(0)

    /// Adds a part of a term, and returns the part's value before the term's weight.
    mutating func add(_ value: Tensor<Float>, share: Double, weight: Double) -> Double {
      total = total + value * Tensor(Float(weight * share))
      return Double(value.scalar) * share
    }

    /// Adds a layer's loss, also to its term before the term's weight, and returns it before the layer's.
    mutating func add(
      _ loss: LayerLoss, of features: FeatureSums<Float>, before partner: FeatureSums<Float>? = nil,
      weight: Double, to term: inout Double
    ) -> LayerValue {
      var value = 0.0
      for part in loss.parts {
        value += add(part.loss(features, partner), share: part.share, weight: weight * loss.share)
      }
      term += value * loss.share
      return LayerValue(layer: loss.layer, value: value)
    }
  }

  /// How the pictures that are aimed at are looked at.
  struct Look {
    var network: VGG19
    let normalization: LossNormalization
    let strips: VGG19.Strips
  }
}

extension StyleTransferObjective.Look {
  private typealias Objective = StyleTransferObjective
  private typealias Request = FeatureSums<Float>.Request

  /// The losses of a content's layers.
  func losses(
    of content: Tensor<Float>?, _ layers: [StyleTransferObjective.WeightedLayer], opacity: Tensor<Float>?
  ) throws(VGG19.ImageTooSmall) -> [StyleTransferObjective.LayerLoss] {
    var losses = losses(layers)
    require(content != nil)
    guard let content else { return losses }
    let requests = Dictionary(uniqueKeysWithValues: losses.map { ($0.layer, Request(features: true)) })
    let weights = weights(RegionMaps(opacity: opacity, regions: [nil]), requests.keys)
    try network.look(at: content.detached(), for: requests, by: strips) { layer, features in
      let loss = ContentLoss(
        target: features.features!, normalization: normalization, pixels: weights[layer]![0])
      losses[losses.firstIndex { $0.layer == layer }!].parts.append(
        .init(
          loss: { features, _ in features.content! }, zeroFeaturesLoss: loss.zeroFeaturesLoss,
          request: loss.request))
    }
    return losses
  }

  /// The losses of the styles' layers. Where styles have places, each counts as much of a layer's loss as its place has
  /// pixels there, so that no pixel is pulled at more strongly than another.
  ///
  /// - Parameters:
  ///   - opacity: How much each pixel of the picture to be made counts.
  ///   - isPeriodic: Whether the opposite edges of the picture to be made meet.
  func losses(
    of styles: [StyleTransferObjective.Style], _ layers: [StyleTransferObjective.WeightedLayer],
    statistic: StyleStatistic, opacity: Tensor<Float>?, isPeriodic: Bool
  ) throws(VGG19.ImageTooSmall) -> [StyleTransferObjective.LayerLoss] {
    var losses = statistic == .crossLayer ? pairs(layers) : losses(layers)
    let seen = styles.filter { $0.weight > 0 }
    require(!seen.isEmpty)
    let sums = statistic.request(Float.self)
    let names = losses.flatMap { [$0.partner, $0.layer].compactMap { $0 } }
    let hasPlaces = seen.contains { $0.place != nil }
    let places = weights(
      RegionMaps(opacity: opacity, regions: hasPlaces ? seen.map(\.place) : [nil]), names)
    for (index, style) in seen.enumerated() {
      let own = weights(RegionMaps(opacity: style.opacity, regions: [style.region]), names)
      let requests = Dictionary(Set(names).map { ($0, sums.counting(own[$0]![0])) }, uniquingKeysWith: { $1 })
      var before: FeatureSums<Float>?
      try network.look(at: style.image.detached(), for: requests, by: strips) { layer, features in
        let (parts, ownWeights) = (places[layer]!, own[layer]![0])
        let place = parts[hasPlaces ? index : 0]
        // What is nowhere at a layer, neither there nor here, has no statistic.
        if place?.sum == 0 || ownWeights?.sum == 0 { return }
        ShapeCheck.require(statistic.isMadeOfSums || place == nil && ownWeights == nil) {
          "StyleTransferObjective: \(statistic.rawValue) knows no opacity, regions or places; use another statistic"
        }
        if statistic == .crossLayer {
          // Each layer is the partner of the next one.
          defer { before = features }
          guard let before, let index = losses.firstIndex(where: { $0.layer == layer }) else { return }
          let loss = CrossLayerLoss(
            target: features.features!, before: before.features!, normalization: normalization)
          losses[index].parts.append(
            .init(
              share: style.weight / seen.reduce(0) { $0 + $1.weight },
              loss: { loss($0.features!, before: $1!.features!) }, zeroFeaturesLoss: loss.zeroFeaturesLoss,
              request: sums))
          return
        }
        let loss = StyleLoss(
          target: features.counting(ownWeights), statistic: statistic, normalization: normalization,
          isPeriodic: isPeriodic)
        let sizes = hasPlaces ? parts.map { $0!.sum } : seen.map { _ in 1 }
        let whole = zip(seen, sizes).reduce(0) { $0 + $1.0.weight * $1.1 }
        losses[losses.firstIndex { $0.layer == layer }!].parts.append(
          .init(
            share: style.weight * sizes[index] / whole,
            loss: { features, _ in loss(features.counting(place)) },
            zeroFeaturesLoss: loss.zeroFeaturesLoss, request: sums.counting(place),
            turning: statistic.hasTurns ? loss : nil))
      }
    }
    ShapeCheck.require(losses.allSatisfy { !$0.parts.isEmpty }) {
      "StyleTransferObjective: no pixel of the picture counts in a style, or none of a style; an opacity and places above "
        + "0 are needed"
    }
    return losses
  }

  /// The losses of how the content's places resemble each other, at its layers.
  func shapeLosses(
    of content: Tensor<Float>?, _ layers: [StyleTransferObjective.WeightedLayer], opacity: Tensor<Float>?,
    seed: UInt64
  ) throws(VGG19.ImageTooSmall) -> [StyleTransferObjective.ShapeLoss] {
    require(content != nil)
    guard let content else { return [] }
    let shares = losses(layers)
    let whole = shares.reduce(0) { $0 + $1.share }
    var found: [StyleTransferObjective.ShapeLoss] = []
    let weights = weights(RegionMaps(opacity: opacity, regions: [nil]), shares.map(\.layer))
    var requests: StripSegment.Requests = [:]
    for loss in shares {
      let poolings = loss.layer.poolingCount
      let (height, width) = (content.shape[2] >> poolings, content.shape[3] >> poolings)
      if min(height, width) == 0 {
        requests[loss.layer] = Request(features: true)
        continue
      }
      var (places, side) = SelfSimilarityLoss<Float>.windows(height: height, width: width, seed: seed)
      if let weights = weights[loss.layer]![0]?.map {
        let shares = FeatureSums(weights, Request(places: places, placeSide: side)).samples!.scalars
        // What is seen for the most part, or else what is seen best.
        let least = min(0.5, shares.max() ?? 0)
        places = zip(places, shares).filter { $0.1 >= least }.map(\.0)
      }
      requests[loss.layer] = Request(places: places, placeSide: side)
    }
    try network.look(at: content.detached(), for: requests, by: strips) { layer, features in
      let share = shares.first { $0.layer == layer }!.share / whole
      found.append(
        .init(
          layer: layer, share: share,
          loss: SelfSimilarityLoss(
            samples: features.samples!, places: requests[layer]!.places, side: requests[layer]!.placeSide)))
    }
    return found
  }

  /// Each layer with a weight but the first, in the order of computation, with the one before it.
  private func pairs(_ layers: [StyleTransferObjective.WeightedLayer]) -> [StyleTransferObjective.LayerLoss] {
    let single = losses(layers)
    ShapeCheck.require(single.count > 1) {
      "StyleTransferObjective: cross-layer compares each layer with the next, and there is only \(single[0].layer); give two"
    }
    let whole = normalization.averagesLayers ? single.dropFirst().reduce(0) { $0 + $1.share } : 1
    return zip(single, single.dropFirst()).map {
      .init(layer: $1.layer, share: $1.share / whole, partner: $0.layer)
    }
  }

  /// The layers with a weight, in the order of computation, with their shares of the term.
  private func losses(_ layers: [StyleTransferObjective.WeightedLayer]) -> [StyleTransferObjective.LayerLoss]
  {
    for layer in layers {
      ShapeCheck.require(layer.weight >= 0 && layer.weight.isFinite) {
        "StyleTransferObjective: the weight of \(layer.layer) is \(layer.weight)"
      }
    }
    let used = layers.filter { $0.weight > 0 }
    ShapeCheck.require(!used.isEmpty) {
      "StyleTransferObjective: a term with a weight has no layers with one"
    }
    let whole = normalization.averagesLayers ? used.reduce(0) { $0 + $1.weight } : 1
    let shares = Dictionary(used.map { ($0.layer, $0.weight / whole) }, uniquingKeysWith: +)
    return shares.keys.sorted().map { .init(layer: $0, share: shares[$0]!) }
  }

  private func require(_ hasPicture: Bool) {
    ShapeCheck.require(hasPicture) {
      "StyleTransferObjective: a term with a weight has no picture with one"
    }
  }

  /// The weights of each region at layers; one object for those with as many poolings before them.
  private func weights(
    _ maps: RegionMaps, _ layers: some Sequence<VGG19.Layer>
  ) -> [VGG19.Layer: [PixelWeights<Float>?]] {
    var known: [Int: [PixelWeights<Float>?]] = [:]
    var found: [VGG19.Layer: [PixelWeights<Float>?]] = [:]
    for layer in layers {
      let poolings = layer.poolingCount
      let weights = known[poolings] ?? maps.weights(poolings: poolings).map { $0.map(PixelWeights.init) }
      known[poolings] = weights
      found[layer] = weights
    }
    return found
  }
}
