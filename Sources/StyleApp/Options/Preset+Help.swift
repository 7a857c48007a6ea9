import Foundation
import StyleTransfer

extension Preset {
  /// What `--preset` is given to see them all.
  static let listName = "list"

  /// The tables of ``transfer`` as a person reads them.
  static var list: String {
    transfer.map { preset in
      let table = preset.table
      func row(_ name: String, _ value: Any?) -> String? {
        value.map { "  --\(name.padding(toLength: 18, withPad: " ", startingAt: 0)) \($0)" }
      }
      var (growsUp, usesFilter) = (false, true)
      var balance: Double?
      if case .balance(let own) = table.transfer?.weighing { balance = own }
      let weights: (content: Double?, style: Double?) =
        balance == nil ? (table.contentWeight, table.styleWeight) : (nil, nil)
      if case .pyramid = table.scales { growsUp = true }
      if case .lbfgs(_, frequencyFilter: false) = table.method { usesFilter = false }
      let rows = [
        row("content-layers", table.content?.layers), row("style-layers", table.style?.layers),
        row("balance", balance), row("content-weight", weights.content),
        row("style-weight", weights.style.map(short)), row("tv-weight", table.totalVariationWeight),
        row("style-loss", table.style?.lossName.rawValue), row("alpha", table.style?.neighbours?.alpha),
        row("normalization", table.normalization.rawValue), row("init", table.start.name),
        row("iterations", table.scales.iterations), row("pooling", table.pooling.rawValue),
        row("padding", table.padding.rawValue), row("optimizer", table.method.name),
        growsUp ? "  --pyramid" : "  --no-pyramid", usesFilter ? nil : "  --no-frequency-filter",
      ]
      return "\(preset.rawValue): \(preset.summary)\n" + rows.compactMap { $0 }.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// What the commands do without a flag, as the help says it: `default: 512; texture and reconstruct: 256`.
  static func defaults<Value>(_ setting: (Recipe) -> Value?) -> String {
    let values = Recipe.Kind.allCases.compactMap { kind in
      setting(standard(for: kind).table).map { (kind: kind, text: "\($0)") }
    }
    var text = "default: \(values[0].text)"
    for other in Set(values.map(\.text)).subtracting([values[0].text]).sorted() {
      let commands = values.filter { $0.text == other }.map(\.kind.rawValue)
      text += "; \(commands.joined(separator: " and ")): \(other)"
    }
    return text
  }
}

extension Recipe {
  /// The weight of the content's loss, where there is one.
  var contentWeight: Double? { content == nil ? nil : weights.content }
  /// The weight of the style's loss, where there is one.
  var styleWeight: Double? { style == nil ? nil : weights.style }
}
