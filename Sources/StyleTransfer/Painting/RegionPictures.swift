import NN
import Tensor

/// The masks that a recipe uses, as planes of numbers [1, 1, H, W] in 0…1 of the size of their files.
struct RegionPictures: Sendable {
  /// A part of the picture with the part of a style that it is painted like.
  struct Part: Sendable {
    /// The style's place in the list.
    let style: Int
    /// How much it counts among the styles.
    let share: Double
    /// `nil` for what the others leave.
    let place: Tensor<Float>?
    /// `nil` for all of the style.
    let source: Tensor<Float>?
  }

  /// Where the content may be repainted; `nil` for everywhere.
  let mask: Tensor<Float>?
  /// None where all of the picture is painted like all styles.
  let parts: [Part]

  static let none = RegionPictures(mask: nil, parts: [])

  private init(mask: Tensor<Float>?, parts: [Part]) { (self.mask, self.parts) = (mask, parts) }

  /// Reads the masks, and notes in `recipe` what they are.
  ///
  /// - Parameters:
  ///   - content: The picture that is painted.
  ///   - styles: The styles as they are in their files.
  /// - Throws: ``PictureError``; ``StyleTransferError`` for a mask of other proportions than its picture, or one that shows
  ///   nothing.
  init(reading recipe: inout Recipe, content: Picture?, styles: [Picture], _ limits: ReadingLimits) throws {
    guard var transfer = recipe.transfer, let content, transfer.mask != nil || !transfer.regions.isEmpty
    else {
      self = .none
      return
    }
    let contentName = transfer.content.picture.name
    func read(
      _ source: PictureSource, _ option: String, _ picture: Picture, _ name: String, _ what: String
    ) throws -> (PictureSource, Tensor<Float>) {
      let mask = try source.read(limits)
      let (own, wanted) = (
        mask.fullSize ?? (mask.width, mask.height), picture.fullSize ?? (picture.width, picture.height)
      )
      guard Self.areAlike(own, wanted) else {
        throw StyleTransferError(
          .badData,
          "\(option) '\(source.name)' has \(own.width)×\(own.height) pixels and '\(name)' \(wanted.width)×\(wanted.height): "
            + "a mask may have another size, but not other proportions; cut it as the picture is cut")
      }
      let coverage = mask.coverage
      guard !Self.isEmpty(coverage) else {
        throw StyleTransferError(
          .badData,
          "\(option) '\(source.name)' is empty, 0 everywhere, so that \(what); make white, or opaque, what is meant"
        )
      }
      return (.picture(mask), coverage)
    }
    var mask: Tensor<Float>?
    if let source = transfer.mask {
      let found = try read(source, "--mask", content, contentName, "nothing would be painted")
      (transfer.mask, mask) = (found.0, found.1)
    }
    var parts: [Part] = []
    for index in transfer.regions.indices {
      let style = transfer.style.pictures.count == 1 ? 0 : index
      var place: Tensor<Float>?
      if case .mask(let source) = transfer.regions[index].place {
        let found = try read(source, "--region", content, contentName, "it is nowhere in the picture")
        (transfer.regions[index].place, place) = (.mask(found.0), found.1)
      }
      var own: Tensor<Float>?
      if let source = transfer.regions[index].source {
        let name = transfer.style.pictures[style].name
        let found = try read(source, "--region", styles[style], name, "there is no style to take")
        (transfer.regions[index].source, own) = (found.0, found.1)
        if let opacity = styles[style].opacity {
          let seen = resizedMap(found.1, width: styles[style].width, height: styles[style].height) * opacity
          guard seen.max().scalar > 0 else {
            throw StyleTransferError(
              .badData,
              "--region '\(source.name)' shows nothing of '\(name)' but what is clear; choose a part that can be seen"
            )
          }
        }
      }
      parts.append(Part(style: style, share: transfer.style.shares[style], place: place, source: own))
    }
    recipe.transfer = transfer
    self.init(mask: mask, parts: parts)
    guard parts.isEmpty || parts.contains(where: { $0.share > 0 }) else { return }
    if let rest = parts.firstIndex(where: { $0.place == nil && $0.share > 0 }),
      Self.isEmpty(places(width: content.width, height: content.height)[rest])
    {
      throw StyleTransferError(
        .badData,
        "--region \(Recipe.Region.restName) is empty: the others cover '\(contentName)' everywhere, so that "
          + "'\(transfer.style.pictures[parts[rest].style].name)' would be used nowhere; leave it out, or make a mask smaller"
      )
    }
    if let index = unseenPart(of: content) {
      let region =
        switch transfer.regions[index].place {
        case .mask(let source): "'\(source.name)'"
        case .rest: Recipe.Region.restName
        }
      throw StyleTransferError(
        .badData,
        "--region \(region) shows nothing of '\(contentName)' but what is clear or kept by --mask, so that "
          + "'\(transfer.style.pictures[parts[index].style].name)' would be used nowhere; leave it out, or make the masks "
          + "overlap")
    }
    if let seen = painted(width: content.width, height: content.height) {
      guard (content.opacity.map { seen * $0 } ?? seen).max().scalar > 0 else {
        throw StyleTransferError(
          .badData,
          "--mask and --region leave nothing of '\(contentName)' that can be seen to be painted; let them overlap"
        )
      }
    }
  }

  /// The first part of which nothing can be seen and painted, and whose style no other part has; `nil` where all are used.
  private func unseenPart(of content: Picture) -> Int? {
    let (width, height) = (content.width, content.height)
    let shown = [mask.map { resizedMap($0, width: width, height: height) }, content.opacity].compactMap { $0 }
    if shown.isEmpty { return nil }
    let places = places(width: width, height: height)
    let isSeen = parts.indices.map { !Self.isEmpty(shown.reduce(places[$0]) { $0 * $1 }) }
    // What nothing at all is left of is told by itself.
    guard isSeen.contains(true) else { return nil }
    let used = Set(parts.indices.filter { isSeen[$0] }.map { parts[$0].style })
    return parts.indices.first { parts[$0].share > 0 && !used.contains(parts[$0].style) }
  }

  /// Whether a map is black in a picture of 8 bits.
  private static func isEmpty(_ map: Tensor<Float>) -> Bool { !(map.max().scalar >= Float(0.5) / 255) }

  /// Whether two sizes have the same proportions, but for the rounding of the smaller one to whole pixels.
  private static func areAlike(_ a: (width: Int, height: Int), _ b: (width: Int, height: Int)) -> Bool {
    let (small, large) = a.width * a.height <= b.width * b.height ? (a, b) : (b, a)
    let ratio = Double(small.width) / Double(large.width)
    let other = Double(small.height) / Double(large.height)
    return abs(Double(large.height) * ratio - Double(small.height)) <= 1
      || abs(Double(large.width) * other - Double(small.width)) <= 1
  }

  /// Where each part is at a size, the rest among them.
  func places(width: Int, height: Int) -> [Tensor<Float>] {
    let given = parts.map { $0.place.map { resizedMap($0, width: width, height: height) } }
    guard given.contains(where: { $0 == nil }) else { return given.compactMap { $0 } }
    let taken = given.compactMap { $0 }.reduce(Tensor.zeros([1, 1, height, width])) { $0 + $1 }
    let rest = (1 - taken).clamped(to: 0...1)
    return given.map { $0 ?? rest }
  }

  /// How much of each pixel is painted at a size; `nil` for all of all.
  func painted(width: Int, height: Int) -> Tensor<Float>? {
    var painted = mask.map { resizedMap($0, width: width, height: height) }
    if !parts.isEmpty {
      let covered = zip(parts, places(width: width, height: height)).filter { $0.0.share > 0 }
        .reduce(Tensor<Float>.zeros([1, 1, height, width])) { $0 + $1.1 }.clamped(to: 0...1)
      painted = painted.map { $0 * covered } ?? covered
    }
    return painted
  }

  /// The pixels of all masks.
  var pixels: Double {
    ([mask] + parts.flatMap { [$0.place, $0.source] }).reduce(0) { $0 + Double($1?.count ?? 0) }
  }
}

/// A mask [1, 1, H, W] at another size, by lines between the pixels: where all that a pixel comes of is 0, or 1, it is
/// that exactly.
func resizedMap(_ map: Tensor<Float>, width: Int, height: Int) -> Tensor<Float> {
  if map.shape == [1, 1, height, width] { return map }
  return map.resampled(to: width, axis: 3, method: .bilinear).resampled(
    to: height, axis: 2, method: .bilinear
  )
  .clamped(to: 0...1)
}

extension Picture {
  /// The grey picture of 1 less this one's red, at another size: a mask of what may be painted, from one of what is kept.
  package func invertedMask(width: Int, height: Int) -> Picture {
    let painted = 1 - resizedMap(tensor[0..., 0..<1], width: width, height: height)
    return Picture(painted.broadcast(to: [1, 3, height, width]))
  }

  /// The picture as a mask, [1, 1, H, W] in 0…1: its opacity where it has any transparency, else its brightness.
  var coverage: Tensor<Float> { opacity ?? luminance(tensor).clamped(to: 0...1) }
}
