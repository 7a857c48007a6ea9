import ArgumentParser
import Foundation
import NN
import StyleTransfer
import Tensor

/// What a command adds to a preset's settings.
protocol SettingsOptions {
  /// Puts those that were given into a patch.
  func add(to patch: inout SettingsPatch)
}

/// The file that the network is read from and the threads to compute with: what does not change the picture.
struct MachineOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "VGG-19's weights, a .pth or .safetensors file (default: those that 'make weights' fetched).",
      valueName: "file"))
  var weights: String?

  @Option(
    help: ArgumentHelp("Threads to compute with (default: the cores given to the process).", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads \(threads): at least 1 is needed") }
  }

  /// Sets the threads and reads the network.
  func loadNetwork(pooling: VGG19.Pooling, padding: VGG19.Padding) throws -> VGG19 {
    if let threads { Parallelism.threadCount = threads }
    return try WeightsLocator.loadNetwork(explicit: weights, pooling: pooling, padding: padding)
  }

  /// Sets the threads and reads the network that `options` ask for.
  func loadNetwork(_ options: NetworkOptions) throws -> VGG19 {
    let defaults = Preset.defaults
    return try loadNetwork(
      pooling: options.pooling ?? defaults.pooling, padding: options.padding ?? defaults.padding)
  }
}

/// How the network looks at pictures.
struct NetworkOptions: ParsableArguments, SettingsOptions {
  @Option(
    help: ArgumentHelp(
      "How the network makes its pictures smaller: max or average (\(Preset.defaults(\.pooling))).",
      valueName: "kind"))
  var pooling: VGG19.Pooling?

  @Option(
    help: ArgumentHelp(
      "What the network sees beyond the border: \(VGG19.Padding.names) (\(Preset.defaults(\.padding))).",
      valueName: "kind"))
  var padding: VGG19.Padding?

  func add(to patch: inout SettingsPatch) {
    patch.set(.pooling, pooling?.rawValue)
    patch.set(.padding, padding?.rawValue)
  }
}

/// How a picture is made better step by step.
struct OptimizationOptions: ParsableArguments, SettingsOptions {
  @Option(
    help: ArgumentHelp(
      "Iterations of the optimiser at each size (\(Preset.defaults(\.iterations))).", valueName: "n"))
  var iterations: Int?

  @Flag(
    inversion: .prefixedNo,
    help: ArgumentHelp(
      "Begin small and grow by steps of √2, from \(ScaleList.firstSide) pixels (default: --pyramid)."))
  var pyramid: Bool?

  @Option(
    help: ArgumentHelp(
      "Every size, by its longer side, with its iterations, such as 128:40,181:20,256:28.",
      valueName: "list"))
  var scales: String?

  @Option(help: "The optimiser: lbfgs or adam (\(Preset.defaults(\.optimizer))).")
  var optimizer: Settings.Method?

  @Option(
    help: ArgumentHelp(
      "Adam's step size, in units of the pixel range 0…1 (default: \(Settings.Defaults.learningRate)).",
      valueName: "r"))
  var learningRate: Double?

  @Option(
    help: ArgumentHelp("Steps that L-BFGS remembers (default: \(Settings.Defaults.history)).", valueName: "n")
  )
  var history: Int?

  @Flag(
    inversion: .prefixedNo,
    help: "Let L-BFGS move large areas before small ones (default: --frequency-filter).")
  var frequencyFilter: Bool?

  @Flag(
    inversion: .prefixedNo,
    help: "End a size when its objective has settled (default: --stop-when-settled).")
  var stopWhenSettled: Bool?

  @Option(
    help: ArgumentHelp("The seed of all randomness (\(Preset.defaults(\.seed))).", valueName: "n"))
  var seed: UInt64?

  func add(to patch: inout SettingsPatch) {
    patch.set(.iterations, iterations)
    patch.set(.pyramid, pyramid)
    patch.set(.scales, scales)
    patch.set(.optimizer, optimizer?.rawValue)
    patch.set(.learningRate, learningRate)
    patch.set(.history, history)
    patch.set(.frequencyFilter, frequencyFilter)
    patch.set(.stopWhenSettled, stopWhenSettled)
    patch.set(.seed, seed)
  }
}

/// How a picture's content is compared.
struct ContentOptions: ParsableArguments, SettingsOptions {
  @Option(
    help: ArgumentHelp(
      "The picture whose content is kept (PNG or JPEG).", valueName: "picture"))
  var content: String?

  @Option(
    help: ArgumentHelp(
      "Layers whose features are kept: names, 'all', ranges (conv_5...conv_8), with a weight each (conv_2:0.5); \(Preset.defaults(\.contentLayers)).",
      valueName: "layers"))
  var contentLayers: String?

  func add(to patch: inout SettingsPatch) {
    patch.set(.content, content)
    patch.set(.contentLayers, contentLayers)
  }
}

/// How a picture's style is compared.
struct StyleOptions: ParsableArguments, SettingsOptions {
  @Option(
    help: ArgumentHelp(
      "A picture whose style is taken (PNG or JPEG); may be given several times.", valueName: "picture"))
  var style: [String] = []

  @Option(
    help: ArgumentHelp("How much each style counts, such as 3,7 (default: all alike).", valueName: "list"))
  var styleBlend: String?

  @Option(
    help: ArgumentHelp(
      "Size of the styles against the picture's: 2 gives strokes twice as large (default: "
        + "\(Settings.Defaults.styleScale)).", valueName: "s"))
  var styleScale: Double?

  @Option(
    help: ArgumentHelp(
      "Layers whose statistics are matched, written as --content-layers (\(Preset.defaults(\.styleLayers))).",
      valueName: "layers"))
  var styleLayers: String?

  @Option(
    help: ArgumentHelp(
      "The statistics: gram, wasserstein, covariance or moments (\(Preset.defaults(\.styleLoss))).",
      valueName: "kind"))
  var styleLoss: StyleStatistic?

  func validate() throws { _ = try blend() }

  private func blend() throws -> [Double]? {
    guard let styleBlend else { return nil }
    return try styleBlend.split(separator: ",", omittingEmptySubsequences: false).map { entry in
      guard let number = Double(entry.filter { $0 != " " }) else {
        throw ValidationError("--style-blend '\(styleBlend)': '\(entry)' is no number; write them as 3,7")
      }
      return number
    }
  }

  func add(to patch: inout SettingsPatch) {
    if !style.isEmpty { patch.set(.styles, style) }
    patch.set(.styleBlend, try? blend())
    patch.set(.styleScale, styleScale)
    patch.set(.styleLayers, styleLayers)
    patch.set(.styleLoss, styleLoss?.rawValue)
  }
}

/// What every experiment has besides.
struct CommonOptions: ParsableArguments, SettingsOptions {
  @Option(
    help: ArgumentHelp(
      "The longer side in pixels; 0 keeps the pictures' own (\(Preset.defaults(\.size))).",
      valueName: "pixels"))
  var size: Int?

  @Option(
    help: ArgumentHelp(
      "Weight of the total variation, which smooths (\(Preset.defaults(\.tvWeight))).", valueName: "w"))
  var tvWeight: Double?

  @Option(
    help:
      "How losses are scaled: relative, mean, sum or study (\(Preset.defaults(\.normalization)))."
  )
  var normalization: LossNormalization?

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      "Where to start: content, colour (the content in the style's colours), noise or a picture "
        + "(\(Preset.defaults(\.initial))).",
      valueName: "start"))
  var initial: String?

  @Option(
    help: ArgumentHelp(
      "Deviation of the noise around grey, for --init noise (default: \(Settings.Defaults.noiseAmplitude)).",
      valueName: "a"))
  var noiseAmplitude: Double?

  @Option(
    help: ArgumentHelp(
      "Settings to begin from, as JSON with the flags' names as keys; flags override them.",
      valueName: "file.json"))
  var settings: String?

  func add(to patch: inout SettingsPatch) {
    patch.set(.size, size)
    patch.set(.tvWeight, tvWeight)
    patch.set(.normalization, normalization?.rawValue)
    patch.set(.initial, initial)
    patch.set(.noiseAmplitude, noiseAmplitude)
  }

  /// The patches of the settings file, if any, and of `options`, which override it.
  func patches(_ options: [any SettingsOptions]) throws -> [SettingsPatch] {
    var flags = SettingsPatch()
    for group in options + [self] { group.add(to: &flags) }
    return try (settings.map { [try SettingsPatch(contentsOf: $0)] } ?? []) + [flags]
  }
}

extension Preset {
  /// The table that other tables change.
  static let defaults = Preset.study.table(.transfer)

  /// What the commands do without a flag, as the help says it: `default: 512; texture and reconstruct: 256`.
  static func defaults<Value>(_ setting: KeyPath<Settings, Value?>) -> String {
    defaults { settings in settings[keyPath: setting].map { "\($0)" } }
  }

  static func defaults<Value>(_ setting: KeyPath<Settings, Value>) -> String {
    defaults { settings in "\(settings[keyPath: setting])" }
  }

  private static func defaults(_ text: (Settings) -> String?) -> String {
    let values = Settings.Command.allCases.compactMap { command in
      text(standard(for: command).table(command)).map { (command: command, text: $0) }
    }
    var text = "default: \(values[0].text)"
    for other in Set(values.map(\.text)).subtracting([values[0].text]).sorted() {
      let commands = values.filter { $0.text == other }.map(\.command.rawValue)
      text += "; \(commands.joined(separator: " and ")): \(other)"
    }
    return text
  }
}

extension VGG19.Padding {
  static let names = allCases.map(\.rawValue).joined(separator: ", ")
}

extension VGG19.Pooling: ExpressibleByArgument {}
extension VGG19.Padding: ExpressibleByArgument {}
extension LossNormalization: ExpressibleByArgument {}
extension StyleStatistic: ExpressibleByArgument {}
extension ColorMatching: ExpressibleByArgument {}
