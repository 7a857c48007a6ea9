import Foundation
import NN
import Tensor
import TestSupport
import Testing

@testable import StyleTransfer

/// Textures that are held together: by the products of neighbouring layers, and by their source's spectrum.
@Suite("Structured textures")
struct StructuredTextureTests {
  private static func recipe(
    statistic: StyleStatistic = .gram, spectrum: Double = 0, alpha: [Float]? = nil, layers: [Int] = [1, 3],
    width: Int? = nil, tileable: Bool = false
  ) throws -> Recipe {
    var recipe = Recipe.smallTexture(
      striped: true, alpha: alpha, statistic: statistic, layers: layers, scales: .single(iterations: 12),
      width: width
    ) { texture in
      texture.spectrumWeight = spectrum
      texture.isTileable = tileable
    }
    if tileable { recipe.padding = .circular }
    return recipe
  }

  @Test(
    "the objective falls, to the same bytes on any number of threads",
    arguments: [(StyleStatistic.crossLayer, 0.0), (.gram, 4), (.crossLayer, 4), (.correspondence, 0)])
  func painting(statistic: StyleStatistic, spectrum: Double) throws {
    let runs = try [1, 3].map { threads in
      try withThreadCount(threads) {
        var painting = try Painting(
          Self.recipe(statistic: statistic, spectrum: spectrum), network: VGG19.cached())
        return try painting.rest()
      }
    }
    #expect(runs[0].iterations == runs[1].iterations && runs[0].picture == runs[1].picture)
    let (first, last) = (runs[0].iterations[0], runs[0].iterations[12])
    // A few steps from grey noise.
    #expect(last.total < 0.9 * first.total)
    #expect((first.spectrum != nil) == (spectrum > 0))
    if let before = first.spectrum, let after = last.spectrum { #expect(after < 0.9 * before) }
  }

  @Test("a texture of another size, and a tile, have the spectrum as well", arguments: [false, true])
  func sizes(tileable: Bool) throws {
    var painting = try Painting(
      Self.recipe(spectrum: 100, width: 64, tileable: tileable), network: VGG19.cached())
    let (iterations, picture) = try painting.rest()
    #expect(picture.width == 64)
    let values = try iterations.map { try #require($0.spectrum) }
    // A weight that leaves the style little to say.
    #expect(values[12] < 0.7 * values[0])
  }

  @Test(
    "one that was stopped goes on to the same bytes",
    arguments: [StyleStatistic.crossLayer, .sliced, .correspondence])
  func resumed(_ statistic: StyleStatistic) throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "state").path
      let recipe = try Self.recipe(statistic: statistic, spectrum: 2)
      var painting = try Painting(recipe, network: VGG19.cached())
      let expected = try painting.rest().picture
      painting = try Painting(recipe, network: VGG19.cached())
      for _ in 0..<5 { _ = try painting.next() }
      try painting.checkpoint(to: file)
      painting = try Painting(resuming: file, network: VGG19.cached())
      #expect(try painting.rest().picture == expected)
    }
  }

  @Test("the settings come back from a file, and a recipe without a spectrum does not name it")
  func settings() throws {
    func json(_ recipe: Recipe) throws -> String {
      String(decoding: try JSONEncoder().encode(recipe), as: UTF8.self)
    }
    let made = try Recipe(
      .texture,
      [
        RecipeChanges(
          json: Data(#"{"style": ["a.png"], "style-loss": "cross-layer", "spectrum-weight": 3.5}"#.utf8),
          source: "it")
      ])
    #expect(made.texture?.spectrumWeight == 3.5 && made.style?.statistic == .crossLayer)
    let written = try json(made)
    #expect(written.contains(#""spectrum-weight":3.5"#) && written.contains(#""style-loss":"cross-layer""#))
    #expect(try JSONDecoder().decode(Recipe.self, from: Data(written.utf8)) == made)
    #expect(
      try !json(Recipe(.texture, [RecipeChanges(json: Data(#"{"style": ["a.png"]}"#.utf8), source: "it")]))
        .contains("spectrum"))
  }

  @Test(
    "values that cannot be are refused in a sentence",
    arguments: [
      (
        #"{"style": ["a"], "spectrum-weight": -1}"#, "--spectrum-weight -1.0: a number of 0 or more is needed"
      ),
      (
        #"{"style": ["a"], "style-loss": "cross-layer", "style-layers": "conv_3"}"#,
        "--style-loss cross-layer compares each layer with the next, and --style-layers conv_3 is one; give two"
      ),
    ])
  func wrong(json: String, message: String) throws {
    #expect {
      _ = try Recipe(.texture, [RecipeChanges(json: Data(json.utf8), source: "it")])
    } throws: { "\($0)" == message }
    #expect {
      let changes = try RecipeChanges(
        json: Data(#"{"content": "c", "style": ["a"], "spectrum-weight": 1}"#.utf8), source: "it")
      _ = try Recipe(.transfer, [changes])
    } throws: { "\($0)" == "--spectrum-weight does not go with 'transfer'; leave it out" }
  }

  @Test("patches have layers of their own, unless others are asked for, now or before")
  func patchLayers() throws {
    func layers(_ changes: String...) throws -> String {
      try Recipe(
        .texture, changes.map { try RecipeChanges(json: Data($0.utf8), source: "it") }
      ).style!.layers.description
    }
    let own = #"{"style": ["a"], "style-loss": "correspondence"}"#
    #expect(try layers(own) == "relu_3,relu_5,relu_9")
    #expect(try layers(#"{"style": ["a"]}"#, #"{"style-loss": "correspondence"}"#) == "relu_3,relu_5,relu_9")
    #expect(
      try layers(#"{"style": ["a"], "style-layers": "relu_2,relu_4"}"#, #"{"style-loss": "correspondence"}"#)
        == "relu_2,relu_4")
    #expect(
      try layers(#"{"style": ["a"], "style-loss": "correspondence", "style-layers": "conv_3"}"#) == "conv_3")
  }

  @Test("who goes by statistics alone is told of a source that repeats itself, and nobody else")
  func repetition() throws {
    func note(_ recipe: Recipe) throws -> String? { try PreparedRecipe(recipe).repetitionNote }
    let told = try #require(try note(Self.recipe()))
    #expect(told.hasPrefix("The source repeats itself (0.") && told.contains("--spectrum-weight 1"))
    #expect(try note(Self.recipe(spectrum: 1)) == nil)
    #expect(try note(Self.recipe(statistic: .correspondence)) == nil)
    #expect(try note(.smallTexture(statistic: .gram, scales: .single(iterations: 1))) == nil)
  }

  @Test("cross-layer is planned in one piece, and refuses transparent pictures; a spectrum needs some memory")
  func plan() throws {
    let prepared = try PreparedRecipe(Self.recipe(statistic: .crossLayer))
    let plan = RunPlan(prepared, memoryLimit: ByteCount(30e6))
    #expect(plan.strips == [.none])
    #expect {
      try plan.checkMemory()
    } throws: {
      "\($0)".contains(
        "since --style-loss cross-layer compares layers with each other and cannot be run in strips")
    }
    let transparent = try Self.recipe(statistic: .crossLayer, alpha: Array(repeating: 0.5, count: 40 * 32))
    #expect { _ = try PreparedRecipe(transparent) } throws: {
      "\($0)".hasPrefix(
        "--style-loss cross-layer compares layers with each other and knows no --mask, no --region")
    }
    let correspondence = try PreparedRecipe(Self.recipe(statistic: .correspondence))
    #expect {
      try RunPlan(correspondence, memoryLimit: ByteCount(30e6)).checkMemory()
    } throws: {
      "\($0)".contains(
        "since --style-loss correspondence finds patches among all others and cannot be run in strips")
    }
    let (with, without) = (
      RunPlan(try PreparedRecipe(Self.recipe(spectrum: 1))), RunPlan(try PreparedRecipe(Self.recipe()))
    )
    #expect(with.memory.peak.bytes > without.memory.peak.bytes)
    let spectral = try PreparedRecipe(Self.recipe(spectrum: 1))
    #expect(RunShape(spectral, spectral.stages[0]).allowsStrips)
    #expect(!RunShape(prepared, prepared.stages[0]).allowsStrips)
  }
}
