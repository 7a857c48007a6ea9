import Foundation
import StyleTransfer

/// What the page asks to be painted: settings by their flags' names, and pictures by the names that the studio gave them.
package struct StudioWish: Sendable, Equatable {
  /// What is made.
  package var kind = Recipe.Kind.transfer
  /// The picture to keep.
  package var content: String?
  /// The pictures whose style is taken.
  package var styles: [String] = []
  /// A picture to start from.
  package var start: String?
  /// A mask of what may be repainted.
  package var mask: String?
  /// The other settings, as a picture carries them: an object of JSON.
  package var settings = "{}"

  package init() {}

  private struct Form: Decodable {
    let command: Recipe.Kind
    let content: String?
    let styles: [String]?
    let start: String?
    let mask: String?
  }

  /// Reads a wish of JSON: `{"command": …, "content": id, "styles": [id], "settings": {…}}`.
  ///
  /// - Throws: ``StyleTransferError`` for what is none.
  package init(json: [UInt8]) throws {
    guard let form = try? JSONDecoder().decode(Form.self, from: Data(json)),
      let object = try? JSONSerialization.jsonObject(with: Data(json)) as? [String: Any]
    else { throw StyleTransferError(.badData, "the page sent what is no wish; load it again") }
    (kind, content, styles, start) = (form.command, form.content, form.styles ?? [], form.start)
    mask = form.mask
    let settings = object["settings"] as? [String: Any] ?? [:]
    self.settings = String(
      decoding: try JSONSerialization.data(withJSONObject: settings, options: .sortedKeys), as: UTF8.self)
  }

  /// What names a picture, a file or what is known of one, and is for the studio to say.
  static let pictureKeys: Set<String> = [
    "content", "style", "content-sha256", "style-sha256", "init-sha256", "weights-sha256", "command",
    "version", "stopped-at-iteration", "mask", "mask-sha256", "region", "region-sha256",
  ]

  /// The recipe, with its pictures in memory.
  ///
  /// - Throws: ``RecipeError`` or ``StyleTransferError`` in a sentence for people.
  package func recipe(_ pictures: StudioPictures) throws -> Recipe {
    func picture(_ id: String, _ what: String) throws -> Picture {
      guard let picture = pictures[id] else {
        throw StyleTransferError(.missingInput, "the studio has no longer the \(what); choose it again")
      }
      return picture.picture
    }
    var own = RecipeChanges()
    if kind != .texture {
      guard let content else { throw StyleTransferError(.missingInput, "choose a photograph first") }
      own.content = try picture(content, "photograph").origin?.path
    }
    if kind != .reconstruct {
      if styles.isEmpty { throw StyleTransferError(.missingInput, "choose a painting first") }
      own.styles = try styles.map { try picture($0, "painting").origin?.path ?? "" }
    }
    var object = try JSONSerialization.jsonObject(with: Data(settings.utf8)) as? [String: Any] ?? [:]
    for key in Self.pictureKeys { object[key] = nil }
    // The page may name a start by a word, and a picture by its name here alone.
    if let start = object["init"] as? String, !["content", "colour", "noise"].contains(start) {
      object["init"] = nil
    }
    let changes = try RecipeChanges(
      json: JSONSerialization.data(withJSONObject: object), source: "the settings of the page")
    var recipe = try Recipe(kind, [own, changes])
    if let content, recipe.content != nil {
      recipe.content?.picture = .picture(try picture(content, "photograph"))
    }
    if recipe.style != nil {
      recipe.style?.pictures = try styles.map { .picture(try picture($0, "painting")) }
    }
    if let start { recipe.start = .picture(.picture(try picture(start, "picture to start from"))) }
    if let mask, kind == .transfer { recipe.transfer?.mask = .picture(try picture(mask, "mask")) }
    try recipe.check()
    return recipe
  }
}
