import Foundation
import TestSupport
import Testing

@testable import ImpastoPlatform

@Suite("Reading files")
struct InputFileTests {
  private static func withFile(_ bytes: [UInt8], _ body: (_ path: String, _ folder: String) throws -> Void)
    throws
  {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "file").path(percentEncoded: false)
      try AtomicFile.write(bytes, to: path)
      try body(path, folder.path(percentEncoded: false))
    }
  }

  /// More than two pieces of a file that is read.
  private static let long = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }

  @Test("all bytes are read, up to the limit and not one more", arguments: [[], [1, 2, 3], long])
  func wholeFile(bytes: [UInt8]) throws {
    try Self.withFile(bytes) { path, _ in
      let read = try InputFile.bytes(of: path, limit: bytes.count)
      #expect(read == bytes)
      if !bytes.isEmpty {
        #expect(
          inputError { _ = try InputFile.bytes(of: path, limit: bytes.count - 1) }
            == InputFileError(path, .tooLong(limit: bytes.count - 1)))
      }
    }
  }

  @Test("what is missing and what is a folder is said")
  func refusals() throws {
    try Self.withFile([1]) { path, folder in
      #expect(
        inputError { _ = try InputFile.bytes(of: path + "x", limit: 9) }
          == InputFileError(path + "x", .missing))
      #expect(
        inputError { _ = try InputFile.bytes(of: path + "/x", limit: 9) }
          == InputFileError(path + "/x", .missing))
      #expect(inputError { _ = try InputFile.bytes(of: folder, limit: 9) } == InputFileError(folder, .folder))
      #expect(InputFile.text(of: path + "x") == nil)
    }
  }

  @Test("a pipe is read to its end, and the system's own files, which say that they are empty")
  func pipes() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "pipe").path(percentEncoded: false)
      #expect(mkfifo(path, 0o600) == 0)
      let writer = Thread { try? Data(Self.long).write(to: URL(filePath: path), options: []) }
      writer.start()
      let read = try InputFile.bytes(of: path, limit: 1 << 20)
      #expect(read == Self.long)
    }
    #if os(Linux)
      #expect(InputFile.text(of: "/proc/self/status")?.hasPrefix("Name:") == true)
    #endif
  }

  @Test("a mapped file's bytes are the file's, also those that were let go of")
  func mapping() throws {
    try Self.withFile(Self.long) { path, _ in
      let file = try MappedFile(path: path)
      #expect(file.name == path)
      #expect(file.bytes.elementsEqual(Self.long))
      file.forget(UnsafeRawBufferPointer(rebasing: file.bytes[100..<600_000]))
      #expect(file.bytes.elementsEqual(Self.long))
    }
  }

  @Test("bytes that were copied stay where they are")
  func copies() {
    let file = MappedFile(copying: Self.long, name: "a copy")
    file.forget(file.bytes)
    #expect(file.bytes.elementsEqual(Self.long))
  }

  @Test("what cannot be mapped is refused at once: nothing, a folder, no bytes, a pipe that nobody writes to")
  func unmappable() throws {
    try Self.withFile([]) { path, folder in
      #expect(inputError { _ = try MappedFile(path: path + "x") } == InputFileError(path + "x", .missing))
      #expect(inputError { _ = try MappedFile(path: folder) } == InputFileError(folder, .folder))
      #expect(inputError { _ = try MappedFile(path: path) } == InputFileError(path, .empty))
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      #expect(
        inputError { _ = try MappedFile(path: folder + "/pipe") }
          == InputFileError(folder + "/pipe", .notRegular))
    }
  }
}

/// The error of reading that `body` throws, if it throws one.
func inputError(_ body: () throws -> Void) -> InputFileError? {
  do { try body() } catch { return error as? InputFileError }
  return nil
}
