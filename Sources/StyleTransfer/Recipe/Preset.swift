import ArgumentParser
import Foundation
import NN

/// A table of settings under a name. A flag overrides what it says.
enum Preset: String, Codable, CaseIterable, Sendable {
  case study
  case painterly
  case gatys2015
  case neuralStyle = "neural-style"
  case tutorial
  case crowson
  /// Of the other commands.
  case texture, reconstruct

  /// Those of `transfer`, which can be asked for.
  static let transfer: [Preset] = [.study, .painterly, .gatys2015, .neuralStyle, .tutorial, .crowson]

  static func standard(for command: Settings.Command) -> Preset {
    switch command {
    case .transfer: .study
    case .texture: .texture
    case .reconstruct: .reconstruct
    }
  }

  init(parsing name: String) throws {
    guard let preset = Self.allCases.first(where: { $0.rawValue == name }) else {
      throw ValidationError(
        "--preset '\(name)': there is none; choose \(Self.transfer.map(\.rawValue).joined(separator: ", ")) or list"
      )
    }
    self = preset
  }

  /// What `--preset` is given to see them all.
  static let listName = "list"

  /// The tables of ``transfer`` as a person reads them.
  static var list: String {
    transfer.map { preset in
      let s = preset.table(.transfer)
      func row(_ name: String, _ value: Any?) -> String? {
        value.map { "  --\(name.padding(toLength: 18, withPad: " ", startingAt: 0)) \($0)" }
      }
      let rows = [
        row("content-layers", s.contentLayers), row("style-layers", s.styleLayers),
        row("content-weight", s.contentWeight), row("style-weight", s.styleWeight.map(short)),
        row("tv-weight", s.tvWeight), row("style-loss", s.styleLoss!.rawValue),
        row("normalization", s.normalization.rawValue), row("init", s.initial),
        row("iterations", s.iterations), row("pooling", s.pooling.rawValue),
        row("padding", s.padding.rawValue), row("optimizer", s.optimizer.rawValue),
        s.pyramid! ? "  --pyramid" : "  --no-pyramid",
        s.frequencyFilter == false ? "  --no-frequency-filter" : nil,
      ]
      return "\(preset.rawValue): \(preset.summary)\n" + rows.compactMap { $0 }.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// What it is for, in a sentence.
  var summary: String {
    switch self {
    case .study: "the reference study's layers and weights, with our optimiser and start: a faithful picture"
    case .painterly: "broad strokes and clean colours: Wasserstein distances over a pyramid"
    case .gatys2015: "Gatys, Ecker and Bethge's paper: sums, average pooling, from noise"
    case .neuralStyle: "jcjohnson's neural-style: its formulas, layers and smoothing, from noise"
    case .tutorial: "PyTorch's Neural Transfer tutorial: the first layers, content 1 to style 1,000,000"
    case .crowson:
      "crowsonkb's style-transfer-pytorch: Wasserstein distances, unequal layers, Adam, a pyramid"
    case .texture: "a texture after the first five blocks, from noise"
    case .reconstruct: "a picture from one layer's features, from noise"
    }
  }

  /// Its table for `command`.
  ///
  /// - Throws: `ValidationError` when the preset belongs to another command.
  func settings(for command: Settings.Command) throws -> Settings {
    let owner =
      Self.transfer.contains(self) ? Settings.Command.transfer : Settings.Command(rawValue: rawValue)
    if owner != command {
      throw ValidationError("--preset \(rawValue) is not one of '\(command.rawValue)'")
    }
    return table(command)
  }
}

extension Preset {
  /// The outputs that Gatys, Ecker and Bethge and those after them compare.
  ///
  /// The weights that went with them, 1000 and 100, were for a network whose features are hundreds of times those of
  /// the normalised one; a style loss grows with their fourth power and a content loss with their second. The
  /// weights here make up for it, so that style and content are as strong as in the study at about 256 pixels.
  private static let paperContent = LayerList([.init(.relu(10))])
  private static let paperStyle = LayerList([1, 3, 5, 9, 13].map { .init(.relu($0)) })

  func table(_ command: Settings.Command) -> Settings {
    var s = Settings(
      command: command, preset: self, initial: Start.colour, size: 512, iterations: 50, pyramid: true,
      tvWeight: 0, normalization: .relative, pooling: .max, padding: .zero, optimizer: .lbfgs,
      stopWhenSettled: true, seed: 0)
    if command != .texture { (s.contentLayers, s.contentWeight) = (.studyContent, 1) }
    if command != .reconstruct { (s.styleLayers, s.styleWeight, s.styleLoss) = (.studyStyle, 0.5, .gram) }
    switch self {
    case .study: break
    case .painterly:
      s.contentLayers = Self.paperContent
      s.styleLayers = Self.paperStyle
      s.styleLoss = .wasserstein
    case .gatys2015:
      (s.contentLayers, s.styleLayers) = (Self.paperContent, Self.paperStyle)
      s.normalization = .sum
      s.pooling = .average
      s.styleWeight = 1e7
      s.asPublished(initial: Start.noise, iterations: 300)
    case .neuralStyle:
      (s.contentLayers, s.styleLayers) = (Self.paperContent, Self.paperStyle)
      s.normalization = .mean
      (s.contentWeight, s.styleWeight, s.tvWeight) = (5, 2.5e5, 1e-3)
      s.asPublished(initial: Start.noise, iterations: 300)
    case .tutorial:
      s.contentLayers = LayerList([.init(.convolution(4))])
      s.styleLayers = LayerList((1...5).map { .init(.convolution($0)) })
      s.normalization = .mean
      s.styleWeight = 1e6
      s.asPublished(initial: Start.content, iterations: 300)
    case .crowson:
      s.contentLayers = Self.paperContent
      s.styleLayers = LayerList(
        zip([1, 3, 5, 9, 13], [256.0, 64, 16, 4, 1]).map { .init(.relu($0), weight: $1) })
      s.normalization = .mean
      s.styleLoss = .wasserstein
      // The layers' weights add up to one there.
      (s.contentWeight, s.styleWeight, s.tvWeight) = (0.015, 1 / 341, 2)
      s.padding = .replicateFirst
      s.initial = Start.content
      s.optimizer = .adam
      // 1000 at the first size and 500 at each other there: nobody waits that long on a CPU, and few see it.
      s.iterations = 100
    case .texture:
      s.initial = Start.noise
      s.styleLayers = Self.paperStyle
      s.iterations = 100
      s.size = 256
    case .reconstruct:
      s.initial = Start.noise
      s.contentLayers = LayerList([.init(.convolution(4))])
      // Deep layers do not see a fine grain, so nothing else would take it out; shallow ones gain as well.
      s.tvWeight = 0.005
      s.iterations = 200
      s.size = 256
    }
    return s
  }
}

extension Settings {
  /// What the older systems have in common: one size, and L-BFGS as it is in the books.
  fileprivate mutating func asPublished(initial: String, iterations: Int) {
    self.initial = initial
    self.iterations = iterations
    pyramid = false
    frequencyFilter = false
  }
}
