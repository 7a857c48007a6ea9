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
    public var layer: VGG19.Layer
    public var weight: Double

    public init(_ layer: VGG19.Layer, weight: Double = 1) {
      self.layer = layer
      self.weight = weight
    }
  }

  /// How much each term counts. A term of weight 0 is not computed.
  public struct Weights: Hashable, Sendable {
    public var content: Double
    public var style: Double
    public var totalVariation: Double

    public init(content: Double = 1, style: Double = 0.5, totalVariation: Double = 0) {
      self.content = content
      self.style = style
      self.totalVariation = totalVariation
    }
  }

  /// The values of the terms, each before its weight, and the weighted total. 0 for a term of weight 0.
  public struct Terms: Hashable, Sendable {
    public var content = 0.0
    public var style = 0.0
    public var totalVariation = 0.0
    public var total = 0.0
  }

  /// The layers whose content the reference study keeps.
  public static let studyContentLayers = [WeightedLayer(.convolution(9))]
  /// The layers whose style the reference study takes.
  public static let studyStyleLayers = [2, 4, 8, 16].map { WeightedLayer(.convolution($0)) }

  public let network: VGG19
  public let weights: Weights
  /// Layer losses with their share of their term.
  private let content: [LayerLoss<ContentLoss<Float>>]
  private let style: [LayerLoss<StyleLoss<Float>>]
  private let variation: TotalVariation<Float>
  /// What is asked of the network.
  private let layers: Set<VGG19.Layer>

  /// - Parameters:
  ///   - network: Sees the pictures.
  ///   - content: What is to be seen, [1, 3, H, W], RGB in 0 … 1, of the size of the picture to be made.
  ///   - style: The manner, [1, 3, H′, W′], of any size.
  ///   - contentLayers: Where contents are compared.
  ///   - styleLayers: Where manners are compared.
  ///   - weights: Of the terms; the defaults are the study's.
  ///   - normalization: How the terms are measured. In `relative` the total variation is a part of the
  ///     content's.
  /// - Throws: ``VGG19/ImageTooSmall`` when one of the pictures is.
  /// - Precondition: Weights are finite and not negative, and in each term with a weight some layer has one.
  public init(
    network: VGG19, content: Tensor<Float>, style: Tensor<Float>,
    contentLayers: [WeightedLayer] = studyContentLayers, styleLayers: [WeightedLayer] = studyStyleLayers,
    weights: Weights = Weights(), normalization: LossNormalization = .relative
  ) throws(VGG19.ImageTooSmall) {
    for weight in [weights.content, weights.style, weights.totalVariation] {
      precondition(weight >= 0 && weight.isFinite, "StyleTransferObjective: a weight is \(weight)")
    }
    self.network = network
    self.weights = weights
    self.content = try Self.losses(
      weights.content, contentLayers, of: content, network, normalization, ContentLoss.init)
    self.style = try Self.losses(
      weights.style, styleLayers, of: style, network, normalization,
      StyleLoss.init(targetFeatures:normalization:))
    variation = normalization == .relative ? TotalVariation(relativeTo: content) : TotalVariation()
    layers = Set(self.content.map(\.layer) + self.style.map(\.layer))
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
    try network.visit(image, layers: layers) { layer, features in
      for part in content where part.layer == layer {
        terms.content += sum.add(part.loss(features), share: part.share, weight: weights.content)
      }
      for part in style where part.layer == layer {
        terms.style += sum.add(part.loss(features), share: part.share, weight: weights.style)
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

extension StyleTransferObjective {
  private struct LayerLoss<Loss: Sendable>: Sendable {
    let layer: VGG19.Layer
    let share: Double
    let loss: Loss
  }

  private static func losses<Loss>(
    _ termWeight: Double, _ layers: [WeightedLayer], of image: Tensor<Float>, _ network: VGG19,
    _ normalization: LossNormalization, _ make: (Tensor<Float>, LossNormalization) -> Loss
  ) throws(VGG19.ImageTooSmall) -> [LayerLoss<Loss>] {
    if termWeight == 0 { return [] }
    for layer in layers {
      precondition(
        layer.weight >= 0 && layer.weight.isFinite,
        "StyleTransferObjective: the weight of \(layer.layer) is \(layer.weight)")
    }
    let used = layers.filter { $0.weight > 0 }
    precondition(!used.isEmpty, "StyleTransferObjective: a term with a weight has no layers with one")
    let total = normalization.averagesLayers ? used.reduce(0) { $0 + $1.weight } : 1
    let shares = Dictionary(used.map { ($0.layer, $0.weight / total) }, uniquingKeysWith: +)
    var losses: [LayerLoss<Loss>] = []
    try network.visit(image.detached(), layers: Set(shares.keys)) { layer, features in
      losses.append(LayerLoss(layer: layer, share: shares[layer]!, loss: make(features, normalization)))
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
  }
}
