import Tensor

/// The function that style transfer minimises over the pixels of a picture:
///
///     total = content weight · content + style weight · style + total variation weight · total variation
///
/// It looks at the picture once, in one pass through the network to the deepest layer that a loss needs.
///
/// ```swift
/// let objective = try StyleTransferObjective(network: network, content: photograph, style: painting)
/// var optimizer = LBFGS<Float>()
/// var image = photograph
/// for _ in 0..<300 {
///   try optimizer.step(&image) { image in
///     let (value, gradient, terms) = try objective.valueWithGradient(at: image)
///     print(terms.content, terms.style)
///     return (value, gradient)
///   }
/// }
/// ```
public struct StyleTransferObjective: Sendable {
  /// A layer with how much its loss counts among those of its term.
  public struct WeightedLayer: Hashable, Sendable {
    /// The layer at which a loss looks.
    public var layer: VGG19.Layer
    /// How much the layer counts; only the proportions matter where the layers' losses are averaged.
    public var weight: Double

    /// A layer that counts `weight` times as much as one of weight 1.
    public init(_ layer: VGG19.Layer, weight: Double = 1) {
      self.layer = layer
      self.weight = weight
    }
  }

  /// How much each term counts. A term of weight 0 is not computed.
  public struct Weights: Hashable, Sendable {
    /// The weight of the distance from the content's features.
    public var content: Double
    /// The weight of the distance from the styles' statistics.
    public var style: Double
    /// The weight of the picture's total variation, which smooths.
    public var totalVariation: Double

    /// Weights of the terms; the defaults are the study's.
    public init(content: Double = 1, style: Double = 0.5, totalVariation: Double = 0) {
      self.content = content
      self.style = style
      self.totalVariation = totalVariation
    }
  }

  /// A picture whose manner is taken.
  public struct Style: Sendable {
    /// The style's picture, [1, 3, H, W], RGB in 0 … 1, of any size.
    public var image: Tensor<Float>
    /// How opaque the picture's pixels are, [1, 1, H, W] in 0 … 1; `nil` where all of them are. The manner is that of the
    /// pixels that are at least half opaque; those beside them are seen through the borders of what a layer sees.
    public var opacity: Tensor<Float>?
    /// How much the style counts among the styles.
    public var weight: Double

    /// A picture that counts `weight` times as much as one of weight 1.
    ///
    /// - Precondition: The opacity, if any, has the picture's height and width.
    public init(_ image: Tensor<Float>, opacity: Tensor<Float>? = nil, weight: Double = 1) {
      ShapeCheck.require(opacity.map { $0.shape == [1, 1] + image.shape.dropFirst(2) } ?? true) {
        "StyleTransferObjective.Style: the opacity \(opacity?.shape ?? []) is not [1, 1, H, W] of the picture "
          + "\(image.shape)"
      }
      self.image = image
      self.opacity = opacity
      self.weight = weight
    }
  }

  /// The values of the terms, each before its weight, and the weighted total. 0 for a term of weight 0.
  public struct Terms: Hashable, Sendable {
    /// The distance from the content's features.
    public var content = 0.0
    /// The distance from the styles' statistics.
    public var style = 0.0
    /// The picture's total variation.
    public var totalVariation = 0.0
    /// The sum of the terms, each times its weight.
    public var total = 0.0
    /// The layers' losses that ``content`` is made of, each before its weight, in the order of computation.
    public var contentLayers: [LayerValue] = []
    /// The layers' losses that ``style`` is made of, each before its weight, in the order of computation.
    public var styleLayers: [LayerValue] = []

    /// The terms of nothing yet: all zeros.
    public init() {}
  }

  /// A layer with its loss.
  public struct LayerValue: Hashable, Sendable {
    /// The layer at which the loss looked.
    public var layer: VGG19.Layer
    /// The layer's loss, before its weight.
    public var value: Double
  }

  /// The layers whose content the reference study keeps.
  public static let studyContentLayers = [WeightedLayer(.convolution(9))]
  /// The layers whose style the reference study takes.
  public static let studyStyleLayers = [2, 4, 8, 16].map { WeightedLayer(.convolution($0)) }

  /// The network whose features are compared.
  public let network: VGG19
  /// How much each term counts. A term that had weight 0 when the objective was made has no losses, and stays out whatever its weight becomes.
  public var weights: Weights
  /// The statistic of features that is taken for a manner.
  public let statistic: StyleStatistic
  /// How the network is run; no bit of a result depends on it, only memory and time.
  package var strips: VGG19.Strips
  private var content: [LayerLoss]
  private let style: [LayerLoss]
  private var variation: TotalVariation<Float>
  /// What is asked of the network.
  private var requests: StripSegment.Requests

  /// The objective of a content, some styles, or both.
  ///
  /// - Parameters:
  ///   - network: Sees the pictures.
  ///   - content: What is to be seen, [1, 3, H, W], RGB in 0 … 1, of the size of the picture to be made; `nil` for
  ///     a texture, which has none and may have any size.
  ///   - styles: The manners, each of any size; they are blended by their weights, as parts of the weights' sum.
  ///   - contentLayers: Where contents are compared.
  ///   - styleLayers: Where manners are compared.
  ///   - weights: Of the terms; the defaults are the study's.
  ///   - statistic: What a manner is.
  ///   - normalization: How the terms are measured. In `relative` the total variation is a part of the content's
  ///     or, without one, of the first style's. Both it and its measure grow alike when pictures are made
  ///     smaller, so that a weight does the same at all sizes.
  ///   - isPeriodic: Whether the picture to be made is a tile, whose edges meet; the network should pad it by
  ///     ``VGG19/Padding/circular``. The styles, which are no tiles, are padded by ``VGG19/Padding/reflect`` then.
  /// - Throws: ``VGG19/ImageTooSmall`` when one of the pictures is.
  /// - Precondition: Weights are finite and not negative; in each term with a weight some layer has one, and there
  ///   is a content, or a style with a weight.
  public init(
    network: VGG19, content: Tensor<Float>?, styles: [Style],
    contentLayers: [WeightedLayer] = studyContentLayers, styleLayers: [WeightedLayer] = studyStyleLayers,
    weights: Weights = Weights(), statistic: StyleStatistic = .gram,
    normalization: LossNormalization = .relative, isPeriodic: Bool = false
  ) throws(VGG19.ImageTooSmall) {
    try self.init(
      network: network, content: content, styles: styles, contentLayers: contentLayers,
      styleLayers: styleLayers, weights: weights, statistic: statistic, normalization: normalization,
      isPeriodic: isPeriodic, strips: .none)
  }

  /// As the public one.
  ///
  /// - Parameter strips: How the network is run, also over the content and the styles.
  package init(
    network: VGG19, content: Tensor<Float>?, styles: [Style], contentLayers: [WeightedLayer],
    styleLayers: [WeightedLayer], weights: Weights, statistic: StyleStatistic,
    normalization: LossNormalization, isPeriodic: Bool, strips: VGG19.Strips
  ) throws(VGG19.ImageTooSmall) {
    for weight in [weights.content, weights.style, weights.totalVariation] + styles.map(\.weight) {
      ShapeCheck.require(weight >= 0 && weight.isFinite) { "StyleTransferObjective: a weight is \(weight)" }
    }
    self.network = network
    self.weights = weights
    self.statistic = statistic
    self.strips = strips
    self.content =
      try weights.content == 0
      ? [] : Self.losses(of: content, contentLayers, network, normalization, strips)
    let sums = statistic.request(Float.self)
    // A painting is no tile: the line where its opposite edges would meet would be taken for a part of its manner, and
    // painted as straight edges across the tile.
    var styleNetwork = network
    if isPeriodic { styleNetwork.padding = .reflect }
    style =
      try weights.style == 0
      ? []
      : Self.losses(styles, styleLayers, styleNetwork, sums, normalization, strips) {
        let loss = StyleLoss(target: $0, statistic: statistic, normalization: normalization)
        return .init(loss: loss.callAsFunction, zeroFeaturesLoss: loss.zeroFeaturesLoss, request: sums)
      }
    let calm = normalization == .relative ? content ?? styles.first?.image : nil
    variation =
      calm.map { TotalVariation(relativeTo: $0, isPeriodic: isPeriodic) }
      ?? TotalVariation(isPeriodic: isPeriodic)
    requests = Self.requests(self.content + style)
  }

  /// The objective of a content and a single style; see the other initialiser.
  public init(
    network: VGG19, content: Tensor<Float>, style: Tensor<Float>,
    contentLayers: [WeightedLayer] = studyContentLayers, styleLayers: [WeightedLayer] = studyStyleLayers,
    weights: Weights = Weights(), statistic: StyleStatistic = .gram,
    normalization: LossNormalization = .relative
  ) throws(VGG19.ImageTooSmall) {
    try self.init(
      network: network, content: content, styles: [Style(style)], contentLayers: contentLayers,
      styleLayers: styleLayers, weights: weights, statistic: statistic, normalization: normalization)
  }

  /// The same objective for another content, which may have another size: what was computed of the styles is kept.
  ///
  /// - Parameters:
  ///   - content: What is to be seen, [1, 3, H, W], RGB in 0 … 1; `nil` for a texture.
  ///   - contentLayers: Where contents are compared.
  ///   - weights: Of the terms, in place of ``weights``.
  ///   - normalization: The one that the objective was made with.
  ///   - strips: How the network is run.
  /// - Precondition: The objective has a style, and `weights` are as ``init(network:content:styles:contentLayers:styleLayers:weights:statistic:normalization:)``
  ///   demands them.
  package func keepingStyles(
    content: Tensor<Float>?, contentLayers: [WeightedLayer], weights: Weights,
    normalization: LossNormalization, strips: VGG19.Strips
  ) throws(VGG19.ImageTooSmall) -> StyleTransferObjective {
    var objective = self
    (objective.weights, objective.strips) = (weights, strips)
    objective.content =
      try weights.content == 0
      ? [] : Self.losses(of: content, contentLayers, network, normalization, strips)
    // A texture's measure is its first style, which stays.
    if normalization == .relative, let content {
      objective.variation = TotalVariation(relativeTo: content, isPeriodic: variation.isPeriodic)
    }
    objective.requests = Self.requests(objective.content + style)
    return objective
  }

  /// What the terms would be if all features were zero: the pictures' own sizes, by which the terms of
  /// different statistics and normalisations can be balanced. 0 for a term of weight 0.
  public var relativeScale: (content: Double, style: Double) {
    func size(_ losses: [LayerLoss]) -> Double {
      losses.reduce(0) { $0 + $1.share * $1.parts.reduce(0) { $0 + $1.share * $1.zeroFeaturesLoss } }
    }
    return (size(content), size(style))
  }

  /// The total for `image`, a tensor of rank 0, and the terms that it is made of.
  ///
  /// - Parameter image: [1, 3, H, W], RGB in 0 … 1.
  public func callAsFunction(
    _ image: Tensor<Float>
  ) throws(VGG19.ImageTooSmall) -> (total: Tensor<Float>, terms: Terms) {
    var sum = WeightedSum()
    var terms = Terms()
    if weights.totalVariation > 0 {
      terms.totalVariation = sum.add(variation(image), share: 1, weight: weights.totalVariation)
    }
    try network.look(at: image, for: requests, by: strips) { layer, features in
      for loss in content where loss.layer == layer {
        terms.contentLayers.append(sum.add(loss, of: features, weight: weights.content, to: &terms.content))
      }
      for loss in style where loss.layer == layer {
        terms.styleLayers.append(sum.add(loss, of: features, weight: weights.style, to: &terms.style))
      }
    }
    terms.total = Double(sum.total.scalar)
    return (sum.total, terms)
  }

  /// The total for `image`, its gradient, of the shape of `image`, and the terms.
  public func valueWithGradient(
    at image: Tensor<Float>
  ) throws(VGG19.ImageTooSmall) -> (value: Tensor<Float>, gradient: Tensor<Float>, terms: Terms) {
    let variable = image.detached().tracked()
    let (total, terms) = try self(variable)
    guard total.isTracked else { return (total, .zeros(image.shape), terms) }
    return (total.detached(), gradient(of: total, withRespectTo: [variable])[0], terms)
  }
}

// MARK: - Layers and sums

extension StyleTransferObjective.Style {
  /// The features [1, C, 1, M] of the pixels of a layer that can be seen: no statistic of a manner knows where they are.
  fileprivate func visible(_ features: Tensor<Float>) -> Tensor<Float> {
    guard var shares = opacity else { return features }
    let (channels, height, width) = (features.shape[1], features.shape[2], features.shape[3])
    while shares.shape[2] > height || shares.shape[3] > width { shares = shares.averagePool2D(window: 2) }
    let parts = shares.scalars
    // Where nothing is seen for the most part, what is seen best stands for it.
    let least = min(0.5, parts.max() ?? 0)
    let positions = parts.indices.filter { parts[$0] >= least }
    if positions.count == parts.count { return features }
    return features.reshaped(to: [1, channels, height * width]).sliced(positions, axis: 2).expanded(axis: 2)
  }
}

extension StyleTransferObjective {
  /// A layer's part of a term: a content's loss, or those of the styles.
  private struct LayerLoss: Sendable {
    let layer: VGG19.Layer
    /// Of the term.
    let share: Double
    var parts: [PictureLoss] = []
  }

  /// What a picture adds to a layer's loss.
  private struct PictureLoss: Sendable {
    /// Of the layer's loss.
    var share = 1.0
    let loss: @Sendable (FeatureSums<Float>) -> Tensor<Float>
    let zeroFeaturesLoss: Double
    /// What ``loss`` looks at.
    let request: FeatureSums<Float>.Request
  }

  /// The losses of a content's layers.
  private static func losses(
    of content: Tensor<Float>?, _ layers: [WeightedLayer], _ network: VGG19,
    _ normalization: LossNormalization, _ strips: VGG19.Strips
  ) throws(VGG19.ImageTooSmall) -> [LayerLoss] {
    try losses(
      content.map { [Style($0)] } ?? [], layers, network, .init(features: true), normalization, strips
    ) {
      let loss = ContentLoss(target: $0.features!, normalization: normalization)
      return .init(loss: { $0.content! }, zeroFeaturesLoss: loss.zeroFeaturesLoss, request: loss.request)
    }
  }

  /// What losses ask of the network.
  private static func requests(_ losses: [LayerLoss]) -> StripSegment.Requests {
    var requests: StripSegment.Requests = [:]
    for loss in losses {
      for part in loss.parts { requests[loss.layer, default: .init()].formUnion(part.request) }
    }
    return requests
  }

  /// The layers' losses of a term, in the order of computation.
  private static func losses(
    _ pictures: [Style], _ layers: [WeightedLayer], _ network: VGG19, _ request: FeatureSums<Float>.Request,
    _ normalization: LossNormalization, _ strips: VGG19.Strips,
    _ make: (FeatureSums<Float>) -> PictureLoss
  ) throws(VGG19.ImageTooSmall) -> [LayerLoss] {
    for layer in layers {
      ShapeCheck.require(layer.weight >= 0 && layer.weight.isFinite) {
        "StyleTransferObjective: the weight of \(layer.layer) is \(layer.weight)"
      }
    }
    let (used, seen) = (layers.filter { $0.weight > 0 }, pictures.filter { $0.weight > 0 })
    ShapeCheck.require(!used.isEmpty) {
      "StyleTransferObjective: a term with a weight has no layers with one"
    }
    ShapeCheck.require(!seen.isEmpty) {
      "StyleTransferObjective: a term with a weight has no picture with one"
    }
    let whole = normalization.averagesLayers ? used.reduce(0) { $0 + $1.weight } : 1
    let shares = Dictionary(used.map { ($0.layer, $0.weight / whole) }, uniquingKeysWith: +)
    var losses = shares.keys.sorted().map { LayerLoss(layer: $0, share: shares[$0]!) }
    let blend = seen.reduce(0) { $0 + $1.weight }
    for picture in seen {
      // Of a picture that is seen in parts the features are wanted themselves.
      let seesAll = picture.opacity == nil
      let requests = shares.mapValues { _ in seesAll ? request : .init(features: true) }
      try network.look(at: picture.image.detached(), for: requests, by: strips) { layer, features in
        var loss = make(
          seesAll ? features : FeatureSums(picture.visible(features.features!), request))
        loss.share = picture.weight / blend
        losses[losses.firstIndex { $0.layer == layer }!].parts.append(loss)
      }
    }
    return losses
  }

  /// A total of weighted terms.
  private struct WeightedSum {
    var total = Tensor<Float>(0)

    /// Adds a part of a term, and returns the part's value before the term's weight.
    mutating func add(_ value: Tensor<Float>, share: Double, weight: Double) -> Double {
      total = total + value * Tensor(Float(weight * share))
      return Double(value.scalar) * share
    }

    /// Adds a layer's loss, also to its term before the term's weight, and returns it before the layer's.
    mutating func add(
      _ loss: LayerLoss, of features: FeatureSums<Float>, weight: Double, to term: inout Double
    ) -> LayerValue {
      var value = 0.0
      for part in loss.parts {
        value += add(part.loss(features), share: part.share, weight: weight * loss.share)
      }
      term += value * loss.share
      return LayerValue(layer: loss.layer, value: value)
    }
  }
}
