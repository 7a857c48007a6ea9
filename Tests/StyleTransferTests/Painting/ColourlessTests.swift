import NN
import Tensor
import TestSupport
import Testing

@testable import StyleTransfer

/// Pictures that have no colours, and results that are to have none.
@Suite("Pictures without colours")
struct ColourlessTests {
  /// The mean over the pixels of the largest less the smallest channel, in steps of a 255th.
  private static func spread(_ picture: Picture) -> Double {
    let plane = picture.width * picture.height
    let sum = (0..<plane).reduce(0.0) { sum, pixel in
      let channels = (0..<3).map { Double(picture.colour[$0 * plane + pixel]) }
      return sum + channels.max()! - channels.min()!
    }
    return 255 * sum / Double(plane)
  }

  private static func example(_ name: String, isGrey: Bool) throws -> Picture {
    let path = FixtureFile.packageRoot.appending(path: "Examples/Images/\(name)").path
    let picture = try Picture(contentsOf: path).resized(longestSide: 64)
    return isGrey ? Picture(picture.tensor.withoutColour) : picture
  }

  private static func painted(_ recipe: Recipe) throws -> Picture {
    var recipe = recipe
    recipe.size = 48
    recipe.scales = .list(ScaleList([.init(side: 32, iterations: 5), .init(side: 48, iterations: 5)]))
    var painting = try Painting(recipe, network: VGG19.cached())
    while try painting.next() != nil {}
    return painting.picture
  }

  private static func transfer(content: Bool, style: Bool) throws -> Recipe {
    Recipe.transfer(
      content: try example("castle.jpg", isGrey: content),
      styles: [try example("starry_night.jpg", isGrey: style)], preset: .study)
  }

  @Test(
    "a grey picture in a grey style stays grey, by every method and from every start",
    arguments: [Recipe.Method.lbfgs(), .adam()], [Recipe.Start.colour, .noise()])
  func transfer(method: Recipe.Method, start: Recipe.Start) throws {
    var recipe = try Self.transfer(content: true, style: true)
    (recipe.method, recipe.start) = (method, start)
    let picture = try Self.painted(recipe)
    #expect(Self.spread(picture) == 0)
    // It is a picture all the same, and not one shade.
    #expect(
      PictureComparison(picture, try Self.example("castle.jpg", isGrey: true).resized(longestSide: 48))
        .peakSignalToNoiseRatio > 8)
  }

  @Test("textures after grey pictures and reconstructions of them are grey")
  func textureAndReconstruction() throws {
    let style = try Self.example("starry_night.jpg", isGrey: true)
    #expect(try Self.spread(Self.painted(.texture(after: style))) == 0)
    #expect(try Self.spread(Self.painted(.reconstruction(of: style))) == 0)
  }

  @Test("a grey picture whose colours are kept has none after a coloured style")
  func keptColours() throws {
    var recipe = try Self.transfer(content: true, style: false)
    recipe.transfer?.colours = .linear()
    #expect(try Self.spread(Self.painted(recipe)) == 0)
    recipe.transfer?.colours = .luminance
    #expect(try Self.spread(Self.painted(recipe)) < 0.01)
  }

  @Test("one picture with colours gives them, whether it is the content, the style or the start")
  func colours() throws {
    #expect(try Self.spread(Self.painted(Self.transfer(content: true, style: false))) > 5)
    var recipe = try Self.transfer(content: false, style: true)
    recipe.start = .content
    #expect(try Self.spread(Self.painted(recipe)) > 2)
    recipe = try Self.transfer(content: true, style: true)
    recipe.start = .picture(.picture(try Self.example("kitten.jpg", isGrey: false)))
    #expect(try Self.spread(Self.painted(recipe)) > 2)
  }

  @Test(
    "what begins in the colours of a grey style has none, whatever the content's are", arguments: [0.1, 0.9])
  func greyStyle(balance: Double) throws {
    var recipe = try Self.transfer(content: false, style: true)
    recipe.transfer?.weighing = .balance(balance)
    #expect(try Self.spread(Self.painted(recipe)) == 0)
  }

  @Test("a grey style that does not count takes no colours")
  func greyStyleWithoutWeight() throws {
    var recipe = try Self.transfer(content: false, style: true)
    recipe.transfer?.weighing = .weights(content: 1, style: 0)
    #expect(try Self.spread(Self.painted(recipe)) > 2)
  }

  @Test("what a clear pixel hides is no colour, and a rounding of one step is none either")
  func rounding() {
    func picture(_ second: [Float], alpha: [Float]? = nil) -> Picture {
      Picture(width: 2, height: 1, colour: [0.5, second[0], 0.5, second[1], 0.5, second[2]], alpha: alpha)
    }
    #expect(picture([0.2, 0.2, 0.2]).isGrey)
    #expect(picture([0.2, 0.2 + 1 / 255, 0.2]).isGrey)
    #expect(!picture([0.2, 0.2 + 2 / 255, 0.2]).isGrey)
    #expect(picture([1, 0, 0], alpha: [1, 0]).isGrey)
    #expect(!picture([1, 0, 0], alpha: [1, 0.1]).isGrey)
  }
}
