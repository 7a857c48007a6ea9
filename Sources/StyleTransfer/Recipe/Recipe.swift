import NN

/// VGG-19, the network whose features are compared; see `NN`.
public typealias VGG19 = NN.VGG19

/// Everything that decides how a picture looks: what is made of which pictures, at which sizes, by which losses and
/// which optimiser.
///
/// ```swift
/// var recipe = Recipe.transfer(content: photograph, styles: [painting])
/// recipe.size = 768
/// recipe.method = .adam(learningRate: 0.03)
/// ```
///
/// A picture that ``Painting/write(to:)`` wrote holds its recipe, so that it can be made again. Encoded, a recipe is
/// flat: every key is named as the flag of `impasto` that sets it. Times and the number of threads are no part of it:
/// the same recipe gives the same bytes.
public struct Recipe: Equatable, Sendable {
  /// What is made, and of which pictures.
  public var subject: Subject
  /// The table of settings that the recipe began as.
  public let preset: Preset
  /// What the picture is before the first iteration.
  public var start: Start

  /// The longer side in pixels; 0 keeps the pictures' own.
  public var size: Int
  /// The sizes that the picture grows through.
  public var scales: Scales

  /// The weight of the total variation, which smooths.
  public var totalVariationWeight: Double
  /// How losses are scaled.
  public var normalization: LossNormalization

  /// How the network makes its pictures smaller.
  public var pooling: VGG19.Pooling
  /// What the network sees beyond the border.
  public var padding: VGG19.Padding
  /// How exactly the network computes.
  public var precision: Precision

  /// How the picture is made better step by step.
  public var method: Method
  /// Whether a size ends before its iterations are done when they bring nothing more.
  public var stopsWhenSettled: Bool
  /// The seed of all randomness.
  public var seed: UInt64

  /// Bits a sample of a PNG, TIFF or JPEG XL; `nil` for 8.
  public var bitDepth: PictureEncoding.BitDepth?
  /// The quality of a JPEG or AVIF, 1 to 100; `nil` for 95.
  public var quality: Int?
  /// Whether the picture's file holds the recipe.
  public var keepsMetadata = true
  /// Whether the picture is written in the colours that the content's file has, and with its profile, in place of sRGB.
  ///
  /// The work is done in sRGB all the same: colours beyond it are gone.
  public var keepsProfile = false

  /// The SHA-256 digest, in hexadecimal, of the weights that must be used; `nil` for any.
  public var weightsSHA256: String?
  /// The iteration, counted over all sizes, after which a painting ends before its time; `nil` for none.
  public var stoppedAtIteration: Int?
  /// Whether the picture was also made by other settings than these, which were changed while it was painted: it is then
  /// not made again by them alone.
  public var wasChanged = false
  /// The version of the library that the recipe was made with.
  public internal(set) var version = Version.current

  init(_ subject: Subject, preset: Preset) {
    self.subject = subject
    self.preset = preset
    start = .colour
    size = 512
    scales = .pyramid(iterations: 50)
    totalVariationWeight = 0
    normalization = .relative
    pooling = .max
    padding = .zero
    precision = .full
    method = .lbfgs()
    stopsWhenSettled = true
    seed = 0
  }
}

/// The version of Impasto, which its pictures carry.
package enum Version {
  package static let current = "0.1.0"
}

// MARK: - Making one

extension Recipe {
  /// The content of one picture in the style of others.
  public static func transfer(
    content: Picture, styles: [Picture], preset: Preset = .painterly
  ) -> Recipe {
    transfer(content: .picture(content), styles: styles.map { .picture($0) }, preset: preset)
  }

  /// The content of one picture in the style of others, which may be in files that are read later.
  ///
  /// - Precondition: The preset is one of ``Preset/transfer``.
  public static func transfer(
    content: PictureSource, styles: [PictureSource], preset: Preset = .painterly
  ) -> Recipe {
    precondition(
      preset.kind == .transfer,
      "Recipe.transfer: '\(preset.rawValue)' is no preset of a transfer; choose one of Preset.transfer")
    return Recipe(preset, .transfer, content: content, styles: styles)
  }

  /// The table `preset` of ``Preset/transfer`` for these pictures.
  public static func preset(_ preset: Preset, content: Picture, styles: [Picture]) -> Recipe {
    transfer(content: content, styles: styles, preset: preset)
  }

  /// More of a picture's texture, of any size; see ``Texture``.
  public static func texture(after style: Picture, width: Int? = nil, height: Int? = nil) -> Recipe {
    texture(after: .picture(style), width: width, height: height)
  }

  /// More of the texture of a picture, which may be in a file that is read later.
  ///
  /// - Parameters:
  ///   - style: What the texture is like.
  ///   - width: Its width in pixels; `nil` for the source's, or what goes with the height.
  ///   - height: Its height in pixels; `nil` for the source's, or what goes with the width.
  public static func texture(
    after style: PictureSource, width: Int? = nil, height: Int? = nil
  ) -> Recipe {
    var recipe = Recipe(.texture, .texture, content: style, styles: [style])
    recipe.texture?.width = width
    recipe.texture?.height = height
    return recipe
  }

  /// A picture again, from what layers of the network see in it.
  public static func reconstruction(of content: Picture, layers: LayerList? = nil) -> Recipe {
    reconstruction(of: .picture(content), layers: layers)
  }

  /// A picture again, from what layers of the network see in it; it may be in a file that is read later.
  ///
  /// - Parameters:
  ///   - content: The picture, or where it is.
  ///   - layers: Those whose features are kept; `nil` for the preset's.
  public static func reconstruction(of content: PictureSource, layers: LayerList? = nil) -> Recipe {
    var recipe = Recipe(.reconstruct, .reconstruct, content: content, styles: [])
    if let layers { recipe.content?.layers = layers }
    return recipe
  }
}

// MARK: - Parts

extension Recipe {
  /// What a recipe makes, by the name of the command that does it.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// A picture in the style of others.
    case transfer
    /// More of a picture's texture.
    case texture
    /// A picture from its features.
    case reconstruct
  }

  /// What kind of picture is made.
  public var kind: Kind {
    switch subject {
    case .transfer: .transfer
    case .texture: .texture
    case .reconstruction: .reconstruct
    }
  }

  /// The content, where there is one; a new value is dropped where there is none.
  public var content: Content? {
    get {
      switch subject {
      case .transfer(let transfer): transfer.content
      case .reconstruction(let reconstruction): reconstruction.content
      case .texture: nil
      }
    }
    set {
      guard let newValue else { return }
      switch subject {
      case .transfer(var transfer):
        transfer.content = newValue
        subject = .transfer(transfer)
      case .reconstruction(var reconstruction):
        reconstruction.content = newValue
        subject = .reconstruction(reconstruction)
      case .texture: break
      }
    }
  }

  /// The style, where there is one; a new value is dropped where there is none.
  public var style: Style? {
    get {
      switch subject {
      case .transfer(let transfer): transfer.style
      case .texture(let texture): texture.style
      case .reconstruction: nil
      }
    }
    set {
      guard let newValue else { return }
      switch subject {
      case .transfer(var transfer):
        transfer.style = newValue
        subject = .transfer(transfer)
      case .texture(var texture):
        texture.style = newValue
        subject = .texture(texture)
      case .reconstruction: break
      }
    }
  }

  /// The particulars of a transfer, where it is one; a new value is dropped where it is none.
  public var transfer: Transfer? {
    get { if case .transfer(let transfer) = subject { transfer } else { nil } }
    set { if case .transfer = subject, let newValue { subject = .transfer(newValue) } }
  }

  /// The particulars of a texture, where it is one; a new value is dropped where it is none.
  public var texture: Texture? {
    get { if case .texture(let texture) = subject { texture } else { nil } }
    set { if case .texture = subject, let newValue { subject = .texture(newValue) } }
  }

  /// Whether the picture is a tile, whose edges meet.
  package var isTileable: Bool { texture?.isTileable == true }

  /// What the sides of a picture are multiples of: in a tile each pooling must divide them, or the network would see its
  /// edges meet elsewhere; any number will do for other pictures.
  package var sideMultiple: Int { isTileable ? VGG19.minimumSize(for: layers) : 1 }

  /// All layers that a loss looks at.
  package var layers: [VGG19.Layer] {
    ((content?.layers.layers ?? []) + (style?.layers.layers ?? [])).map(\.layer)
  }
}
