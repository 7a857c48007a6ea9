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
  /// The ways to make a block's output smaller.
  public enum Pooling: String, Sendable, CaseIterable {
    /// The largest of each 2×2 window: what the network was trained with.
    case max
    /// The mean of each 2×2 window: smoother pictures (Gatys, Ecker and Bethge, 2015).
    case average
  }

  /// How exactly the convolutions' products are made.
  public enum Precision: String, Sendable, CaseIterable {
    /// In single precision.
    case full
    /// With pictures and filters rounded to bfloat16 inside of all convolutions but the first, whose sums, results and
    /// all else stay in single precision; see `ConvolutionAlgorithm.winogradBFloat16`.
    ///
    /// An evaluation takes about two thirds of the time, and the filters half the memory. The gradient of a loss to the
    /// picture is off by less than a tenth of its norm, as with PyTorch's autocast to bfloat16.
    case fast
    /// The features as with `full` and the gradient of a loss to the picture with the products of `fast`; see
    /// `ConvolutionAlgorithm.winogradBFloat16Gradient`.
    ///
    /// An evaluation takes about five sixths of the time of `full`, and as much memory.
    case fastGradient

    /// Whether this machine's processor has what the precision is for; where it has not, `fast` is the same as `full`.
    public var isAvailable: Bool { algorithm.isAvailable }

    /// How convolutions behind the first are computed.
    var algorithm: ConvolutionAlgorithm {
      switch self {
      case .full: .winograd
      case .fast: .winogradBFloat16
      case .fastGradient: .winogradBFloat16Gradient
      }
    }

    /// The algorithm of convolution `number`, 1 ... 16.
    func algorithm(ofConvolution number: Int) -> ConvolutionAlgorithm {
      number == 1 ? .winograd : algorithm
    }
  }

  /// The numbers of the network's filters, which are constants.
  public let weights: Weights
  /// How a block's output is made smaller.
  public var pooling: Pooling
  /// What the convolutions see beyond the picture's border.
  public var padding: Padding
  /// How exactly the convolutions' products are made.
  public var precision: Precision

  /// The network with weights that were read before.
  public init(
    weights: Weights, pooling: Pooling = .max, padding: Padding = .zero, precision: Precision = .full
  ) {
    self.weights = weights
    self.pooling = pooling
    self.padding = padding
    self.precision = precision
  }

  /// The network with the weights of a file; see ``Weights/init(contentsOf:)-(String)``.
  public init(
    contentsOf path: String, pooling: Pooling = .max, padding: Padding = .zero, precision: Precision = .full
  ) throws {
    self.init(
      weights: try Weights(contentsOf: path), pooling: pooling, padding: padding, precision: precision)
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

  /// The smallest side of a picture for which all of `layers` have an output: 2ᵖ with p poolings on the way.
  public static func minimumSize(for layers: some Sequence<Layer>) -> Int {
    layers.map { 1 << $0.poolingCount }.max() ?? 1
  }
}

extension VGG19.Layer {
  /// How many poolings there are up to and with the layer.
  var poolingCount: Int { kind == .pooling ? block + 1 : block }
}
