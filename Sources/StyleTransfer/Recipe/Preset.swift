import NN

/// A table of settings under a name, which a recipe begins as.
public enum Preset: String, Codable, CaseIterable, Sendable {
  /// Broad strokes and clean colours: what a transfer is made by where nothing else is asked for.
  case painterly
  /// The reference study's layers and weights.
  case study
  /// The paper of Gatys, Ecker and Bethge, 2015.
  case gatys2015
  /// Strokes of the painting itself: nearest neighbours over a pyramid.
  case brush
  /// The table of textures.
  case texture
  /// The table of reconstructions.
  case reconstruct

  /// The presets of a transfer, which can be chosen from.
  public static let transfer: [Preset] = [.painterly, .study, .brush, .gatys2015]

  /// Names of tables that were presets once, and are files of settings now.
  private static let retired: Set<String> = ["neural-style", "tutorial", "crowson"]

  /// What stands for the preset that a finished picture names: its settings say all that a table of old said otherwise.
  static func successor(of name: String) -> String { retired.contains(name) ? study.rawValue : name }

  /// What a recipe of a kind begins as where nothing else is asked for.
  package static func standard(for kind: Recipe.Kind) -> Preset {
    switch kind {
    case .transfer: .painterly
    case .texture: .texture
    case .reconstruct: .reconstruct
    }
  }

  /// The kind of recipe that the table is for.
  package var kind: Recipe.Kind {
    switch self {
    case .texture: .texture
    case .reconstruct: .reconstruct
    default: .transfer
    }
  }

  /// What the table makes, of pictures that have no name.
  package var table: Recipe { Recipe(self, kind, content: .file(""), styles: [.file("")]) }

  package init(parsing name: String) throws(RecipeError) {
    if Self.retired.contains(name) {
      throw RecipeError(
        "--preset '\(name)' is a file of settings now, Examples/Settings/\(name).json beside the sources: give it as "
          + "--settings, or choose \(Self.transfer.map(\.rawValue).joined(separator: ", "))")
    }
    guard let preset = Self.allCases.first(where: { $0.rawValue == name }) else {
      throw RecipeError(
        "--preset '\(name)': there is none; choose \(Self.transfer.map(\.rawValue).joined(separator: ", ")) or list"
      )
    }
    self = preset
  }

  /// What the table is for, in a sentence.
  public var summary: String {
    switch self {
    case .painterly: "broad strokes and clean colours, shapes kept: Wasserstein distances over a pyramid"
    case .study: "the reference study's layers and weights, with our optimiser and start: Gram matrices"
    case .gatys2015: "Gatys, Ecker and Bethge's paper: sums, average pooling, from noise"
    case .brush:
      "strokes and materials of the painting itself: nearest neighbours of features, Adam over a pyramid"
    case .texture: "a texture after the first five blocks, from noise"
    case .reconstruct: "a picture from one layer's features, from noise"
    }
  }
}

extension Preset {
  /// The outputs that Gatys, Ecker and Bethge and those after them compare.
  ///
  /// The weights that went with them, 1000 and 100, were for a network whose features are hundreds of times those of
  /// the normalised one; a style loss grows with their fourth power and a content loss with their second. The
  /// weights here make up for it, so that style and content are as strong as in the study at about 256 pixels.
  fileprivate static let paperContent = LayerList([.init(.relu(10))])
  fileprivate static func paperStyle(deepest weight: Double = 1) -> LayerList {
    LayerList([1, 3, 5, 9, 13].map { .init(.relu($0), weight: $0 == 13 ? weight : 1) })
  }
  /// Where neighbours are found: as in Kolkin's paper the first four blocks, of the last two every other layer.
  fileprivate static let brushLayers = LayerList([1, 2, 3, 4, 5, 7, 9, 11].map { .init(.relu($0)) })
}

extension LayerList {
  /// Where patches are found where nothing else is asked for: in the layers of Zhou, Chen, Xiao and Huang (2023). Those of
  /// the first would take the most time and change little, and of deeper ones a patch is half of the picture.
  static let patches = LayerList([3, 5, 9].map { .init(.relu($0)) })
}

extension Recipe {
  /// The table `preset` for these pictures.
  ///
  /// - Parameters:
  ///   - kind: What is made.
  ///   - content: A texture has none, and this one is not looked at.
  ///   - styles: A reconstruction has none, and these are not looked at.
  init(_ preset: Preset, _ kind: Kind, content: PictureSource, styles: [PictureSource]) {
    let content = Content(picture: content, layers: .studyContent)
    let style = Style(pictures: styles, layers: .studyStyle, statistic: .gram)
    let subject: Subject =
      switch kind {
      case .transfer:
        .transfer(Transfer(content: content, style: style, weighing: .weights(content: 1, style: 0.5)))
      case .texture: .texture(Texture(style: style, weight: 0.5))
      case .reconstruct: .reconstruction(Reconstruction(content: content, weight: 1))
      }
    self.init(subject, preset: preset)
    switch preset {
    case .study: break
    case .painterly:
      // A plain wall looks the same to the deeper one whether it is smooth or in strokes; the other one knows faces.
      self.content?.layers = LayerList([12, 13].map { .init(.relu($0)) })
      // At small sizes the deepest layer sees the whole painting from every place, and puts its houses, or a sitter's eyes, into
      // the sky.
      self.style?.layers = Preset.paperStyle(deepest: 0.2)
      self.style?.statistic = .wasserstein
      transfer?.shapeKeeping = 0.4
    case .gatys2015:
      self.content?.layers = Preset.paperContent
      self.style?.layers = Preset.paperStyle()
      normalization = .sum
      pooling = .average
      transfer?.weighing = .weights(content: 1, style: 1e7)
      start = .noise()
      scales = .single(iterations: 300)
      method = .lbfgs(frequencyFilter: false)
    case .brush:
      self.style?.layers = Preset.brushLayers
      self.style?.neighbours = Neighbours()
      // Neighbours of a face are bits of anything: without the content beside them eyes and mouths are lost first.
      transfer?.weighing = .balance(0.7)
      // Zeros beyond the border are found at the styles' borders, and what is there is painted along the picture's.
      padding = .reflect
      // The largest of four gives its gradient to one pixel, and plain parts of a picture are strewn with bright dots.
      pooling = .average
      method = .pyramid()
      scales = .pyramid(iterations: 50)
    case .texture:
      start = .noise()
      self.style?.layers = Preset.paperStyle()
      // Nearer to most sources than Gram matrices, which leave a haze over dark ones; see docs/textures.md.
      self.style?.statistic = .wasserstein
      // By zeros beyond the border a layer knows where a place is, and a texture gets its source's layout.
      padding = .reflect
      scales = .pyramid(iterations: 100)
      size = 256
    case .reconstruct:
      start = .noise()
      self.content?.layers = LayerList([.init(.convolution(4))])
      // Deep layers do not see a fine grain, so nothing else would take it out; shallow ones gain as well.
      totalVariationWeight = 0.005
      scales = .pyramid(iterations: 200)
      size = 256
    }
  }
}
