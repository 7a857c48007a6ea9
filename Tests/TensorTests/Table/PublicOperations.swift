import Foundation
import TestSupport

/// A public function, operator or subscript of the operations' sources: what `extension Tensor` and `extension ComplexParts` have
/// in them, and functions outside of types.
struct PublicOperation {
  /// `exp`, `+`, `subscript`.
  let name: String
  /// The folder and the name of its file: `Operations/Exponential`.
  let file: String
  /// Its documentation, a string for each line.
  let documentation: [String]

  /// All of them, in the order of files and lines.
  static func all() throws -> [PublicOperation] {
    try ["Operations", "LinearAlgebra"].flatMap { folder in
      let path = FixtureFile.packageRoot.appending(path: "Sources/Tensor/\(folder)")
      return try FileManager.default.contentsOfDirectory(at: path, includingPropertiesForKeys: nil)
        .filter { $0.pathExtension == "swift" }
        .sorted { $0.lastPathComponent < $1.lastPathComponent }
        .flatMap {
          try operations(in: $0, called: folder + "/" + $0.deletingPathExtension().lastPathComponent)
        }
    }
  }

  private static func operations(in file: URL, called name: String) throws -> [PublicOperation] {
    let declaration =
      /^\s*public\s+(?:(?:static|mutating|prefix)\s+)*(?:(?:func|var)\s+`?(?<name>[.<>=!+*\/%&|^-]+|\w+)|(?<subscript>subscript))/
    var found: [PublicOperation] = []
    var documentation: [String] = []
    var isInTensor = false
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      if let first = line.first, first.isLetter {
        isInTensor = line.starts(with: /extension (?:Tensor|ComplexParts)\b|public func\b/)
      }
      if let comment = line.prefixMatch(of: /\s*\/\/\/ ?/) {
        documentation.append(String(line[comment.range.upperBound...]))
        continue
      }
      if isInTensor, let match = line.prefixMatch(of: declaration) {
        found.append(
          PublicOperation(
            name: String(match.output.name ?? "subscript"), file: name, documentation: documentation))
      }
      // An attribute may stand between the words and the declaration.
      if !line.starts(with: /\s*@/) { documentation = [] }
    }
    return found
  }
}

extension PublicOperation {
  /// The sentences before the lists of parameters and the like, one after the other. Tables and code are left out.
  private var sentences: [String] {
    var text: [String] = []
    var isCode = false
    for line in documentation {
      if line.hasPrefix("```") { isCode.toggle() }
      if line.hasPrefix("- ") { break }
      if isCode || line.hasPrefix("```") || line.hasPrefix("| ") || line.hasPrefix("    ") { continue }
      text.append(line.isEmpty ? "\u{2029}" : line)
    }
    return text.joined(separator: " ").split(separator: "\u{2029}").flatMap { paragraph in
      var sentences = [""]
      for word in paragraph.split(separator: " ") {
        sentences[sentences.count - 1] += (sentences.last!.isEmpty ? "" : " ") + word
        if word.hasSuffix(".") || word.hasSuffix(".)") { sentences.append("") }
      }
      return sentences.filter { !$0.isEmpty }
    }
  }

  /// What the operation gives: its first sentence.
  var summary: String { sentences.first ?? "" }

  /// The rule, as the documentation writes it: the sentences with a `d/dx` or a `dA =`.
  var derivative: String? {
    let rules = sentences.filter { $0.contains(/\bd\/d\p{L}|\bd\p{Lu}\p{M}* =|\bd\p{Lu},? |[Dd]erivative/) }
    return rules.isEmpty ? nil : rules.joined(separator: " ")
  }
}
