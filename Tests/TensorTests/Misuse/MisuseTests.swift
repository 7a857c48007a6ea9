import Foundation
import Testing

/// A misuse of an operation, which traps.
enum Misuse: Codable {
  case shape(ShapeMisuse)
  case indexing(IndexingMisuse)
  case window(WindowMisuse)
  case matrix(MatrixMisuse)
  case figure(FigureMisuse)

  static var all: [Misuse] {
    ShapeMisuse.allCases.map(Misuse.shape) + IndexingMisuse.allCases.map(Misuse.indexing)
      + WindowMisuse.allCases.map(Misuse.window) + MatrixMisuse.allCases.map(Misuse.matrix)
      + FigureMisuse.allCases.map(Misuse.figure)
  }

  /// What is printed on the way out.
  var message: String {
    switch self {
    case .shape(let misuse): misuse.message
    case .indexing(let misuse): misuse.message
    case .window(let misuse): misuse.message
    case .matrix(let misuse): misuse.message
    case .figure(let misuse): misuse.message
    }
  }

  func commit() throws {
    switch self {
    case .shape(let misuse): misuse.commit()
    case .indexing(let misuse): misuse.commit()
    case .window(let misuse): misuse.commit()
    case .matrix(let misuse): try misuse.commit()
    case .figure(let misuse): misuse.commit()
    }
  }
}

#if os(macOS) || os(Linux)
  @Suite("Misuse of operations")
  struct MisuseTests {
    @Test("traps with the operation's name and what is wrong", arguments: Misuse.all)
    func trap(misuse: Misuse) async throws {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        [misuse = misuse as Misuse] in
        try misuse.commit()
      }
      let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(message.contains(misuse.message), "\(message)")
    }
  }
#endif
