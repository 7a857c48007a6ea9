import Foundation
import StyleTransfer

/// What `impasto compare` tells, for people and for programs.
struct ComparisonReport {
  struct Layer: Encodable {
    let layer: String
    let content: Double
    let gram: Double
  }

  /// What `--texture` finds.
  enum TextureFinding {
    case found(TextureComparison)
    /// A side is shorter than the window that is compared.
    case tooSmall

    init(_ comparison: TextureComparison?) { self = comparison.map(Self.found) ?? .tooSmall }
  }

  /// How the original came to the other picture's size, width before height.
  struct Scaling: Encodable {
    let from: [Int]
    let to: [Int]
  }

  let original: String
  let other: String
  /// Left out where the pictures have one size.
  let scaling: Scaling?
  /// In decibels; ∞ for equal pictures, the string `inf` in JSON.
  let psnr: Double
  /// Of the channels; left out where the pictures are too small for it.
  let ssim: Double?
  let lumaSSIM: Double?
  /// Left out where the pictures are too small for it.
  let multiScaleSSIM: Double?
  let lumaMultiScaleSSIM: Double?
  /// Left out where it was not asked for.
  let perceptual: PerceptualDistances?
  /// Left out where it was not asked for.
  let texture: TextureFinding?
  let layers: [Layer]

  /// A table, without a line end after it.
  var text: String {
    let tooSmall = { (side: Int) in "none: a side is shorter than \(side) pixels" }
    func similarity(_ channels: Double?, _ luma: Double?, smallest: Int) -> String {
      guard let channels, let luma else { return tooSmall(smallest) }
      return String(format: "%.4f in RGB, %.4f in luma", channels, luma)
    }
    let width = max(5, layers.map(\.layer.count).max() ?? 0)
    func row(_ name: String, _ content: String, _ gram: String) -> String {
      let padded = name.padding(toLength: width, withPad: " ", startingAt: 0)
      return "\(padded)  "
        + content.rightAligned(9) + "  " + gram.rightAligned(9)
    }
    func number(_ value: Double) -> String { String(format: "%.3g", value) }
    func size(_ sides: [Int]) -> String { sides.map { "\($0)" }.joined(separator: "×") }
    func line(_ name: String, _ text: String) -> String {
      name.padding(toLength: 9, withPad: " ", startingAt: 0) + text
    }
    let scaling = scaling.map {
      [line("SIZE", "\(size($0.to)) pixels; '\(original)' was scaled from \(size($0.from))")]
    }
    let pixels = [
      line("PSNR", psnr.isInfinite ? "∞ dB: the pictures are equal" : String(format: "%.2f dB", psnr)),
      line("SSIM", similarity(ssim, lumaSSIM, smallest: StructuralSimilarity.windowWidth)),
      line(
        "MS-SSIM", similarity(multiScaleSSIM, lumaMultiScaleSSIM, smallest: MultiScaleSimilarity.minimumSize)),
    ]
    let networks = perceptualMeasures.map { name, found in
      switch found {
      case .success(let value): line(name.measure, String(format: "%.4f by %@", value, name.network))
      case .failure(let error): line(name.measure, "none by \(name.network): \(error)")
      }
    }
    let copies = texture.map { finding in
      func row(_ name: String, _ numbers: (TextureComparison) -> String) -> String {
        switch finding {
        case .found(let comparison): line(name, numbers(comparison))
        case .tooSmall: line(name, tooSmall(TextureComparison.window))
        }
      }
      return [
        row("COPYING") {
          String(
            format: "%.3f at most, %.3f on average; A of itself %.3f and %.3f", $0.copying.largest,
            $0.copying.mean, $0.sourceCopying.largest, $0.sourceCopying.mean)
        },
        row("REPEATS") { String(format: "%.3f; A %.3f", $0.repetition, $0.sourceRepetition) },
      ]
    }
    return
      ((scaling ?? []) + pixels + networks + (copies ?? []) + ["", row("layer", "content", "Gram")]
      + layers.map { row($0.layer, number($0.content), number($0.gram)) })
      .joined(separator: "\n")
  }

  /// Why measures that were asked for are not there.
  var absences: [String] {
    let measures = perceptualMeasures.compactMap { name, found -> String? in
      guard case .failure(let error) = found else { return nil }
      return "no \(name.measure) by \(name.network): \(error)"
    }
    guard case .tooSmall = texture else { return measures }
    return measures + [
      "no copying and no repetition: a side is shorter than \(TextureComparison.window) pixels"
    ]
  }

  private typealias Name = (measure: String, network: String)

  private var perceptualMeasures: [(name: Name, found: PerceptualDistances.Found)] {
    guard let perceptual else { return [] }
    return [
      (("LPIPS", "AlexNet"), perceptual.lpipsAlexNet), (("LPIPS", "VGG-16"), perceptual.lpipsVGG16),
      (("DISTS", "VGG-16"), perceptual.dists),
    ]
  }

  /// Lines of JSON with sorted keys.
  func json() throws -> String {
    String(decoding: try JSONEncoder.sorted(.prettyPrinted).encode(self), as: UTF8.self)
  }
}

extension ComparisonReport: Encodable {
  private enum CodingKeys: String, CodingKey {
    case original = "a"
    case other = "b"
    case scaling = "a-scaled"
    case psnr
    case ssim
    case lumaSSIM = "ssim-luma"
    case multiScaleSSIM = "ms-ssim"
    case lumaMultiScaleSSIM = "ms-ssim-luma"
    case lpipsAlexNet = "lpips-alex"
    case lpipsVGG16 = "lpips-vgg"
    case dists
    case copying
    case meanCopying = "copying-mean"
    case sourceCopying = "copying-a"
    case meanSourceCopying = "copying-a-mean"
    case repetition
    case sourceRepetition = "repetition-a"
    case layers
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(original, forKey: .original)
    try container.encode(other, forKey: .other)
    try container.encodeIfPresent(scaling, forKey: .scaling)
    try container.encode(psnr, forKey: .psnr)
    try container.encodeIfPresent(ssim, forKey: .ssim)
    try container.encodeIfPresent(lumaSSIM, forKey: .lumaSSIM)
    try container.encodeIfPresent(multiScaleSSIM, forKey: .multiScaleSSIM)
    try container.encodeIfPresent(lumaMultiScaleSSIM, forKey: .lumaMultiScaleSSIM)
    try container.encodeIfPresent(try? perceptual?.lpipsAlexNet.get(), forKey: .lpipsAlexNet)
    try container.encodeIfPresent(try? perceptual?.lpipsVGG16.get(), forKey: .lpipsVGG16)
    try container.encodeIfPresent(try? perceptual?.dists.get(), forKey: .dists)
    if case .found(let texture) = texture {
      try container.encode(texture.copying.largest, forKey: .copying)
      try container.encode(texture.copying.mean, forKey: .meanCopying)
      try container.encode(texture.sourceCopying.largest, forKey: .sourceCopying)
      try container.encode(texture.sourceCopying.mean, forKey: .meanSourceCopying)
      try container.encode(texture.repetition, forKey: .repetition)
      try container.encode(texture.sourceRepetition, forKey: .sourceRepetition)
    }
    try container.encode(layers, forKey: .layers)
  }
}
