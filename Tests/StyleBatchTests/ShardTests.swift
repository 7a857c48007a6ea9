import StyleTransfer
import Testing

@testable import StyleBatch

@Suite("Shards of a batch")
struct ShardTests {
  private static let jobs = (0..<7).map {
    BatchJob(place: "\($0)", output: "\($0).png", failure: BatchFailure(RecipeError("none")))
  }

  @Test("the shares of all workers are all jobs, each once, and alike to one", arguments: 1...9)
  func partition(_ count: Int) throws {
    let shares = try (1...count).map { try Shard(parsing: "\($0)/\(count)")(Self.jobs).map(\.place) }
    #expect(shares.flatMap { $0 }.sorted() == Self.jobs.map(\.place))
    let sizes = shares.map(\.count)
    #expect(sizes.max()! - sizes.min()! <= 1)
  }

  @Test("what is no share is refused", arguments: ["0/3", "4/3", "3", "a/3", "1/0", "1/3/5", "-1/3", ""])
  func mistakes(_ text: String) { #expect(throws: RecipeError.self) { try Shard(parsing: text) } }

  @Test("a task of a Slurm array has its place among the tasks, whatever they are numbered from and by")
  func slurm() throws {
    func shard(_ id: Int, from first: Int, by step: Int, of count: Int) throws -> Shard {
      try Shard(environment: [
        "SLURM_ARRAY_TASK_ID": "\(id)", "SLURM_ARRAY_TASK_MIN": "\(first)",
        "SLURM_ARRAY_TASK_STEP": "\(step)",
        "SLURM_ARRAY_TASK_COUNT": "\(count)",
      ])
    }
    #expect(try shard(0, from: 0, by: 1, of: 4).index == 0)
    #expect(try shard(12, from: 1, by: 1, of: 12).index == 11)
    // --array=3-9:3
    #expect(try [3, 6, 9].map { try shard($0, from: 3, by: 3, of: 3).index } == [0, 1, 2])
    #expect(try shard(6, from: 3, by: 3, of: 3).count == 3)
    // --array=1,2,7
    #expect(throws: RecipeError.self) { try shard(7, from: 1, by: 1, of: 3) }
    #expect(throws: RecipeError.self) { try Shard(environment: ["SLURM_ARRAY_TASK_ID": "1"]) }
    // Differences of such numbers are beyond 64 bits.
    #expect(throws: RecipeError.self) { try shard(.min, from: .max, by: 1, of: 2) }
    #expect(throws: RecipeError.self) { try shard(3, from: 0, by: 1, of: .max) }
  }

  @Test("a pod of an Indexed Job needs to be told of how many it is one")
  func kubernetes() throws {
    let pod = ["JOB_COMPLETION_INDEX": "2"]
    #expect(try Shard(environment: pod, count: 3).index == 2)
    #expect(try Shard(environment: pod.merging(["JOB_COMPLETIONS": "5"]) { $1 }).count == 5)
    #expect(throws: RecipeError.self) { try Shard(environment: pod) }
    #expect(throws: RecipeError.self) { try Shard(environment: pod, count: 2) }
    #expect(try Shard(environment: ["HOME": "/"]) == .whole)
  }

  @Test("files about a share tell which it is")
  func suffix() throws {
    #expect(Shard.whole.suffix == "")
    #expect(try Shard(parsing: "3/12").suffix == "-3-of-12")
  }
}
