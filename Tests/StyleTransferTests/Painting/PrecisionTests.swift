import Foundation
import NN
import TestSupport
import Testing

@testable import StyleTransfer

/// How exactly a painting computes.
@Suite("Precision")
struct PrecisionTests {
  private static func recipe(
    _ precision: Recipe.Precision, _ method: Recipe.Method = .lbfgs(history: 3)
  ) -> Recipe {
    func example(_ name: String) -> PictureSource {
      .file(FixtureFile.packageRoot.appending(path: "Examples/Images/\(name)").path)
    }
    var recipe = Recipe.transfer(
      content: example("castle.jpg"), styles: [example("starry_night.jpg")], preset: .study)
    recipe.scales = .list(ScaleList([.init(side: 32, iterations: 2), .init(side: 48, iterations: 12)]))
    recipe.size = 48
    recipe.method = method
    recipe.stopsWhenSettled = false
    recipe.precision = precision
    return recipe
  }

  private static func rest(_ painting: inout Painting) throws -> [Iteration] {
    var iterations: [Iteration] = []
    while var iteration = try painting.next() {
      iteration.seconds = 0
      iterations.append(iteration)
    }
    return iterations
  }

  @Test("a recipe names a precision other than full, and one that names none is full")
  func settings() throws {
    for precision in Recipe.Precision.allCases {
      let json = Self.recipe(precision).json
      #expect(json.contains("\"precision\":\"\(precision.rawValue)\"") == (precision != .full))
      #expect(try JSONDecoder().decode(Recipe.self, from: Data(json.utf8)).precision == precision)
    }
    let error = #expect(throws: RecipeError.self) {
      try RecipeChanges(json: Data(#"{"precision": "half"}"#.utf8), source: "a test")
    }
    #expect("\(error!)".contains("--precision half"))
  }

  @Test("without bfloat16 every precision is full, which is told and written into pictures")
  func fallback() {
    for precision in Recipe.Precision.allCases {
      #expect(precision.used(isFastAvailable: false) == .full)
      #expect(precision.used(isFastAvailable: true) == precision)
      let note = Self.recipe(precision).precisionNote(isFastAvailable: false)
      #expect((note == nil) == (precision == .full))
      if let note {
        #expect(note.contains("--precision \(precision.rawValue)") && note.contains("same as full"))
      }
      #expect(Self.recipe(precision).precisionNote(isFastAvailable: true) == nil)
    }
  }

  @Test("a picture names the precision that was used", arguments: Recipe.Precision.allCases)
  func recorded(precision: Recipe.Precision) throws {
    let prepared = try PreparedRecipe(Self.recipe(precision))
    #expect(prepared.recorded(weightsSHA256: "12").precision == precision.used)
  }

  @Test(
    "auto begins with the objective of full, and its gradient is another one",
    .enabled(if: VGG19.Precision.fast.isAvailable), arguments: [Recipe.Method.lbfgs(history: 3), .adam()])
  func auto(method: Recipe.Method) throws {
    var found: [Recipe.Precision: [Iteration]] = [:]
    for precision in Recipe.Precision.allCases {
      var painting = try Painting(Self.recipe(precision, method), network: .cached())
      found[precision] = try Self.rest(&painting)
      #expect(painting.ending == .completed)
    }
    let (full, fast, auto) = (found[.full]!, found[.fast]!, found[.auto]!)
    #expect(auto[0].total == full[0].total && fast[0].total != full[0].total)
    #expect(auto[2].total != full[2].total)
    #expect(auto.map(\.number) == full.map(\.number))
    #expect(auto.last!.total < 0.5 * auto[0].total)
  }

  @Test(
    "auto goes on from a file after any iteration, to the same bytes",
    .enabled(if: VGG19.Precision.fast.isAvailable), arguments: [Recipe.Method.lbfgs(history: 3), .adam()])
  func resumed(method: Recipe.Method) throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "state").path
      let recipe = Self.recipe(.auto, method)
      var whole = try Painting(recipe, network: .cached())
      let expected = try Self.rest(&whole)
      var painting = try Painting(recipe, network: .cached())
      for done in 0...expected.count {
        if done >= expected.count - 4 {
          try painting.checkpoint(to: file)
          var resumed = try Painting(resuming: file, network: .cached())
          let found = try Self.rest(&resumed)
          #expect(found == Array(expected[done...]))
          #expect(resumed.picture == whole.picture)
        }
        if done < expected.count { _ = try painting.next() }
      }
    }
  }

  @Test("a plan counts 9 numbers of each filter for either direction, in each precision")
  func plan() throws {
    func filters(_ precision: Recipe.Precision) throws -> Double {
      let plan = RunPlan(try PreparedRecipe(Self.recipe(precision)), memoryLimit: ByteCount(4e9))
      return plan.memory.parts.first { $0.name == "the network's filters" }!.bytes
    }
    // All filters to conv_16. The gradient of the first has columns for 16 colours.
    let first = 4.0 * 9 * 64 * (3 + 16)
    let others =
      2.0 * 4 * 9
      * Double(
        64 * 64 + 64 * 128 + 128 * 128 + 128 * 256 + 3 * 256 * 256 + 256 * 512 + 7 * 512 * 512)
    for precision in [Recipe.Precision.full, .auto, .fast] {
      let workspace = try filters(precision) - first - others
      #expect(workspace > 0 && workspace < 20e6)
    }
  }
}
