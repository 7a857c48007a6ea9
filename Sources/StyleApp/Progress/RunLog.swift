import Foundation
import StyleTransfer

/// Writes one JSON object a line for every iteration, so that a run can be followed and plotted.
///
/// The file is written as the run goes on: a line is complete as soon as it is there.
struct RunLog {
  private let handle: FileHandle
  private let encoder: JSONEncoder

  /// Starts an empty log at `path`, in place of an older one.
  init(path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forWritingAtPath: path)
    else {
      throw StyleTransferError(
        .cannotWrite, "cannot write the log '\(path)'; check that its folder exists and is writable")
    }
    self.handle = handle
    encoder = .sorted()
  }

  func append(_ record: IterationRecord) throws {
    var line = try encoder.encode(record)
    line.append(UInt8(ascii: "\n"))
    do {
      try handle.write(contentsOf: line)
    } catch {
      throw StyleTransferError(.cannotWrite, "cannot write on to the log: \(error.localizedDescription)")
    }
  }
}
