import Tensor

/// The function that style transfer minimises over the pixels of a picture:
///
///     total = content weight · content + style weight · style + total variation weight · total variation
///             + self-similarity weight · self-similarity + Laplacian weight · Laplacian
///             + spectrum weight · spectrum
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
    /// The weight of the distance from how the content's places resemble each other, which keeps shapes.
    public var selfSimilarity: Double
    /// The weight of the distance from the content's Laplacians, which keeps edges.
    public var laplacian: Double
    /// The weight of the distance from the styles' power spectra, which keeps what repeats.
    public var spectrum: Double

    /// Weights of the terms; the defaults are the study's.
    public init(
      content: Double = 1, style: Double = 0.5, totalVariation: Double = 0, selfSimilarity: Double = 0,
      laplacian: Double = 0, spectrum: Double = 0
    ) {
      self.content = content
      self.style = style
      self.totalVariation = totalVariation
      self.selfSimilarity = selfSimilarity
      self.laplacian = laplacian
      self.spectrum = spectrum
    }

    fileprivate var all: [Double] { [content, style, totalVariation, selfSimilarity, laplacian, spectrum] }
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
  private var style: [LayerLoss]
  private var shapes: [ShapeLoss]
  private var lines: LaplacianLoss<Float>?
  /// The losses of the styles' spectra, with their shares of the term.
  private var spectra: [(share: Double, loss: SpectrumLoss<Float>)]
  private var variation: TotalVariation<Float>
  /// The style's loss where it is made of neighbours in place of statistics.
  var neighbours: NeighbourTerm?
  /// Which places fresh neighbours are looked for at.
  package var iteration = 0
  /// What is asked of the network.
  var requests: StripSegment.Requests

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
  ///   - opacity: How much each pixel of the picture to be made counts, [1, 1, H, W] in 0 … 1: what cannot be seen, or is
  ///     not painted, should count neither in the content nor in a manner. `nil` where all count.
  ///   - seed: Of the places that the self-similarity compares.
  ///   - size: Of the picture to be made, which the term of spectra needs to know; `nil` for the content's.
  /// - Throws: ``VGG19/ImageTooSmall`` when one of the pictures is.
  /// - Precondition: Weights are finite and not negative; in each term with a weight some layer has one, and there
  ///   is a content, or a style with a weight. The opacity and the styles' places have the content's size, and some pixel
  ///   of the picture counts in some style.
  public init(
    network: VGG19, content: Tensor<Float>?, styles: [Style],
    contentLayers: [WeightedLayer] = studyContentLayers, styleLayers: [WeightedLayer] = studyStyleLayers,
    weights: Weights = Weights(), statistic: StyleStatistic = .gram,
    normalization: LossNormalization = .relative, isPeriodic: Bool = false,
    opacity: Tensor<Float>? = nil, seed: UInt64 = 0, size: (height: Int, width: Int)? = nil
  ) throws(VGG19.ImageTooSmall) {
    try self.init(
      network: network, content: content, styles: styles, contentLayers: contentLayers,
      styleLayers: styleLayers, weights: weights, statistic: statistic, normalization: normalization,
      isPeriodic: isPeriodic, opacity: opacity, seed: seed, size: size, strips: .none)
  }

  /// As the public one.
  ///
  /// - Parameter strips: How the network is run, also over the content and the styles.
  package init(
    network: VGG19, content: Tensor<Float>?, styles: [Style], contentLayers: [WeightedLayer],
    styleLayers: [WeightedLayer], weights: Weights, statistic: StyleStatistic,
    normalization: LossNormalization, isPeriodic: Bool, opacity: Tensor<Float>? = nil, seed: UInt64 = 0,
    size: (height: Int, width: Int)? = nil, strips: VGG19.Strips
  ) throws(VGG19.ImageTooSmall) {
    for weight in weights.all + styles.map(\.weight) {
      ShapeCheck.require(weight >= 0 && weight.isFinite) { "StyleTransferObjective: a weight is \(weight)" }
    }
    for map in [opacity] + styles.map(\.place) {
      ShapeCheck.require(map == nil || content == nil || map!.shape.suffix(2) == content!.shape.suffix(2)) {
        "StyleTransferObjective: an opacity or a place \(map!.shape) for a picture \(content!.shape); the same size is needed"
      }
    }
    ShapeCheck.require(statistic.isMadeOfSums || strips.segments.isEmpty) {
      "StyleTransferObjective: \(statistic.rawValue) looks at whole layers, and strips have none; use another statistic"
    }
    self.network = network
    self.weights = weights
    self.statistic = statistic
    self.strips = strips
    let look = Look(network: network, normalization: normalization, strips: strips)
    self.content = []
    (shapes, lines, spectra) = ([], nil, [])
    variation = TotalVariation(isPeriodic: isPeriodic)
    requests = [:]
    // A painting is no tile: the line where its opposite edges would meet would be taken for a part of its manner, and
    // painted as straight edges across the tile.
    var styleLook = look
    if isPeriodic { styleLook.network.padding = .reflect }
    style =
      try weights.style == 0
      ? []
      : styleLook.losses(
        of: styles, styleLayers, statistic: statistic, opacity: opacity, isPeriodic: isPeriodic)
    if normalization == .relative, content == nil, let calm = styles.first?.image {
      variation = TotalVariation(relativeTo: calm, isPeriodic: isPeriodic)
    }
    if weights.spectrum > 0 {
      let shape = content?.shape
      guard let size = size ?? shape.map({ (height: $0[2], width: $0[3]) }) else {
        ShapeCheck.fail(
          "StyleTransferObjective: a term of spectra and no size of the picture; give the size, or a content")
      }
      let whole = styles.reduce(0) { $0 + $1.weight }
      spectra = styles.filter { $0.weight > 0 }.map { style in
        (
          style.weight / whole,
          SpectrumLoss(
            target: style.image, height: size.height, width: size.width, isPeriodic: isPeriodic,
            longestWave: Self.longestWave(of: style.image),
            opacity: style.opacity)
        )
      }
    }
    try aim(at: content, contentLayers, look, opacity: opacity, seed: seed)
  }

  /// The longest wave of a style that counts, in pixels: longer ones, of which fewer than 12 go across it, are its layout. (Of 4,
  /// 8, 12 and 20 those were the ones by which textures became most like their sources.) Short ones always count.
  private static func longestWave(of image: Tensor<Float>) -> Double {
    max(Double(max(image.shape[2], image.shape[3])) / 12, 8)
  }

  /// The same objective with its style seen along other random directions, or at other places, where its statistic has some:
  /// another function, which pulls at what those before have not shown.
  ///
  /// - Parameters:
  ///   - turn: 0 or more.
  ///   - seed: The same ones come of the same seed, turn and layer.
  package func turned(to turn: Int, seed: UInt64) -> StyleTransferObjective {
    var objective = self
    for layer in style.indices {
      for part in style[layer].parts.indices {
        guard let loss = style[layer].parts[part].turning else { continue }
        // Layers of as many channels see along directions of their own.
        let own = seed &+ UInt64(style[layer].layer.position) &* 0x9E37_79B9_7F4A_7C15
        let turned = loss.turned(to: turn, seed: own)
        objective.style[layer].parts[part].loss = { features, _ in turned(features) }
      }
    }
    return objective
  }

  /// Makes the losses that look at a content.
  private mutating func aim(
    at content: Tensor<Float>?, _ layers: [WeightedLayer], _ look: Look, opacity: Tensor<Float>?, seed: UInt64
  ) throws(VGG19.ImageTooSmall) {
    self.content =
      try weights.content == 0 ? [] : look.losses(of: content, layers, opacity: opacity)
    shapes =
      try weights.selfSimilarity == 0
      ? [] : look.shapeLosses(of: content, layers, opacity: opacity, seed: seed)
    lines = weights.laplacian == 0 ? nil : content.map { LaplacianLoss(target: $0, weights: opacity) }
    // A texture's measure is its first style, which stays.
    if look.normalization == .relative, let content {
      variation = TotalVariation(relativeTo: content, isPeriodic: variation.isPeriodic)
    }
    requests = [:]
    for (layer, request) in (self.content + style).flatMap(\.requests)
      + shapes.map({ ($0.layer, $0.request) })
    {
      requests[layer, default: .init()].formUnion(request)
    }
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
  ///   - seed: Of the places that the self-similarity compares.
  ///   - strips: How the network is run.
  /// - Precondition: The objective has a style, without a place, and `weights` are as ``init(network:content:styles:contentLayers:styleLayers:weights:statistic:normalization:)``
  ///   demands them.
  package func keepingStyles(
    content: Tensor<Float>?, contentLayers: [WeightedLayer], weights: Weights,
    normalization: LossNormalization, seed: UInt64 = 0, strips: VGG19.Strips
  ) throws(VGG19.ImageTooSmall) -> StyleTransferObjective {
    var objective = self
    (objective.weights, objective.strips) = (weights, strips)
    let look = Look(network: network, normalization: normalization, strips: strips)
    try objective.aim(at: content, contentLayers, look, opacity: nil, seed: seed)
    return objective
  }

  /// What the terms would be if all features were zero: the pictures' own sizes, by which the terms of
  /// different statistics and normalisations can be balanced. 0 for a term of weight 0.
  public var relativeScale: (content: Double, style: Double) {
    func size(_ losses: [LayerLoss]) -> Double {
      losses.reduce(0) { $0 + $1.share * $1.parts.reduce(0) { $0 + $1.share * $1.zeroFeaturesLoss } }
    }
    return (size(content), neighbours == nil ? size(style) : 1)
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
    if weights.laplacian > 0, let lines {
      terms.laplacian = sum.add(lines(image), share: 1, weight: weights.laplacian)
    }
    for (share, loss) in spectra where weights.spectrum > 0 {
      terms.spectrum += sum.add(loss(image), share: share, weight: weights.spectrum)
    }
    // Of the layers that a later one is compared with.
    var before: [VGG19.Layer: FeatureSums<Float>] = [:]
    let partners = Set(style.compactMap(\.partner))
    var columns = FixedNeighbours.Sums()
    try network.look(at: image, for: requests, by: strips) { layer, features in
      if partners.contains(layer) { before[layer] = features }
      switch neighbours {
      case .fixed(let neighbours): neighbours.add(layer, features.features, to: &columns)
      case .fresh(let neighbours):
        if let loss = neighbours.loss(layer, features.features, iteration: iteration) {
          terms.style += sum.add(loss, share: 1, weight: weights.style)
        }
      case nil: break
      }
      for loss in content where loss.layer == layer {
        terms.contentLayers.append(sum.add(loss, of: features, weight: weights.content, to: &terms.content))
      }
      for loss in style where loss.layer == layer {
        let partner = loss.partner.flatMap { before.removeValue(forKey: $0) }
        terms.styleLayers.append(
          sum.add(loss, of: features, before: partner, weight: weights.style, to: &terms.style))
      }
      for loss in shapes where loss.layer == layer {
        terms.selfSimilarity += sum.add(
          loss.loss(samples: features.samples!), share: loss.share, weight: weights.selfSimilarity)
      }
    }
    if case .fixed(let neighbours) = neighbours {
      terms.style = sum.add(neighbours.loss(columns), share: 1, weight: weights.style)
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
