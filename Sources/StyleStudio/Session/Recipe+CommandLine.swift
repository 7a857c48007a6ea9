import StyleTransfer

extension Recipe {
  /// The command line that makes the picture without the studio: what differs from the preset, by flags.
  package var commandLine: String {
    var words = ["impasto", kind.rawValue]
    if let name = content?.picture.path { words += ["--content", Self.quoted(name)] }
    for style in style?.pictures ?? [] { words += ["--style", Self.quoted(style.path ?? "painting")] }
    if let mask = transfer?.mask?.path { words += ["--mask", Self.quoted(mask)] }
    for region in transfer?.regions.compactMap(\.text) ?? [] { words += ["--region", Self.quoted(region)] }
    if preset != .standard(for: kind) { words += ["--preset", preset.rawValue] }
    let (own, table) = (SettingValue.settings(self), SettingValue.settings(preset.table))
    for (name, value) in own.sorted(by: { $0.key < $1.key })
    where !Self.namedElsewhere.contains(name) && table[name] != value {
      switch value {
      case .flag(let isOn):
        // --metadata is there as --no-metadata alone, --tileable without a no.
        if isOn || name != "tileable" { words.append(isOn ? "--\(name)" : "--no-\(name)") }
      default: words += ["--\(name)", Self.quoted(value.typed)]
      }
    }
    return (words + ["-o", "result.png"]).joined(separator: " ")
  }

  private static let namedElsewhere = StudioWish.pictureKeys.union(["preset"])

  /// A word as a shell takes it for one.
  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-/,:=+".contains($0)) }
    return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }
}
