import Foundation

/// Writes one JSON object a line for every iteration, so that a painting can be followed and plotted.
///
/// The file is written as the painting goes on: a line is complete as soon as it is there. A device or a pipe is
/// written to like a file, and what a link points to through the link.
package struct IterationLog {
  private let path: String
  private let handle: FileHandle
  private let encoder: JSONEncoder

  /// Starts an empty log at `path`, in place of an older one.
  package init(path: String) throws(StyleTransferError) {
    // FileManager.createFile would put a new file in the place of a device.
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw StyleTransferError(
        .cannotWrite, "cannot write the log '\(path)'; check that its folder exists and is writable")
    }
    self.path = path
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    encoder = .sorted()
  }

  package func append(_ iteration: Iteration) throws {
    var line = try encoder.encode(iteration)
    line.append(UInt8(ascii: "\n"))
    do {
      try handle.write(contentsOf: line)
    } catch {
      throw StyleTransferError(
        .cannotWrite, "cannot write on to the log '\(path)': \(error.localizedDescription)")
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
