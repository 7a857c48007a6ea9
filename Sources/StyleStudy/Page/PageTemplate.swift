/// A piece of the page with gaps, in a file of its own: the frame, the style sheet, and what a section says beside
/// its pictures and numbers.
///
/// A gap is a name in double braces, as in `<h1>{{title}}</h1>`. The files are in Templates and become a part
/// of the program when it is built, so that it runs wherever it is copied to.
struct PageTemplate {
  /// What stands between the gaps: one more than there are gaps.
  private let texts: [Substring]
  private let gaps: [Substring]

  /// The template that a text describes; the line break at its end is the file's, not the page's.
  init(_ text: String) {
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

  private init(_ file: [UInt8]) { self.init(String(decoding: file, as: UTF8.self)) }

  /// The names of the gaps.
  var names: Set<String> { Set(gaps.map(String.init)) }

  /// The text with every gap filled.
  ///
  /// - Precondition: There is a value for every gap, and none for another.
  func callAsFunction(_ values: [String: String] = [:]) -> String {
    let (missing, unknown) = (names.subtracting(values.keys), Set(values.keys).subtracting(names))
    precondition(
      missing.isEmpty && unknown.isEmpty,
      "PageTemplate: nothing is given for \(missing.sorted()), and there is no gap \(unknown.sorted())")
    return zip(texts, gaps).map { $0 + values[String($1), default: ""] }.joined() + texts[gaps.count]
  }
}

extension PageTemplate {
  /// The whole page around its sections.
  static let frame = PageTemplate(PackageResources.frame_html)
  /// What it all looks like. Text sits in a narrow column, pictures and charts in a wide one; every colour pair has a
  /// contrast of 4.5 or more in both schemes.
  static let styleSheet = PageTemplate(PackageResources.study_css)
  /// The claims with their verdicts, at the top.
  static let summary = PageTemplate(PackageResources.summary_html)
  /// That pictures are missing.
  static let trouble = PageTemplate(PackageResources.trouble_html)
  /// A numbered section around its body and its findings.
  static let section = PageTemplate(PackageResources.section_html)

  static let reconstruction = PageTemplate(PackageResources.reconstruction_html)
  static let seeds = PageTemplate(PackageResources.seeds_html)
  static let texture = PageTemplate(PackageResources.texture_html)
  static let losses = PageTemplate(PackageResources.losses_html)
  static let transfer = PageTemplate(PackageResources.transfer_html)
  /// The charts of all runs.
  static let curves = PageTemplate(PackageResources.curves_html)
  /// The table of all runs and their commands.
  static let runs = PageTemplate(PackageResources.runs_html)
}
