import Testing

@testable import StyleTransfer

@Suite("Recipe: the content's profile")
struct KeptProfileTests {
  private func recipe(_ name: String) throws -> Recipe {
    let style = Picture.random(width: 16, height: 16, maximum: 255, hasAlpha: false, seed: 2)
    var recipe = Recipe.transfer(
      content: .file("\(FileColourTests.folder)/\(name)"), styles: [.picture(style)], preset: .study)
    recipe.content?.layers = try LayerList(parsing: "conv_1")
    recipe.style?.layers = try LayerList(parsing: "conv_1")
    recipe.scales = .single(iterations: 1)
    recipe.size = 8
    recipe.keepsProfile = true
    return recipe
  }

  @Test("it is kept where it is asked for, and only there")
  func kept() throws {
    var recipe = try recipe("p3.png")
    let profile = try #require(Picture(contentsOf: "\(FileColourTests.folder)/p3.png").colours?.profile)
    #expect(try PreparedRecipe(recipe).pictures.keptColours?.profile == profile)
    recipe.keepsProfile = false
    #expect(try PreparedRecipe(recipe).pictures.keptColours == nil)
    #expect(try PreparedRecipe(self.recipe("srgb.png")).pictures.keptColours == nil)
  }

  @Test("one of grey cannot be, which is said before the work")
  func refused() throws {
    let recipe = try recipe("grey_dot_gain.jpg")
    let error = #expect(throws: StyleTransferError.self) { try PreparedRecipe(recipe) }
    #expect(error?.description.contains("--keep-profile") == true)
    #expect(error?.description.contains("grey_dot_gain.jpg") == true)
  }

  @Test("it is a setting like others")
  func setting() throws {
    let json = try recipe("p3.png").json
    #expect(json.contains(#""keep-profile":true"#))
    var other = try recipe("p3.png")
    other.keepsProfile = false
    #expect(!other.json.contains("keep-profile"))
    let error = #expect(throws: RecipeError.self) {
      var changes = RecipeChanges()
      (changes.styles, changes.keepProfile) = (["a.png"], true)
      _ = try Recipe(.texture, [changes])
    }
    #expect(error?.description.contains("--keep-profile") == true)
  }
}
