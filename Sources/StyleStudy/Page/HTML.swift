import Foundation
import StyleTransfer
import WebPages

extension HTML {
  /// A picture with words for who does not see it, which opens by itself.
  static func image(_ file: String, alt: String, width: Int, height: Int, isLazy: Bool = true) -> String {
    #"<a class="picture" href="\#(escaped(file))"><img src="\#(escaped(file))" alt="\#(escaped(alt))" width="\#(width)" "#
      + #"height="\#(height)""# + (isLazy ? #" loading="lazy""# : "") + "></a>"
  }

  /// What is there for whoever wants it.
  static func folded(_ summary: String, _ inside: String) -> String {
    "<details>\n<summary>\(summary)</summary>\n\(inside)\n</details>"
  }

  static func figure(_ inside: String, caption: String) -> String {
    "<figure>\n\(inside)\n<figcaption>\(caption)</figcaption>\n</figure>"
  }

  /// - Parameters:
  ///   - rows: The first cell of each is its head.
  static func table(caption: String, head: [String], rows: [[String]]) -> String {
    let header = head.map { #"<th scope="col">\#($0)</th>"# }.joined()
    let body = rows.map { row in
      #"<tr><th scope="row">\#(row[0])</th>"# + row.dropFirst().map { "<td>\($0)</td>" }.joined() + "</tr>"
    }
    return """
      <div class="table" role="region" aria-label="\(caption)" tabindex="0">
      <table>
      <caption>\(caption)</caption>
      <thead><tr>\(header)</tr></thead>
      <tbody>
      \(lines(body))
      </tbody>
      </table>
      </div>
      """
  }
}

/// Numbers as a page shows them.
enum Shown {
  static let nothing = "–"

  static func decibels(_ value: Double?) -> String {
    guard let value else { return nothing }
    return value.isInfinite ? "∞ dB" : String(format: "%.1f dB", value).minus
  }

  static func percent(_ share: Double?) -> String {
    share.map { String(format: $0 < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * $0).minus } ?? nothing
  }

  static func hundredths(_ value: Double?) -> String {
    value.map { String(format: "%.2f", $0 == 0 ? 0 : $0).minus } ?? nothing
  }

  /// A number with three significant digits: written out, or where that would be long with a power of ten.
  static func number(_ value: Double?) -> String {
    guard let value else { return nothing }
    let size = value.magnitude
    if value == 0 { return "0" }
    if !value.isFinite { return value > 0 ? "∞" : nothing }
    if size >= 1e-4, size < 1e6 {
      let digits = max(0, 2 - Int(log10(size).rounded(.down)))
      return String(format: "%.\(digits)f", value).minus
    }
    let parts = String(format: "%.2e", value).split(separator: "e")
    let raised: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
      "9": "⁹",
    ]
    let power = String("\(Int(parts[1]) ?? 0)".map { raised[$0] ?? $0 })
    return "\(parts[0]) × 10\(power)".minus
  }

  static func seconds(_ value: Double?) -> String { value.map { readable(.seconds($0)) } ?? nothing }
}

extension String {
  /// The text with a minus sign in place of a hyphen before a number, and no break between a number and its unit.
  fileprivate var minus: String { replacing("-", with: "−").replacing(" ", with: "\u{A0}") }
}
