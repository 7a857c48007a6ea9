import NN
import Platform
import StyleTransfer
import Tensor

/// The pictures that a run looks at, as they are in their files.
struct RunInputs {
  let content: Picture?
  let styles: [Picture]
  /// Where `--init` names a file.
  let initial: Picture?
  private let settings: Settings

  /// Reads the pictures, and notes in `settings` what they are.
  ///
  /// - Throws: ``PictureError``; ``StyleTransferError`` when the settings know a picture that is no longer the same.
  init(_ settings: inout Settings) throws {
    (content, settings.contentSHA256) =
      try settings.content.map { try Self.read($0, settings.contentSHA256) } ?? (nil, nil)
    var hashes: [String] = []
    styles = try settings.styles.enumerated().map { index, path in
      let (picture, hash) = try Self.read(path, settings.styleSHA256?[index])
      hashes.append(hash!)
      return picture!
    }
    settings.styleSHA256 = hashes.isEmpty ? nil : hashes
    (initial, settings.initSHA256) =
      Start.names.contains(settings.initial)
      ? (nil, nil) : try Self.read(settings.initial, settings.initSHA256)
    self.settings = settings
  }

  private static func read(_ path: String, _ expected: String?) throws -> (Picture?, String?) {
    let bytes = try FileBytes.read(path)
    let picture = try Picture(decoding: bytes, path: path)
    var digest = SHA256()
    digest.update(bytes)
    let hash = digest.finish()
    if let expected, expected != hash {
      throw StyleTransferError(
        .badData,
        "'\(path)' is no longer the picture that was used (SHA-256 \(expected.prefix(8))…, now \(hash.prefix(8))…); put the old one back"
      )
    }
    return (picture, hash)
  }

  /// The size of the finished picture.
  var size: (width: Int, height: Int) {
    if let content {
      let picture = content.sizeWhen(longestSide: settings.size)
      return (picture.width, picture.height)
    }
    let source = styles[0].sizeWhen(longestSide: settings.size)
    switch (settings.width, settings.height) {
    case (nil, nil): return source
    case (let width?, nil): return (width, max(1, source.height * width / source.width))
    case (nil, let height?): return (max(1, source.width * height / source.height), height)
    case (let width?, let height?): return (width, height)
    }
  }
}

extension RunInputs {
  /// Everything as it is looked at when the picture is `width` × `height`.
  struct Scaled {
    let content: Tensor<Float>?
    let styles: [Tensor<Float>]
    /// What the picture starts as; `nil` from noise.
    let start: Tensor<Float>?
  }

  /// - Parameter ratio: The size of the picture as a part of the finished one's.
  func scaled(width: Int, height: Int, ratio: Double) -> Scaled {
    var content = content?.resized(width: width, height: height).tensor
    var styles = styles.map { style in
      let (styleWidth, styleHeight) = styleSize(of: style, ratio: ratio)
      return style.resized(width: styleWidth, height: styleHeight).tensor
    }
    if let reference = content {
      switch settings.keepColors {
      case .linear:
        let method = settings.colorMatching ?? Settings.Defaults.colorMatching
        styles = styles.map { $0.matchingColors(of: reference, method: method).clamped(to: 0...1) }
      case .luminance:
        styles = styles.map { $0.matchingLuminance(of: reference).clamped(to: 0...1) }
        content = reference.matchingLuminance(of: reference).clamped(to: 0...1)
      case nil: break
      }
    }
    return Scaled(content: content, styles: styles, start: start(content, styles, width, height))
  }

  private func start(
    _ content: Tensor<Float>?, _ styles: [Tensor<Float>], _ width: Int, _ height: Int
  ) -> Tensor<Float>? {
    switch settings.initial {
    case Start.noise: return nil
    case Start.content: return content?.clamped(to: 0...1)
    case Start.colour:
      guard let content else { return nil }
      // Of several styles each gives its share of the colours.
      let shares = settings.styleShares
      let sum = shares.reduce(0, +)
      var mixed = Tensor<Float>.zeros(content.shape)
      for (style, share) in zip(styles, shares) {
        mixed = mixed + content.matchingColors(of: style) * Tensor(Float(share / sum))
      }
      return mixed.clamped(to: 0...1)
    default:
      return initial?.resized(width: width, height: height).tensor.clamped(to: 0...1)
    }
  }

  private func styleSize(of style: Picture, ratio: Double) -> (width: Int, height: Int) {
    let longest = Double(settings.size == 0 ? max(style.width, style.height) : settings.size)
    let side = longest * (settings.styleScale ?? Settings.Defaults.styleScale) * ratio
    return style.sizeWhen(longestSide: max(1, Int(side.rounded())))
  }

  /// The sizes at which the styles are looked at; see ``scaled(width:height:ratio:)``.
  func styleSizes(ratio: Double) -> [RunShape.Size] {
    styles.map { style in
      let (width, height) = styleSize(of: style, ratio: ratio)
      return RunShape.Size(width: width, height: height)
    }
  }

  /// - Throws: ``StyleTransferError`` when a picture is too small for the layers to see, naming the smallest that works.
  func check(_ layers: [VGG19.Layer], width: Int, height: Int, ratio: Double) throws {
    func check(_ name: String, _ own: (width: Int, height: Int), _ seen: (width: Int, height: Int)) throws {
      try Picture.checkSize(own, for: layers, name, is: "is", remedy: Picture.largerPicture)
      try Picture.checkSize(seen, for: layers, name, is: "becomes", remedy: Picture.largerSize)
    }
    if let content, let path = settings.content {
      try check(path, (content.width, content.height), (width, height))
    } else {
      try check("the texture", (width, height), (width, height))
    }
    for (style, path) in zip(styles, settings.styles) {
      try check(path, (style.width, style.height), styleSize(of: style, ratio: ratio))
    }
  }

  func check(_ layers: [VGG19.Layer], _ step: Schedule.Step) throws {
    try check(layers, width: step.width, height: step.height, ratio: step.ratio)
  }
}
