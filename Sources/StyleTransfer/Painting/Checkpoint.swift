import Foundation
import ImpastoPlatform
import NN
import Tensor

/// A file that ``Painting/checkpoint(to:)`` wrote. Checksums tell whether it is still what was written.
package struct Checkpoint {
  package let path: String
  let tensors: CheckpointTensors
  private let metadata: [String: String]
  private let pictures: [StoredPicture]

  /// What whoever wrote the file noted in it, by names.
  package let notes: [String: String]

  /// The names of what the file says beside tensors.
  private enum Key {
    static let format = "impasto-checkpoint"
    static let recipe = "recipe"
    static let state = "state"
    static let pictures = "pictures"
    static let aliases = "aliases"
    static let notes = "notes"
    static let version = "impasto"
    static let checksums = "checksums"
    /// Of all other texts.
    static let checksum = "checksum"
  }

  /// The format of the file; another one is refused.
  private static let format = "2"

  /// Opens a file; its numbers are read when they are asked for.
  ///
  /// - Throws: ``StyleTransferError`` for a file that is missing or no checkpoint.
  package init(contentsOf path: String) throws {
    let file: SafetensorsFile
    do { file = try SafetensorsFile(contentsOf: path) } catch {
      switch error.kind {
      case .missing, .unreadable: throw StyleTransferError(.missingInput, error.description)
      default: throw Self.refusal(path, because: error.cause)
      }
    }
    guard let format = file.metadata[Key.format] else {
      throw Self.refusal(path, because: "it does not say that it is one")
    }
    guard format == Self.format else {
      throw StyleTransferError(
        .badData,
        "'\(path)' is a checkpoint of another version of Impasto (\(file.metadata[Key.version] ?? "unknown"), format "
          + "\(format); this one reads format \(Self.format)); go on with that version")
    }
    guard file.metadata[Key.checksum] == Self.checksum(of: file.metadata) else {
      throw Self.refusal(path, because: "what it says is not what was written, the file is damaged")
    }
    self.path = path
    metadata = file.metadata
    do {
      tensors = CheckpointTensors(
        file, aliases: try Self.decode([String: String].self, file, Key.aliases),
        checksums: try Self.decode([String: String].self, file, Key.checksums))
      pictures = try Self.decode([StoredPicture].self, file, Key.pictures)
      notes = try Self.decode([String: String].self, file, Key.notes)
    } catch { throw Self.refusal(path, because: "\(error)") }
  }

  private static func refusal(_ path: String, because reason: String) -> StyleTransferError {
    StyleTransferError(
      .badData,
      "'\(path)' is no checkpoint that can be gone on from: \(reason); name the file that a run was told with "
        + "--checkpoint, or left beside its output")
  }

  /// The error for contents that do not fit together.
  func damage(_ reason: String) -> StyleTransferError { Self.refusal(path, because: reason) }

  func state() throws -> PaintingState {
    try JSONDecoder.numbersAsTexts().decode(PaintingState.self, from: Data((metadata[Key.state] ?? "").utf8))
  }

  /// The checksum of all texts but itself.
  private static func checksum(of metadata: [String: String]) -> String {
    let texts = metadata.filter { $0.key != Key.checksum }.sorted { $0.key < $1.key }
    // No text has a null character inside.
    let whole = texts.map { "\($0.key)\0\($0.value)\0" }.joined()
    return Array(whole.utf8).withUnsafeBytes(StyleTransfer.checksum)
  }

  private static func decode<Value: Decodable>(
    _ type: Value.Type, _ file: SafetensorsFile, _ key: String
  ) throws -> Value {
    try JSONDecoder().decode(type, from: Data((file.metadata[key] ?? "").utf8))
  }

  /// The recipe of the painting, with the files of its pictures where they are now.
  ///
  /// - Throws: ``StyleTransferError`` for a file that is nowhere.
  package func recipe() throws -> Recipe {
    let changes = try RecipeChanges(
      json: Data((metadata[Key.recipe] ?? "").utf8), source: "the settings in '\(path)'")
    guard let kind = changes.command else { throw damage("its settings do not say what is made") }
    let stored = Dictionary(pictures.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    let folder = (path as NSString).deletingLastPathComponent
    return try Recipe(kind, [changes]).mapSources { source in
      guard let place = source.path, let picture = stored[place] else { return source }
      do { return .picture(try picture.read(from: tensors)) } catch let error as DamagedTensor {
        throw damage("\(error)")
      }
    }.findingFiles(in: [folder, "."])
  }

  // MARK: Writing

  static func write(
    _ state: PaintingState, recipe: Recipe, weightsSHA256: String, tensors: CheckpointTensors,
    notes: [String: String], to path: String
  ) throws {
    var (tensors, pictures) = (tensors, [StoredPicture]())
    var kept = recipe.mapSources { (source) throws(Never) in
      guard case .picture(let picture) = source else { return source }
      // From a pipe a picture cannot be read again.
      if let origin = picture.origin, FileManager.default.isRegularFile(origin.path) {
        return .file(absolute(origin.path), sha256: origin.sha256)
      }
      let stored = StoredPicture(picture, number: pictures.count, in: &tensors)
      pictures.append(stored)
      return .file(stored.path, sha256: stored.path)
    }
    kept.weightsSHA256 = weightsSHA256
    func text(_ value: some Encodable) throws -> String {
      String(decoding: try JSONEncoder.sorted().encode(value), as: UTF8.self)
    }
    var metadata = [
      Key.format: format, Key.version: Version.current, Key.recipe: kept.json, Key.state: try text(state),
      Key.pictures: try text(pictures), Key.aliases: try text(tensors.aliases), Key.notes: try text(notes),
      Key.checksums: try text(tensors.sums),
    ]
    metadata[Key.checksum] = checksum(of: metadata)
    try Safetensors.write(tensors.stored, metadata: metadata, to: path)
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }
}

/// A picture that is kept in a checkpoint since it is in no file.
private struct StoredPicture: Codable {
  /// What stands for the picture in the recipe.
  let path: String
  let hasAlpha: Bool
  /// Where it came from, which the finished picture says.
  let originPath: String?
  let originSHA256: String?

  init(_ picture: Picture, number: Int, in tensors: inout CheckpointTensors) {
    path = "checkpoint:\(number)"
    (originPath, originSHA256) = (picture.origin?.path, picture.origin?.sha256)
    hasAlpha = picture.alpha != nil
    let (width, height) = (picture.width, picture.height)
    tensors.add("\(path).colour", Tensor(picture.colour, shape: [3, height, width]))
    if let alpha = picture.alpha { tensors.add("\(path).alpha", Tensor(alpha, shape: [height, width])) }
  }

  func read(from tensors: CheckpointTensors) throws -> Picture {
    let colour = try tensors.tensor("\(path).colour")
    guard colour.rank == 3, colour.shape[0] == 3, colour.count > 0 else {
      throw StyleTransferError(.badData, "the picture '\(path)' in the checkpoint is damaged")
    }
    let alpha = hasAlpha ? try tensors.tensor("\(path).alpha") : nil
    guard alpha.map({ $0.shape == Array(colour.shape.dropFirst()) }) ?? true else {
      throw StyleTransferError(.badData, "the picture '\(path)' in the checkpoint is damaged")
    }
    var picture = Picture(
      width: colour.shape[2], height: colour.shape[1], colour: colour.scalars, alpha: alpha?.scalars)
    if let originPath, let originSHA256 { picture.origin = .init(path: originPath, sha256: originSHA256) }
    return picture
  }
}
