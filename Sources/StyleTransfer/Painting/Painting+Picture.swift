import NN
import Tensor

extension Painting {
  /// The best picture so far, at its finished size and in its colours; the start before the first iteration.
  public var picture: Picture { finish(bestPicture) }

  /// Writes ``picture`` as the kind that the path's ending names, with the recipe in it unless
  /// ``Recipe/keepsMetadata`` is `false`; a picture on the way says which iteration it comes from.
  ///
  /// - Throws: ``PictureError``; what was at `path` is then as it was.
  public mutating func write(to path: String) throws { try picture.write(to: path, as: encoding()) }

  /// The bytes of the file that ``write(to:)`` would write with an ending of that kind.
  ///
  /// - Throws: ``PictureError``.
  public mutating func encoded(as format: PictureFormat) throws -> [UInt8] {
    try picture.encoded(as: format, encoding())
  }

  private mutating func encoding() throws -> PictureEncoding {
    let recipe = prepared.recipe
    var encoding = PictureEncoding()
    if let bitDepth = recipe.bitDepth { encoding.bitDepth = bitDepth }
    if let quality = recipe.quality { encoding.quality = quality }
    encoding.colours = prepared.pictures.keptColours
    if recipe.keepsMetadata { encoding.settings = try recorded().json }
    return encoding
  }

  private mutating func recorded() throws -> Recipe {
    let hash = try weightsSHA256 ?? network.weights.sha256()
    weightsSHA256 = hash
    return prepared.recorded(weightsSHA256: hash, stoppedAt: isWhole ? nil : iteration?.number ?? 0)
  }

  /// Whether no iteration is left out.
  private var isWhole: Bool {
    switch ending {
    case .completed, .settled: true
    case .cutShort, .stopped, nil: false
    }
  }

  /// What the painting takes: memory, operations and time; what `impasto --plan` prints.
  ///
  /// - Throws: `VGG19.ImageTooSmall`, which ``init(_:network:memoryLimit:)`` rules out.
  /// - Complexity: Evaluates the objective at two small sizes for about a second.
  public var cost: Cost { get throws { try prepared.cost(network) } }
}

/// Turns the tensor that is worked on into the finished picture.
struct Finish: Sendable {
  private let width: Int
  private let height: Int
  /// What gives the picture its colours where only lightness is painted.
  private let colours: Tensor<Float>?
  private let alpha: [Float]?
  private let (isPeriodic, isGrey): (Bool, Bool)
  /// What gives a picture of neighbours the styles' colours.
  private let paintedColours: PaintedColours?
  /// What has the content's own pixels.
  private let kept: KeptPart?

  init(_ prepared: PreparedRecipe) {
    (width, height) = (prepared.width, prepared.height)
    (isPeriodic, isGrey) = (prepared.recipe.isTileable, prepared.pictures.isGrey)
    let paintsLightness = prepared.recipe.transfer?.colours == .luminance
    let painted = prepared.pictures.regions.painted(width: width, height: height)
    // As large as the finished picture, and seldom needed.
    let content = prepared.pictures.content.flatMap {
      paintsLightness || painted != nil || $0.alpha != nil
        ? $0.resized(width: prepared.width, height: prepared.height) : nil
    }
    colours = paintsLightness ? content?.visibleTensor : nil
    alpha = content?.alpha
    paintedColours = PaintedColours(prepared)
    kept = painted.flatMap { painted in content.map { KeptPart(painted: painted, over: $0.shownColours) } }
  }

  func callAsFunction(_ picture: Tensor<Float>) -> Picture {
    // What the network worked in lies idle, and the picture that is written takes its place.
    if width * height > Painting.manyPixels { TensorMemory.drain() }
    var picture = resized(picture, width: width, height: height, isPeriodic: isPeriodic)
    if let paintedColours { picture = paintedColours(picture) }
    if isGrey { picture = picture.withoutColour }
    picture = colours.map { $0.replacingLuminance(with: picture) } ?? picture
    return Picture(kept?.over(picture.clamped(to: 0...1)) ?? picture, alpha: alpha)
  }
}
