import NN
import TestSupport
import Testing

@testable import StyleTransfer

@Suite("Enlarged styles")
struct EnlargementTests {
  @Test(
    "a style that is looked at several times as large as it is gets a warning with both sizes",
    arguments: [1, 4])
  func warning(times: Int) throws {
    let style = Picture(
      width: 20, height: 16,
      colour: DeterministicValues(seed: 1).uniform(3 * 20 * 16, in: 0...1).map { Float($0) })
    var recipe = Recipe.texture(after: style)
    recipe.size = 20 * times
    let notes = try PreparedRecipe(recipe).enlargementNotes
    if times == 1 {
      #expect(notes.isEmpty)
    } else {
      #expect(notes.count == 1)
      #expect(notes.first?.contains("20×16") == true && notes.first?.contains("80×64") == true)
    }
  }
}
