import StyleTransfer

/// The share of a batch that one of several workers takes: every `count`-th job, from the `index`-th on.
package struct Shard: Equatable, Sendable {
  /// Counted from 0.
  package let index: Int
  /// The number of workers.
  package let count: Int
  /// Where the share was told, for messages; `nil` for a batch in one piece.
  package let source: String?

  /// All jobs.
  package static let whole = Shard(index: 0, count: 1, source: nil)

  init(index: Int, count: Int, source: String?) {
    (self.index, self.count, self.source) = (index, count, source)
  }

  /// A share as it is typed, the third of twelve: `3/12`.
  ///
  /// - Throws: ``RecipeError`` for a text that is none.
  package init(parsing text: String) throws(RecipeError) {
    let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let number = numbers[0], let count = numbers[1], count >= 1, 1...count ~= number
    else {
      throw RecipeError("--shard '\(text)': the number of the share and of all is needed, from 1/12 to 12/12")
    }
    self.init(index: number - 1, count: count, source: "--shard \(text)")
  }

  /// The share that a scheduler gives to this process: a task of a Slurm job array, or a pod of a Kubernetes Indexed
  /// Job, which tells its index alone. ``whole`` where there is none.
  ///
  /// - Parameters:
  ///   - environment: The variables of the process.
  ///   - count: The number of workers where the scheduler does not tell it; `nil` where it was not given.
  /// - Throws: ``RecipeError`` for numbers from which no share follows.
  package init(environment: [String: String], count: Int? = nil) throws(RecipeError) {
    func number(_ name: String) throws(RecipeError) -> Int? {
      guard let text = environment[name], !text.isEmpty else { return nil }
      // Those of schedulers fit 32 bits.
      guard let number = Int(text), Int(Int32.min)...Int(UInt32.max) ~= number else {
        throw RecipeError("\(name) is '\(text)', which is no number of a task")
      }
      return number
    }
    if let task = try number("SLURM_ARRAY_TASK_ID") {
      let first = try number("SLURM_ARRAY_TASK_MIN") ?? 0
      let step = max(1, try number("SLURM_ARRAY_TASK_STEP") ?? 1)
      guard let tasks = try number("SLURM_ARRAY_TASK_COUNT"), tasks >= 1 else {
        throw RecipeError(
          "SLURM_ARRAY_TASK_ID is \(task), and SLURM_ARRAY_TASK_COUNT is missing; give --shard")
      }
      let place = (task - first) / step
      // The tasks of an array such as 1,2,7 have no regular places.
      guard (task - first).isMultiple(of: step), 0..<tasks ~= place else {
        throw RecipeError(
          "task \(task) of a Slurm array with \(tasks) tasks from \(first) in steps of \(step) has no place among them; "
            + "number the array from 0 to \(tasks - 1), or give --shard")
      }
      self.init(index: place, count: tasks, source: "SLURM_ARRAY_TASK_ID \(task)")
    } else if let index = try number("JOB_COMPLETION_INDEX") {
      var completions = count
      if completions == nil { completions = try number("JOB_COMPLETIONS") }
      guard let count = completions else {
        throw RecipeError(
          "JOB_COMPLETION_INDEX is \(index), and Kubernetes does not tell of how many; give --shards, or set "
            + "JOB_COMPLETIONS to the job's completions")
      }
      guard count >= 1, 0..<count ~= index else {
        throw RecipeError("JOB_COMPLETION_INDEX is \(index), which is no share of \(count)")
      }
      self.init(index: index, count: count, source: "JOB_COMPLETION_INDEX \(index)")
    } else {
      self = .whole
    }
  }

  /// The share's jobs.
  package func callAsFunction(_ jobs: [BatchJob]) -> [BatchJob] {
    stride(from: index, to: jobs.count, by: count).map { jobs[$0] }
  }

  /// What files about the share have at the end of their names; empty for ``whole``.
  package var suffix: String { count == 1 ? "" : "-\(index + 1)-of-\(count)" }
}
