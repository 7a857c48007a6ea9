import Foundation

extension RecipeChanges {
  /// The change that `name` and a value make, as they are typed: `balance` and `0.5`.
  ///
  /// The value is that of a file of settings, where quotes and brackets may be left out: a number, `true`, a text, a list.
  ///
  /// - Throws: ``StyleTransferError`` for a name that is no setting, ``RecipeError`` for a value of another kind.
  package init(setting name: String, to text: String) throws {
    let source = "the settings '\(name)=\(text)'"
    func changes(_ value: String) throws -> RecipeChanges {
      let key = String(decoding: try JSONEncoder().encode(name), as: UTF8.self)
      return try RecipeChanges(json: Data("{\(key): \(value)}".utf8), source: source)
    }
    let quoted = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    // What a setting wants is known to the reader of settings alone: it is asked for each form.
    for value in [text, quoted, "[\(quoted)]", "[\(text)]"] {
      if let changes = try? changes(value) {
        self = changes
        return
      }
    }
    // As the file's own format has numbers: 0x1 is none, nor is inf.
    let isPlain =
      text == "true" || text == "false" || text.wholeMatch(of: /-?\d+(\.\d+)?([eE][-+]?\d+)?/) != nil
    self = try changes(isPlain ? text : quoted)
  }
}
