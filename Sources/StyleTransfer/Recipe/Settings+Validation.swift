import ArgumentParser
import NN
import StyleTransfer

extension Settings {
  /// What is used where a setting that goes with another was not given.
  enum Defaults {
    static let learningRate = 0.02
    static let history = 10
    static let frequencyFilter = true
    /// The standard deviation of the noise around grey, in units of the pixel range.
    static let noiseAmplitude = 0.1
    static let colorMatching = ColorMatching.symmetric
    static let styleScale = 1.0
  }

  /// The settings of a run: those of the preset with the patches laid over them in order, checked, and with what
  /// follows from them filled in.
  ///
  /// - Throws: `ValidationError` that names the flag, its value and the remedy.
  static func resolved(_ command: Command, _ patches: [SettingsPatch]) throws -> Settings {
    let name = patches.last { $0.presetName != nil }?.presetName
    var settings = try (name.map(Preset.init(parsing:)) ?? .standard(for: command)).settings(for: command)
    for patch in patches { settings = try patch.applied(to: settings) }
    try settings.validate()
    settings.complete()
    return settings
  }

  /// Fills in what goes with the choices made.
  private mutating func complete() {
    switch optimizer {
    case .lbfgs:
      history = history ?? Defaults.history
      frequencyFilter = frequencyFilter ?? Defaults.frequencyFilter
    case .adam: learningRate = learningRate ?? Defaults.learningRate
    }
    if initial == Start.noise { noiseAmplitude = noiseAmplitude ?? Defaults.noiseAmplitude }
    if keepColors == .linear { colorMatching = colorMatching ?? Defaults.colorMatching }
    if !styles.isEmpty { styleScale = styleScale ?? Defaults.styleScale }
  }

  /// - Throws: `ValidationError` for a value out of range and for settings that contradict each other.
  private func validate() throws {
    try validateCommand()
    try validatePictures()
    try validateSizes()
    try validateLosses()
    try validateOptimizer()
  }

  /// Settings that the command has no use for; a file can have them where there is no flag.
  private func validateCommand() throws {
    let content: [(CodingKeys, Any?)] = [
      (.content, self.content), (.contentLayers, contentLayers), (.contentWeight, contentWeight),
    ]
    let style: [(CodingKeys, Any?)] = [
      (.styles, styles.first), (.styleBlend, styleBlend), (.styleScale, styleScale),
      (.styleLayers, styleLayers), (.styleWeight, styleWeight), (.styleLoss, styleLoss),
    ]
    let both: [(CodingKeys, Any?)] = [
      (.balance, balance), (.keepColors, keepColors), (.colorMatching, colorMatching),
    ]
    let shape: [(CodingKeys, Any?)] = [(.width, width), (.height, height), (.tileable, tileable)]
    let useless: [(CodingKeys, Any?)] =
      switch command {
      case .transfer: shape
      case .texture: content + both
      case .reconstruct: style + both + shape
      }
    if let key = useless.first(where: { $0.1 != nil })?.0 {
      throw ValidationError("--\(key.rawValue) does not go with '\(command.rawValue)'; leave it out")
    }
  }

  private func validatePictures() throws {
    if command != .texture && content == nil {
      throw ValidationError("--content is missing: the picture to keep")
    }
    if command != .reconstruct && styles.isEmpty {
      throw ValidationError("--style is missing: the picture whose style is taken")
    }
    if let styleBlend {
      if styleBlend.count != styles.count {
        throw ValidationError(
          "--style-blend has \(styleBlend.count) numbers for \(styles.count) styles; give one for each --style"
        )
      }
      guard styleBlend.allSatisfy({ $0 >= 0 && $0.isFinite }), styleBlend.contains(where: { $0 > 0 }) else {
        throw ValidationError(
          "--style-blend \(styleBlend.map { "\($0)" }.joined(separator: ",")): numbers of 0 or more, one of them above 0, are needed"
        )
      }
    }
    if let styleScale, !(0.05...20 ~= styleScale) {
      throw ValidationError("--style-scale \(styleScale): a number from 0.05 to 20 is needed")
    }
    if let noiseAmplitude {
      if initial != Start.noise {
        throw ValidationError("--noise-amplitude goes with --init noise only, and --init is '\(initial)'")
      }
      if !(0...1 ~= noiseAmplitude) {
        throw ValidationError("--noise-amplitude \(noiseAmplitude): a number from 0 to 1 is needed")
      }
    }
    if command == .texture && [Start.content, Start.colour].contains(initial) {
      throw ValidationError("--init \(initial): a texture has no content; start from noise or a picture")
    }
    if command == .reconstruct && [Start.content, Start.colour].contains(initial) {
      throw ValidationError(
        "--init \(initial): that would start with the answer; start from noise or a picture")
    }
    if colorMatching != nil && keepColors != .linear {
      throw ValidationError("--color-matching goes with --keep-colors linear only")
    }
  }

  private func validateSizes() throws {
    if size < 0 { throw ValidationError("--size \(size): 0 or more is needed") }
    for (name, value) in [("width", width), ("height", height)] {
      if let value, value < 1 { throw ValidationError("--\(name) \(value): at least 1 is needed") }
    }
    if let scales {
      let longest = [width, height].compactMap { $0 }.max()
      if let longest, scales.finalSide != longest {
        throw ValidationError(
          "--scales ends with \(scales.finalSide), but the longer of --width and --height is \(longest)")
      }
      if longest == nil, size != 0, scales.finalSide != size {
        throw ValidationError(
          "--scales and --size contradict each other: the last scale is \(scales.finalSide), the size \(size)"
        )
      }
    }
    if let iterations, iterations < 1 {
      throw ValidationError("--iterations \(iterations): at least 1 is needed")
    }
    if tileable == true && padding != .circular {
      throw ValidationError("--tileable needs --padding circular, and it is \(padding.rawValue)")
    }
  }

  private func validateLosses() throws {
    for (name, weight) in [("content", contentWeight), ("style", styleWeight), ("tv", tvWeight)] {
      if let weight, !(weight >= 0 && weight.isFinite) {
        throw ValidationError("--\(name)-weight \(weight): a number of 0 or more is needed")
      }
    }
    if let balance, !(0...1 ~= balance) {
      throw ValidationError("--balance \(balance): a number from 0 (photograph) to 1 (painting) is needed")
    }
    if balance == nil && contentWeight ?? 0 == 0 && styleWeight ?? 0 == 0 && tvWeight == 0 {
      throw ValidationError(
        "all weights are 0, so there is nothing to do; give --content-weight or --style-weight")
    }
  }

  private func validateOptimizer() throws {
    if let learningRate {
      if optimizer != .adam { throw ValidationError("--learning-rate goes with --optimizer adam only") }
      if !(learningRate > 0 && learningRate.isFinite) {
        throw ValidationError("--learning-rate \(learningRate): a number above 0 is needed")
      }
    }
    if let history {
      if optimizer != .lbfgs { throw ValidationError("--history goes with --optimizer lbfgs only") }
      if history < 1 { throw ValidationError("--history \(history): at least 1 is needed") }
    }
    if frequencyFilter != nil && optimizer != .lbfgs {
      throw ValidationError("--frequency-filter goes with --optimizer lbfgs only")
    }
  }
}
