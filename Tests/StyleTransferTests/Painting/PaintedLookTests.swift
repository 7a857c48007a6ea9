import Foundation
import NN
import Tensor
import TestSupport
import Testing

@testable import StyleTransfer

/// Prints, which are painted small and made finer: what they keep of the small picture.
@Suite("Painted look")
struct PaintedLookTests {
  /// How far pictures are from each other, the root of the mean square.
  private static func distance(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Float {
    (a - b).square().mean().sqrt().scalar
  }

  /// A grey noise without the extremes, so that nothing is cut off.
  private static func noise(_ height: Int, _ width: Int, seed: UInt64) -> Tensor<Float> {
    var generator = RandomGenerator(seed: seed)
    return .uniform([1, 3, height, width], in: 0.35..<0.65, using: &generator)
  }

  @Test("a finer picture looks from afar as the painted one did, and keeps its own detail")
  func bands() {
    let (painted, finer) = (Self.noise(32, 48, seed: 1), Self.noise(64, 96, seed: 2))
    let kept = PaintedLook(of: painted).kept(in: finer)
    func afar(_ picture: Tensor<Float>) -> Tensor<Float> {
      resized(picture, width: 12, height: 8, isPeriodic: false)
    }
    #expect(Self.distance(afar(kept), afar(painted)) < 0.1 * Self.distance(afar(finer), afar(painted)))
    // Differences of neighbouring pixels are detail.
    func detail(_ picture: Tensor<Float>) -> Tensor<Float> { picture[..., 1...] - picture[..., ..<(-1)] }
    #expect(Self.distance(detail(kept), detail(finer)) < 0.25 * Self.distance(detail(finer), Tensor(0)))
  }

  /// A strip of noise as wide as a print, painted at 500 pixels.
  private static func recipe(finishing: Int) -> Recipe {
    var recipe = Recipe.transfer(
      content: .picture(.noise(1000, 64, seed: 3)),
      styles: [.picture(.noise(64, 64, seed: 4, striped: true))],
      preset: .study)
    recipe.content?.layers = LayerList([.init(.relu(3))])
    recipe.style?.layers = LayerList([1, 3].map { .init(.relu($0)) })
    recipe.scales = .list(
      ScaleList([.init(side: 500, iterations: 3), .init(side: 1000, iterations: finishing)]))
    recipe.size = 1000
    recipe.stopsWhenSettled = false
    return recipe
  }

  @Test("a print keeps the look of the painted size, and goes on from a file to the same bytes")
  func prints() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "state").path
      let network = try VGG19.cached()
      var painting = try Painting(Self.recipe(finishing: 2), network: network)
      for _ in 0..<4 { _ = try painting.next() }
      let painted = painting.bestPicture
      #expect(painted.shape == [1, 3, 32, 500])
      for _ in 0..<2 { _ = try painting.next() }
      try painting.checkpoint(to: file)
      let picture = try painting.rest().picture
      #expect(picture.width == 1000)
      var resumed = try Painting(resuming: file, network: network)
      #expect(try resumed.rest().picture == picture)
      var repainted = try Painting(Self.recipe(finishing: 3), network: network)
      let other = try repainted.rest().picture
      func change(_ picture: Picture) -> Float {
        func afar(_ picture: Tensor<Float>) -> Tensor<Float> {
          resized(picture, width: 125, height: 8, isPeriodic: false)
        }
        return Self.distance(afar(picture.tensor), afar(painted))
      }
      #expect(change(picture) < 0.25 * change(other))
    }
  }

  @Test("a larger size that has as many iterations as the one before is painted anew")
  func equalSizes() throws {
    let network = try VGG19.cached()
    #expect(try !Painting(Self.recipe(finishing: 3), network: network).prepared.keepsLook(ofStage: 0))
    #expect(try Painting(Self.recipe(finishing: 2), network: network).prepared.keepsLook(ofStage: 0))
    #expect(try !Painting(Self.recipe(finishing: 2), network: network).prepared.keepsLook(ofStage: 1))
  }
}
