import Foundation

/// Writes one JSON object a line for every iteration, so that a painting can be followed and plotted.
///
/// The file is written as the painting goes on: a line is complete as soon as it is there. A device or a pipe is
/// written to like a file, and what a link points to through the link.
package struct IterationLog {
  private let path: String
  private let handle: FileHandle
  private let encoder: JSONEncoder

  /// Starts an empty log at `path`, in place of an older one, or goes on with that.
  ///
  /// - Parameter length: The bytes of the older log that are kept; of a device or a pipe there are none.
  package init(path: String, keeping length: Int = 0) throws(StyleTransferError) {
    // FileManager.createFile would put a new file in the place of a device.
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (length == 0 ? O_TRUNC : 0), 0o666)
    var status = stat()
    if descriptor >= 0, length > 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      ftruncate(descriptor, min(off_t(length), status.st_size))
      lseek(descriptor, 0, SEEK_END)
    }
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

  /// The bytes of the log so far, when they are safe on the disk; 0 for a device or a pipe.
  package var safeLength: Int {
    var status = stat()
    guard fstat(handle.fileDescriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
    fsync(handle.fileDescriptor)
    return Int(status.st_size)
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
