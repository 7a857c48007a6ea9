import Foundation
import NN
import StyleTransfer
import TestSupport
import Testing

@testable import StyleBatch

/// Films on the real network, at small sizes.
@Suite("Film", .serialized)
struct FilmTests {
  private struct Silence: BatchAudience {
    func begin(_ index: Int, _ stages: [StageSize]) {}
    func update(_ index: Int, _ iteration: Iteration) {}
    func finish(_ index: Int, _ entry: BatchSummary.Entry) {}
  }

  private static let iterations = 12

  /// A film of parts of example pictures, each from a column on.
  private static func film(_ frames: [(name: String, column: Int)], in folder: URL) throws -> [BatchJob] {
    let numbered = try frames.enumerated().map { index, frame in
      let path = folder.path + "/f\(index + 1).png"
      try part(frame.name, from: frame.column).write(to: path)
      return (number: index + 1, path: path)
    }
    var changes = RecipeChanges()
    changes.styles = [folder.path + "/style.png"]
    try part("starry_night", from: 0).write(to: changes.styles![0])
    (changes.size, changes.iterations) = (72, iterations)
    return try JobList(kind: .transfer, changes: [changes], sweeps: [], folder: folder.path + "/out")
      .film(numbered)
  }

  private static func part(_ name: String, from column: Int) throws -> Picture {
    let path = FixtureFile.packageRoot.appending(path: "Examples/Images/\(name).jpg").path
    let whole = try Picture(contentsOf: path).resized(width: 96, height: 64)
    let rows = 0..<3 * whole.height
    return Picture(
      width: 72, height: whole.height,
      colour: rows.flatMap { whole.colour[$0 * 96 + column..<$0 * 96 + column + 72] })
  }

  private static func bytes(_ jobs: [BatchJob]) throws -> [Data] {
    try jobs.map { try Data(contentsOf: URL(filePath: $0.output)) }
  }

  @Test("frames are painted until they are as good as the first of their scene, and a new scene begins anew")
  func goals() throws {
    try withTemporaryFolder { folder in
      let jobs = try Self.film(
        [("castle", 0), ("castle", 2), ("castle", 4), ("kitten", 4), ("kitten", 4)], in: folder)
      let batch = try Batch(jobs, network: VGG19.cached())
      let entries = batch.make(for: Silence()).entries
      #expect(entries.allSatisfy { $0.state == .made }, "\(entries.compactMap(\.reason))")
      let (losses, steps) = (entries.compactMap(\.loss), entries.compactMap(\.iterations))
      // The goal is that of the picture in 8 bits.
      for (frame, first) in [(1, 0), (2, 0), (4, 3)] { #expect(losses[frame] <= 1.03 * losses[first]) }
      #expect(steps[1] < Self.iterations && steps[2] < Self.iterations)
      #expect(steps[3] == Self.iterations && steps[4] == 0)
      let starts = (2...5).map {
        FileManager.default.fileExists(atPath: folder.path + "/out/starts/000\($0).png")
      }
      #expect(starts == [true, true, false, true])
      // What stands still is not painted again.
      let painted = try jobs.map { try Picture(contentsOf: $0.output) }
      #expect(painted[3] == painted[4] && painted[0] != painted[1])
    }
  }

  @Test(
    "a film goes on where it was interrupted, to the same bytes")
  func goingOn() throws {
    try withTemporaryFolder { folder in
      let jobs = try Self.film([("castle", 0), ("castle", 2), ("castle", 4)], in: folder)
      #expect(try Batch(jobs, network: VGG19.cached()).make(for: Silence()).count(.made) == 3)
      let bytes = try Self.bytes(jobs)
      try FileManager.default.removeItem(atPath: jobs[2].output)
      let again = try Batch(jobs, network: VGG19.cached()).make(for: Silence()).entries
      #expect(again.map(\.state) == [.there, .there, .made])
      #expect(try Self.bytes(jobs) == bytes)
    }
  }

  @Test("a film whose sizes are not to end early gets all iterations")
  func allIterations() throws {
    try withTemporaryFolder { folder in
      let jobs = try Self.film([("castle", 0), ("castle", 0)], in: folder).map { job in
        var recipe = try job.recipe.get()
        recipe.stopsWhenSettled = false
        return BatchJob(place: job.place, output: job.output, recipe: recipe, follows: job.follows)
      }
      let entries = try Batch(jobs, network: VGG19.cached()).make(for: Silence()).entries
      #expect(entries[1].iterations == Self.iterations)
    }
  }
}
