import ImpastoPlatform
import Tensor

extension VGG19 {
  /// The numbers of a trained VGG-19, and the pre-processing that goes with them.
  public struct Weights: Sendable {
    /// Who trained or rescaled the network.
    public enum Origin: String, Sendable, CaseIterable {
      /// The weights of Gatys, Ecker and Bethge: rescaled so that the mean activation of every filter is 1, which leaves
      /// what the network computes the same but for a factor a channel.
      case normalized
      /// The weights that torchvision trained.
      case torchvision
      /// Simonyan and Zisserman's own, as they were published for Caffe, or the same rescaled: they want the channels
      /// blue, green and red in 0 … 255, less the mean of each.
      case caffe
    }

    /// Who trained or rescaled the network, as read from the file.
    public let origin: Origin
    /// The path of the file that the weights were read from, as it was given.
    public let path: String
    /// The normalisation from RGB in 0 … 1 to what the first convolution expects, as a 1×1 convolution. It cannot be folded into
    /// the first convolution, whose padding is zero *after* it.
    let preprocessing: Filter
    let convolutions: [Filter]

    /// What the convolutions are called in a file of their own.
    private let naming: Naming

    /// The weights of a file, .pth or .safetensors, told apart by what it holds and not by its name.
    ///
    /// - Normalised weights are called `0.weight` (the pre-processing), `2.weight`, … `51.weight`.
    /// - torchvision's are called `features.0.weight`, … `features.34.weight`; the mean and deviation of
    ///   ImageNet's pictures go with them.
    /// - Caffe's have either torchvision's names or `conv1_1.weight`, … `conv5_4.weight`, Gatys' own. They are known by
    ///   their first filters, however those are scaled, and get Caffe's pre-processing, which no file has in it.
    ///
    /// Names may have anything before them that ends in a dot, as in a checkpoint (`state_dict.module.features.0.weight`);
    /// other tensors of the file are passed over.
    ///
    /// - Throws: ``VGG19/UnrecognizedWeights`` when they are neither, of another size, or there several times;
    ///   `SerializationError` when the file cannot be read or is damaged.
    public init(contentsOf path: String) throws {
      let archive = try openTensorArchive(path)
      let (naming, prefix) = try Naming.find(in: archive)
      let filters = try naming.keys.enumerated().map { index, key in
        try Filter(
          archive, prefix + key, channels: VGG19.channels[index], VGG19.channels[index + 1], size: 3)
      }
      self.path = path
      self.naming = naming
      convolutions = filters
      if naming == .list, archive.names.contains(prefix + Naming.preprocessingKey + ".weight") {
        origin = .normalized
        preprocessing = try Filter(archive, prefix + Naming.preprocessingKey, channels: 3, 3, size: 1)
      } else if let caffe = try CaffeInput(of: filters[0], path) {
        origin = .caffe
        preprocessing = caffe.preprocessing
      } else {
        origin = .torchvision
        preprocessing = .imageNetNormalization
      }
    }

    /// The SHA-256 digest of the file, as 64 hexadecimal digits.
    ///
    /// - Complexity: reads the file once; some tenths of a second.
    /// - Throws: `SerializationError` when the file is no longer there.
    public func sha256() throws(SerializationError) -> String {
      do { return try SHA256.digest(ofFile: path) } catch { throw SerializationError(error) }
    }

    /// Writes the weights to a safetensors file, under the names that they have in a file of their own.
    ///
    /// The digest of the file that they came from is in the metadata.
    ///
    /// - Throws: `SerializationError` when the file cannot be written.
    public func write(to path: String) throws(SerializationError) {
      var filters = Array(zip(naming.keys.map { naming.prefix + $0 }, convolutions))
      if naming == .list { filters.append((Naming.preprocessingKey, preprocessing)) }
      var tensors: [String: Tensor<Float>] = [:]
      for (key, filter) in filters {
        tensors["\(key).weight"] = filter.weight
        tensors["\(key).bias"] = filter.bias
      }
      let metadata = [
        "format": "pt", "model": "VGG-19", "weights": origin.rawValue, "source_sha256": try sha256(),
        "license": "CC BY 4.0, K. Simonyan and A. Zisserman",
      ]
      try Safetensors.write(tensors, metadata: metadata, to: path)
    }
  }
}

extension VGG19.Weights {
  /// A convolution's numbers: `weight` [O, C, K, K] and `bias` [O].
  struct Filter: Sendable {
    let weight: Tensor<Float>
    let bias: Tensor<Float>

    func convolve(
      _ x: Tensor<Float>, padding: Int, applyingReLU: Bool = false,
      algorithm: ConvolutionAlgorithm = .winograd
    ) -> Tensor<Float> {
      x.conv2D(weight, bias: bias, padding: padding, applyingReLU: applyingReLU, algorithm: algorithm)
    }
  }
}

extension VGG19.Weights.Filter {
  /// The filter called `key` in a file.
  fileprivate init(
    _ archive: any TensorArchive, _ key: String, channels input: Int, _ output: Int, size: Int
  ) throws {
    func tensor(_ name: String, _ shape: [Int]) throws -> Tensor<Float> {
      let found = try archive.shape(of: name)
      guard found == shape else {
        throw VGG19.UnrecognizedWeights(
          path: archive.path, cause: "the tensor '\(name)' has the shape \(found), not \(shape)")
      }
      return try archive.tensor(name)
    }
    weight = try tensor("\(key).weight", [output, input, size, size])
    bias = try tensor("\(key).bias", [output])
  }

  /// (x − mean) / deviation for every channel, with the figures of ImageNet's pictures.
  fileprivate static let imageNetNormalization = {
    let (mean, deviation): ([Float], [Float]) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    var weight = [Float](repeating: 0, count: 9)
    for channel in 0..<3 { weight[channel * 4] = 1 / deviation[channel] }
    return VGG19.Weights.Filter(
      weight: Tensor(weight, shape: [3, 3, 1, 1]), bias: Tensor((0..<3).map { -mean[$0] / deviation[$0] }))
  }()
}
