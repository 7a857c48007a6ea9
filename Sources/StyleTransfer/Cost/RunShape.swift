import NN
import StyleTransfer

/// What of a run decides its memory and its operations: the settings, and the sizes of the pictures.
struct RunShape {
  struct Size: Equatable {
    let width: Int
    let height: Int
    var pixels: Double { Double(width * height) }
  }

  let settings: Settings
  let picture: Size
  let styles: [Size]
  /// Pixels of the pictures as they are in their files.
  let sourcePixels: Double
  let iterations: Int

  /// The shape of one step of a run.
  init(_ settings: Settings, _ inputs: RunInputs, _ step: Schedule.Step) {
    self.init(
      settings, inputs, Size(width: step.width, height: step.height),
      styles: inputs.styleSizes(ratio: step.ratio), iterations: step.iterations)
  }

  private init(
    _ settings: Settings, _ inputs: RunInputs, _ picture: Size, styles: [Size], iterations: Int
  ) {
    (self.settings, self.picture, self.styles, self.iterations) = (settings, picture, styles, iterations)
    sourcePixels = ([inputs.content, inputs.initial].compactMap { $0 } + inputs.styles)
      .reduce(0) { $0 + Double($1.width * $1.height) }
  }

  /// The shape of a run's last size if `--size` were `side`.
  ///
  /// A texture whose width or height is fixed is made smaller with it.
  static func sized(_ side: Int, _ settings: Settings, _ inputs: RunInputs, iterations: Int) -> RunShape {
    let size = inputs.size
    let whole = max(size.width, size.height)
    let source = inputs.content ?? inputs.styles[0]
    let isFree = settings.width == nil && settings.height == nil
    let scaled =
      isFree
      ? source.sizeWhen(longestSide: side)
      : Picture.size(size.width, size.height, scaledBy: Double(side) / Double(whole))
    return RunShape(
      settings, inputs, Size(width: scaled.width, height: scaled.height),
      styles: inputs.styleSizes(ratio: Double(side) / Double(whole)), iterations: iterations)
  }

  private var usesContent: Bool { (settings.contentWeight ?? 1) > 0 && settings.balance != 1 }
  private var usesStyle: Bool { (settings.styleWeight ?? 1) > 0 && settings.balance != 0 }

  /// Where the losses look.
  var contentLayers: [VGG19.Layer] { usesContent ? Self.weighted(settings.contentLayers) : [] }
  var styleLayers: [VGG19.Layer] { usesStyle ? Self.weighted(settings.styleLayers) : [] }

  private static func weighted(_ list: LayerList?) -> [VGG19.Layer] {
    list?.layers.filter { $0.weight > 0 }.map(\.layer) ?? []
  }

  /// The network's layers down to the deepest that a loss needs, with what they make of `size`.
  func stages(_ size: Size) -> [NetworkStage] {
    guard let deepest = (contentLayers + styleLayers).max() else { return [] }
    return NetworkStage.all(to: deepest, width: size.width, height: size.height)
  }
}

/// A layer of the network at a size of picture.
struct NetworkStage {
  enum Kind { case convolution, relu, pooling }

  let layer: VGG19.Layer
  let kind: Kind
  let inputChannels: Double
  let channels: Double
  /// Of the output.
  let pixels: Double
  /// The output's.
  var bytes: Double { 4 * channels * pixels }
  /// The numbers of a convolution's filter.
  var filterCount: Double { kind == .convolution ? 9 * inputChannels * channels : 0 }
  /// A multiplication and an addition for every tap.
  var operations: Double { 2 * filterCount * pixels }

  static func all(to deepest: VGG19.Layer, width: Int, height: Int) -> [NetworkStage] {
    var (width, height, channels) = (width, height, 3.0)
    return VGG19.Layer.all.filter { $0 <= deepest }.map { layer in
      let kind: Kind =
        layer.name.hasPrefix("conv") ? .convolution : layer.name.hasPrefix("pool") ? .pooling : .relu
      if kind == .pooling { (width, height) = (width / 2, height / 2) }
      defer { channels = Double(layer.channelCount) }
      return NetworkStage(
        layer: layer, kind: kind, inputChannels: channels, channels: Double(layer.channelCount),
        pixels: Double(width * height))
    }
  }
}
