/// A piece of a page with gaps, in a file of its own: the frame, the style sheet, and what a section says beside its
/// pictures and numbers.
///
/// A gap is a name in double braces, as in `<h1>{{title}}</h1>`. The files are in the Templates of the targets that make
/// pages and become a part of the program when it is built, so that it runs wherever it is copied to.
package struct PageTemplate: Sendable {
  /// What stands between the gaps: one more than there are gaps.
  private let texts: [Substring]
  private let gaps: [Substring]

  /// The template that a text describes; the line break at its end is the file's, not the page's.
  package init(_ text: String) {
    let text = text.hasSuffix("\n") ? text.dropLast() : text[...]
    let matches = text.matches(of: /{{([^{}]+)}}/)
    gaps = matches.map(\.1)
    var texts: [Substring] = []
    var start = text.startIndex
    for match in matches {
      texts.append(text[start..<match.range.lowerBound])
      start = match.range.upperBound
    }
    self.texts = texts + [text[start...]]
  }

  /// The template in a file's bytes.
  package init(_ file: [UInt8]) { self.init(String(decoding: file, as: UTF8.self)) }

  /// The names of the gaps.
  package var names: Set<String> { Set(gaps.map(String.init)) }

  /// The text with every gap filled.
  ///
  /// - Precondition: There is a value for every gap, and none for another.
  package func callAsFunction(_ values: [String: String] = [:]) -> String {
    let (missing, unknown) = (names.subtracting(values.keys), Set(values.keys).subtracting(names))
    precondition(
      missing.isEmpty && unknown.isEmpty,
      "PageTemplate: nothing is given for \(missing.sorted()), and there is no gap \(unknown.sorted())")
    return zip(texts, gaps).map { $0 + values[String($1), default: ""] }.joined() + texts[gaps.count]
  }
}
