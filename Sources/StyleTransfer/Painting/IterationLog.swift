import Foundation

/// Writes one JSON object a line for every iteration, so that a painting can be followed and plotted.
///
/// The file is written as the painting goes on: a line is complete as soon as it is there.
package struct IterationLog {
  private let handle: FileHandle
  private let encoder: JSONEncoder

  /// Starts an empty log at `path`, in place of an older one.
  package init(path: String) throws(StyleTransferError) {
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forWritingAtPath: path)
    else {
      throw StyleTransferError(
        .cannotWrite, "cannot write the log '\(path)'; check that its folder exists and is writable")
    }
    self.handle = handle
    encoder = .sorted()
  }

  package func append(_ iteration: Iteration) throws {
    var line = try encoder.encode(iteration)
    line.append(UInt8(ascii: "\n"))
    do {
      try handle.write(contentsOf: line)
    } catch {
      throw StyleTransferError(.cannotWrite, "cannot write on to the log: \(error.localizedDescription)")
    }
  }

  /// The iterations in the log at `path`; `nil` when one of them cannot be read, or there is none.
  package static func iterations(at path: String) -> [Iteration]? {
    guard let log = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    let decoder = JSONDecoder.numbersAsTexts()
    let iterations = log.split(separator: "\n").compactMap {
      try? decoder.decode(Iteration.self, from: Data($0.utf8))
    }
    let lines = log.split(separator: "\n").count
    return iterations.isEmpty || iterations.count < lines ? nil : iterations
  }
}
