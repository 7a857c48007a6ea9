import ArgumentParser
import StyleStudy
import StyleTransfer

/// `impasto study`: the four experiments on two pictures, and a page that shows them.
struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Make the four experiments with two pictures, and a page about them.",
    discussion: """
      Reconstructions from layers, two seeds, textures, both losses on the same picture, and style transfer: every \
      picture with its log, index.html, and all numbers as study.json. Pictures that are there already and were made \
      with these settings, pictures and weights are kept, so that a study that was interrupted goes on. A run that \
      fails is told on the page and does not lose the others.
      """)

  @Option(help: ArgumentHelp("The picture whose content is studied.", valueName: "picture"))
  var content: String

  @Option(help: ArgumentHelp("The picture whose style is studied.", valueName: "picture"))
  var style: String

  @Option(help: ArgumentHelp("The folder to write to; it is made where there is none.", valueName: "folder"))
  var outDir: String

  @Option(
    help: ArgumentHelp(
      "The longer side of every picture in pixels (default: \(StudyPlan.Effort.full.side), with --quick "
        + "\(StudyPlan.Effort.quick.side)).", valueName: "pixels"))
  var size: Int?

  @Flag(help: "Fewer iterations, to see it all in minutes.")
  var quick = false

  @Option(
    help: ArgumentHelp(
      "Only these parts, with commas between: \(StudySection.names).", valueName: "parts"))
  var only: String?

  @Flag(help: "Show no progress.")
  var quiet = false

  @OptionGroup var planning: PlanOptions
  @OptionGroup var machine: MachineOptions

  func validate() throws {
    if let size, size < 1 { throw ValidationError("--size \(size): at least 1 is needed") }
    if let size, size > Recipe.sideLimit {
      throw ValidationError("--size \(size): at most \(Recipe.sideLimit) is possible")
    }
    _ = try sections()
  }

  func run() throws {
    let effort: StudyPlan.Effort = quick ? .quick : .full
    let interruption = Interruption()
    let study = try Study(
      StudyPlan(content: content, style: style, size: size ?? effort.side, effort: effort),
      sections: sections(), folder: outDir, reading: machine.reading.limits(memory: planning.memoryLimit),
      network: { try machine.loadNetwork() }, memoryLimit: planning.memoryLimit,
      shouldStop: { interruption.isRequested })
    if planning.plan { return print(try study.forecast.report()) }
    try study.forecast.checkMemory()
    try study.make(for: StudyProgress(study.forecast.costs, isQuiet: quiet))
  }

  private func sections() throws -> [StudySection] {
    guard let only else { return StudySection.allCases }
    let chosen = try only.split(separator: ",", omittingEmptySubsequences: false).map { entry in
      let name = entry.trimmingCharacters(in: .whitespaces)
      guard let section = StudySection(rawValue: name) else {
        throw ValidationError(
          "--only '\(only)': there is no part '\(name)'; choose from \(StudySection.names)")
      }
      return section
    }
    return StudySection.allCases.filter(chosen.contains)
  }
}
