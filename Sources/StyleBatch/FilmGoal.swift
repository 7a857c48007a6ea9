import NN
import StyleTransfer
import Synchronization

/// How low the objective of a scene's frames is to come: as low as that of its first frame, which was painted by itself.
///
/// Painted as long as the first, each frame would begin where the one before ended and come lower; its strokes would
/// wander without end, and the film flicker.
final class FilmGoal: Sendable {
  /// Nobody sees a thousandth of the objective, and what stands still need not be painted for the rounding of its start.
  private static let tolerance = 1.001

  private let known = Mutex<(output: String, total: Double)?>(nil)

  /// The goal of a frame; `nil` where all its iterations are asked for, or objectives of two frames cannot be compared.
  ///
  /// It is measured on the picture in its file, so that a film that was interrupted goes on to the same bytes.
  func callAsFunction(
    _ frame: FrameBefore, _ recipe: Recipe, network: VGG19, knownStyles: KnownStyles
  ) throws -> Double? {
    // Neighbours are those of one picture.
    guard recipe.stopsWhenSettled, recipe.style?.neighbours == nil else { return nil }
    let first = frame.firstOfScene
    if let known = known.withLock({ $0 }), known.output == first.output { return known.total }
    var recipe = recipe
    recipe.content?.picture = .file(first.content)
    recipe.start = .picture(.file(first.output))
    let prepared = try PreparedRecipe(recipe)
    guard prepared.stages.count == 1 else { return nil }
    var painting = try Painting(prepared, network: network, knownStyles: knownStyles)
    guard let total = try painting.next().map({ Self.tolerance * $0.total }) else { return nil }
    known.withLock { $0 = (first.output, total) }
    return total
  }
}
