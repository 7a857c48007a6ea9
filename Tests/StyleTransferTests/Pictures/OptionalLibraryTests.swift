import Testing

@testable import StyleTransfer

/// Right with the libraries and without them: `make test-bare` is a machine that has none.
@Suite("Optional libraries")
struct OptionalLibraryTests {
  @Test("one that is there says its version, one that is not has none", arguments: OptionalLibrary.allCases)
  func versions(library: OptionalLibrary) throws {
    guard library.isThere else {
      #expect(library.version == nil)
      return
    }
    let numbers = try #require(library.version).split(separator: ".", omittingEmptySubsequences: false)
    #expect(numbers.count >= 2 && numbers.allSatisfy { Int($0) != nil }, "\(numbers)")
    try library.require(for: "a file")
  }

  @Test(
    "one that is missing is an error with its name, what needs it and the command that installs it",
    arguments: OptionalLibrary.allCases)
  func missing(library: OptionalLibrary) {
    OptionalLibrary.$hidden.withValue([library]) {
      let error = #expect(throws: MissingLibrary.self) { try library.require(for: "this file") }
      let reason = error?.reason ?? ""
      #expect(reason.hasPrefix("\(library.name) is needed for this file and is not installed; install it: "))
      #expect(reason.hasSuffix(library.installation))
    }
  }
}
