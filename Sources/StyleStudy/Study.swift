import Foundation
import NN
import Platform
import StyleTransfer
import Tensor

/// The four experiments from two pictures to a page.
struct Study {
  let plan: StudyPlan
  /// Those to be made; others are shown where they are there already.
  let sections: [StudySection]
  let folder: String
  let machine: MachineOptions
  let planning: PlanOptions
  let isQuiet: Bool

  /// - Throws: ``StyleTransferError`` when a run would not fit into memory, before anything is made; when it was interrupted
  ///   or a run failed, after all else was written.
  func run() throws {
    let content = try picture(plan.content)
    let style = try picture(plan.style)
    let runner = StudyRunner(
      folder: folder, machine: machine, network: try LoadedNetwork(machine), interruption: Interruption())
    var outcomes = runner.finished(plan.runs(StudySection.allCases))
    let wanted = plan.runs(sections)
    let missing = wanted.filter { outcomes[$0.name] == nil }
    let forecast = try StudyForecast(missing, runner)
    if planning.plan { return print(try forecast.report(runner, limit: planning.memoryLimit)) }
    try forecast.checkMemory(planning.memoryLimit)

    try FileManager.default.makeFolder(folder)
    let page = "\(folder)/\(StudyFiles.page)"
    try AtomicFile.checkWritable(page)
    let shown = StudySection.allCases.filter { section in
      sections.contains(section) || plan.runs(section).allSatisfy { outcomes[$0.name] != nil }
    }
    let progress = StudyProgress(forecast.costs, isQuiet: isQuiet)
    progress.note(
      "The study of \(plan.content) and \(plan.style) at \(content.width)×\(content.height) pixels: "
        + (missing.isEmpty
          ? "all \(wanted.count) pictures are there"
          : "\(missing.count) of \(wanted.count) pictures to make"))

    var interruption: StyleTransferError?
    do { try runner.make(missing, &outcomes, progress) } catch let failure as StyleTransferError {
      interruption = failure
    }

    try content.write(to: runner.path(StudyFiles.content))
    try style.write(to: runner.path(StudyFiles.style))
    let first = plan.reconstruction(StudyPlan.reconstructedLayers[0])
    try StudyFiles.noise(first, like: content).write(to: runner.path(StudyFiles.noise))
    let results = try results(shown, outcomes, runner, content, style)
    try write(results, outcomes, style)
    if interruption != nil {
      throw StyleTransferError(
        .interrupted, "interrupted; the same command goes on, and '\(page)' shows what there is")
    }
    progress.note("Wrote \(page)")
    let failed = results.runs.filter { $0.state == .failed }
    if let one = failed.first {
      throw StyleTransferError(
        .badData,
        "\(failed.count) of \(results.runs.count) pictures could not be made ('\(one.name)': \(one.reason ?? "")); "
          + "'\(page)' shows the others")
    }
  }

  private func picture(_ path: String) throws -> Picture {
    let deepest = LossProbe.layers
    return try Picture(contentsOf: path).overWhite.resized(longestSide: plan.size, for: deepest, path: path)
  }

  private func results(
    _ shown: [StudySection], _ outcomes: [String: StudyRunner.Outcome], _ runner: StudyRunner,
    _ content: Picture,
    _ style: Picture
  ) throws -> StudyResults {
    var results = StudyResults(
      content: plan.content, style: plan.style, size: plan.size, width: content.width, height: content.height,
      quick: plan.effort == .quick, weightsSHA256: runner.network.sha256)
    results.sections = shown
    results.runs = plan.runs(shown).map { run in
      report(run, outcomes[run.name], output: runner.path(run.pictureName))
    }
    let measures = StudyMeasures(plan: plan, runner: runner, content: content, style: style)
    for section in shown {
      switch section {
      case .reconstruction: results.reconstructions = try measures.reconstructions(results)
      case .seeds: results.seeds = try measures.seeds(results)
      case .texture: results.textures = try measures.textures(results)
      case .losses: results.losses = try measures.losses(results)
      case .transfer:
        (results.transfers, results.sheet) = (try measures.transfers(results), try measures.sheet(results))
      }
    }
    results.findings = results.makeFindings()
    return results
  }

  private func report(_ run: StudyRun, _ outcome: StudyRunner.Outcome?, output: String) -> StudyResults.Run {
    var report = StudyResults.Run(
      name: run.name, title: run.title, command: run.commandLine(output: output),
      state: outcome == nil ? .missing : .finished)
    switch outcome {
    case .finished(let records):
      report.settings = try? run.settings()
      report.iterations = records.last?.iteration
      report.evaluations = records.last?.evaluations
      report.seconds = records.last?.seconds
      // The picture is the best of the largest size.
      let largest = records.last?.side
      let best = records.filter { $0.side == largest }.min { $0.total < $1.total }
      (report.content, report.style, report.total) = (best?.content, best?.style, best?.total)
    case .failed(let reason):
      return StudyResults.Run(
        name: report.name, title: report.title, command: report.command, state: .failed, reason: reason)
    case nil: break
    }
    return report
  }

  private func write(
    _ results: StudyResults, _ outcomes: [String: StudyRunner.Outcome], _ style: Picture
  ) throws {
    let logs = outcomes.compactMapValues { outcome in
      if case .finished(let records) = outcome { records } else { nil }
    }
    let page = StudyPage(
      results: results, plan: plan, logs: logs, styleSize: (style.width, style.height))
    try AtomicFile.write(try results.json(), to: "\(folder)/\(StudyFiles.numbers)")
    try AtomicFile.write(Array(page.html.utf8), to: "\(folder)/\(StudyFiles.page)")
  }
}
