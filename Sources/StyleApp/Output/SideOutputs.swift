import Foundation
import StyleTransfer

/// What a run writes beside its picture, as its options name it.
struct SideOptions: Codable {
  /// Iterations from one picture on the way to the next.
  var saveEvery: Int?
  /// Where it is shown how the picture came about.
  var timelapse: String?
  /// Where the losses of every iteration go.
  var log: String?
  /// The file or the terminal's language that the picture is shown in as it grows.
  var preview: String?
}

/// What a run writes beside its picture: the log, the pictures on the way, the timelapse.
///
/// One that cannot be written on to, as on a full disk, is told of and given up; the run goes on, since its picture is
/// worth more than they are, and ends with the first of these errors.
struct SideOutputs {
  /// What a checkpoint keeps of them.
  struct State: Codable {
    let lastNumber: Int
    let logLength: Int
    let timelapse: Timelapse.State?
  }

  /// The error that the run ends with.
  private(set) var failure: (any Error)?
  private var abandoned: Set<String> = []

  private let saveEvery: Int?
  private let output: OutputFile
  private let log: IterationLog?
  private var timelapse: Timelapse?
  private var preview: Preview?
  private var lastNumber = -1

  /// - Parameter state: Where a run goes on that was begun before.
  init(_ options: SideOptions, _ output: OutputFile, _ prepared: PreparedRecipe, from state: State? = nil)
    throws
  {
    saveEvery = options.saveEvery
    self.output = output
    log = try options.log.map { try IterationLog(path: $0, keeping: state?.logLength ?? 0) }
    timelapse = try options.timelapse.map { try Timelapse($0, prepared, from: state?.timelapse) }
    preview = try options.preview.map { try Preview(Preview.Kind(parsing: $0)) }
    lastNumber = state?.lastNumber ?? -1
  }

  var state: State {
    State(lastNumber: lastNumber, logLength: log?.safeLength ?? 0, timelapse: timelapse?.state)
  }

  /// Writes what an iteration brings.
  mutating func note(_ iteration: Iteration, of painting: inout Painting) {
    attempt("--log") { side in try side.log?.append(iteration) }
    attempt("--preview") { side in try side.preview?.show(painting.picture) }
    let number = iteration.number
    // The start of a size has the number of the iteration that ended the one before, whose picture stays.
    guard number > lastNumber else { return }
    lastNumber = number
    if let saveEvery, number > 0, number % saveEvery == 0, number < painting.prepared.iterations {
      attempt("--save-every") { side in try painting.write(to: side.output.intermediate(number)) }
    }
    if timelapse?.wants(number) == true {
      attempt("--timelapse") { side in try side.timelapse?.append(painting.picture) }
    }
  }

  /// Ends with the finished picture.
  mutating func finish(_ painting: Painting) {
    attempt("--timelapse") { side in try side.timelapse?.finish(with: painting.picture) }
    attempt("--preview") { side in try side.preview?.show(painting.picture, isLast: true) }
  }

  /// Deletes what a run that goes on would need.
  func discard() { timelapse?.discard() }

  /// Writes to the output that `option` names, unless it was given up.
  private mutating func attempt(_ option: String, _ write: (inout SideOutputs) throws -> Void) {
    if abandoned.contains(option) { return }
    do { try write(&self) } catch {
      abandoned.insert(option)
      failure = failure ?? error
      Terminal.endLine()
      Terminal.write("impasto: \(error); the run goes on without \(option)\n")
    }
  }
}
