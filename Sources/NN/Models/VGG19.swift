import Tensor

/// VGG-19 without its classifier: the network whose features are the eyes of style transfer.
///
/// ```swift
/// let network = try VGG19(contentsOf: "vgg_normalised.pth")
/// let layer = try VGG19.Layer("conv4_1")
/// let features = try network(image, layers: [layer])[layer]!  // [1, 512, H / 8, W / 8]
/// ```
///
/// Sixteen 3×3 convolutions that keep the size, each followed by a ReLU, and five 2×2 poolings (Simonyan and
/// Zisserman, 2014); ``Layer`` names them. The weights are constants: a derivative is computed for the picture
/// alone, and neither the weights' gradient nor an activation kept for it ever exists.
///
/// The network was trained with zero padding; ``Padding`` has others, whose features differ near the border.
public struct VGG19: Sendable {
  /// How a block's output is made smaller.
  public enum Pooling: String, Sendable, CaseIterable {
    /// The largest of each 2×2 window: what the network was trained with.
    case max
    /// The mean of each window: smoother pictures (Gatys, Ecker and Bethge, 2015).
    case average
  }

  /// The numbers of the network, which are constants.
  public let weights: Weights
  /// How a block's output is made smaller.
  public var pooling: Pooling
  /// What the convolutions see beyond the picture's border.
  public var padding: Padding

  /// The network with weights that were read before.
  public init(weights: Weights, pooling: Pooling = .max, padding: Padding = .zero) {
    self.weights = weights
    self.pooling = pooling
    self.padding = padding
  }

  /// The network with the weights of a file; see ``Weights/init(contentsOf:)``.
  public init(contentsOf path: String, pooling: Pooling = .max, padding: Padding = .zero) throws {
    self.init(weights: try Weights(contentsOf: path), pooling: pooling, padding: padding)
  }

  /// The outputs of `layers` for a picture, in one pass that ends at the deepest of them.
  ///
  /// - Parameters:
  ///   - image: [N, 3, H, W]: N pictures, the channels red, green and blue, rows, columns; 0 is black and 1 is full
  ///     colour. The network's own pre-processing is applied here.
  ///   - layers: Which outputs are wanted; the deepest ends the pass.
  /// - Returns: For each layer [N, C, H / 2ᵖ, W / 2ᵖ], rounded down, after p poolings. Nothing else outlives the
  ///   call, unless the picture is tracked.
  /// - Throws: ``ImageTooSmall`` when a pooling on the way would have nothing left; see ``minimumSize(for:)``.
  /// - Precondition: `image` has four axes, the second of length 3.
  /// - Complexity: O(N · H · W); about 390,000 multiplications a pixel through `conv_16`.
  public func callAsFunction(
    _ image: Tensor<Float>, layers: some Sequence<Layer>
  ) throws(ImageTooSmall) -> [Layer: Tensor<Float>] {
    var features: [Layer: Tensor<Float>] = [:]
    try visit(image, layers: Set(layers)) { features[$0] = $1 }
    return features
  }

  /// Calls `body` with the output of each of `layers`, in the order of computation, as soon as it is there and the
  /// next layer has read it.
  ///
  /// What `body` makes of an output is then newer than all that the network made of it, so a backward pass, which
  /// goes from the newest to the oldest, comes to it just before that output's own gradient: a loss's gradient
  /// waits for no other, and the features that it reads die before another of their size is needed.
  func visit(
    _ image: Tensor<Float>, layers wanted: Set<Layer>, _ body: (Layer, Tensor<Float>) -> Void
  ) throws(ImageTooSmall) {
    guard let deepest = wanted.max() else { return }
    try check(image.shape, deepest)
    var x = weights.preprocessing.convolve(image, padding: 0)
    var owesReLU = false
    var unread: (layer: Layer, features: Tensor<Float>)?
    func deliver() {
      guard let (layer, features) = unread else { return }
      unread = nil
      body(layer, features)
    }
    for layer in Layer.all[...deepest.position] {
      let isWanted = wanted.contains(layer)
      switch layer.stage {
      case .convolution(let number):
        // Only where the output before the ReLU is asked for does it exist.
        x = convolve(x, number, applyingReLU: !isWanted)
        owesReLU = isWanted
      case .relu:
        // The maximum of a window after the ReLU is the ReLU of its maximum: put off until after the pooling,
        // the ReLU works on a quarter of the numbers and keeps a quarter of the bits.
        if owesReLU, !isWanted, pooling == .max, layer.precedesPooling { continue }
        if owesReLU { x = x.relu() }
        owesReLU = false
      case .pooling:
        x = pooling == .max ? x.maxPool2D(window: 2) : x.averagePool2D(window: 2)
        if owesReLU { x = x.relu() }
        owesReLU = false
      }
      deliver()
      if isWanted { unread = (layer, x) }
    }
    deliver()
  }

  private func convolve(_ x: Tensor<Float>, _ number: Int, applyingReLU: Bool) -> Tensor<Float> {
    let filter = weights.convolutions[number - 1]
    let mode = padding.mode(ofConvolution: number)
    // Zeros need not be stored: the convolution knows them.
    return mode == .zero
      ? filter.convolve(x, padding: 1, applyingReLU: applyingReLU)
      : filter.convolve(x.framed(mode), padding: 0, applyingReLU: applyingReLU)
  }

  /// The smallest side of a picture for which all of `layers` have an output: 2ᵖ with p poolings on the way.
  public static func minimumSize(for layers: some Sequence<Layer>) -> Int {
    layers.map { 1 << $0.poolingCount }.max() ?? 1
  }

  private func check(_ shape: [Int], _ deepest: Layer) throws(ImageTooSmall) {
    ShapeCheck.require(shape.count == 4 && shape[1] == 3) {
      "VGG19: the picture \(shape) is not of the form [N, 3, H, W]"
    }
    let minimum = Self.minimumSize(for: [deepest])
    if min(shape[2], shape[3]) < minimum {
      throw ImageTooSmall(height: shape[2], width: shape[3], minimumSize: minimum, layer: deepest)
    }
  }
}

extension VGG19.Layer {
  /// How many poolings there are up to and with the layer.
  fileprivate var poolingCount: Int {
    if case .pooling = stage { block + 1 } else { block }
  }

  fileprivate var precedesPooling: Bool {
    if case .pooling = Self.stages[position + 1] { true } else { false }
  }
}
