import Foundation
import StyleTransfer
import WebPages

/// The study as a page to be read: one HTML file beside the pictures, which needs nothing else.
struct StudyPage {
  let results: StudyResults
  let plan: StudyPlan
  /// The records of each finished run.
  let logs: [String: [Iteration]]

  static let titles: [StudySection: String] = [
    .reconstruction: "What a layer keeps of a picture", .seeds: "Two seeds, one picture",
    .texture: "Textures, from fine to coarse", .losses: "Content loss and Gram loss on the same picture",
    .transfer: "Both together: style transfer",
  ]
  private static let curvesTitle = "How the losses fell"
  private static let runsTitle = "All runs"

  var html: String {
    let sections = results.sections
    let entries =
      sections.map { ($0.rawValue, Self.titles[$0]!) } + [
        ("curves", Self.curvesTitle), ("runs", Self.runsTitle),
      ]
    let contents = entries.map { ##"<li><a href="#\##($0)">\##($1)</a></li>"## }
    let pictures = [
      picture(StudyFiles.content, "The content", alt: "The content picture, \(results.content)"),
      picture(
        StudyFiles.style, "The style", alt: "The style picture, \(results.style)",
        size: styleSize),
    ]
    return PageTemplate.frame([
      "version": HTML.escaped(results.version),
      "style sheet": PageTemplate.styleSheet(),
      "script": PageTemplate.script(["original": StudyFiles.content]),
      "pictures": HTML.lines(pictures),
      "contents": HTML.lines(contents),
      "summary": summary,
      "sections": HTML.lines(sections.enumerated().map { section($1, number: $0 + 1) }),
      "curves": curves(number: sections.count + 1, title: Self.curvesTitle),
      "runs": runs(number: sections.count + 2, title: Self.runsTitle),
      "width": "\(results.width)",
      "height": "\(results.height)",
      "numbers file": StudyFiles.numbers,
    ]) + "\n"
  }

  var styleSize = (width: 0, height: 0)

  // MARK: Parts

  private var summary: String {
    let missing = results.runs.count { $0.state != .finished }
    let trouble =
      missing == 0 ? "" : PageTemplate.trouble(["missing": "\(missing)", "all": "\(results.runs.count)"])
    let claims = results.findings.map {
      #"<li>\#(verdict($0)) \#(HTML.escaped($0.claim))</li>"#
    }
    return PageTemplate.summary(["trouble": trouble, "claims": HTML.lines(claims)])
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
    return PageTemplate.section([
      "section": section.rawValue, "number": "\(number)", "title": Self.titles[section]!, "body": body,
      "findings": HTML.lines(findings),
    ])
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
