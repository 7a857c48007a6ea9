import Foundation
import TestSupport
import Testing

extension Misuse {
  /// Those of all operations.
  static let all = joined(
    shapes, indexing, elements, windows, matrices, figures, compositions, products)
}

#if os(macOS) || os(Linux)
  @Suite("Misuse of operations")
  struct MisuseTests {
    @Test("traps with the operation's name, and what is wrong", arguments: Misuse.all)
    func trap(misuse: Misuse) async throws {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        [number = misuse.number as Int] in
        try Misuse.all[number].commit()
      }
      let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(misuse.explains(message), "\(message)")
    }
  }
#endif
