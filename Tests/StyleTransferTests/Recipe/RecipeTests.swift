import Foundation
import ImpastoPlatform
import NN
import TestSupport
import Testing

@testable import StyleTransfer

@Suite("Recipe")
struct RecipeTests {
  private static func changes(_ set: (inout RecipeChanges) -> Void) -> RecipeChanges {
    var changes = RecipeChanges()
    (changes.content, changes.styles) = ("a.jpg", ["b.jpg"])
    set(&changes)
    return changes
  }

  @Test("every preset is complete, and survives JSON", arguments: Preset.transfer)
  func presets(_ preset: Preset) throws {
    let recipe = try Recipe(.transfer, [Self.changes { $0.preset = preset.rawValue }])
    #expect(recipe.preset == preset)
    let again = try JSONDecoder().decode(Recipe.self, from: Data(recipe.json.utf8))
    #expect(again == recipe)
    #expect(recipe.json.contains(recipe.method.name == .lbfgs ? "\"frequency-filter\"" : "\"learning-rate\""))
  }

  @Test("later changes override earlier ones and the preset")
  func order() throws {
    let recipe = try Recipe(
      .transfer,
      [
        Self.changes { ($0.size, $0.seed, $0.balance) = (100, 1, 0.2) },
        Self.changes { ($0.size, $0.styleWeight) = (200, 3.0) },
      ])
    #expect(recipe.size == 200 && recipe.seed == 1)
    // A weight takes the place of the balance; the other weight is the preset's again.
    #expect(recipe.transfer?.weighing == .weights(content: 1, style: 3))
  }

  @Test("what goes with another choice is dropped with it")
  func dependents() throws {
    let recipe = try Recipe(
      .transfer, [Self.changes { $0.history = 3 }, Self.changes { $0.optimizer = .adam }])
    #expect(recipe.method == .adam(learningRate: Recipe.Defaults.learningRate))
    #expect(!recipe.json.contains("history") && !recipe.json.contains("frequency-filter"))
    let noisy = try Recipe(
      .transfer,
      [
        Self.changes { ($0.initial, $0.noiseAmplitude) = ("noise", 0.3) },
        Self.changes { $0.initial = "noise" },
      ])
    #expect(noisy.start == .noise(amplitude: Recipe.Defaults.noiseAmplitude))
  }

  @Test("a size after a list of sizes brings the preset's sizes back, and a list brings its own size")
  func sizes() throws {
    let list = try ScaleList(parsing: "64:2,90:3")
    let listed = try Recipe(.transfer, [Self.changes { $0.scales = list }])
    #expect(listed.size == 90 && listed.scales == .list(list))
    let sized = try Recipe(.transfer, [Self.changes { $0.scales = list }, Self.changes { $0.size = 200 }])
    #expect(sized.size == 200 && sized.scales == .pyramid(iterations: 50))
  }

  /// Settings as version 0.1.0 left them in its pictures.
  private static func oldSettings() throws -> [Substring] {
    try FixtureFile.text("recipes/settings-0.1.0.jsonl").split(separator: "\n")
  }

  /// Presets of then that are files of settings now.
  private static let retired = ["neural-style", "tutorial", "crowson"]

  @Test(
    "settings of every command and preset, as version 0.1.0 left them in its pictures, are read and written alike"
  )
  func oldPictures() throws {
    let lines = try Self.oldSettings()
    #expect(lines.count == 13)
    for line in lines {
      let recipe = try JSONDecoder().decode(Recipe.self, from: Data(line.utf8))
      // All that a table which is no preset now said stands in the picture's settings too.
      let kept = Self.retired.reduce(line) {
        $0.replacing("\"preset\":\"\($1)\"", with: "\"preset\":\"study\"")
      }
      #expect(recipe.json == kept)
    }
  }

  @Test("a table that was a preset is a file of settings, with the same recipe", arguments: retired)
  func retiredPresets(name: String) throws {
    let line = try #require(try Self.oldSettings().first { $0.contains("\"preset\":\"\(name)\"") })
    let old = try JSONDecoder().decode(Recipe.self, from: Data(line.utf8))
    // What is of the picture alone, and nothing that the table says.
    var own = try RecipeChanges(json: Data(line.utf8), source: "the picture")
    own.preset = nil
    (own.contentLayers, own.styleLayers, own.styleLoss) = (nil, nil, nil)
    (own.contentWeight, own.styleWeight, own.tvWeight) = (nil, nil, nil)
    (own.normalization, own.initial, own.noiseAmplitude, own.padding) = (nil, nil, nil, nil)
    (own.optimizer, own.learningRate, own.frequencyFilter) = (nil, nil, nil)
    let file = FixtureFile.packageRoot.appending(path: "Examples/Settings/\(name).json")
    let table = try RecipeChanges(contentsOf: file.path)
    #expect(try Recipe(.transfer, [table, own]) == old)
    let whole = try Recipe(.transfer, [table, Self.changes { _ in }])
    #expect(whole.scales == (name == "crowson" ? .pyramid(iterations: 100) : .single(iterations: 300)))
    #expect(whole.size == 512)
    // By its name it is not taken for another.
    #expect {
      try Recipe(.transfer, [Self.changes { $0.preset = name }])
    } throws: {
      "\($0)".contains("Examples/Settings/\(name).json")
    }
  }

  @Test("a picture keeps the names of files and their digests, but no folder")
  func withoutFolders() throws {
    var changes = RecipeChanges()
    (changes.content, changes.contentSHA256) = ("/home/me/secret/a.jpg", "12")
    (changes.styles, changes.styleSHA256) = (["../b/c.png", "d.png"], ["34", "56"])
    (changes.initial, changes.initSHA256) = ("e/f.png", "78")
    let recipe = try Recipe(.transfer, [changes]).withoutFolders
    let paths = [recipe.content?.picture.path] + (recipe.style?.pictures.map(\.path) ?? [])
    #expect(paths == ["a.jpg", "c.png", "d.png"])
    #expect(recipe.start == .picture(.file("f.png", sha256: "78")))
    #expect(!recipe.json.contains("/"))
    #expect(recipe.style?.pictures.map(\.sha256) == ["34", "56"])
  }

  @Test("no folder of a mask, of a region or of its part of a style is kept")
  func regionsWithoutFolders() {
    var recipe = Recipe.transfer(
      content: .file("/home/me/secret/a.jpg"), styles: [.file("../secret/b.png", sha256: "12")],
      preset: .study)
    recipe.transfer?.mask = .file("/home/me/secret/m.png", sha256: "34")
    recipe.transfer?.regions = [
      .init(.mask(.file("secret/r.png")), like: .file("/home/me/secret/s.png")), .init(.rest),
    ]
    let kept = recipe.withoutFolders
    #expect(kept.sources.map(\.path) == ["a.jpg", "b.png", "m.png", "r.png", "s.png"])
    #expect(!kept.json.contains("/") && !kept.json.contains("secret"))
  }

  @Test(
    "a picture that was read from a file is kept by its name alone, in every kind of file",
    arguments: PictureFixtures.writable)
  func picturesWithoutFolders(format: PictureFormat) throws {
    let content = try Picture(contentsOf: PictureFixtures.folder + "/rgb8.png")
    let settings = Recipe.reconstruction(of: .picture(content)).withoutFolders.json
    #expect(settings.contains("rgb8.png") && !settings.contains("/"))
    let file = try content.encoded(as: format, PictureEncoding(settings: settings))
    #expect(try Picture.settings(in: file, path: "made") == settings)
    #expect(!String(decoding: file, as: UTF8.self).contains(PictureFixtures.folder))
  }

  @Test(
    "a file that was moved or renamed is found by its digest, and one that was changed is not taken for it")
  func search() throws {
    try withTemporaryFolder { folder in
      let (here, deep) = (folder.appending(path: "here").path, folder.appending(path: "here/a/b").path)
      try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
      func write(_ text: String, _ path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }
      let digest = { (text: String) in
        var digest = SHA256()
        digest.update(Array(text.utf8))
        return digest.finish()
      }
      func found(_ path: String, _ text: String) throws -> String? {
        let source = PictureSource.file(path, sha256: digest(text))
        let recipe = try Recipe.reconstruction(of: source).findingFiles(in: [here])
        return recipe.content?.picture.path
      }
      try write("one", here + "/one.png")
      #expect(try found("elsewhere/one.png", "one") == here + "/one.png")
      try write("two", deep + "/two.png")
      let two = try found("two.png", "two").map { URL(filePath: $0).resolvingSymlinksInPath() }
      #expect(two == URL(filePath: deep + "/two.png").resolvingSymlinksInPath())
      try write("three", here + "/renamed.png")
      #expect(try found("three.png", "three") == here + "/renamed.png")
      // Another file of the name is left to be refused by its digest.
      #expect(try found("one.png", "changed") == here + "/one.png")
      let missing = #expect(throws: StyleTransferError.self) { try found("four.png", "four") }
      #expect(missing?.kind == .missingInput)
    }
  }

  @Test("a recipe that is set to nonsense is refused before any work")
  func checks() throws {
    let picture = Picture(width: 32, height: 32, colour: [Float](repeating: 0.5, count: 3 * 32 * 32))
    func refused(_ sentence: String, _ change: (inout Recipe) -> Void) {
      var recipe = Recipe.transfer(content: picture, styles: [picture], preset: .study)
      change(&recipe)
      let error = #expect(throws: RecipeError.self) { try PreparedRecipe(recipe) }
      #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
    }
    refused("--size -1: 0 or more is needed") { $0.size = -1 }
    refused("--style is missing") { $0.style?.pictures = [] }
    refused("2 numbers for 1 styles") { $0.style?.blend = [1, 2] }
    refused("--learning-rate 0.0") { $0.method = .adam(learningRate: 0) }
    refused("--history 0") { $0.method = .lbfgs(history: 0) }
    refused("--balance nan") { $0.transfer?.weighing = .balance(.nan) }
    refused("nothing to do") { $0.transfer?.weighing = .weights(content: 0, style: 0) }
    refused("--noise-amplitude 2.0") { $0.start = .noise(amplitude: 2) }
    refused("--iterations 0") { $0.scales = .single(iterations: 0) }
    refused("--quality 101") { $0.quality = 101 }
  }

  @Test(
    "the pyramid starts at 128 pixels or at the picture's own size and grows by √2",
    arguments: [64, 128, 200, 512, 2048])
  func pyramid(_ side: Int) throws {
    let scales = ScaleList.pyramid(side: side, iterations: 7).scales
    #expect(scales.last?.side == side)
    #expect(scales.allSatisfy { $0.iterations == 7 && $0.side >= min(side, ScaleList.firstSide) })
    for (small, large) in zip(scales, scales.dropFirst()) {
      #expect(abs(Double(large.side) / Double(small.side) - 2.0.squareRoot()) < 0.02)
    }
    #expect(scales[0].side < 2 * ScaleList.firstSide)
    let list = ScaleList(scales)
    #expect(try ScaleList(parsing: list.description) == list)
  }

  @Test(
    "a transfer below 1000 pixels has a pyramid of equal sizes; a print paints at 640 and finishes above it")
  func prints() throws {
    #expect(ScaleList.painting(side: 999, iterations: 50) == .pyramid(side: 999, iterations: 50))
    let print = ScaleList.painting(side: 2048, iterations: 50)
    #expect(print.description == "128:50,181:50,256:50,362:50,512:50,724:8,1024:8,1448:8,2048:8")
    #expect([512, 724, 2048].map(print.finishes) == [false, true, true])
    #expect(!ScaleList([.init(side: 2048, iterations: 50)]).finishes(2048))
    #expect(!ScaleList.pyramid(side: 999, iterations: 50).finishes(706))
    #expect(ScaleList.painting(side: 1024, iterations: 2).scales.allSatisfy { $0.iterations >= 1 })
  }

  @Test("the history follows the size of the picture, and the recipe says which it is")
  func history() throws {
    #expect(Recipe.Defaults.history(side: 2560) == 10 && Recipe.Defaults.history(side: 2561) == 3)
    let picture = Picture.random(width: 40, height: 33, maximum: 255, hasAlpha: false, seed: 1)
    for (side, own, expected) in [(64, nil, 10), (4096, nil, 3), (4096, 12, 12)] as [(Int, Int?, Int)] {
      var recipe = Recipe.transfer(content: picture, styles: [picture], preset: .study)
      recipe.size = side
      recipe.method = .lbfgs(history: own, frequencyFilter: false)
      let prepared = try PreparedRecipe(recipe)
      #expect(prepared.recipe.method == .lbfgs(history: expected, frequencyFilter: false))
      #expect(prepared.recipe.json.contains("\"history\":\(expected)"))
    }
  }

  @Test("an objective has settled when its last iterations bring less than a part of it")
  func settling() {
    let settling = Settling(window: 3, part: 0.1)
    #expect(settling.reason([10, 9, 8.95]) == nil)
    #expect(settling.reason([10, 5, 4.9, 4.8, 4.4]) == nil)
    #expect(
      settling.reason([10, 5, 4.9, 4.8, 4.6]) == "settled: 3 iterations lowered the objective by 8.0 %")
  }
}
