import Foundation
import ImpastoPlatform
import StyleTransfer

/// One picture of a batch: what is painted, and where it goes.
package struct BatchJob: Sendable {
  /// Where the job stands, for messages: `jobs.jsonl:3`, or the picture that it repaints.
  package let place: String
  /// The picture's file; empty where it is not known.
  package let output: String
  /// What is painted, or why that cannot be told.
  package let recipe: Result<Recipe, BatchFailure>
  /// The frame of a film that this one comes after; `nil` for a picture by itself.
  let follows: FrameBefore?

  /// A job that is understood.
  package init(place: String, output: String, recipe: Recipe) {
    self.init(place: place, output: output, recipe: recipe, follows: nil)
  }

  init(place: String, output: String, recipe: Recipe, follows: FrameBefore?) {
    (self.place, self.output, self.recipe, self.follows) = (place, output, .success(recipe), follows)
  }

  init(place: String, output: String, failure: BatchFailure) {
    (self.place, self.output, recipe, follows) = (place, output, .failure(failure), nil)
  }
}

/// Why a job came to nothing.
package struct BatchFailure: Error, Equatable, Sendable {
  /// What kind of thing went wrong.
  package let kind: StyleTransferError.Kind
  /// A sentence.
  package let reason: String

  /// The failure that an error is, whichever it is.
  package init(_ error: any Error) {
    kind =
      switch error {
      case let error as StyleTransferError: error.kind
      case let error as PictureError: error.kind
      default: .badData
      }
    reason = "\(error)"
  }
}

// MARK: - In a file

extension BatchJob {
  /// What a line has beside settings.
  private struct Own: Decodable {
    let output: String?
    /// As the settings that a picture carries call it, and as one would say it.
    let styles: [String]?

    enum CodingKeys: String, CodingKey, CaseIterable { case output, styles }
  }

  /// The jobs of a file: a JSON object a line, flat settings as a picture carries them and `"output"`. Empty lines are
  /// passed over.
  ///
  /// A line that makes no sense is a job that has failed already.
  ///
  /// - Parameter check: Refuses an output that does not go with its recipe.
  /// - Throws: ``StyleTransferError`` when the file cannot be read.
  package static func jobs(
    contentsOf path: String, check: (_ output: String, Recipe) throws -> Void
  ) throws -> [BatchJob] {
    let data: Data
    do { data = Data(try InputFile.bytes(of: path, limit: 1 << 28)) } catch {
      let sentence =
        switch error.cause {
        case .missing: "the file of jobs '\(path)' does not exist; check the path"
        case .folder: "'\(path)' is a folder; name a file of jobs"
        case .system(let code): "the file of jobs '\(path)' cannot be read (\(systemMessage(code)))"
        default: "the file of jobs '\(path)' is too long; cut it into several"
        }
      throw StyleTransferError(.missingInput, sentence)
    }
    // A mark that some editors begin files with.
    let lines = (data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.enumerated().compactMap { index, line in
      if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\t") })
      {
        return nil
      }
      return BatchJob(line: Data(line), place: "\(path):\(index + 1)", check: check)
    }
  }

  private init(line: Data, place: String, check: (String, Recipe) throws -> Void) {
    var output = ""
    do {
      var changes = try RecipeChanges(
        json: line, source: "the settings", besides: Set(Own.CodingKeys.allCases.map(\.rawValue)))
      let own: Own
      do { own = try JSONDecoder().decode(Own.self, from: line) } catch {
        throw RecipeError("\"output\" has to be a text, and \"styles\" a list of texts")
      }
      output = own.output ?? ""
      if output.isEmpty { throw RecipeError("\"output\" is missing: the picture to write") }
      changes.styles = own.styles ?? changes.styles
      let recipe = try Recipe(changes.command ?? .transfer, [changes])
      try check(output, recipe)
      self.init(place: place, output: output, recipe: recipe)
    } catch {
      self.init(place: place, output: output, failure: BatchFailure(error))
    }
  }

  /// The job as a line of a file; `nil` for one that makes no sense.
  package var line: String? {
    guard case .success(let recipe) = recipe,
      let output = try? JSONEncoder.sorted().encode(output)
    else { return nil }
    // Where the picture goes is what one looks for.
    return "{\"output\":\(String(decoding: output, as: UTF8.self)),\(recipe.json.dropFirst())"
  }
}

extension [BatchJob] {
  /// Refuses jobs of which one would overwrite the other's picture, or a file that a job or the batch is made from,
  /// whatever they are called: through links, symbolic or hard, too.
  ///
  /// - Parameter inputs: What the batch itself reads, with the options that name it.
  /// - Throws: ``FileCollision``.
  package func checkOutputs(inputs: [(path: String, option: String)] = []) throws(FileCollision) {
    var writers: [FileIdentity: String] = [:]
    for job in self where !job.output.isEmpty {
      guard let file = Self.file(job.output) else { continue }
      if let other = writers.updateValue(job.place, forKey: file) {
        throw FileCollision(
          description:
            "'\(job.output)' is the output of \(other) and of \(job.place), one of which would overwrite the other; "
            + "give each a name of its own")
      }
    }
    func check(_ path: String, _ use: String) throws(FileCollision) {
      guard let file = Self.file(path), let writer = writers[file] else { return }
      throw FileCollision(
        description: "'\(path)', \(use), is the output of \(writer) and would be overwritten; name another")
    }
    for (path, option) in inputs { try check(path, "the file of \(option)") }
    for job in self {
      guard case .success(let recipe) = job.recipe else { continue }
      for source in recipe.files { try check(source, "which \(job.place) is made from") }
    }
  }

  /// The file at a path, through folders that are not there yet too.
  private static func file(_ path: String) -> FileIdentity? {
    FileIdentity(
      FileManager.default.fileExists(atPath: path) ? path : URL(filePath: path).standardizedFileURL.path)
  }
}

extension BatchJob {
  /// The paths of the pictures that it is made from.
  package var sources: [String] { (try? recipe.get().files) ?? [] }
}

extension Recipe {
  /// The paths of the pictures that it is made from.
  fileprivate var files: [String] { sources.compactMap(\.path) }
}
