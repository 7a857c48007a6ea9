import Foundation
import ImpastoPlatform
import NN

/// Keeps the state of a painting beside its picture while it takes long, for those who make many pictures: started again,
/// they go on in the middle of the one that was begun.
///
/// A state that cannot be written leaves the one before, and the painting goes on.
package struct KeptState {
  /// The file, ``pathEnding`` after the picture's name.
  package let path: String
  private var schedule: StateSchedule
  private var isKept = false

  /// What the name of the file has after that of the picture.
  package static let pathEnding = ".checkpoint"

  /// - Parameter patience: The seconds after which a painting takes long.
  package init(beside picture: String, patience: Double = StateSchedule.patience) {
    path = picture + Self.pathEnding
    schedule = StateSchedule(patience: patience)
  }

  /// The painting that the file holds, with what was noted of it; `nil` where there is none that can be gone on from, or
  /// it is one of another recipe, other pictures or other weights.
  package mutating func painting(
    _ prepared: PreparedRecipe, network: VGG19, weightsSHA256: String, memoryLimit: ByteCount?
  ) -> (painting: Painting, notes: [String: String])? {
    guard FileManager.default.fileExists(atPath: path), let checkpoint = try? Checkpoint(contentsOf: path),
      let recipe = try? checkpoint.recipe(),
      recipe.withoutFolders == prepared.recorded(weightsSHA256: weightsSHA256),
      let painting = try? Painting(
        resuming: checkpoint, prepared, network: network, memoryLimit: memoryLimit)
    else { return nil }
    isKept = true
    return (painting, checkpoint.notes)
  }

  /// Writes the state between two iterations, when it is time to.
  ///
  /// - Parameter notes: What else the file keeps, by names.
  package mutating func note(_ painting: inout Painting, notes: [String: String] = [:]) {
    if schedule.isDue { keep(&painting, notes) }
  }

  /// Writes the state of a painting that is stopped, where it took long.
  ///
  /// - Returns: Whether there is a state to go on from.
  package mutating func keepAtStop(_ painting: inout Painting, notes: [String: String] = [:]) -> Bool {
    if isKept || schedule.hasTakenLong { keep(&painting, notes) }
    return isKept
  }

  private mutating func keep(_ painting: inout Painting, _ notes: [String: String]) {
    let path = path
    if (try? schedule.writing { try painting.checkpoint(to: path, notes: notes) }) != nil { isKept = true }
  }

  /// Deletes the file, when the picture is there.
  package func remove() { AtomicFile.delete(path) }
}
