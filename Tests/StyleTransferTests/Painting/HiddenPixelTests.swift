import NN
import Tensor
import TestSupport
import Testing

@testable import StyleTransfer

/// Pictures that are clear in places, whose files have colours there all the same.
@Suite("Hidden pixels")
struct HiddenPixelTests {
  /// A disc of noise in warm colours, on a clear ground that hides a colour; the border between them is soft.
  private static func disc(hiding hidden: Float, side: Int = 64) -> Picture {
    let noise = DeterministicValues(seed: 2).uniform(3 * side * side, in: 0...0.4)
    var (colour, alpha): ([Float], [Float]) = ([], [])
    let centre = Float(side - 1) / 2
    for y in 0..<side {
      for x in 0..<side {
        let radius = ((Float(x) - centre) * (Float(x) - centre) + (Float(y) - centre) * (Float(y) - centre))
          .squareRoot()
        alpha.append(min(max(Float(side) * 0.4 - radius, 0), 1))
      }
    }
    for channel in 0..<3 {
      for pixel in 0..<side * side {
        let own = Float(noise[channel * side * side + pixel]) + 0.2 * Float(3 - channel)
        colour.append(alpha[pixel] > 0 ? own : hidden)
      }
    }
    return Picture(width: side, height: side, colour: colour, alpha: alpha)
  }

  /// The largest square inside the disc.
  private static func inside(side: Int = 64) -> Picture {
    let (disc, first) = (disc(hiding: 0, side: side), side / 4)
    return Picture(disc.tensor[..., first..<side - first, first..<side - first])
  }

  private static func painted(_ recipe: Recipe, side: Int = 48) throws -> Picture {
    var recipe = recipe
    recipe.size = side
    recipe.scales = .single(iterations: 8)
    var painting = try Painting(recipe, network: VGG19.cached())
    while try painting.next() != nil {}
    return painting.picture
  }

  private static func content() throws -> Picture {
    let path = FixtureFile.packageRoot.appending(path: "Examples/Images/castle.jpg").path
    return try Picture(contentsOf: path).resized(longestSide: 48)
  }

  private static func means(_ picture: Picture) -> [Double] {
    ColorStatistics(of: picture.tensor).mean.scalars
  }

  @Test(
    "no pixel changes with what a picture hides, as style, content or start, resized or not",
    arguments: [48, 64])
  func hiddenColours(side: Int) throws {
    for use in ["style", "content", "start", "colours"] {
      let pictures = try [Float(0), 1].map { hidden in
        let odd = Self.disc(hiding: hidden, side: side)
        var recipe = Recipe.transfer(
          content: use == "content" || use == "colours" ? odd : try Self.content(),
          styles: [use == "style" ? odd : Self.inside()], preset: .study)
        if use == "start" { recipe.start = .picture(.picture(odd)) }
        if use == "colours" { recipe.transfer?.colours = .luminance }
        return try Self.painted(recipe)
      }
      #expect(pictures[0] == pictures[1], "\(use)")
    }
  }

  @Test("a clear ground gives no colour: the manner is that of the inside alone")
  func insideAlone() throws {
    func painted(_ style: Picture) throws -> [Double] {
      Self.means(try Self.painted(Recipe.transfer(content: Self.content(), styles: [style], preset: .study)))
    }
    let (whole, inside) = (try painted(Self.disc(hiding: 0)), try painted(Self.inside()))
    let opaque = try painted(Picture(Self.disc(hiding: 0).tensor))
    for channel in 0..<3 {
      #expect(abs(whole[channel] - inside[channel]) < 0.03)
      #expect(abs(opaque[channel] - inside[channel]) > 0.1)
    }
  }

  @Test("statistics of colours count what can be seen")
  func statistics() {
    let side = 12
    let values = DeterministicValues(seed: 4).uniform(3 * side * side, in: 0...1).map { Float($0) }
    let image = Tensor(values, shape: [1, 3, side, side])
    var opacity = Tensor<Float>.zeros([1, 1, side, side])
    opacity[..., 3..<9, 2..<7] = Tensor(1)
    let (found, expected) = (
      ColorStatistics(of: image, opacity: opacity), ColorStatistics(of: image[..., 3..<9, 2..<7])
    )
    #expect((found.mean - expected.mean).abs().max().scalar < 1e-12)
    #expect((found.covariance - expected.covariance).abs().max().scalar < 1e-12)
    let (y, wanted) = (
      LuminanceStatistics(of: image, opacity: opacity), LuminanceStatistics(of: image[..., 3..<9, 2..<7])
    )
    #expect(abs(y.mean.scalar - wanted.mean.scalar) < 1e-6)
    #expect(abs(y.deviation - wanted.deviation) < 1e-6)
  }

  @Test(
    "clear places take colours from around them, whatever their size", arguments: [(9, 7), (32, 32), (1, 5)])
  func filled(width: Int, height: Int) {
    var (colour, alpha) = (
      [Float](repeating: 1, count: 3 * width * height), [Float](repeating: 0, count: width * height)
    )
    // One pixel is seen.
    alpha[alpha.count - 1] = 1
    for channel in 0..<3 { colour[(channel + 1) * width * height - 1] = 0.25 * Float(channel + 1) }
    let tensor = Picture(width: width, height: height, colour: colour, alpha: alpha).visibleTensor
    for channel in 0..<3 {
      #expect(tensor[0, channel].scalars.allSatisfy { abs($0 - 0.25 * Float(channel + 1)) < 1e-6 })
    }
  }

  @Test("clear edges of a style are cut off, and a style that is clear everywhere is refused")
  func edges() throws {
    let disc = Self.disc(hiding: 1)
    let cut = disc.withoutClearEdges
    #expect(cut.width < disc.width && cut.width == cut.height)
    #expect(cut.withoutClearEdges == cut)
    let clear = Picture(
      width: 32, height: 32, colour: disc.resized(longestSide: 32).colour,
      alpha: [Float](repeating: 0, count: 1024))
    #expect(throws: StyleTransferError.self) {
      try Painting(Recipe.texture(after: clear), network: VGG19.cached())
    }
  }
}
