import Foundation
import StyleTransfer

/// Pieces of a page.
enum HTML {
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// Pieces one below the other.
  static func lines(_ pieces: [String]) -> String { pieces.joined(separator: "\n") }

  /// A picture with words for who does not see it.
  static func image(_ file: String, alt: String, width: Int, height: Int, isLazy: Bool = true) -> String {
    #"<img src="\#(escaped(file))" alt="\#(escaped(alt))" width="\#(width)" height="\#(height)""#
      + (isLazy ? #" loading="lazy""# : "") + ">"
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

  /// A number with three significant digits.
  static func number(_ value: Double?) -> String { value.map { short($0).minus } ?? nothing }

  static func seconds(_ value: Double?) -> String { value.map { readable(.seconds($0)) } ?? nothing }
}

extension String {
  /// The text with a minus sign in place of a hyphen before a number, and no break between a number and its unit.
  fileprivate var minus: String { replacing("-", with: "−").replacing(" ", with: "\u{A0}") }
}
