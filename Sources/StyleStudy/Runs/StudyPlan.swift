import NN
import StyleTransfer

/// A part of the study, which can be asked for alone.
package enum StudySection: String, CaseIterable, Codable, Sendable {
  case reconstruction, seeds, texture, losses, transfer

  package static let names = allCases.map(\.rawValue).joined(separator: ", ")
}

/// One picture of the study: what makes it, and the name of its file.
struct StudyRun {
  /// The picture's file without its ending; no two runs share one.
  let name: String
  /// What a reader calls the picture.
  let title: String
  let kind: Recipe.Kind
  let changes: RecipeChanges

  var pictureName: String { "\(name).png" }
  var logName: String { "\(name).jsonl" }

  func recipe() throws -> Recipe { try Recipe(kind, [changes]) }
}

/// Every run of the study, by what it shows.
package struct StudyPlan {
  /// How many iterations each kind of run has at each size.
  package struct Effort: Equatable, Sendable {
    package let side: Int
    let reconstruction: Int
    let texture: Int
    let transfer: Int
    /// The iterations of a picture of the contact sheet.
    let sheet: Int

    /// The effort of a study that ends within 20 minutes on two cores.
    package static let full = Effort(side: 256, reconstruction: 150, texture: 120, transfer: 60, sheet: 40)
    /// The effort of a study that ends within 3 minutes on two cores.
    package static let quick = Effort(side: 128, reconstruction: 120, texture: 80, transfer: 50, sheet: 30)
  }

  let content: String
  let style: String
  /// The longer side of every picture in pixels.
  let size: Int
  let effort: Effort

  /// A study of two pictures, by their paths.
  package init(content: String, style: String, size: Int, effort: Effort) {
    (self.content, self.style, self.size, self.effort) = (content, style, size, effort)
  }

  /// The convolutions that are reconstructed from: the reference's, and two beyond them.
  static let reconstructedLayers = [1, 2, 4, 8, 12, 16]
  /// The deepest convolution that the reference reconstructs from.
  static let deepestReferenceLayer = 8
  static let seedsLayer = 4
  /// The deviation of the noise that everything but a transfer starts from. What a layer does not see stays as it
  /// was, so less of it leaves more to be seen of the rest.
  static let noiseAmplitude = 0.03
  /// What the network sees beyond the border where one loss is looked at alone. Zeros would leave their mark: early
  /// layers' textures get a frame and a dark middle.
  static let padding = VGG19.Padding.reflect

  private static func convolutions(_ numbers: ClosedRange<Int>) -> LayerList {
    LayerList(numbers.map { .init(.convolution($0)) })
  }

  /// Layers whose textures are compared, from the finest.
  static let textureSets: [(name: String, title: String, layers: LayerList)] = [
    ("1-2", "conv_1, conv_2", convolutions(1...2)), ("3-4", "conv_3, conv_4", convolutions(3...4)),
    ("5-8", "conv_5 to conv_8", convolutions(5...8)), ("9-12", "conv_9 to conv_12", convolutions(9...12)),
    ("all", "all sixteen", .all),
  ]

  /// The rows of the contact sheet.
  static let sheetLayers: [(name: String, title: String, layers: LayerList)] = [
    ("early", "conv_1 to conv_4", convolutions(1...4)),
    ("study", "conv_2, conv_4, conv_8, conv_16", .studyStyle),
    ("all", "all sixteen", .all),
  ]
  /// The columns of the contact sheet: the reference's weight, a tenth of it and ten times it.
  static let sheetWeights = [0.05, 0.5, 5]
  static let normalizations: [LossNormalization] = [.relative, .mean, .sum]

  func runs(_ section: StudySection) -> [StudyRun] {
    switch section {
    case .reconstruction: Self.reconstructedLayers.map { reconstruction($0) }
    case .seeds: [reconstruction(Self.seedsLayer), reconstruction(Self.seedsLayer, seed: 1)]
    case .texture: Self.textureSets.map { texture($0) } + [texture(Self.textureSets.last!, seed: 1)]
    case .losses:
      Self.reconstructedLayers.flatMap { [reconstruction($0), statistics($0)] }
        + Self.normalizations.map { reconstruction(Self.seedsLayer, normalization: $0) }
    case .transfer:
      [transfer(from: .content), transfer(from: .noise())]
        + Self.sheetLayers.flatMap { layers in Self.sheetWeights.map { sheet(layers, weight: $0) } }
    }
  }

  /// The runs of all `sections`, each once.
  func runs(_ sections: [StudySection]) -> [StudyRun] {
    var names: Set<String> = []
    return sections.flatMap(runs).filter { names.insert($0.name).inserted }
  }
}

// MARK: - The runs

extension StudyPlan {
  func reconstruction(
    _ layer: Int, seed: UInt64 = 0, normalization: LossNormalization = .relative
  ) -> StudyRun {
    var changes = changes(seed: seed, iterations: effort.reconstruction)
    changes.content = content
    changes.contentLayers = Self.convolutions(layer...layer)
    changes.noiseAmplitude = Self.noiseAmplitude
    changes.padding = Self.padding
    changes.normalization = normalization
    let suffix =
      (seed == 0 ? "" : "-seed-\(seed)") + (normalization == .relative ? "" : "-\(normalization.rawValue)")
    return StudyRun(
      name: "reconstruction-conv_\(layer)\(suffix)",
      title: "Content of conv_\(layer)" + (seed == 0 ? "" : ", seed \(seed)")
        + (normalization == .relative ? "" : ", measured as \(normalization.rawValue)"),
      kind: .reconstruct, changes: changes)
  }

  func texture(_ set: (name: String, title: String, layers: LayerList), seed: UInt64 = 0) -> StudyRun {
    StudyRun(
      name: "texture-conv_\(set.name)" + (seed == 0 ? "" : "-seed-\(seed)"),
      title: "Texture of \(set.title)" + (seed == 0 ? "" : ", seed \(seed)"), kind: .texture,
      changes: textureChanges(of: style, layers: set.layers, seed: seed))
  }

  /// The style loss alone on the content's own picture: the twin of ``reconstruction(_:seed:normalization:)``,
  /// which differs in nothing but the loss.
  func statistics(_ layer: Int) -> StudyRun {
    StudyRun(
      name: "statistics-conv_\(layer)", title: "Gram matrix of conv_\(layer)", kind: .texture,
      changes: textureChanges(of: content, layers: Self.convolutions(layer...layer), seed: 0))
  }

  func transfer(from start: Recipe.Start) -> StudyRun {
    StudyRun(
      name: "transfer-from-\(start == .content ? "image" : start.name)",
      title: "Transfer from \(start == .content ? "the image" : start.name)", kind: .transfer,
      changes: transferChanges(start: start, iterations: effort.transfer))
  }

  func sheet(_ layers: (name: String, title: String, layers: LayerList), weight: Double) -> StudyRun {
    var changes = transferChanges(start: .content, iterations: effort.sheet)
    changes.styleLayers = layers.layers
    changes.styleWeight = weight
    return StudyRun(
      name: "sheet-\(layers.name)-\(weight)", title: "Transfer with \(layers.title), weight \(weight)",
      kind: .transfer, changes: changes)
  }

  private func textureChanges(of picture: String, layers: LayerList, seed: UInt64) -> RecipeChanges {
    var changes = changes(seed: seed, iterations: effort.texture)
    changes.styles = [picture]
    changes.styleLayers = layers
    changes.styleLoss = .gram
    changes.noiseAmplitude = Self.noiseAmplitude
    changes.padding = Self.padding
    return changes
  }

  private func transferChanges(start: Recipe.Start, iterations: Int) -> RecipeChanges {
    var changes = changes(seed: 0, iterations: iterations)
    changes.preset = Preset.study.rawValue
    changes.content = content
    changes.styles = [style]
    changes.initial = start.name
    return changes
  }

  private func changes(seed: UInt64, iterations: Int) -> RecipeChanges {
    var changes = RecipeChanges()
    changes.size = size
    changes.iterations = iterations
    changes.seed = seed
    return changes
  }
}

extension StudyRun {
  /// The command line that makes the picture as `output`.
  func commandLine(output: String) -> String {
    let content = changes.content.map(StudyFiles.shown)
    let styles: [(name: String, value: String?)] = (changes.styles ?? []).map {
      (name: "style", value: StudyFiles.shown($0))
    }
    let flags: [(name: String, value: String?)] =
      [("preset", changes.preset), ("content", content)] + styles + [
        ("init", changes.initial), ("noise-amplitude", changes.noiseAmplitude.map { "\($0)" }),
        ("size", changes.size.map { "\($0)" }), ("iterations", changes.iterations.map { "\($0)" }),
        ("content-layers", changes.contentLayers?.description),
        ("style-layers", changes.styleLayers?.description),
        ("style-weight", changes.styleWeight.map { "\($0)" }), ("style-loss", changes.styleLoss?.rawValue),
        ("normalization", changes.normalization?.rawValue), ("padding", changes.padding?.rawValue),
        ("seed", changes.seed.map { "\($0)" }),
      ]
    var words = ["impasto", kind.rawValue]
    for case (let name, let value?) in flags { words += ["--\(name)", quoted(value)] }
    return (words + ["-o", quoted(StudyFiles.shown(output))]).joined(separator: " ")
  }

  /// A word as a shell reads it.
  private func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { ($0.isASCII && ($0.isLetter || $0.isNumber)) || "-_./,:+=@".contains($0) }
    return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
  }
}
