import Foundation
import TestSupport
import Testing

@testable import StyleTransfer

@Suite("Regions in a recipe")
struct RegionRecipeTests {
  private static func recipe(_ set: (inout RecipeChanges) -> Void) throws -> Recipe {
    var changes = RecipeChanges()
    (changes.content, changes.styles) = ("a.jpg", ["b.jpg"])
    set(&changes)
    return try Recipe(.transfer, [changes])
  }

  private static func refusal(_ set: (inout RecipeChanges) -> Void) -> String? {
    do {
      _ = try recipe(set)
      return nil
    } catch { return "\(error)" }
  }

  @Test("masks, regions and kept shapes survive JSON, with digests and odd names")
  func coding() throws {
    let recipe = try Self.recipe {
      ($0.mask, $0.maskSHA256) = ("m.png", "11")
      $0.regions = ["c\\:\\:\\\\d.png", "x.png:y.png", "rest:z.png"]
      $0.regionSHA256 = ["22", "33", "44", "55"]
      $0.keepShapes = 0.25
    }
    let transfer = try #require(recipe.transfer)
    #expect(transfer.mask == .file("m.png", sha256: "11"))
    #expect(transfer.regions[0] == .init(.mask(.file("c::\\d.png", sha256: "22"))))
    #expect(
      transfer.regions[1] == .init(.mask(.file("x.png", sha256: "33")), like: .file("y.png", sha256: "44")))
    #expect(transfer.regions[2] == .init(.rest, like: .file("z.png", sha256: "55")))
    #expect(transfer.shapeKeeping == 0.25)
    #expect(try JSONDecoder().decode(Recipe.self, from: Data(recipe.json.utf8)) == recipe)
    #expect(
      recipe.sources.compactMap(\.path) == [
        "a.jpg", "b.jpg", "m.png", "c::\\d.png", "x.png", "y.png", "z.png",
      ])
    let plain = try Self.recipe { _ in }
    #expect(!["mask", "region", "keep-shapes"].contains { plain.json.contains($0) })
  }

  @Test(
    "a preset keeps shapes where its settings say so, and not where the content has no weight"
  )
  func presetKeepsShapes() throws {
    let kept = Preset.painterly.shapeKeeping
    #expect(kept > 0)
    let recipe = try Self.recipe { $0.preset = "painterly" }
    #expect(recipe.transfer?.shapeKeeping == kept)
    var recorded = recipe
    recorded.weightsSHA256 = "11"
    for made in [recipe, recorded] {
      #expect(
        try JSONDecoder().decode(Recipe.self, from: Data(made.json.utf8)).transfer?.shapeKeeping == kept)
    }
    let none = try Self.recipe { ($0.preset, $0.keepShapes) = ("painterly", 0) }
    #expect(try JSONDecoder().decode(Recipe.self, from: Data(none.json.utf8)).transfer?.shapeKeeping == 0)
    let before = try Self.recipe { ($0.preset, $0.weightsSHA256) = ("painterly", "11") }
    #expect(before.transfer?.shapeKeeping == 0)
    for balance in [nil, 1.0] {
      let styleAlone = try Self.recipe {
        ($0.preset, $0.balance, $0.contentWeight) = ("painterly", balance, balance == nil ? 0 : nil)
      }
      #expect(styleAlone.transfer?.shapeKeeping == 0)
    }
  }

  @Test("another mask has no digest of the old one, and an empty name takes it away")
  func changing() throws {
    var made = RecipeChanges()
    (made.content, made.styles, made.mask, made.maskSHA256) = ("a.jpg", ["b.jpg"], "m.png", "11")
    (made.regions, made.regionSHA256) = (["x.png"], ["22"])
    var other = RecipeChanges()
    (other.mask, other.regions) = ("n.png", ["y.png"])
    let changed = try Recipe(.transfer, [made, other])
    #expect(changed.transfer?.mask == .file("n.png"))
    #expect(changed.transfer?.regions == [.init(.mask(.file("y.png")))])
    (other.mask, other.regions) = ("", [])
    let none = try Recipe(.transfer, [made, other])
    #expect(none.transfer?.mask == nil && none.transfer?.regions.isEmpty == true)
    let set = try RecipeChanges(assignments: ["mask=", "keep-shapes=0.5"])
    #expect(set.mask?.isEmpty == true && set.keepShapes == 0.5)
    #expect(throws: RecipeError.self) { try RecipeChanges(assignments: ["mask-sha256=aa"]) }
  }

  @Test("regions that do not go with the styles, and texts that are none, are refused")
  func refusals() throws {
    let counts = try #require(
      Self.refusal { ($0.styles, $0.regions) = (["b.jpg", "c.jpg"], ["x.png", "y.png", "z.png"]) })
    #expect(counts.contains("3 times for 2 styles"))
    #expect(Self.refusal { ($0.styles, $0.regions) = (["b.jpg", "c.jpg"], ["x.png"]) } != nil)
    #expect(Self.refusal { $0.regions = ["x.png", "y.png", "rest"] } == nil)
    #expect(
      Self.refusal { ($0.styles, $0.regions) = ([], ["x.png"]) }?.contains("--style is missing") == true)
    for text in ["", ":y.png", "x.png:", "a:b:c", "x\\"] {
      #expect(Self.refusal { $0.regions = [text] }?.contains("CONTENT-MASK:STYLE-MASK") == true, "\(text)")
    }
    #expect(Self.refusal { $0.regions = ["rest", "rest:y.png"] }?.contains("rest") == true)
    #expect(
      Self.refusal { ($0.regions, $0.regionSHA256) = (["x.png:y.png"], ["1"]) }?.contains("digests") == true)
    for value in [-0.1, 1.5, .nan] {
      #expect(Self.refusal { $0.keepShapes = value }?.contains("--keep-shapes") == true)
    }
    #expect(
      Self.refusal { ($0.keepShapes, $0.balance) = (0.5, 1) }?.contains("content has no weight") == true)
    for kind in [Recipe.Kind.texture, .reconstruct] {
      var changes = RecipeChanges()
      if kind == .texture { changes.styles = ["b.jpg"] } else { changes.content = "a.jpg" }
      changes.mask = "m.png"
      #expect(throws: RecipeError.self) { try Recipe(kind, [changes]) }
    }
  }
}
