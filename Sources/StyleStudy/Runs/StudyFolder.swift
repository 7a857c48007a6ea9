import Foundation
import StyleTransfer

/// What a study's folder has in it, and whether a folder that is there is one.
package enum StudyFolder {
  /// The names of all files that a study may write.
  package static let names: [String] = {
    let plan = StudyPlan(content: "", style: "", size: StudyPlan.Effort.full.side, effort: .full)
    let runs = plan.runs(StudySection.allCases)
    return ownNames + runs.map(\.pictureName) + runs.map(\.logName)
  }()

  private static let rearrangementNames =
    StudyFiles.shifts.map { "shifted-\($0)" } + ["mirrored", "shuffled"]

  /// Those that no run makes.
  private static let ownNames =
    [
      StudyFiles.page, StudyFiles.numbers, StudyFiles.content, StudyFiles.style, StudyFiles.noise,
      StudyFiles.seedsDifference, StudyFiles.originalDifference,
    ] + rearrangementNames.map { "\($0).png" }

  /// Refuses a folder with files of somebody else's under names that a study writes.
  ///
  /// - Throws: ``FileCollision`` that names the first of them.
  package static func check(_ folder: String) throws(FileCollision) {
    // A folder under such a name is lost to nobody: the run that would put its picture there fails, and says so.
    func exists(_ name: String) -> Bool {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
        && !isFolder.boolValue
    }
    func isOurs(_ picture: String) -> Bool {
      (try? Picture.settings(ofFileAt: "\(folder)/\(picture)")) != nil
    }
    let runs = StudyPlan(content: "", style: "", size: 1, effort: .full).runs(StudySection.allCases)
    // The page and the numbers come last: an unfinished study is told by its first picture.
    let isStudy = hasNumbers(folder) || runs.contains { exists($0.logName) && isOurs($0.pictureName) }
    let foreign =
      runs.map(\.pictureName).filter { exists($0) && !isOurs($0) } + (isStudy ? [] : ownNames.filter(exists))
    guard let name = foreign.first else { return }
    throw FileCollision(
      description:
        "'\(folder)/\(name)' is there already and not of a study; it would be overwritten, so name an "
        + "empty folder for --out-dir, or that of a study")
  }

  private static func hasNumbers(_ folder: String) -> Bool {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(StudyFiles.numbers)") else {
      return false
    }
    let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    return object?["runs"] != nil
  }
}
