import Foundation
import StyleTransfer
import TestSupport
import Testing

/// Paintings on the real network, at small sizes, as another program uses them.
@Suite("Painting")
struct PaintingTests {
  private static func example(_ name: String) throws -> Picture {
    try Picture(contentsOf: FixtureFile.packageRoot.appending(path: "Examples/Images/\(name)").path)
  }

  private static func recipe(_ method: Recipe.Method = .lbfgs()) throws -> Recipe {
    var recipe = Recipe.transfer(
      content: try example("castle.jpg"), styles: [try example("starry_night.jpg")], preset: .study)
    recipe.scales = .list(ScaleList([.init(side: 32, iterations: 3), .init(side: 48, iterations: 4)]))
    recipe.size = 48
    recipe.method = method
    return recipe
  }

  private static func network() throws -> VGG19 { try VGG19.cached() }

  /// The picture after all iterations.
  private static func whole(_ recipe: Recipe) throws -> Picture {
    var painting = try Painting(recipe, network: network())
    while try painting.next() != nil {}
    #expect(painting.ending == .completed)
    return painting.picture
  }

  @Test(
    "iterations are pulled one by one over all sizes, and the objective falls",
    arguments: [Recipe.Method.lbfgs(), .adam()])
  func pull(_ method: Recipe.Method) throws {
    var painting = try Painting(Self.recipe(method), network: Self.network())
    var iterations: [Iteration] = []
    while let iteration = try painting.next() { iterations.append(iteration) }
    #expect(iterations.map(\.number) == [0, 1, 2, 3, 3, 4, 5, 6, 7])
    #expect(iterations.map(\.side) == [32, 32, 32, 32, 48, 48, 48, 48, 48])
    for side in [32, 48] {
      let own = iterations.filter { $0.side == side }
      #expect(own[own.count - 1].total < own[0].total)
    }
    #expect(zip(iterations, iterations.dropFirst()).allSatisfy { $0.evaluations < $1.evaluations })
    #expect(painting.ending == .completed)
    #expect(try painting.next() == nil)
  }

  @Test(
    "there is a picture of the finished size at any moment, and it is the start before the first iteration")
  func pictureAtAnyMoment() throws {
    var recipe = try Self.recipe()
    recipe.start = .content
    recipe.scales = .single(iterations: 2)
    var painting = try Painting(recipe, network: Self.network())
    #expect(painting.iteration == nil && painting.ending == nil)
    let content = try Self.example("castle.jpg").resized(longestSide: 48)
    let start = painting.picture
    #expect((start.width, start.height) == (content.width, content.height))
    // What Lanczos' filter overshoots is cut off at the start.
    #expect(zip(start.colour, content.colour).allSatisfy { $0 == min(max($1, 0), 1) })
    _ = try painting.next()
    #expect(painting.picture == start)
    _ = try painting.next()
    #expect(painting.iteration?.number == 1)
    #expect(painting.picture != start)
  }

  @Test(
    "stopped inside a step, wherever that is, it loses that iteration alone and goes on to the same bytes",
    arguments: [Recipe.Method.lbfgs(), .adam()])
  func stopping(_ method: Recipe.Method) throws {
    let recipe = try Self.recipe(method)
    let expected = try Self.whole(recipe)
    var painting = try Painting(recipe, network: Self.network())
    var (asked, stops) = (0, 0)
    while painting.ending != .completed {
      let before = (painting.iteration, painting.picture)
      // Now between evaluations of one step, now at the start of one.
      let iteration = try painting.next {
        asked += 1
        return [2, 3, 5, 8, 13, 14, 21].contains(asked)
      }
      if iteration == nil, painting.ending == .stopped {
        stops += 1
        #expect(painting.iteration?.number == before.0?.number)
        #expect(painting.picture == before.1)
      }
    }
    #expect(stops > 3)
    #expect(painting.picture == expected)
  }

  @Test("a copy is a place to come back to, and both go on from there to the same picture")
  func copies() throws {
    var painting = try Painting(Self.recipe(), network: Self.network())
    for _ in 0..<3 { _ = try painting.next() }
    var copy = painting
    let there = copy.picture
    while try painting.next() != nil {}
    #expect(copy.picture == there && painting.picture != there)
    while try copy.next() != nil {}
    #expect(copy.picture == painting.picture)
  }

  @Test("it goes on in another task, and an actor shares it between several")
  func otherTasks() async throws {
    let recipe = try Self.recipe()
    let painting = try Painting(recipe, network: Self.network())
    let expected = try Self.whole(recipe)
    let made = try await Task.detached {
      var painting = painting
      while try painting.next() != nil {}
      return painting.picture
    }.value
    #expect(made == expected)

    actor Easel {
      var painting: Painting
      init(_ painting: Painting) { self.painting = painting }
      func step() throws -> Bool { try painting.next() != nil }
      var picture: Picture { painting.picture }
    }
    let easel = Easel(painting)
    async let first = easel.step()
    async let second = easel.step()
    #expect(try await first)
    #expect(try await second)
    while try await easel.step() { _ = await easel.picture }
    #expect(await easel.picture == expected)
  }

  @Test("a recipe that ends after an iteration makes the picture that a painting has there")
  func cutShort() throws {
    var recipe = try Self.recipe()
    var painting = try Painting(recipe, network: Self.network())
    while let iteration = try painting.next(), iteration.number < 5 {}
    recipe.stoppedAtIteration = 5
    var again = try Painting(recipe, network: Self.network())
    while try again.next() != nil {}
    #expect(again.ending == .cutShort && again.iteration?.number == 5)
    #expect(again.picture == painting.picture)
  }

  @Test("what cannot be painted is refused before any work")
  func refusals() throws {
    let network = try Self.network()
    var small = try Self.recipe()
    small.scales = .single(iterations: 1)
    small.size = 8
    let tooSmall = #expect(throws: StyleTransferError.self) { try Painting(small, network: network) }
    #expect(tooSmall?.kind == .badData && tooSmall?.description.contains("too small for conv_16") == true)
    let recipe = try Self.recipe()
    let tooMuch = #expect(throws: StyleTransferError.self) {
      try Painting(recipe, network: network, memoryLimit: ByteCount(50e6))
    }
    #expect(tooMuch?.description.contains("this run needs about") == true)
    var other = recipe
    other.weightsSHA256 = String(repeating: "0", count: 64)
    let weights = #expect(throws: StyleTransferError.self) { try Painting(other, network: network) }
    #expect(weights?.description.contains("are not those that were used") == true)
    var missing = recipe
    missing.start = .picture(.file("nowhere.png"))
    #expect(throws: PictureError.missing(path: "nowhere.png")) { try Painting(missing, network: network) }
  }

  @Test("the file holds the recipe, which makes the picture again, unless it is left out")
  func metadata() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "out.png").path
      var recipe = try Self.recipe()
      recipe.stoppedAtIteration = 2
      var painting = try Painting(recipe, network: Self.network())
      while try painting.next() != nil {}
      try painting.write(to: path)
      let text = try #require(try Picture.settings(ofFileAt: path))
      #expect(text.contains("\"stopped-at-iteration\":2") && text.contains("\"content\":\"castle.jpg\""))
      #expect(!text.contains("metadata"))
      recipe.keepsMetadata = false
      painting = try Painting(recipe, network: Self.network())
      while try painting.next() != nil {}
      try painting.write(to: path)
      #expect(try Picture.settings(ofFileAt: path) == nil)
    }
  }

  @Test("a cost tells each size, the time and the memory, as values and as a table")
  func cost() throws {
    let cost = try Painting(Self.recipe(), network: Self.network()).cost
    #expect(cost.stages.map(\.iterations) == [3, 4])
    #expect(cost.stages.map(\.width) == [32, 48])
    #expect(cost.stages.allSatisfy { $0.operations > $0.operationsPerEvaluation && $0.seconds > 0 })
    #expect(cost.peakMemory > 50e6 && cost.memory.reduce(0) { $0 + $1.bytes } == cost.peakMemory)
    for text in ["48×32 ", "operations per evaluation", "time: about ", "peak memory: about "] {
      #expect("\(cost)".contains(text))
    }
  }

  @Test("a texture and a reconstruction are recipes of their own, and a preset is one for given pictures")
  func otherRecipes() throws {
    let picture = try Self.example("starry_night.jpg")
    var texture = Recipe.texture(after: picture, width: 40, height: 32)
    // What measured best on ten textures.
    #expect(texture.style?.statistic == .wasserstein && texture.texture?.spectrumWeight == 0)
    #expect(texture.padding == .reflect)
    texture.scales = .single(iterations: 1)
    #expect((try Self.whole(texture)).height == 32)
    var reconstruction = Recipe.reconstruction(of: picture, layers: try LayerList(parsing: "conv_2"))
    reconstruction.size = 32
    reconstruction.scales = .single(iterations: 1)
    #expect((try Self.whole(reconstruction)).width == 32)
    let painterly = Recipe.preset(.painterly, content: picture, styles: [picture])
    #expect(painterly.style?.statistic == .wasserstein)
  }
}
