import ImpastoPlatform

extension VGG19 {
  /// A name that no layer has.
  public struct UnknownLayer: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name that was asked for.
    public let name: String

    /// The accepted name that is the fewest letters away; the first in the order of computation of several.
    public var suggestion: String {
      let names = Layer.positions.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
      return nearestName(to: name, among: names)!.name
    }

    public var description: String {
      """
      there is no layer '\(name)'; did you mean '\(suggestion)'? There are conv_1 … conv_16 (before the ReLU), \
      relu_1 … relu_16, pool_1 … pool_5, the same by block (conv4_1, relu4_1, pool4), and features.0 … \
      features.36
      """
    }
  }

  /// A picture that is too small for the layers asked for.
  public struct ImageTooSmall: Error, Hashable, Sendable, CustomStringConvertible {
    /// The picture's height in pixels.
    public let height: Int
    /// The picture's width in pixels.
    public let width: Int
    /// The smallest side of a picture that works, in pixels.
    public let minimumSize: Int
    /// The layer that needs a side of ``minimumSize``.
    public let layer: Layer

    public var description: String {
      "a picture of \(width) × \(height) pixels is too small for \(layer): each side needs at least \(minimumSize)"
    }
  }

  /// A file of weights that is not one of VGG-19's.
  public struct UnrecognizedWeights: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path of the file, as it was given.
    public let path: String
    /// What is wrong with the file.
    public let cause: String

    public var description: String {
      """
      \(path): \(cause); VGG-19's normalised weights (vgg_normalised.pth), torchvision's \
      (vgg19-dcbb9e9d.pth) or Caffe's (vgg19-d01eb7cb.pth) are needed, as .pth or .safetensors
      """
    }
  }
}
