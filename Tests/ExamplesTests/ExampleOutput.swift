import Foundation
import TestSupport
import Testing

/// What an example printed.
struct ExampleOutput {
  let text: String
  var lines: [Substring] { text.split(separator: "\n") }

  /// Runs an example; it must end well and say nothing on the error stream.
  init(of name: String, _ arguments: [String] = [], in folder: URL) throws {
    let result = try BuiltProgram(name).run(arguments, in: folder)
    #expect(result.status == 0, "\(name): \(result.errors)")
    #expect(result.errors == "")
    text = result.output
  }

  /// Runs an example that leaves no files.
  init(of name: String) throws {
    self = try withTemporaryFolder { folder in
      let output = try ExampleOutput(of: name, in: folder)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
      return output
    }
  }

  /// The lines that begin with `start`, spaces before it aside.
  func lines(from start: String) -> [Substring] {
    lines.map { $0.drop { $0 == " " } }.filter { $0.hasPrefix(start) }
  }

  /// The numbers of the only line that begins with `start`, without those in `start` itself.
  func numbers(from start: String) throws -> [Double] {
    let found = lines(from: start)
    #expect(found.count == 1, "'\(start)' begins \(found.count) lines of:\n\(text)")
    return Self.numbers(in: try #require(found.first).dropFirst(start.count))
  }

  static func numbers(in line: Substring) -> [Double] {
    line.matches(of: /-?\d+(\.\d+)?(e-?\d+)?/).compactMap { Double($0.output.0) }
  }
}
