import Tensor

/// How far a picture's features are from the nearest of the styles', which are found anew at each look:
///
///     mean over the layers of Σ (1 − maxⱼ cos(F[i] − μ, S[j] − μ)) / n
///
/// F[i] are the features of one layer at n places, which are drawn anew each time; S[j] those of the styles at some places,
/// and μ their mean. Each layer looks for itself, so that what the layers find need not come from one place: that makes
/// sharp what ``FixedNeighbours`` has laid out.
struct FreshNeighbours: Sendable {
  /// What a layer finds its neighbours in: for each part of the picture rows of unit length and the mean.
  private struct Samples: Sendable {
    let parts: [(rows: Tensor<Float>, mean: Tensor<Float>)]
    let places: NeighbourPlaces
    let size: (height: Int, width: Int)
    let share: Float
  }

  private let samples: [VGG19.Layer: Samples]
  private let seed: UInt64
  var layers: [VGG19.Layer] { Array(samples.keys) }

  /// How many places of the picture, and of the styles, a layer looks at.
  static let (queries, candidates) = (4096, 4096)

  /// - Parameters:
  ///   - layers: The layers with how much each counts.
  ///   - size: The rows and columns of the picture to be made.
  ///   - opacity: How much each of its pixels counts; `nil` for all alike.
  ///   - places: Where each part is; `nil` for one that is everywhere.
  init(
    _ layers: [StyleTransferObjective.WeightedLayer], size: (height: Int, width: Int),
    opacity: Tensor<Float>?,
    places: [Tensor<Float>?], in parts: [NeighbourPart], network: VGG19, seed: UInt64
  ) throws(VGG19.ImageTooSmall) {
    self.seed = seed
    let used = layers.filter { $0.weight > 0 }
    let whole = used.reduce(0) { $0 + $1.weight }
    var found: [VGG19.Layer: [[Tensor<Float>]]] = [:]
    for (part, content) in parts.enumerated() {
      for (index, source) in content.sources.enumerated() {
        let maps = RegionMaps(opacity: nil, regions: [source.region])
        try network.visit(source.image.detached(), layers: Set(used.map(\.layer))) { layer, features in
          let region = maps.weights(poolings: layer.poolingCount)[0]?.scalars
          let kept = FixedNeighbours.drawn(
            (features.shape[2], features.shape[3]), region,
            atMost: max(1, Self.candidates / content.sources.count), seed: seed &+ UInt64(index))
          found[layer, default: parts.map { _ in [] }][part].append(
            features.pixelRows.sliced(kept, axis: 0))
        }
      }
    }
    var samples: [VGG19.Layer: Samples] = [:]
    for layer in used {
      let poolings = layer.layer.poolingCount
      let own = (height: size.height >> poolings, width: size.width >> poolings)
      samples[layer.layer] = Samples(
        parts: found[layer.layer]!.map { rows in
          let rows = Tensor.concatenated(rows, axis: 0)
          let mean = rows.mean(axes: [0], keepingDimensions: true)
          return ((rows - mean).lasting(), mean)
        },
        places: NeighbourPlaces(opacity: opacity, places: places, poolings: poolings, size: own), size: own,
        share: Float(layer.weight / whole))
    }
    self.samples = samples
  }

  /// A layer's part of the loss.
  ///
  /// - Parameter iteration: Which places are looked at.
  func loss(_ layer: VGG19.Layer, _ features: Tensor<Float>?, iteration: Int) -> Tensor<Float>? {
    guard let samples = samples[layer], let features else { return nil }
    let own = seed &+ 1_000_003 &* UInt64(iteration) &+ 7919 &* UInt64(layer.position)
    let places = SelfSimilarityLoss<Float>.places(
      height: samples.size.height, width: samples.size.width, count: Self.queries, seed: own)
    let rows = features.pixelRows
    let weights = samples.places.weights?.scalars
    var (sum, whole) = (Tensor<Float>(0), Float(0))
    for (part, pixels) in zip(samples.parts, samples.places.parts) {
      let isWhole = samples.places.parts.count == 1
      let inside = isWhole ? [] : Set(pixels)
      let kept = places.filter { (isWhole || inside.contains($0)) && weights?[$0] ?? 1 > 0 }
      if kept.isEmpty { continue }
      let asked = rows.sliced(kept, axis: 0) - part.mean
      let positions = asked.detached().nearestRows(in: part.rows).positions
      let targets = part.rows.sliced(positions.scalars.map(Int.init), axis: 0)
      let products = (asked * targets).sum(axes: [1])
      let squares = asked.square().sum(axes: [1]) * targets.square().sum(axes: [1])
      var distances = 1 - products / (squares + 1e-12).sqrt()
      if let weights {
        let shares = Tensor(kept.map { weights[$0] })
        distances = distances * shares
        whole += shares.sum().scalar
      } else {
        whole += Float(kept.count)
      }
      sum = sum + distances.sum()
    }
    return sum * Tensor(samples.share / max(whole, .leastNormalMagnitude))
  }
}
