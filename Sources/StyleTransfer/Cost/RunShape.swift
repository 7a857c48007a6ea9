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

  /// The pass through the network that an evaluation makes, to the deepest layer that a loss needs.
  var program: [VGG19.Step] {
    VGG19.program(
      for: Set(contentLayers + styleLayers), pooling: settings.pooling, padding: settings.padding)
  }

  /// The steps of ``program`` for a picture of `size`.
  func steps(_ size: Size) -> [VGG19.SizedStep] {
    VGG19.sized(program, width: size.width, height: size.height)
  }
}

extension [VGG19.SizedStep] {
  /// The sizes of the outputs of `layers`, in the order of computation.
  func outputs(of layers: [VGG19.Layer]) -> [VGG19.Extent] {
    compactMap { sized in
      guard case .keep(let layer) = sized.step, layers.contains(layer) else { return nil }
      return sized.output
    }
  }

  /// The floating-point operations of one pass.
  var operations: Double { reduce(0) { $0 + $1.operations } }
}
