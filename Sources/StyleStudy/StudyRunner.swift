import Foundation
import StyleTransfer
import Tensor

/// Makes the study's pictures, one after the other, and passes over those that are there already.
struct StudyRunner {
  enum Outcome {
    /// The picture is there; these are the records of its iterations.
    case finished([IterationRecord])
    case failed(String)
  }

  /// Where pictures and logs go.
  let folder: String
  let machine: MachineOptions
  let network: LoadedNetwork
  let interruption: Interruption

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// What is finished already, by the runs' names.
  func finished(_ runs: [StudyRun]) -> [String: Outcome] {
    var outcomes: [String: Outcome] = [:]
    for run in runs {
      if let records = records(of: run) { outcomes[run.name] = .finished(records) }
    }
    return outcomes
  }

  /// Makes what is missing; a run that fails is noted, and the next one begins.
  ///
  /// - Parameter outcomes: What is finished already; gets what becomes of the others.
  /// - Throws: ``StyleTransferError`` of the kind `interrupted`.
  func make(_ runs: [StudyRun], _ outcomes: inout [String: Outcome], _ progress: StudyProgress) throws {
    for run in runs where outcomes[run.name] == nil {
      progress.begin(run.name)
      do {
        try make(run) { record, work in progress.update(record, work) }
        progress.finish(run.name)
        guard let records = records(of: run) else {
          throw StyleTransferError(.badData, "the picture or its log cannot be read again")
        }
        outcomes[run.name] = .finished(records)
      } catch let failure as StyleTransferError where failure.kind == .interrupted {
        throw failure
      } catch {
        progress.fail(run.name, because: "\(error)")
        outcomes[run.name] = .failed("\(error)")
      }
    }
  }

  func plan(_ run: StudyRun) throws -> RunPlan { try pictureRun(run).plan() }

  private func pictureRun(_ run: StudyRun) throws -> PictureRun {
    var pictureRun = try PictureRun(
      settings: run.settings(), path: path(run.pictureName), isQuiet: true, machine: machine)
    pictureRun.loadedNetwork = network
    pictureRun.interruption = interruption
    return pictureRun
  }

  /// The log of a run whose picture has the settings that are wanted; `nil` where it has to be made.
  ///
  /// The pictures and the weights are compared by their hashes, which the settings hold.
  private func records(of run: StudyRun) -> [IterationRecord]? {
    guard let json = try? Picture.settings(ofFileAt: path(run.pictureName)),
      let found = try? JSONDecoder().decode(Settings.self, from: Data(json.utf8)),
      let wanted = try? pictureRun(run).settingsWhenFinished(), found == wanted,
      let log = try? String(contentsOfFile: path(run.logName), encoding: .utf8)
    else { return nil }
    let decoder = JSONDecoder.numbersAsTexts()
    let records = log.split(separator: "\n").map {
      try? decoder.decode(IterationRecord.self, from: Data($0.utf8))
    }
    return records.isEmpty || records.contains { $0 == nil } ? nil : records.compactMap { $0 }
  }

  private func make(_ run: StudyRun, onProgress: @escaping (IterationRecord, WorkDone) -> Void) throws {
    // A log takes its name when its picture is there: an older one never passes for a newer picture's.
    let unfinished = path(run.logName + ".part")
    try? FileManager.default.removeItem(atPath: path(run.logName))
    defer { try? FileManager.default.removeItem(atPath: unfinished) }
    var pictureRun = try pictureRun(run)
    pictureRun.log = unfinished
    pictureRun.onProgress = onProgress
    try pictureRun.run()
    try FileManager.default.moveItem(atPath: unfinished, toPath: path(run.logName))
  }
}
