import Foundation
import TestSupport
import Testing

/// What the command line says of itself, word for word.
@Suite("Help")
struct HelpTests {
  static let commands = [
    "transfer", "texture", "reconstruct", "batch", "studio", "study", "rerun", "resume", "compare",
    "features", "weights",
  ]

  @Test(
    "the help is word for word what Tests/Fixtures/help holds; generate.sh there renews it",
    arguments: ["impasto"] + commands)
  func help(_ name: String) throws {
    try withTemporaryFolder { folder in
      let result = try Impasto.run((name == "impasto" ? [] : [name]) + ["--help"], in: folder)
      #expect(result.status == 0)
      #expect(result.errors == "")
      #expect(try result.output == FixtureFile.text("help/\(name).txt"))
    }
  }

  @Test("no line of any help is wider than a terminal of 80 columns, but a usage that cannot be broken")
  func width() throws {
    for name in ["impasto"] + Self.commands {
      for line in try FixtureFile.text("help/\(name).txt").split(separator: "\n")
      where !line.hasPrefix("USAGE: ") {
        #expect(line.count <= 80, "\(name): \(line)")
      }
    }
  }

  @Test("every command that the overview lists has its help here")
  func completeness() throws {
    let overview = try FixtureFile.text("help/impasto.txt")
    let list = try #require(overview.split(separator: "SUBCOMMANDS:\n").last).split(separator: "\n\n")[0]
    let names = list.split(separator: "\n").compactMap { line -> String? in
      // Names are indented by two columns, what goes on from a line above by more.
      line.hasPrefix("   ") ? nil : String(line.drop { $0 == " " }.prefix { $0 != " " })
    }
    #expect(names.sorted() == Self.commands.sorted())
  }

  /// A command line that is wrong, and all that is printed.
  struct Mistake: CustomTestStringConvertible, Sendable {
    let arguments: [String]
    let status: Int32
    let errors: String
    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let mistakes = [
    Mistake(
      arguments: ["transfer", "--content", "a.png", "-o", "out.png"], status: 64,
      errors: """
        Error: --style is missing: the picture whose style is taken
        Usage: impasto transfer <options>
          See 'impasto transfer --help' for more information.

        """),
    Mistake(
      arguments: ["texture", "--style", "a.png"], status: 64,
      errors: """
        Error: -o is missing: the picture to write
        Usage: impasto texture <options>
          See 'impasto texture --help' for more information.

        """),
    Mistake(
      arguments: ["study", "--content", "a.png", "--style", "a.png"], status: 64,
      errors: """
        Error: Missing expected argument '--out-dir <folder>'
        Help:  --out-dir <folder>  The folder to write to; it is made where there is none.
        Usage: impasto study --content <picture> --style <picture> --out-dir <folder> [--size <pixels>] [--quick] \
        [--only <parts>] [--quiet] [--plan] [--memory-limit <size>] [--weights <file>] [--threads <n>] \
        [--pixel-limit <n>]
          See 'impasto study --help' for more information.

        """),
    Mistake(
      arguments: ["transfer", "--content", "nowhere.png", "--style", "nowhere.png", "-o", "out.png"],
      status: 66,
      errors: "impasto: 'nowhere.png' does not exist; check the path\n"),
    Mistake(
      arguments: ["compare", "nowhere.png", "nowhere.png"], status: 66,
      errors: "impasto: 'nowhere.png' does not exist; check the path\n"),
    Mistake(
      arguments: [
        "reconstruct", "--content", Impasto.example("castle.jpg"), "-o", "no/where.png",
      ], status: 73,
      errors:
        "impasto: 'no/where.png' cannot be written, since the folder 'no' does not exist; create it first\n"),
  ]

  @Test("a mistake prints its sentence, what to do, and nothing else", arguments: mistakes)
  func mistake(_ mistake: Mistake) throws {
    try withTemporaryFolder { folder in
      let result = try Impasto.run(mistake.arguments, in: folder)
      #expect(result.status == mistake.status)
      #expect(result.output == "")
      #expect(result.errors == mistake.errors)
    }
  }
}
