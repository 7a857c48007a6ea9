import Foundation
import ImpastoPlatform

// A picture's settings with some of them changed, as for a small try that is made again, larger.

extension RecipeChanges {
  /// Settings as `key=value`, where a value is as in a file of settings; a text needs no quotes.
  ///
  /// - Throws: ``RecipeError`` for what is no setting, and for a value that is not one of it.
  package init(assignments: [String]) throws {
    var values: [String: String] = [:]
    for assignment in assignments {
      guard let sign = assignment.firstIndex(of: "="), sign != assignment.startIndex else {
        throw RecipeError("--set '\(assignment)': a setting and its value are needed, such as balance=0.7")
      }
      let (key, value) = (String(assignment[..<sign]), String(assignment[assignment.index(after: sign)...]))
      guard let known = RecipeKey(rawValue: key), known.canBeSet else {
        throw RecipeError("--set '\(assignment)': \(RecipeKey.refusal(of: key))")
      }
      guard values.updateValue(Self.json(value), forKey: key) == nil else {
        throw RecipeError("--set \(key) is given twice; give it once")
      }
    }
    let pairs = values.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\($0.value)" }
    try self.init(json: Data("{\(pairs.joined(separator: ","))}".utf8), source: "the settings of --set")
  }

  /// A value as JSON: numbers, truth values and lists as they are, all else as a text.
  private static func json(_ value: String) -> String {
    let isJSON =
      (try? JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)) != nil
    return isJSON && value.first != "{" && value != "null" ? value : quoted(value)
  }

  private static func quoted(_ text: String) -> String {
    // A plain string always encodes.
    String(decoding: (try? JSONEncoder.sorted().encode(text)) ?? Data(), as: UTF8.self)
  }

  /// These settings, those of a finished picture, and then `changes`, as a list to be laid over a preset.
  ///
  /// A picture lists its sizes. Where the changes want others without saying which, the list grows or shrinks with the
  /// picture, with the iterations that it had; a picture that was left unfinished is made to its end.
  package func changed(by changes: RecipeChanges) -> [RecipeChanges] {
    var (made, changes) = (self, changes)
    if let styles = changes.styles, styles.count == self.styles?.count, changes.styleBlend == nil {
      // The same styles, from somewhere else.
      changes.styleBlend = styleBlend
    }
    let side = changes.scales == nil ? changes.longestSide : nil
    guard side != nil || changes.iterations != nil || changes.pyramid != nil || changes.scales != nil else {
      return [made, changes]
    }
    if changes.stoppedAtIteration == nil { made.stoppedAtIteration = nil }
    // What was chosen by the size is chosen again.
    if changes.history == nil, made.history == Recipe.Defaults.history(side: made.scales?.finalSide ?? 0) {
      made.history = nil
    }
    guard changes.scales == nil, let scales = made.scales else { return [made, changes] }
    if let growth = scales.growth {
      (made.scales, made.iterations, made.pyramid) = (nil, growth.iterations, growth.isPyramid)
    } else if let side, side > 0, changes.iterations == nil, changes.pyramid == nil {
      made.scales = nil
      changes.scales = scales.resized(to: side)
    }
    return [made, changes]
  }

  /// The longer side that the finished picture is to have.
  private var longestSide: Int? { [width, height].compactMap { $0 }.max() ?? size }
}

extension RecipeKey {
  /// Whether a user can choose the setting's value.
  fileprivate var canBeSet: Bool {
    switch self {
    case .command, .version, .contentSHA256, .styleSHA256, .initSHA256, .maskSHA256, .regionSHA256,
      .stoppedAtIteration:
      false
    default: true
    }
  }

  fileprivate static func refusal(of key: String) -> String {
    if RecipeKey(rawValue: key) != nil { return "'\(key)' is noted by the program and not set" }
    let nearest = nearestName(to: key, among: allCases.filter(\.canBeSet).map(\.rawValue))?.name ?? ""
    return "'\(key)' is no setting; did you mean '\(nearest)'?"
  }
}

extension ScaleList {
  /// How a list came about that was made for a size: by steps of √2 or as the size alone, with as many iterations at
  /// each, or fewer at those of a print; `nil` for a list that somebody wrote.
  fileprivate var growth: (iterations: Int, isPyramid: Bool)? {
    guard let last = scales.last, let iterations = scales.first?.iterations else { return nil }
    let pyramids = [
      ScaleList.pyramid(side: last.side, iterations: iterations),
      ScaleList.painting(side: last.side, iterations: iterations),
    ]
    // Narrow pictures leave out sizes that are too small for the layers.
    guard let pyramid = pyramids.first(where: { scales == $0.scales.suffix(scales.count) }) else {
      return nil
    }
    return (iterations, scales.count > 1 || pyramid.scales.count == 1)
  }

  /// The list for a picture with the longer side `side`: the sizes below it, then steps of about √2, with the last one's
  /// iterations.
  fileprivate func resized(to side: Int) -> ScaleList {
    let kept = scales.filter { $0.side < side }
    let iterations = (scales.first { $0.side >= side } ?? scales.last)?.iterations ?? 1
    guard let lower = kept.last?.side else { return ScaleList([Scale(side: side, iterations: iterations)]) }
    let growth = Double(side) / Double(lower)
    let steps = max(1, Int((2 * log2(growth)).rounded()))
    return ScaleList(
      kept
        + (1...steps).map { step in
          let part = Double(step) / Double(steps)
          return Scale(side: Int((Double(lower) * pow(growth, part)).rounded()), iterations: iterations)
        })
  }
}
