import ArgumentParser
import Foundation
import StyleTransfer

/// `impasto resume`: on with a run that was stopped or killed, to the bytes that it would have come to.
struct Resume: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Go on with a run that was stopped or killed, to the same bytes.",
    discussion: """
      The state is in the file that the run was told with --checkpoint or, when it took longer than two minutes, left \
      beside its picture. The run's pictures and weights must be the same; pictures that were moved are looked for \
      beside the state and in the current folder. What the run wrote besides, as by --log, goes on too.
      """)

  @Argument(help: ArgumentHelp("The state of the run.", valueName: "checkpoint"))
  var checkpoint: String

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The picture to write (default: the run's own).", valueName: "file"))
  var output: String?

  @Flag(help: "Show no progress.")
  var quiet = false

  @OptionGroup var planning: PlanOptions
  @OptionGroup var machine: MachineOptions

  func run() throws {
    let state = try Checkpoint(contentsOf: checkpoint)
    let notes = try RunNotes(state)
    let file = try outputFile(state, notes)
    var side = notes.side
    side.timelapse = side.timelapse.map(notes.path)
    side.log = side.log.map(notes.path)
    var machine = machine
    machine.weights = machine.weights ?? notes.weights.map(notes.path)
    var plan = notes.plan
    (plan.path, plan.isAsked) = (checkpoint, true)
    try PictureRun(
      output: file, machine: machine, planning: planning, isQuiet: quiet, side: side, checkpoint: plan
    ).resume(state, notes)
  }

  func outputFile(_ state: Checkpoint, _ notes: RunNotes) throws -> OutputFile {
    try OutputFile(path: output ?? notes.path(notes.output), for: state.recipe())
  }
}
