import Foundation
import NN
import Tensor
import TestSupport
import Testing

@testable import StyleTransfer

/// Paintings of nearest neighbours, on the real network, at small sizes.
@Suite("Neighbours")
struct NeighbourPaintingTests {
  private static func example(_ name: String) -> PictureSource {
    .file(FixtureFile.packageRoot.appending(path: "Examples/Images/\(name)").path)
  }

  private static func recipe(_ change: (inout Recipe) -> Void = { _ in }) -> Recipe {
    var recipe = Recipe.transfer(
      content: example("castle.jpg"), styles: [example("starry_night.jpg")], preset: .brush)
    recipe.scales = .list(ScaleList([.init(side: 48, iterations: 2), .init(side: 64, iterations: 6)]))
    recipe.size = 64
    recipe.stopsWhenSettled = false
    change(&recipe)
    return recipe
  }

  private static let network = try! VGG19.cached()

  private static func painted(_ recipe: Recipe) throws -> Picture {
    var painting = try Painting(recipe, network: network)
    return try painting.rest().picture
  }

  @Test(
    "a painting of neighbours has the same bytes for any number of threads",
    arguments: [Recipe.Method.pyramid(), .lbfgs(history: 3)])
  func threads(method: Recipe.Method) throws {
    let recipe = Self.recipe { $0.method = method }
    let pictures = try [1, 2].map { try withThreadCount($0) { try Self.painted(recipe) } }
    #expect(pictures[0] == pictures[1])
  }

  @Test(
    "a painting of neighbours lowers its loss, and goes on from a file after any iteration to the same bytes")
  func checkpoints() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "state").path
      var whole = try Painting(Self.recipe(), network: Self.network)
      let expected = try whole.rest()
      #expect(expected.iterations.map(\.number) == [0, 1, 2, 2, 3, 4, 5, 6, 7, 8])
      // The last third has fresh neighbours, whose loss is another.
      #expect(expected.iterations[7].total < expected.iterations[3].total)
      #expect(expected.iterations[9].total < expected.iterations[8].total)
      var painting = try Painting(Self.recipe(), network: Self.network)
      for done in 0...expected.iterations.count {
        try painting.checkpoint(to: file)
        var resumed = try Painting(resuming: file, network: Self.network)
        let found = try resumed.rest()
        #expect(found.iterations == Array(expected.iterations[done...]))
        #expect(found.picture == expected.picture)
        if done < expected.iterations.count { _ = try painting.next() }
      }
    }
  }

  @Test("alpha, turned styles and the seed change the picture as they should")
  func settings() throws {
    let plain = try Self.painted(Self.recipe())
    #expect(try Self.painted(Self.recipe { $0.style?.neighbours?.alpha = 0 }) != plain)
    #expect(try Self.painted(Self.recipe { $0.style?.neighbours?.turnsStyles = true }) != plain)
    // At this size all places are looked at: there is nothing to draw.
    #expect(try Self.painted(Self.recipe { $0.seed = 7 }) == plain)
  }

  @Test("the settings of neighbours come back from JSON, and from flags in any order")
  func coding() throws {
    let recipe = Self.recipe {
      $0.style?.neighbours = .init(alpha: 0.5, turnsStyles: true)
      $0.method = .pyramid(learningRate: 0.01)
    }
    let back = try JSONDecoder().decode(Recipe.self, from: Data(recipe.json.utf8))
    #expect(back == recipe)
    var changes = RecipeChanges()
    (changes.content, changes.styles) = ("a.jpg", ["b.jpg"])
    changes.styleLoss = .neighbours
    let neighbours = try Recipe(.transfer, [changes]).style?.neighbours
    #expect(neighbours == Recipe.Neighbours())
    changes.preset = "brush"
    changes.styleLoss = .statistic(.gram)
    #expect(try Recipe(.transfer, [changes]).style?.neighbours == nil)
  }

  @Test("what neighbours cannot be found with is refused with a remedy")
  func refusals() {
    func refusal(_ kind: Recipe.Kind = .transfer, _ change: (inout RecipeChanges) -> Void) -> String? {
      var changes = RecipeChanges()
      if kind == .transfer { changes.content = "a.jpg" }
      changes.styles = ["b.jpg", "c.jpg"]
      change(&changes)
      do {
        _ = try Recipe(kind, [changes])
        return nil
      } catch { return "\(error)" }
    }
    #expect(
      refusal { $0.alpha = 0.5 } == "--alpha goes with --style-loss neighbours only")
    #expect(
      refusal { $0.styleRotations = true } == "--style-rotations goes with --style-loss neighbours only")
    #expect(
      refusal { ($0.styleLoss, $0.alpha) = (.neighbours, 1.5) }?.contains(
        "--alpha 1.5: a number from 0 (photograph) to 1 (painting) is needed") == true)
    #expect(
      refusal(.texture) { $0.styleLoss = .neighbours }?.contains(
        "no content to find neighbours of; choose gram, wasserstein, covariance or moments, or sliced, cross-layer or "
          + "correspondence, which hold textures together best")
        == true)
    #expect(
      refusal { ($0.styleLoss, $0.styleBlend) = (.neighbours, [3, 7]) }?.contains("leave --style-blend out")
        == true)
    #expect(refusal { ($0.styleLoss, $0.styleBlend) = (.neighbours, [1, 1]) } == nil)
  }

  @Test("plain parts of a photograph are painted with strokes, and are not strewn with dots")
  func plainParts() throws {
    let side = 64
    // Sky: darker to the bottom and to the right.
    let sky = (0..<side * side).map { (x: Float($0 % side), y: Float($0 / side)) }
    let photograph = Picture(
      width: side, height: side,
      colour: sky.map { (40 + 0.2 * $0.y) / 255 } + sky.map { (80 + 0.3 * $0.y) / 255 }
        + sky.map { (170 - 0.1 * $0.x) / 255 })
    let picture = try Self.painted(
      Self.recipe {
        $0.content?.picture = .picture(photograph)
        // As large as in a picture of 256 pixels.
        $0.style?.scale = 4
        $0.scales = .list(ScaleList([.init(side: side, iterations: 30)]))
      })
    // What is brighter or darker than the pixels around it. Dots are few and far from the rest, as strokes are not.
    let brightness = (0..<side * side).map { pixel in
      (0..<3).reduce(0) { $0 + Double(picture.colour[$1 * side * side + pixel]) / 3 }
    }
    let details = (8..<side - 8).flatMap { y in
      (8..<side - 8).map { x in
        let around = (y - 2...y + 2).flatMap { row in (x - 2...x + 2).map { brightness[row * side + $0] } }
        return brightness[y * side + x] - around.reduce(0, +) / 25
      }
    }
    func moment(_ power: Int) -> Double {
      details.reduce(0) { sum, detail in sum + (0..<power).reduce(1) { product, _ in product * detail } }
        / Double(details.count)
    }
    // Of a normal distribution it is 3.
    #expect(moment(4) / (moment(2) * moment(2)) < 3)
  }

  @Test("masks keep the photograph and regions take their own styles")
  func regions() throws {
    let castle = try Picture(contentsOf: Self.example("castle.jpg").path!).resized(longestSide: 64)
    func half(_ isLeft: Bool) -> Picture {
      let plane = (0..<castle.width * castle.height).map { index -> Float in
        (index % castle.width < castle.width / 2) == isLeft ? 1 : 0
      }
      return Picture(width: castle.width, height: castle.height, colour: plane + plane + plane)
    }
    let masked = try Self.painted(
      Self.recipe {
        $0.content?.picture = .picture(castle)
        $0.transfer?.mask = .picture(half(true))
      })
    let right = (0..<castle.width * castle.height).filter { $0 % castle.width >= castle.width / 2 }
    #expect(right.allSatisfy { masked.colour[$0] == castle.colour[$0] })
    #expect(masked.colour != castle.colour)
    func painted(_ places: [Bool]) throws -> Picture {
      try Self.painted(
        Self.recipe {
          $0.content?.picture = .picture(castle)
          $0.style?.pictures = [Self.example("starry_night.jpg"), Self.example("cafe_terrace.jpg")]
          $0.transfer?.regions = places.map { .init(.mask(.picture(half($0)))) }
        })
    }
    #expect(try painted([true, false]) != painted([false, true]))
  }

  @Test("a guided picture follows its guide and is itself where there is nothing to smooth")
  func guided() {
    var generator = RandomGenerator(seed: 1)
    let guide = Tensor<Float>.uniform([1, 1, 20, 30], in: 0..<1, using: &generator)
    let lines = guide * Tensor(0.5) + Tensor(0.2)
    // Up to the softening of slopes where the guide is plain.
    #expect(Vectors.squaredDistance(lines.guided(by: guide, radius: 3, plain: 1e-9), lines) < 1e-8)
    let even = Tensor<Float>(repeating: 0.5, shape: guide.shape)
    let noise = Tensor<Float>.uniform([1, 1, 20, 30], in: 0..<1, using: &generator)
    let smooth = noise.guided(by: even, radius: 2, plain: 1e-3)
    #expect(smooth.variance(correction: 0).scalar < 0.2 * noise.variance(correction: 0).scalar)
    #expect(abs(smooth.mean().scalar - noise.mean().scalar) < 0.05)
  }
}
