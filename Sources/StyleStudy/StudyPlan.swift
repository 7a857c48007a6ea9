import NN

/// A part of the study, which can be asked for alone.
enum StudySection: String, CaseIterable, Codable, Sendable {
  case reconstruction, seeds, texture, losses, transfer

  static let names = allCases.map(\.rawValue).joined(separator: ", ")
}

/// One picture of the study: what makes it, and the name of its file.
struct StudyRun {
  /// The picture's file without its ending; no two runs share one.
  let name: String
  /// What a reader calls the picture.
  let title: String
  let command: Settings.Command
  let patch: SettingsPatch

  var pictureName: String { "\(name).png" }
  var logName: String { "\(name).jsonl" }

  func settings() throws -> Settings { try .resolved(command, [patch]) }
}

/// Every run of the study, by what it shows.
struct StudyPlan {
  /// How many iterations each kind of run has at each size.
  struct Effort: Equatable, Sendable {
    let side: Int
    let reconstruction: Int
    let texture: Int
    let transfer: Int
    /// A picture of the contact sheet.
    let sheet: Int

    /// Ends within 20 minutes on two cores.
    static let full = Effort(side: 256, reconstruction: 150, texture: 120, transfer: 60, sheet: 40)
    /// Ends within 3 minutes on two cores.
    static let quick = Effort(side: 128, reconstruction: 120, texture: 80, transfer: 50, sheet: 30)
  }

  let content: String
  let style: String
  /// The longer side of every picture.
  let size: Int
  let effort: Effort

  /// The reference's layers, and two beyond them.
  static let reconstructedLayers = [1, 2, 4, 8, 12, 16]
  /// The deepest that the reference reconstructs from.
  static let deepestReferenceLayer = 8
  static let seedsLayer = 4
  /// The deviation of the noise that everything but a transfer starts from. What a layer does not see stays as it
  /// was, so less of it leaves more to be seen of the rest.
  static let noiseAmplitude = 0.03
  /// What the network sees beyond the border where one loss is looked at alone. Zeros would leave their mark: early
  /// layers' textures get a frame and a dark middle.
  static let padding = VGG19.Padding.reflect

  /// Layers whose textures are compared, from the finest.
  static let textureSets: [(name: String, title: String, layers: String)] = [
    ("1-2", "conv_1, conv_2", "conv_1,conv_2"), ("3-4", "conv_3, conv_4", "conv_3,conv_4"),
    ("5-8", "conv_5 to conv_8", "conv_5...conv_8"), ("9-12", "conv_9 to conv_12", "conv_9...conv_12"),
    ("all", "all sixteen", "all"),
  ]

  /// The rows of the contact sheet.
  static let sheetLayers: [(name: String, title: String, layers: String)] = [
    ("early", "conv_1 to conv_4", "conv_1...conv_4"),
    ("study", "conv_2, conv_4, conv_8, conv_16", LayerList.studyStyle.description),
    ("all", "all sixteen", "all"),
  ]
  /// The columns: the reference's weight, a tenth of it and ten times it.
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
      [transfer(from: Start.content), transfer(from: Start.noise)]
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
    var patch = patch(seed: seed, iterations: effort.reconstruction)
    patch.set(.content, content)
    patch.set(.contentLayers, "conv_\(layer)")
    patch.set(.noiseAmplitude, Self.noiseAmplitude)
    patch.set(.padding, Self.padding.rawValue)
    patch.set(.normalization, normalization.rawValue)
    let suffix =
      (seed == 0 ? "" : "-seed-\(seed)") + (normalization == .relative ? "" : "-\(normalization.rawValue)")
    return StudyRun(
      name: "reconstruction-conv_\(layer)\(suffix)",
      title: "Content of conv_\(layer)" + (seed == 0 ? "" : ", seed \(seed)")
        + (normalization == .relative ? "" : ", measured as \(normalization.rawValue)"),
      command: .reconstruct, patch: patch)
  }

  func texture(_ set: (name: String, title: String, layers: String), seed: UInt64 = 0) -> StudyRun {
    StudyRun(
      name: "texture-conv_\(set.name)" + (seed == 0 ? "" : "-seed-\(seed)"),
      title: "Texture of \(set.title)" + (seed == 0 ? "" : ", seed \(seed)"), command: .texture,
      patch: texturePatch(of: style, layers: set.layers, seed: seed))
  }

  /// The style loss alone on the content's own picture: the twin of ``reconstruction(_:seed:normalization:)``,
  /// which differs in nothing but the loss.
  func statistics(_ layer: Int) -> StudyRun {
    StudyRun(
      name: "statistics-conv_\(layer)", title: "Gram matrix of conv_\(layer)", command: .texture,
      patch: texturePatch(of: content, layers: "conv_\(layer)", seed: 0))
  }

  func transfer(from start: String) -> StudyRun {
    StudyRun(
      name: "transfer-from-\(start == Start.content ? "image" : start)",
      title: "Transfer from \(start == Start.content ? "the image" : start)", command: .transfer,
      patch: transferPatch(start: start, iterations: effort.transfer))
  }

  func sheet(_ layers: (name: String, title: String, layers: String), weight: Double) -> StudyRun {
    var patch = transferPatch(start: Start.content, iterations: effort.sheet)
    patch.set(.styleLayers, layers.layers)
    patch.set(.styleWeight, weight)
    return StudyRun(
      name: "sheet-\(layers.name)-\(weight)", title: "Transfer with \(layers.title), weight \(weight)",
      command: .transfer, patch: patch)
  }

  private func texturePatch(of picture: String, layers: String, seed: UInt64) -> SettingsPatch {
    var patch = patch(seed: seed, iterations: effort.texture)
    patch.set(.styles, [picture])
    patch.set(.styleLayers, layers)
    patch.set(.styleLoss, StyleStatistic.gram.rawValue)
    patch.set(.noiseAmplitude, Self.noiseAmplitude)
    patch.set(.padding, Self.padding.rawValue)
    return patch
  }

  private func transferPatch(start: String, iterations: Int) -> SettingsPatch {
    var patch = patch(seed: 0, iterations: iterations)
    patch.set(.preset, Preset.study.rawValue)
    patch.set(.content, content)
    patch.set(.styles, [style])
    patch.set(.initial, start)
    return patch
  }

  private func patch(seed: UInt64, iterations: Int) -> SettingsPatch {
    var patch = SettingsPatch()
    patch.set(.size, size)
    patch.set(.iterations, iterations)
    patch.set(.seed, seed)
    return patch
  }
}

extension StudyRun {
  /// The command line that makes the picture as `output`.
  func commandLine(output: String) -> String {
    var words = ["impasto", command.rawValue]
    for key in Settings.CodingKeys.allCases {
      switch patch.values[key] {
      case nil: continue
      case let flag as Bool: words.append("--\(flag ? "" : "no-")\(key.rawValue)")
      case let list as [String]: for value in list { words += ["--\(key.rawValue)", quoted(value)] }
      case let value?: words += ["--\(key.rawValue)", quoted("\(value)")]
      }
    }
    return (words + ["-o", quoted(output)]).joined(separator: " ")
  }

  /// A word as a shell reads it.
  private func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { ($0.isASCII && ($0.isLetter || $0.isNumber)) || "-_./,:+=@".contains($0) }
    return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
  }
}
