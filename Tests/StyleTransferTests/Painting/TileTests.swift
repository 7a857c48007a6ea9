import NN
import Tensor
import TestSupport
import Testing

@testable import StyleTransfer

/// Textures whose edges meet.
@Suite("Tiles")
struct TileTests {
  private static func recipe(_ width: Int, _ height: Int, scales: [Int]) throws -> Recipe {
    let path = FixtureFile.packageRoot.appending(path: "Examples/Images/starry_night.jpg").path
    var recipe = Recipe.texture(
      after: try Picture(contentsOf: path).resized(longestSide: 96), width: width, height: height)
    recipe.texture?.isTileable = true
    recipe.padding = .circular
    // The fastest: what is asked here is the same for all.
    recipe.style?.statistic = .gram
    recipe.size = max(width, height)
    recipe.scales = .list(ScaleList(scales.map { .init(side: $0, iterations: 12) }))
    return recipe
  }

  @Test(
    "a tile has no seam, however many sizes it grew through and whatever its sides",
    arguments: [(64, 64, [64]), (64, 48, [32, 64]), (72, 56, [40, 56, 72])])
  func seams(width: Int, height: Int, scales: [Int]) throws {
    // A single line of some dozens of pixels differs by chance; several tiles together do not.
    var scores: [Double] = []
    for seed in 1...4 as ClosedRange<UInt64> {
      var recipe = try Self.recipe(width, height, scales: scales)
      recipe.seed = seed
      var painting = try Painting(recipe, network: VGG19.cached())
      while try painting.next() != nil {}
      let seams = painting.picture.seams
      scores += [seams.leftToRight, seams.topToBottom]
    }
    #expect(abs(scores.reduce(0, +) / Double(scores.count) - 1) < 0.1, "\(scores)")
  }

  @Test("sides are rounded up to what the poolings before the deepest layer divide them by, at every size")
  func sides() throws {
    var recipe = try Self.recipe(90, 50, scales: [64, 90])
    let prepared = try PreparedRecipe(recipe)
    #expect((prepared.width, prepared.height) == (96, 64))
    #expect(prepared.stages.map(\.width) == [64, 96])
    #expect(prepared.stages.map(\.height) == [48, 64])
    #expect(prepared.sizeNote?.contains("96×64") == true)
    #expect(prepared.sizeNote?.contains("90×50") == true)
    recipe.style?.layers = LayerList([.init(.convolution(3))])
    #expect((try PreparedRecipe(recipe)).width == 90)
    recipe.style?.layers = LayerList([.init(.convolution(2))])
    let exact = try PreparedRecipe(recipe)
    #expect((exact.width, exact.height) == (90, 50) && exact.sizeNote == nil)
    recipe.texture?.isTileable = false
    recipe.style?.layers = LayerList([.init(.convolution(16))])
    #expect(try PreparedRecipe(recipe).width == 90)
  }

  @Test("a tile that was moved round grows and shrinks to what was moved round")
  func shifts() {
    let values = DeterministicValues(seed: 3).uniform(3 * 12 * 18, in: 0...1).map { Float($0) }
    let tile = Tensor(values, shape: [1, 3, 12, 18])
    for (width, height, across, down) in [(27, 18, 9, 6), (12, 8, 4, 4)] {
      func resized(_ x: Tensor<Float>) -> Tensor<Float> {
        StyleTransfer.resized(x, width: width, height: height, isPeriodic: true)
      }
      let moved = resized(tile.rolled(by: 6, axis: 3).rolled(by: down * 12 / height, axis: 2))
      let expected = resized(tile).rolled(by: across, axis: 3).rolled(by: down, axis: 2)
      #expect((moved - expected).abs().max().scalar < 1e-5)
    }
  }

  @Test(
    "waves that go round a tile stay what they are when it grows", arguments: [(7, 10), (8, 12), (16, 16)])
  func waves(count: Int, newCount: Int) {
    func wave(_ samples: Int, _ frequency: Int) -> Tensor<Float> {
      Tensor(
        (0..<samples).map { place in
          let angle = 2 * Double.pi * Double(frequency) * (Double(place) + 0.5) / Double(samples)
          return Float(Double.cos(angle) + 0.5 * Double.sin(angle))
        }, shape: [1, samples])
    }
    for frequency in 0..<(count + 1) / 2 {
      let grown = wave(count, frequency).matrixProduct(
        StyleTransfer.waves(from: count, to: newCount), transposingRight: true)
      #expect((grown - wave(newCount, frequency)).abs().max().scalar < 1e-5)
    }
  }

  @Test("the total variation of a tile counts the differences across its edges")
  func totalVariation() {
    let ramp = Tensor<Double>([0, 1, 2, 0, 1, 2], shape: [1, 1, 2, 3])
    #expect(TotalVariation<Double>()(ramp).scalar == 1)
    // 1, 1 and back by 2 in each row; nothing between the rows.
    #expect(abs(TotalVariation<Double>(isPeriodic: true)(ramp).scalar - 2) < 1e-12)
  }
}
