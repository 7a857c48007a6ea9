import Foundation
import TestSupport
import Testing

@testable import ImpastoPlatform

@Suite("AtomicFile")
struct AtomicFileTests {
  struct Interruption: Error {}

  /// The cause of the error that `body` throws.
  static func cause(_ body: () throws -> Void) -> AtomicFileError.Cause? {
    do { try body() } catch { return (error as? AtomicFileError)?.cause }
    return nil
  }

  static func bytes(_ path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(filePath: path))) }

  static func withFolder(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { try body($0.path(percentEncoded: false)) }
  }

  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  static func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test("a failure half-way leaves the old file as it was and nothing beside it")
  func failureHalfWay() throws {
    try Self.withFolder { folder in
      let path = folder + "/out.png"
      try AtomicFile.write([1, 2, 3], to: path)
      #expect(throws: Interruption.self) {
        try AtomicFile.replace(path) { file in
          try file.append([9, 9])
          #expect(try Self.names(in: folder).count == 2)
          throw Interruption()
        }
      }
      #expect(try Self.bytes(path) == [1, 2, 3])
      #expect(try Self.names(in: folder) == ["out.png"])
    }
  }

  @Test("a rename that fails removes the temporary file")
  func renameFails() throws {
    try Self.withFolder { folder in
      let path = folder + "/out.png"
      let cause = Self.cause {
        try AtomicFile.replace(path) { _ in
          try FileManager.default.createDirectory(
            atPath: path + "/occupied", withIntermediateDirectories: true)
        }
      }
      #expect(cause != nil)
      let left = try Self.names(in: folder)
      #expect(left == ["out.png"])
    }
  }

  @Test("a new file has the permissions that the umask leaves, a replaced one keeps its own")
  func permissions() throws {
    try Self.withFolder { folder in
      let path = folder + "/out.png"
      close(open(folder + "/by_open", O_CREAT | O_WRONLY, 0o666))
      try AtomicFile.write([1], to: path)
      #expect(Self.mode(path) == Self.mode(folder + "/by_open"))
      #expect(chmod(path, 0o640) == 0)
      try AtomicFile.write([2], to: path)
      #expect(Self.mode(path) == 0o640)
      #expect(try Self.bytes(path) == [2])
    }
  }

  @Test("a symbolic link stays and its target is replaced, even if it did not exist")
  func symbolicLinks() throws {
    try Self.withFolder { folder in
      let manager = FileManager.default
      try manager.createDirectory(atPath: folder + "/deep", withIntermediateDirectories: false)
      try manager.createSymbolicLink(atPath: folder + "/link.png", withDestinationPath: "deep/real.png")
      for byte: UInt8 in 1...2 {
        try AtomicFile.write([byte], to: folder + "/link.png")
        #expect(try Self.bytes(folder + "/deep/real.png") == [byte])
        #expect(try manager.destinationOfSymbolicLink(atPath: folder + "/link.png") == "deep/real.png")
      }
      try manager.createSymbolicLink(atPath: folder + "/loop.png", withDestinationPath: "loop.png")
      #expect(Self.cause { try AtomicFile.write([1], to: folder + "/loop.png") } == .system(ELOOP))
    }
  }

  @Test("what cannot be written is known early, says why, and is left alone")
  func checkWritable() throws {
    try Self.withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/dir", withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(atPath: folder + "/null", withDestinationPath: "/dev/null")
      let cases: [(String, AtomicFileError.Cause)] = [
        ("/none/out", .missingFolder(folder + "/none")), ("/dir", .notAFile), ("/null", .notAFile),
      ]
      for (name, expected) in cases {
        for attempt in [AtomicFile.checkWritable, { try AtomicFile.write([1], to: $0) }] {
          #expect(Self.cause { try attempt(folder + name) } == expected)
        }
      }
      try AtomicFile.checkWritable(folder + "/fine")
      #expect(try Self.names(in: folder) == ["dir", "null"])
    }
  }

  @Test(
    "a write-protected file or folder is refused", .enabled(if: geteuid() != 0, "root may write anywhere"))
  func writeProtected() throws {
    try Self.withFolder { folder in
      let path = folder + "/out"
      try AtomicFile.write([1], to: path)
      #expect(chmod(path, 0o444) == 0)
      #expect(Self.cause { try AtomicFile.checkWritable(path) } == .system(EACCES))
      #expect(chmod(folder, 0o555) == 0)
      defer { chmod(folder, 0o755) }
      #expect(Self.cause { try AtomicFile.checkWritable(folder + "/new") } == .system(EACCES))
    }
  }

  @Test("what a killed program left of a file goes when the file is written, or deleted")
  func leftover() throws {
    try Self.withFolder { folder in
      let (path, temporary) = (folder + "/state", folder + "/.impasto-state.tmp")
      #expect(FileManager.default.createFile(atPath: temporary, contents: Data([1, 1, 1, 1, 1])))
      try AtomicFile.replace(path) { file in
        #expect(try Self.names(in: folder) == [".impasto-state.tmp"])
        try file.append([1, 2])
        try [UInt8](arrayLiteral: 9).withUnsafeBytes { try file.write($0, at: 3) }
      }
      #expect(try Self.names(in: folder) == ["state"])
      #expect(try Self.bytes(path) == [1, 2, 0, 9])
      #expect(FileManager.default.createFile(atPath: temporary, contents: nil))
      AtomicFile.delete(path)
      #expect(try Self.names(in: folder) == [])
    }
  }

  @Test("two that write one file at a time both write it whole, and neither deletes the other's")
  func atOnce() throws {
    try Self.withFolder { folder in
      let path = folder + "/out"
      try AtomicFile.replace(path) { first in
        try first.append([1])
        try AtomicFile.replace(path) { second in
          #expect(try Self.names(in: folder).count == 2)
          try second.append([2])
          AtomicFile.delete(path)
          #expect(try Self.names(in: folder).count == 2)
          try first.append([1])
          try second.append([2])
        }
        #expect(try Self.bytes(path) == [2, 2])
        try first.append([1])
      }
      #expect(try Self.bytes(path) == [1, 1, 1])
      #expect(try Self.names(in: folder) == ["out"])
    }
  }

  @Test("a name as long as a system allows is written, though a temporary one of it would be too long")
  func longName() throws {
    try Self.withFolder { folder in
      let path = folder + "/" + String(repeating: "n", count: 255)
      try AtomicFile.write([7], to: path)
      #expect(try Self.bytes(path) == [7])
    }
  }

  @Test("a spool gives back what was written, and cuts off what came after")
  func spool() throws {
    try Self.withFolder { folder in
      let path = folder + "/frames"
      try Spool.write([1, 2, 3, 4], to: path, at: 0)
      try Spool.write([5, 6, 7], to: path, at: 4)
      try Spool.write([8], to: path, at: 2)
      #expect(try Self.bytes(path) == [1, 2, 8])
      #expect(try Spool.read(1..<3, of: path) == [2, 8])
      #expect(throws: InputFileError.self) { try Spool.read(1..<4, of: path) }
      Spool.delete(path)
      #expect(try Self.names(in: folder) == [])
    }
  }

  @Test("the room for a file is what its disk has free")
  func room() throws {
    try Self.withFolder { folder in
      let free = try #require(DiskSpace.available(for: folder + "/new"))
      let attributes = try FileManager.default.attributesOfFileSystem(forPath: folder)
      let expected = try #require(attributes[.systemFreeSize] as? NSNumber).doubleValue
      // Others write meanwhile.
      #expect(abs(free - expected) < 0.5 * max(free, expected))
      #expect(DiskSpace.available(for: folder + "/none/new") == nil)
    }
  }
}
