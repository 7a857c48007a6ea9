import Foundation
import StyleTransfer

/// The study as a page to be read: one HTML file beside the pictures, which needs nothing else.
struct StudyPage {
  let results: StudyResults
  let plan: StudyPlan
  /// The records of each finished run.
  let logs: [String: [Iteration]]

  private static let titles: [StudySection: String] = [
    .reconstruction: "What a layer keeps of a picture", .seeds: "Two seeds, one picture",
    .texture: "Textures, from fine to coarse", .losses: "Content loss and Gram loss on the same picture",
    .transfer: "Both together: style transfer",
  ]

  var html: String {
    let sections = results.sections
    let entries =
      sections.map { ($0.rawValue, Self.titles[$0]!) } + [
        ("curves", "How the losses fell"), ("runs", "All runs"),
      ]
    let contents = entries.map { ##"<li><a href="#\##($0)">\##($1)</a></li>"## }.joined(separator: "\n")
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="impasto \(HTML.escaped(results.version))">
      <title>What a loss holds on to</title>
      <link rel="icon" href="data:,">
      <style>
      \(Self.styleSheet)
      </style>
      </head>
      <body>
      <a class="skip" href="#main">Skip to the study</a>
      <header class="opening">
      <p class="kicker">Four experiments with VGG-19</p>
      <h1>What a loss holds on to</h1>
      <p class="lede">A network trained to name things looks at a picture. A <em>content loss</em> asks for the same \
      features in the same places; a <em>style loss</em> asks only which features go together. Here each is made to \
      show what it keeps, by painting from noise until it is satisfied.</p>
      <div class="pictures two">
      \(picture(StudyFiles.content, "The content", alt: "The content picture, \(HTML.escaped(results.content))"))
      \(picture(
        StudyFiles.style, "The style", alt: "The style picture, \(HTML.escaped(results.style))",
        size: styleSize))
      </div>
      </header>
      <nav aria-label="Contents">
      <ol>
      \(contents)
      </ol>
      </nav>
      <main id="main" tabindex="-1">
      \(summary)
      \(sections.enumerated().map { section($1, number: $0 + 1) }.joined(separator: "\n"))
      \(curves(number: sections.count + 1))
      \(runs(number: sections.count + 2))
      </main>
      <footer>
      <p>Made by impasto \(HTML.escaped(results.version)) at \(results.width)×\(results.height) pixels. All numbers \
      are in <a href="\(StudyFiles.numbers)">\(StudyFiles.numbers)</a>, the losses of every iteration in the \
      <code>.jsonl</code> file beside each picture, and every picture carries its own settings: \
      <code>impasto rerun PICTURE</code> makes it again.</p>
      </footer>
      </body>
      </html>

      """
  }

  var styleSize = (width: 0, height: 0)

  // MARK: Parts

  private var summary: String {
    let troubles = results.runs.filter { $0.state != .finished }
    let trouble =
      troubles.isEmpty
      ? ""
      : """
      <p class="notice" role="note"><strong>Not complete.</strong> \(troubles.count) of \(results.runs.count) pictures \
      are missing; the sections say which and why. The same command makes them and keeps the others.</p>
      """
    let items = results.findings.map {
      #"<li>\#(verdict($0)) \#(HTML.escaped($0.claim))</li>"#
    }
    return """
      <section id="summary" aria-labelledby="summary-title">
      <h2 id="summary-title">In short</h2>
      \(trouble)
      <p>What is claimed, and whether these numbers bear it out:</p>
      <ul class="claims">
      \(items.joined(separator: "\n"))
      </ul>
      </section>
      """
  }

  private func section(_ section: StudySection, number: Int) -> String {
    let body =
      switch section {
      case .reconstruction: reconstruction
      case .seeds: seeds
      case .texture: texture
      case .losses: losses
      case .transfer: transfer
      }
    let findings = results.findings.filter { $0.section == section }.map { finding in
      """
      <div class="finding \(finding.verdict.rawValue)">
      <p class="claim">\(verdict(finding)) \(HTML.escaped(finding.claim))</p>
      <p>\(HTML.escaped(finding.text))</p>
      </div>
      """
    }
    return """
      <section id="\(section.rawValue)" aria-labelledby="\(section.rawValue)-title">
      \(heading(section.rawValue, number, Self.titles[section]!))
      \(body)
      \(findings.joined(separator: "\n"))
      </section>
      """
  }

  func heading(_ section: String, _ number: Int, _ title: String) -> String {
    #"<h2 id="\#(section)-title"><span class="number">\#(number)</span> \#(title)</h2>"#
  }

  private func verdict(_ finding: StudyResults.Finding) -> String {
    let word =
      switch finding.verdict {
      case .agrees: "Borne out"
      case .partly: "In part"
      case .differs: "Not here"
      }
    return #"<strong class="verdict \#(finding.verdict.rawValue)">\#(word)</strong>"#
  }

  // MARK: Pictures

  /// A picture that no run of its own made.
  func picture(
    _ file: String, _ caption: String, alt: String, size: (width: Int, height: Int)? = nil
  ) -> String {
    HTML.figure(
      HTML.image(
        file, alt: alt, width: size?.width ?? results.width, height: size?.height ?? results.height,
        isLazy: false),
      caption: caption)
  }

  /// A run's picture, or why there is none.
  func picture(
    run name: String, _ caption: String, alt: String, size: (width: Int, height: Int)? = nil
  ) -> String {
    HTML.figure(pictureAlone(run: name, alt: alt, size: size), caption: caption)
  }

  func pictureAlone(run name: String, alt: String, size: (width: Int, height: Int)? = nil) -> String {
    let run = results.run(name)
    if run?.state == .finished {
      return HTML.image(
        "\(name).png", alt: alt, width: size?.width ?? results.width, height: size?.height ?? results.height)
    }
    let reason = run?.reason.map { "This run failed: \($0)" } ?? "Not made yet."
    return #"<p class="missing">\#(HTML.escaped(reason))</p>"#
  }
}
