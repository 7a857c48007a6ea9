import Foundation
import StyleTransfer

/// What `impasto compare` tells, for people and for programs.
struct ComparisonReport: Encodable {
  struct Layer: Encodable {
    let layer: String
    let content: Double
    let gram: Double
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
  let layers: [Layer]

  enum CodingKeys: String, CodingKey {
    case original = "a"
    case other = "b"
    case scaling = "a-scaled"
    case psnr
    case ssim
    case lumaSSIM = "ssim-luma"
    case layers
  }

  /// A table, without a line end after it.
  var text: String {
    let ssim: String
    if let channels = self.ssim, let luma = lumaSSIM {
      ssim = String(format: "%.4f in RGB, %.4f in luma", channels, luma)
    } else {
      ssim = "none: a side is shorter than \(StructuralSimilarity.windowWidth) pixels"
    }
    let width = max(5, layers.map(\.layer.count).max() ?? 0)
    func row(_ name: String, _ content: String, _ gram: String) -> String {
      let padded = name.padding(toLength: width, withPad: " ", startingAt: 0)
      return "\(padded)  "
        + content.rightAligned(9) + "  " + gram.rightAligned(9)
    }
    func number(_ value: Double) -> String { String(format: "%.3g", value) }
    func size(_ sides: [Int]) -> String { sides.map { "\($0)" }.joined(separator: "×") }
    return
      ((scaling.map { ["SIZE   \(size($0.to)) pixels; '\(original)' was scaled from \(size($0.from))"] } ?? [])
      + ["PSNR   " + (psnr.isInfinite ? "∞ dB: the pictures are equal" : String(format: "%.2f dB", psnr))]
      + ["SSIM   " + ssim, "", row("layer", "content", "Gram")]
      + layers.map { row($0.layer, number($0.content), number($0.gram)) })
      .joined(separator: "\n")
  }

  /// Lines of JSON with sorted keys.
  func json() throws -> String {
    String(decoding: try JSONEncoder.sorted(.prettyPrinted).encode(self), as: UTF8.self)
  }
}
