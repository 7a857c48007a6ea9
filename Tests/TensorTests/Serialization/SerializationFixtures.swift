import Foundation

@testable import Tensor

/// The files that `Tests/Fixtures/serialization/generate.py` made, and what is in them.
enum SerializationFixtures {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/serialization")

  static func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

  static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(filePath: path(name))))
  }

  /// What the script calls `sample`.
  static func sample(_ count: Int) -> [Float] { (0..<count).map { Float($0 % 64 - 20) / 4 } }

  /// Calls `body` with an empty folder that is removed afterwards.
  static func withTemporaryFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "impasto-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  /// The error that `body` throws, or `nil` when it throws none or one of another type.
  static func error(_ body: () throws -> Void) -> SerializationError? {
    do {
      try body()
      return nil
    } catch {
      return error as? SerializationError
    }
  }
}

extension URL {
  var plainPath: String { path(percentEncoded: false) }
}
