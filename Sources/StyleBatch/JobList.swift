import Foundation
import StyleTransfer

/// Jobs that a few words stand for: every photograph of a folder, every value of a setting, every frame of a film.
package struct JobList {
  /// A setting and the values that it takes in turns.
  package struct Sweep: Equatable, Sendable {
    package let setting: String
    package let values: [String]

    /// A sweep as it is typed: `balance=0.2,0.5,0.8`.
    ///
    /// - Throws: ``RecipeError`` for a text that is none.
    package init(parsing text: String) throws(RecipeError) {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      // Lists of layers and scales have commas of their own, and are separated by semicolons.
      let list = parts.last ?? ""
      let separator: Character = list.contains(";") ? ";" : ","
      let values = list.split(separator: separator, omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard parts.count == 2, !parts[0].isEmpty, !values.contains("") else {
        throw RecipeError(
          "--sweep '\(text)': write a setting and its values, such as balance=0.2,0.5,0.8; values with commas of their "
            + "own are separated by semicolons")
      }
      (setting, self.values) = (String(parts[0]), values)
    }
  }

  /// What is made.
  package let kind: Recipe.Kind
  /// The settings of all jobs.
  package let changes: [RecipeChanges]
  package let sweeps: [Sweep]
  /// Where the pictures go.
  package let folder: String
  /// The ending of their files, without a dot.
  package let ending: String

  package init(
    kind: Recipe.Kind, changes: [RecipeChanges], sweeps: [Sweep], folder: String, ending: String = "png"
  ) {
    (self.kind, self.changes, self.sweeps) = (kind, changes, sweeps)
    (self.folder, self.ending) = (folder, ending)
  }

  /// A job for each picture and each combination of the sweeps' values; for a texture, of its styles alone.
  ///
  /// A job is named after its picture and what was swept: `castle-balance-0.2.png`. Where two pictures of different
  /// folders have the same name, a number is added.
  ///
  /// - Parameter contents: The pictures; none for textures.
  /// - Throws: ``RecipeError`` or ``StyleTransferError`` for settings that make no sense, since those of one job are
  ///   those of all.
  package func jobs(contents: [String]) throws -> [BatchJob] {
    var used: [String: Int] = [:]
    // Without a picture there is one subject all the same.
    let subjects: [String?] = contents.isEmpty ? [nil] : contents
    return try subjects.flatMap { content in
      try combinations().map { combination in
        let subject = content ?? changes.compactMap(\.styles).last?.first ?? kind.rawValue
        var name = ([Self.stem(subject)] + combination.names).joined(separator: "-")
        used[name, default: 0] += 1
        if let count = used[name], count > 1 { name += "-\(count)" }
        let output = path(name)
        return BatchJob(
          place: output, output: output, recipe: try recipe(content, combination.changes))
      }
    }
  }

  /// A job for each frame of a film. It begins from the picture of the frame before, moved as the film has moved, and so
  /// keeps its strokes; where it begins is written beside the pictures, in the folder `starts`. The first frame of a scene
  /// is painted by itself.
  ///
  /// - Parameter frames: The frames with their numbers, in order.
  /// - Throws: As ``jobs(contents:)``.
  package func film(_ frames: [(number: Int, path: String)]) throws -> [BatchJob] {
    let files = frames.map { frame in
      let digits = String(frame.number)
      let name = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      return FilmFrame(
        content: frame.path, output: path(name),
        start: (folder as NSString).appendingPathComponent("starts/\(name).png"))
    }
    return try files.enumerated().map { index, frame in
      let alone = try recipe(frame.content, [])
      if index == 0 { return BatchJob(place: frame.output, output: frame.output, recipe: alone) }
      // Strokes are there; to grow them again from a small picture would lose them.
      var own = RecipeChanges()
      (own.initial, own.pyramid) = (frame.start, false)
      return BatchJob(
        place: frame.output, output: frame.output, recipe: try recipe(frame.content, [own]),
        follows: FrameBefore(frames: files[...index], alone: alone))
    }
  }

  private func recipe(_ content: String?, _ more: [RecipeChanges]) throws -> Recipe {
    var own = RecipeChanges()
    own.content = content
    return try Recipe(kind, changes + [own] + more)
  }

  private func path(_ name: String) -> String {
    (folder as NSString).appendingPathComponent("\(name).\(ending)")
  }

  /// What is swept in a job, for its name and its recipe.
  private typealias Combination = (names: [String], changes: [RecipeChanges])

  private func combinations() throws -> [Combination] {
    try sweeps.reduce([([], [])]) { combinations, sweep in
      let values = try sweep.values.map {
        (name: Self.stem("\(sweep.setting)-\($0)"), change: try RecipeChanges(setting: sweep.setting, to: $0))
      }
      return combinations.flatMap { combination in
        values.map { (combination.names + [$0.name], combination.changes + [$0.change]) }
      }
    }
  }

  /// The file's name without its ending where that is a picture's, of letters that every shell and server leaves alone.
  private static func stem(_ path: String) -> String {
    var name = (path as NSString).lastPathComponent
    if PictureFormat(endingOf: name) != nil { name = (name as NSString).deletingPathExtension }
    return String(name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
  }
}
