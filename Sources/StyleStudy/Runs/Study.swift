import Foundation
import ImpastoPlatform
import NN
import StyleTransfer
import Tensor

/// What hears how a study goes.
package protocol StudyAudience {
  /// Hears a sentence of its own.
  func note(_ sentence: String)
  /// Hears that a picture is begun.
  func begin(_ name: String, _ stages: [StageSize])
  /// Hears of an iteration of the picture that was begun last.
  func update(_ iteration: Iteration)
  /// Hears that a picture is there.
  func finish(_ name: String)
  /// Hears that a picture cannot be made.
  func fail(_ name: String, because reason: String)
}

/// The four experiments from two pictures to a page.
package struct Study {
  private let plan: StudyPlan
  /// The sections to be made; others are shown where their pictures are there already.
  private let sections: [StudySection]
  private let runner: StudyRunner
  private let content: Picture
  private let style: Picture
  /// The pictures that are there already, by their names.
  private let finished: [String: StudyRunner.Outcome]
  private let missing: [StudyRun]
  /// What it would take to make what is missing.
  package let forecast: StudyForecast

  /// Finds out what of a study is to be made.
  ///
  /// - Parameters:
  ///   - folder: Where the study is written to.
  ///   - memoryLimit: The bytes that a run may use; `nil` for what the machine or its container has.
  ///   - shouldStop: Asked before each evaluation; `true` ends the study, to go on another time.
  /// - Throws: ``PictureError`` or ``StyleTransferError`` for pictures that cannot be studied.
  package init(
    _ plan: StudyPlan, sections: [StudySection], folder: String, reading limits: ReadingLimits = .init(),
    network: () throws -> VGG19, memoryLimit: ByteCount? = nil, shouldStop: @escaping () -> Bool
  ) throws {
    (self.plan, self.sections) = (plan, sections)
    var limits = limits
    limits.longestSide = plan.size
    content = try Self.picture(plan.content, plan, limits)
    style = try Self.picture(plan.style, plan, limits)
    runner = try StudyRunner(
      folder: folder, network: network(), memoryLimit: memoryLimit, shouldStop: shouldStop)
    let finished = runner.finished(plan.runs(StudySection.allCases))
    self.finished = finished
    missing = plan.runs(sections).filter { finished[$0.name] == nil }
    forecast = try StudyForecast(missing, runner)
  }

  /// Makes the pictures that are missing, and the page.
  ///
  /// - Throws: ``StyleTransferError`` when it was interrupted or a run failed, after all else was written.
  package func make(for audience: some StudyAudience) throws {
    try FileManager.default.makeFolder(runner.folder)
    let page = runner.path(StudyFiles.page)
    try AtomicFile.checkWritable(page)
    var outcomes = finished
    let shown = StudySection.allCases.filter { section in
      sections.contains(section) || plan.runs(section).allSatisfy { finished[$0.name] != nil }
    }
    let wanted = plan.runs(sections)
    audience.note(
      "The study of \(plan.content) and \(plan.style) at \(content.width)×\(content.height) pixels: "
        + (missing.isEmpty
          ? "all \(wanted.count) pictures are there"
          : "\(missing.count) of \(wanted.count) pictures to make"))

    var interruption: StyleTransferError?
    do { try runner.make(missing, &outcomes, audience) } catch let failure as StyleTransferError {
      interruption = failure
    }

    try content.write(to: runner.path(StudyFiles.content))
    try style.write(to: runner.path(StudyFiles.style))
    let first = plan.reconstruction(StudyPlan.reconstructedLayers[0])
    try StudyFiles.noise(first, like: content).write(to: runner.path(StudyFiles.noise))
    let results = try results(shown, outcomes)
    try write(results, outcomes)
    if interruption != nil {
      throw StyleTransferError(
        .interrupted, "interrupted; the same command goes on, and '\(page)' shows what there is")
    }
    audience.note("Wrote \(page)")
    let failed = results.runs.filter { $0.state == .failed }
    if let one = failed.first {
      throw StyleTransferError(
        .badData,
        "\(failed.count) of \(results.runs.count) pictures could not be made ('\(one.name)': \(one.reason ?? "")); "
          + "'\(page)' shows the others")
    }
  }

  private static func picture(_ path: String, _ plan: StudyPlan, _ limits: ReadingLimits) throws -> Picture {
    try Picture(contentsOf: path, limits: limits).overWhite
      .resized(longestSide: plan.size, for: LossProbe.layers, path: path)
  }

  private func results(
    _ shown: [StudySection], _ outcomes: [String: StudyRunner.Outcome]
  ) throws -> StudyResults {
    var results = StudyResults(
      content: StudyFiles.shown(plan.content), style: StudyFiles.shown(plan.style), size: plan.size,
      width: content.width, height: content.height, quick: plan.effort == .quick,
      weightsSHA256: runner.weightsSHA256)
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
      report.settings = (try? run.recipe()).map(StudyFiles.shown)
      report.iterations = records.last?.number
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

  private func write(_ results: StudyResults, _ outcomes: [String: StudyRunner.Outcome]) throws {
    let logs = outcomes.compactMapValues { outcome in
      if case .finished(let records) = outcome { records } else { nil }
    }
    let page = StudyPage(
      results: results, plan: plan, logs: logs, styleSize: (style.width, style.height))
    try AtomicFile.write(try results.json(), to: runner.path(StudyFiles.numbers))
    try AtomicFile.write(Array(page.html.utf8), to: runner.path(StudyFiles.page))
  }
}
