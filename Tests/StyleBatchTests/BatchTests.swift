import Foundation
import NN
import StyleTransfer
import Synchronization
import TestSupport
import Testing

@testable import StyleBatch

/// Batches on the real network, at small sizes.
@Suite("Batch", .serialized)
struct BatchTests {
  /// Notes what it hears.
  private final class Ears: BatchAudience {
    let heard = Mutex<[String]>([])
    func begin(_ index: Int, _ stages: [StageSize]) {}
    func update(_ index: Int, _ iteration: Iteration) {}
    func finish(_ index: Int, _ entry: BatchSummary.Entry) {
      heard.withLock { $0.append("\(index) \(entry.state.rawValue)") }
    }
  }

  /// The package's examples, made small once: a debug build takes seconds to do so.
  private static let small: [String: [UInt8]] = {
    let names = ["castle", "kitten", "astronaut", "starry_night"]
    return Dictionary(
      uniqueKeysWithValues: names.map { name in
        let path = FixtureFile.packageRoot.appending(path: "Examples/Images/\(name).jpg").path
        let picture = try! Picture(contentsOf: path).resized(longestSide: 80)
        return (name, try! picture.encoded(as: .png))
      })
  }()

  /// A small example as a file in `folder`.
  private static func example(_ name: String, in folder: URL) -> String {
    let path = folder.path + "/\(name).png"
    if !FileManager.default.fileExists(atPath: path) {
      try? Data(small[name]!).write(to: URL(filePath: path))
    }
    return path
  }

  private static func changes(_ content: String, in folder: URL, balance: Double = 0.5) -> RecipeChanges {
    var changes = RecipeChanges()
    (changes.content, changes.styles) = (example(content, in: folder), [example("starry_night", in: folder)])
    (changes.scales, changes.balance) = (try? ScaleList(parsing: "32:2,48:2"), balance)
    return changes
  }

  private static func job(_ changes: RecipeChanges, _ output: String, _ kind: Recipe.Kind = .transfer) throws
    -> BatchJob
  {
    BatchJob(place: output, output: output, recipe: try Recipe(kind, [changes]))
  }

  private static func jobs(in folder: URL) throws -> [BatchJob] {
    try ["castle", "kitten", "astronaut", "castle"].enumerated().map { index, name in
      try job(
        changes(name, in: folder, balance: 0.2 * Double(index + 1)), folder.path + "/new/\(index).png")
    }
  }

  private static func bytes(_ jobs: [BatchJob]) -> [Data] {
    jobs.map { (try? Data(contentsOf: URL(filePath: $0.output))) ?? Data() }
  }

  /// Each picture as a painting of its own makes it.
  private static func alone(_ jobs: [BatchJob], in folder: URL) throws -> [Data] {
    try jobs.enumerated().map { index, job in
      let file = folder.appending(path: "alone-\(index).png")
      var painting = try Painting(job.recipe.get(), network: VGG19.cached())
      while try painting.next() != nil {}
      try painting.write(to: file.path)
      return try Data(contentsOf: file)
    }
  }

  @Test("one by one and beside each other, a batch gives the bytes of single paintings", arguments: [1, 3])
  func sameBytes(_ atOnce: Int) throws {
    try withTemporaryFolder { folder in
      let jobs = try Self.jobs(in: folder)
      var batch = try Batch(jobs, network: VGG19.cached())
      batch.atOnce = atOnce
      let ears = Ears()
      let summary = batch.make(for: ears)
      #expect(summary.count(.made) == 4, "\(summary.entries.compactMap(\.reason))")
      #expect(ears.heard.withLock { $0.sorted() } == (0..<4).map { "\($0) made" })
      #expect(Self.bytes(jobs) == (try Self.alone(jobs, in: folder)))
      #expect(summary.entries.allSatisfy { $0.iterations == 4 && $0.width == 48 && $0.loss! > 0 })
    }
  }

  @Test("what the network saw in a style serves a texture after a transfer, and the other way round")
  func sharedStyles() throws {
    try withTemporaryFolder { folder in
      var texture = RecipeChanges()
      (texture.styles, texture.scales) = (
        [Self.example("starry_night", in: folder)], try ScaleList(parsing: "48:2")
      )
      texture.styleLayers = LayerList.studyStyle
      texture.styleLoss = .gram
      texture.tvWeight = 0.5
      var transfer = Self.changes("castle", in: folder)
      (transfer.scales, transfer.tvWeight) = (texture.scales, 0.5)
      for order in [[texture, transfer], [transfer, texture]] {
        let jobs = try order.enumerated().map { index, changes in
          try Self.job(
            changes, folder.path + "/\(UUID()).png", changes.content == nil ? .texture : .transfer)
        }
        #expect(try Batch(jobs, network: VGG19.cached()).make(for: Ears()).count(.made) == 2)
        #expect(Self.bytes(jobs) == (try Self.alone(jobs, in: folder)))
      }
    }
  }

  @Test("a picture that is there is kept, and made again when its settings, picture or bytes are others")
  func skipping() throws {
    try withTemporaryFolder { folder in
      let photo = folder.appending(path: "photo.png")
      try FileManager.default.copyItem(atPath: Self.example("castle", in: folder), toPath: photo.path)
      var changes = Self.changes("castle", in: folder)
      changes.content = photo.path
      let output = folder.path + "/o.png"
      func make(_ changes: RecipeChanges) throws -> BatchSummary.State {
        let batch = try Batch([Self.job(changes, output)], network: VGG19.cached())
        return batch.make(for: Ears()).entries[0].state
      }
      #expect(try make(changes) == .made)
      #expect(try make(changes) == .there)
      changes.seed = 1
      #expect(try make(changes) == .made)
      // Another picture under the same name.
      try FileManager.default.removeItem(at: photo)
      try FileManager.default.copyItem(atPath: Self.example("kitten", in: folder), toPath: photo.path)
      #expect(try make(changes) == .made)
      #expect(try make(changes) == .there)
      // A picture that was cut off.
      let bytes = try Data(contentsOf: URL(filePath: output))
      try bytes.prefix(40).write(to: URL(filePath: output))
      #expect(try make(changes) == .made)
      #expect(try Data(contentsOf: URL(filePath: output)) == bytes)
    }
  }

  @Test("a job that fails does not stop the others, unless that is asked for", arguments: [false, true])
  func failures(_ stops: Bool) throws {
    try withTemporaryFolder { folder in
      var jobs = try Self.jobs(in: folder)
      var missing = Self.changes("castle", in: folder)
      missing.content = "nowhere.jpg"
      jobs[1] = try Self.job(missing, folder.path + "/new/1.png")
      var batch = try Batch(jobs, network: VGG19.cached())
      batch.stopsAtFailure = stops
      let summary = batch.make(for: Ears())
      #expect(
        summary.entries.map(\.state)
          == (stops ? [.made, .failed, .left, .left] : [.made, .failed, .made, .made]))
      #expect(summary.entries[1].reason == "'nowhere.jpg' does not exist; check the path")
      #expect(summary.failures == [.missingInput])
      #expect(!FileManager.default.fileExists(atPath: jobs[1].output))
    }
  }

  @Test("a batch that is stopped leaves no half picture, and goes on to the same bytes")
  func stopping() throws {
    try withTemporaryFolder { folder in
      let jobs = Array(try Self.jobs(in: folder).prefix(2))
      var batch = try Batch(jobs, network: VGG19.cached())
      let asked = Mutex(0)
      batch.shouldStop = {
        asked.withLock {
          $0 += 1
          return $0 > 12
        }
      }
      let first = batch.make(for: Ears())
      #expect(first.entries.map(\.state) == [.made, .left] && first.isInterrupted)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/new") == ["0.png"])
      batch.shouldStop = { false }
      #expect(batch.make(for: Ears()).entries.map(\.state) == [.there, .made])
      #expect(Self.bytes(jobs) == (try Self.alone(jobs, in: folder)))
    }
  }

  @Test("a picture that takes long is gone on with where its batch was stopped, to the same bytes")
  func goingOn() throws {
    try withTemporaryFolder { folder in
      let jobs = Array(try Self.jobs(in: folder).prefix(2))
      var batch = try Batch(jobs, network: VGG19.cached())
      // Each takes long.
      batch.patience = 0
      let asked = Mutex(0)
      batch.shouldStop = {
        asked.withLock {
          $0 += 1
          return $0 > 12
        }
      }
      #expect(batch.make(for: Ears()).entries.map(\.state) == [.made, .left])
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/new").sorted()
      #expect(left == ["0.png", "1.png.checkpoint"])
      let painting = try Painting(resuming: jobs[1].output + ".checkpoint", network: VGG19.cached())
      let done = try #require(painting.iteration?.number)
      #expect(done > 0)
      batch.shouldStop = { false }
      #expect(batch.make(for: Ears()).entries.map(\.state) == [.there, .made])
      let whole = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/new").sorted()
      #expect(whole == ["0.png", "1.png"])
      #expect(Self.bytes(jobs) == (try Self.alone(jobs, in: folder)))
    }
  }

  @Test("a state of other settings is not gone on from")
  func otherState() throws {
    try withTemporaryFolder { folder in
      let job = try Self.jobs(in: folder)[0]
      var other = try Painting(Self.jobs(in: folder)[3].recipe.get(), network: VGG19.cached())
      for _ in 0..<2 { _ = try other.next() }
      try FileManager.default.createDirectory(atPath: folder.path + "/new", withIntermediateDirectories: true)
      try other.checkpoint(to: job.output + ".checkpoint")
      let batch = try Batch([job], network: VGG19.cached())
      #expect(batch.make(for: Ears()).entries.map(\.state) == [.made])
      #expect(Self.bytes([job]) == (try Self.alone([job], in: folder)))
    }
  }

  @Test("a job that needs more memory than is allowed is refused, and none waits for ever")
  func memory() throws {
    try withTemporaryFolder { folder in
      let jobs = try Self.jobs(in: folder)
      var batch = try Batch(jobs, network: VGG19.cached())
      batch.atOnce = 3
      batch.memoryLimit = ByteCount(1e6)
      let summary = batch.make(for: Ears())
      #expect(
        summary.entries.allSatisfy {
          $0.state == .failed && $0.reason!.contains("--memory-limit allows 1 MB")
        })
    }
  }

  @Test("the summary counts, and the page shows what tells pictures apart and nothing unescaped")
  func report() throws {
    try withTemporaryFolder { folder in
      var jobs = try Self.jobs(in: folder)
      jobs[1] = BatchJob(place: "<jobs>:2", output: "", failure: BatchFailure(RecipeError("a <b> & \"c\"")))
      let summary = try Batch(jobs, shard: Shard(parsing: "1/1"), network: VGG19.cached()).make(for: Ears())
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(summary.json)) as? [String: Any])
      #expect(json["counts"] as? [String: Int] == ["made": 3, "there": 0, "failed": 1, "left": 0])
      let entries = try #require(json["jobs"] as? [[String: Any]])
      #expect((entries[0]["settings"] as? [String: Any])?["balance"] as? Double == 0.2)
      #expect((entries[0]["settings"] as? [String: Any])?["content"] as? String == "castle.png")
      let html = ContactSheet(summary, folder: folder.path + "/page", numbers: "summary.json").html
      #expect(html.hasPrefix("<!DOCTYPE html>") && !html.contains("{{"))
      #expect(html.contains("a &lt;b&gt; &amp; &quot;c&quot;") && !html.contains("<b> &"))
      #expect(html.contains("<img src=\"../new/0.png\" alt=\"0.png\" width=\"48\""))
      #expect(html.contains("balance 0.2") && !html.contains("style-scale"))
      #expect(html.contains("3 made, 1 failed"))
    }
  }
}
