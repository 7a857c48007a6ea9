/// Pieces of a page.
package enum HTML {
  /// The text as it stands between tags and in an attribute's quotes.
  package static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// Pieces one below the other.
  package static func lines(_ pieces: [String]) -> String { pieces.joined(separator: "\n") }
}
