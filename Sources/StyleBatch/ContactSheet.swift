import Foundation
import StyleTransfer
import WebPages

/// The pictures of a batch on one page, with what tells each from the others.
package struct ContactSheet {
  private let summary: BatchSummary
  /// Where the page is, from which it names the pictures.
  private let folder: String
  /// The file of the numbers, beside the page.
  private let numbers: String

  package init(_ summary: BatchSummary, folder: String, numbers: String) {
    (self.summary, self.folder, self.numbers) = (summary, folder, numbers)
  }

  /// What the numbers and the page of a share are called; see ``Shard/suffix``.
  package static func names(_ suffix: String) -> (numbers: String, page: String) {
    ("summary\(suffix).json", "index\(suffix).html")
  }

  /// Refuses a folder that has somebody else's file under one of these names.
  ///
  /// - Throws: ``FileCollision``.
  package static func check(_ folder: String, suffix: String) throws(FileCollision) {
    let (numbers, page) = names(suffix)
    for (name, mark) in [(numbers, "\"weights-sha256\""), (page, "content=\"impasto ")] {
      let path = (folder as NSString).appendingPathComponent(name)
      guard FileManager.default.isRegularFile(path), let data = FileManager.default.contents(atPath: path),
        !data.isEmpty, data.range(of: Data(mark.utf8)) == nil
      else { continue }
      throw FileCollision(
        description:
          "'\(path)' is there already and not of a batch; it would be overwritten, so name another folder for the page "
          + "with --report")
    }
  }

  private static let frame = PageTemplate(PackageResources.sheet_html)
  private static let styleSheet = PageTemplate(PackageResources.sheet_css)

  /// The page, which needs nothing but the pictures.
  package var html: String {
    let part = summary.shard.count == 1 ? "" : ", share \(summary.shard.index + 1) of \(summary.shard.count)"
    return Self.frame([
      "version": Version.current, "title": "\(summary.entries.count) pictures\(part)",
      "summary": HTML.escaped(summary.sentence), "style sheet": Self.styleSheet(), "failures": failures,
      "pictures": pictures, "numbers": HTML.escaped(numbers),
    ])
  }

  private var failures: String {
    let failed = summary.entries.filter { $0.state == .failed }
    if failed.isEmpty { return "" }
    let items = failed.map { entry in
      "<li><b>\(HTML.escaped(entry.output.isEmpty ? entry.place : entry.output))</b>: "
        + "\(HTML.escaped(entry.reason ?? ""))</li>"
    }
    return """
      <section class="failures" aria-labelledby="failures">
      <h2 id="failures">\(failed.count) could not be made</h2>
      <ul>
      \(HTML.lines(items))
      </ul>
      </section>
      """
  }

  private var pictures: String {
    let shown = summary.entries.filter { $0.state == .made || $0.state == .there }
    if shown.isEmpty { return "<p>No picture is there.</p>" }
    let settings = shown.map { Self.flat($0.settings) }
    let differing = Self.differing(settings)
    let items = zip(shown, settings).map { entry, settings in
      let name = (entry.output as NSString).lastPathComponent
      let details = differing.compactMap { key in settings[key].map { "\(key) \($0)" } }
      let facts = [
        entry.width.map { "\($0)×\(entry.height ?? 0)" }, entry.loss.map { "loss \(short($0))" },
        entry.seconds.map { readable(.seconds($0)) },
      ].compactMap { $0 }
      let small = [details.joined(separator: ", "), facts.joined(separator: ", ")].filter { !$0.isEmpty }
        .map { "<small>\(HTML.escaped($0))</small>" }.joined()
      let link = HTML.escaped(address(of: entry.output))
      return """
        <li><figure>
        <a href="\(link)"><img src="\(link)" alt="\(HTML.escaped(name))" width="\(entry.width ?? 1)" \
        height="\(entry.height ?? 1)" loading="lazy"></a>
        <figcaption>\(HTML.escaped(name))\(small)</figcaption>
        </figure></li>
        """
    }
    return "<ul class=\"sheet\">\n\(HTML.lines(items))\n</ul>"
  }

  // MARK: - What tells pictures apart

  /// Settings by their flags' names, as texts.
  private static func flat(_ settings: Recipe?) -> [String: String] {
    guard let json = settings?.json,
      let object = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    else { return [:] }
    return object.mapValues { value in
      switch value {
      case let list as [Any]: list.map { "\($0)" }.joined(separator: ", ")
      case let number as Double where number != number.rounded(): String(format: "%.4g", number)
      default: "\(value)"
      }
    }
  }

  /// The settings that are not the same in all pictures, but for what follows from others.
  private static func differing(_ all: [[String: String]]) -> [String] {
    let keys = Set(all.flatMap(\.keys)).filter {
      !$0.hasSuffix("sha256") && $0 != "scales" && $0 != "content"
    }
    return keys.filter { key in Set(all.map { $0[key] }).count > 1 }.sorted()
  }

  // MARK: - Where pictures are

  /// The picture's address from the page.
  private func address(of path: String) -> String {
    func parts(_ path: String) -> [String] {
      let url = URL(filePath: path.isEmpty ? "." : path).standardizedFileURL.resolvingSymlinksInPath()
      return url.pathComponents
    }
    let (own, its) = (parts(folder), parts(path))
    let shared = zip(own, its).prefix { $0 == $1 }.count
    let steps = Array(repeating: "..", count: own.count - shared) + its[shared...]
    return steps.map {
      $0.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed.subtracting(["/"])) ?? $0
    }
    .joined(separator: "/")
  }
}
