import Foundation
import Testing

@testable import StyleApp

@Suite("AtomicFile")
struct AtomicFileTests {
  struct Interruption: Error {}

  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  static func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test("a failure half-way leaves the old file as it was and nothing beside it")
  func failureHalfWay() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/out.png"
      try AtomicFile.write([1, 2, 3], to: path)
      #expect(throws: Interruption.self) {
        try AtomicFile.replace(path) { descriptor in
          #expect(write(descriptor, [9, 9] as [UInt8], 2) == 2)
          #expect(try Self.names(in: folder).count == 2)
          throw Interruption()
        }
      }
      #expect(try FileBytes.read(path) == [1, 2, 3])
      #expect(try Self.names(in: folder) == ["out.png"])
    }
  }

  @Test("a rename that fails removes the temporary file")
  func renameFails() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/out.png"
      let error = pictureError {
        try AtomicFile.replace(path) { _ in
          try FileManager.default.createDirectory(
            atPath: path + "/occupied", withIntermediateDirectories: true)
        }
      }
      #expect(error?.exitStatus == 73)
      let left = try Self.names(in: folder)
      #expect(left == ["out.png"])
    }
  }

  @Test("a new file has the permissions that the umask leaves, a replaced one keeps its own")
  func permissions() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/out.png"
      close(open(folder + "/by_open", O_CREAT | O_WRONLY, 0o666))
      try AtomicFile.write([1], to: path)
      #expect(Self.mode(path) == Self.mode(folder + "/by_open"))
      #expect(chmod(path, 0o640) == 0)
      try AtomicFile.write([2], to: path)
      #expect(Self.mode(path) == 0o640)
      #expect(try FileBytes.read(path) == [2])
    }
  }

  @Test("a symbolic link stays and its target is replaced, even if it did not exist")
  func symbolicLinks() throws {
    try withTemporaryFolder { folder in
      let manager = FileManager.default
      try manager.createDirectory(atPath: folder + "/deep", withIntermediateDirectories: false)
      try manager.createSymbolicLink(atPath: folder + "/link.png", withDestinationPath: "deep/real.png")
      for byte: UInt8 in 1...2 {
        try AtomicFile.write([byte], to: folder + "/link.png")
        #expect(try FileBytes.read(folder + "/deep/real.png") == [byte])
        #expect(try manager.destinationOfSymbolicLink(atPath: folder + "/link.png") == "deep/real.png")
      }
      try manager.createSymbolicLink(atPath: folder + "/loop.png", withDestinationPath: "loop.png")
      #expect(pictureError { try AtomicFile.write([1], to: folder + "/loop.png") }?.exitStatus == 73)
    }
  }

  @Test("what cannot be written is known early, says why, and is left alone")
  func checkWritable() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/dir.png", withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/null.png", withDestinationPath: "/dev/null")
      let cases: [(String, PictureError)] = [
        ("/none/out.png", .missingOutputFolder(path: folder + "/none/out.png", folder: folder + "/none")),
        ("/dir.png", .outputIsNotAFile(path: folder + "/dir.png")),
        ("/null.png", .outputIsNotAFile(path: folder + "/null.png")),
      ]
      for (name, expected) in cases {
        for attempt in [Picture.checkWritable, { try AtomicFile.write([1], to: $0) }] {
          let error = pictureError { try attempt(folder + name) }
          #expect(error == expected)
          #expect(error?.exitStatus == 73)
        }
      }
      try Picture.checkWritable(folder + "/fine.png")
      #expect(try Self.names(in: folder) == ["dir.png", "null.png"])
    }
  }

  @Test(
    "a write-protected file or folder is refused", .enabled(if: geteuid() != 0, "root may write anywhere"))
  func writeProtected() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/out.png"
      try AtomicFile.write([1], to: path)
      #expect(chmod(path, 0o444) == 0)
      #expect(pictureError { try Picture.checkWritable(path) }?.exitStatus == 73)
      #expect(chmod(folder, 0o555) == 0)
      defer { chmod(folder, 0o755) }
      #expect(pictureError { try Picture.checkWritable(folder + "/new.png") }?.exitStatus == 73)
    }
  }
}
