import Foundation
import NN
import Tensor
import TestSupport
import Testing

@testable import StyleTransfer

/// Masks and regions of paintings, on the real network, at small sizes.
@Suite("Regions of a painting")
struct RegionTests {
  private static func example(_ name: String) -> Picture {
    let path = FixtureFile.packageRoot.appending(path: "Examples/Images/\(name)").path
    return try! Picture(contentsOf: path).resized(longestSide: 48)
  }

  private static let (castle, night) = (example("castle.jpg"), example("starry_night.jpg"))
  private static let cafe = example("cafe_terrace.jpg")
  /// Read once, since its filters are made ready once.
  private static let network = try! VGG19.cached()

  /// A grey picture whose pixels are `value` of their place in 0…1.
  private static func mask(
    like picture: Picture, times: Int = 1, _ value: (_ x: Float, _ y: Float) -> Float
  ) -> Picture {
    let (width, height) = (picture.width * times, picture.height * times)
    var plane: [Float] = []
    for y in 0..<height {
      for x in 0..<width {
        plane.append(value((Float(x) + 0.5) / Float(width), (Float(y) + 0.5) / Float(height)))
      }
    }
    return Picture(width: width, height: height, colour: plane + plane + plane)
  }

  private static func recipe(_ change: (inout Recipe.Transfer) -> Void) -> Recipe {
    var recipe = Recipe.transfer(content: castle, styles: [night], preset: .study)
    var transfer = recipe.transfer!
    change(&transfer)
    recipe.transfer = transfer
    recipe.content?.layers = LayerList([.init(.convolution(4))])
    recipe.style?.layers = LayerList([2, 4, 5].map { .init(.convolution($0)) })
    recipe.size = 48
    recipe.scales = .list(ScaleList([.init(side: 32, iterations: 2), .init(side: 48, iterations: 3)]))
    recipe.stopsWhenSettled = false
    return recipe
  }

  private static func painted(_ recipe: Recipe, memoryLimit: ByteCount? = nil) throws -> Picture {
    var painting = try Painting(recipe, network: Self.network, memoryLimit: memoryLimit)
    while let iteration = try painting.next() { #expect(iteration.total.isFinite) }
    return painting.picture
  }

  /// The places of pixels where a mask is exactly `value`.
  private static func places(_ mask: Picture, _ value: Float) -> [Int] {
    (0..<mask.width * mask.height).filter { mask.colour[$0] == value }
  }

  private static func difference(_ a: Picture, _ b: Picture, _ places: [Int]) -> Float {
    let plane = a.width * a.height
    var most: Float = 0
    for channel in 0..<3 {
      for place in places {
        let index = channel * plane + place
        most = max(most, abs(a.colour[index] - b.colour[index]))
      }
    }
    return most
  }

  // MARK: - Masks

  @Test(
    "where a mask is 0 the picture has the photograph's bytes, also in files; where it is 1 it is painted",
    arguments: [nil, Recipe.ColourKeeping.luminance, .linear()])
  func mask(colours: Recipe.ColourKeeping?) throws {
    // A soft edge between 0.4 and 0.6 of the width.
    let mask = Self.mask(like: Self.castle) { x, _ in min(max((x - 0.4) * 5, 0), 1) }
    // What an 8-bit file has.
    let photograph = Picture(
      width: Self.castle.width, height: Self.castle.height,
      colour: Self.castle.colour.map { ($0 * 255).rounded() / 255 })
    var recipe = Self.recipe { ($0.mask, $0.colours) = (.picture(mask), colours) }
    recipe.content?.picture = .picture(photograph)
    let picture = try Self.painted(recipe)
    let (kept, inside) = (Self.places(mask, 0), Self.places(mask, 1))
    #expect(!kept.isEmpty && !inside.isEmpty && kept.count + inside.count < mask.width * mask.height)
    #expect(Self.difference(picture, photograph, kept) == 0)
    #expect(Self.difference(picture, photograph, inside) > 0.1)
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.png").path
      try picture.write(to: path, as: PictureEncoding())
      #expect(Self.difference(try Picture(contentsOf: path), photograph, kept) == 0)
    }
  }

  @Test("a picture that is asked for before its last size has the photograph's pixels too where a mask is 0")
  func maskAtSmallerSize() throws {
    let mask = Self.mask(like: Self.castle) { x, _ in min(max((x - 0.4) * 5, 0), 1) }
    var painting = try Painting(Self.recipe { $0.mask = .picture(mask) }, network: Self.network)
    #expect(try painting.next()?.side == 32)
    let picture = painting.picture
    #expect(picture.width == Self.castle.width)
    #expect(Self.difference(picture, Self.castle, Self.places(mask, 0)) == 0)
    #expect(Self.difference(picture, Self.castle, Self.places(mask, 1)) > 0.1)
  }

  @Test("a mask is grey or opacity, and may have another size of the same proportions")
  func maskKinds() throws {
    let half: (Float, Float) -> Float = { x, _ in x < 0.5 ? 0 : 1 }
    let grey = Self.mask(like: Self.castle, half)
    let alpha = Picture(
      width: grey.width, height: grey.height, colour: Self.castle.colour,
      alpha: Array(grey.colour.prefix(grey.width * grey.height)))
    func painted(_ mask: Picture) throws -> Picture {
      try Self.painted(Self.recipe { $0.mask = .picture(mask) })
    }
    let picture = try painted(grey)
    #expect(try painted(alpha) == picture)
    let large = try painted(Self.mask(like: Self.castle, times: 3, half))
    // But for the border, which is a mix of both.
    let far = Self.places(Self.mask(like: Self.castle) { x, _ in x < 0.45 ? 0 : 1 }, 0)
    #expect(Self.difference(large, Self.castle, far) == 0)
    #expect(Self.difference(large, Self.castle, Self.places(grey, 1)) > 0.1)
  }

  @Test("a gradient stops at the mask: what is kept is not moved, and its statistics do not count")
  func gradient() throws {
    let mask = Self.mask(like: Self.castle) { x, _ in x < 0.5 ? 0 : 1 }
    let prepared = try PreparedRecipe(Self.recipe { $0.mask = .picture(mask) })
    let targets = try StageTargets(prepared, prepared.stages[1], network: Self.network)
    let shown = targets.shown(targets.startingPicture())
    let gradient = targets.pulledBack(try targets.valueWithGradient(at: shown).gradient)
    let half = mask.width / 2
    #expect(gradient[..., ..<half].scalars.allSatisfy { $0 == 0 })
    #expect(gradient[..., half...].abs().sum().scalar > 0)
    #expect(shown[..., ..<half].scalars == Self.castle.tensor[..., ..<half].scalars)
    let counted = try #require(prepared.pictures.scaled(to: prepared.stages[1]).opacity)
    #expect(counted.scalars == Array(mask.colour.prefix(counted.count)))
  }

  // MARK: - Regions

  @Test(
    "each region is painted like its own style, what none covers stays, and a rest is what the others leave")
  func regions() throws {
    let left = Self.mask(like: Self.castle) { x, _ in x < 0.4 ? 1 : 0 }
    let right = Self.mask(like: Self.castle) { x, _ in x > 0.7 ? 1 : 0 }
    func recipe(_ second: Recipe.Region.Place) -> Recipe {
      var recipe = Self.recipe {
        $0.style.pictures = [.picture(Self.night), .picture(Self.cafe)]
        $0.regions = [.init(.mask(.picture(left))), .init(second)]
      }
      recipe.scales = .single(iterations: 8)
      return recipe
    }
    let picture = try Self.painted(recipe(.mask(.picture(right))))
    let middle = Self.places(Self.mask(like: Self.castle) { x, _ in x > 0.41 && x < 0.69 ? 1 : 0 }, 1)
    #expect(!middle.isEmpty && Self.difference(picture, Self.castle, middle) == 0)
    let whole = try Self.painted(recipe(.rest))
    #expect(Self.difference(whole, Self.castle, middle) > 0.1)
    // The night is blue, the café yellow.
    func warmth(_ picture: Picture, _ mask: Picture) -> Float {
      let (places, plane) = (Self.places(mask, 1), picture.width * picture.height)
      var sum: Float = 0
      for place in places { sum += picture.colour[place] - picture.colour[2 * plane + place] }
      return sum / Float(places.count)
    }
    let swapped = try Self.painted(
      Self.recipe {
        $0.style.pictures = [.picture(Self.cafe), .picture(Self.night)]
        $0.regions = [.init(.mask(.picture(left))), .init(.mask(.picture(right)))]
      })
    #expect(warmth(swapped, left) > warmth(picture, left) + 0.05)
    #expect(warmth(picture, right) > warmth(swapped, right) + 0.05)
  }

  @Test(
    "a style's part alone gives the manner: the rest of it may be anything",
    arguments: StyleStatistic.allCases.filter(\.isMadeOfSums))
  func source(statistic: StyleStatistic) throws {
    // Wide enough that no layer of the part sees the other half but at its border.
    let top = Self.mask(like: Self.castle) { _, y in y < 0.5 ? 1 : 0 }
    let sources = [0, 1].map { half in
      Self.mask(like: Self.night) { x, _ in (x < 0.5 ? 0 : 1) == Float(half) ? 1 : 0 }
    }
    func picture(_ sources: [Picture]) throws -> Picture {
      var recipe = Self.recipe {
        $0.style.statistic = statistic
        $0.regions = [
          .init(.mask(.picture(top)), like: .picture(sources[0])), .init(.rest, like: .picture(sources[1])),
        ]
      }
      recipe.scales = .single(iterations: 2)
      return try Self.painted(recipe)
    }
    let (one, other) = (try picture(sources), try picture(sources.reversed()))
    #expect(one != other)
  }

  // MARK: - Everything with everything

  /// Mask, regions with a style's parts, transparency, and shapes.
  private static func everything(hidden: Float = 0) -> Recipe {
    let alpha = (0..<castle.width * castle.height).map { Float($0 / castle.width < 9 ? 0 : 1) }
    let content = Picture(
      width: castle.width, height: castle.height,
      colour: castle.colour.enumerated().map { alpha[$0 % alpha.count] > 0 ? $1 : hidden }, alpha: alpha)
    var recipe = Self.recipe {
      $0.content.picture = .picture(content)
      $0.mask = .picture(mask(like: castle) { x, y in x + y < 0.4 ? 0 : 1 })
      $0.regions = [
        .init(
          .mask(.picture(mask(like: castle) { x, _ in x < 0.5 ? 1 : 0.2 })),
          like: .picture(mask(like: night) { _, y in 1 - y })),
        .init(.rest),
      ]
      $0.shapeKeeping = 0.5
    }
    recipe.totalVariationWeight = 0.01
    return recipe
  }

  @Test("what a picture hides changes no byte, with masks, regions and shapes; its transparency stays")
  func hidden() throws {
    let pictures = try [Float(0), 1].map { try Self.painted(Self.everything(hidden: $0)) }
    #expect(pictures[0] == pictures[1])
    #expect(pictures[0].alpha?.prefix(9 * Self.castle.width).allSatisfy { $0 == 0 } == true)
    #expect(pictures[0].alpha?.last == 1)
  }

  @Test("strips that a memory limit chooses change no byte")
  func strips() throws {
    let recipe = Self.everything()
    let prepared = try PreparedRecipe(recipe)
    let whole = RunPlan(prepared).memory.peak.bytes
    // The largest limit below which the last size is cut.
    let limit = try #require(
      stride(from: whole, to: 0, by: -1e6).map(ByteCount.init).first {
        RunPlan(prepared, memoryLimit: $0).strips.contains { $0 != .none }
      })
    let cut = RunPlan(prepared, memoryLimit: limit)
    #expect(cut.strips.last != VGG19.Strips.none)
    var painting = try Painting(prepared, network: Self.network, memoryLimit: limit)
    while try painting.next() != nil {}
    #expect(painting.picture == (try Self.painted(recipe)))
  }

  @Test("a painting goes on from a file to the same bytes, with masks that are in no file")
  func resuming() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "state").path
      let expected = try Self.painted(Self.everything())
      var painting = try Painting(Self.everything(), network: Self.network)
      for _ in 0..<4 { _ = try painting.next() }
      try painting.checkpoint(to: file)
      var resumed = try Painting(resuming: file, network: Self.network)
      #expect(resumed.picture == painting.picture)
      while try resumed.next() != nil {}
      #expect(resumed.picture == expected)
    }
  }

  @Test("a plan counts the masks")
  func plan() throws {
    let plain = RunPlan(try PreparedRecipe(Self.recipe { _ in })).memory
    let masked = RunPlan(try PreparedRecipe(Self.everything())).memory
    #expect(masked.parts.contains { $0.name == "the masks" && $0.bytes > 0 })
    #expect(masked.peak.bytes > plain.peak.bytes && !plain.parts.contains { $0.name == "the masks" })
  }

  // MARK: - Errors

  private static func refusal(_ recipe: Recipe) -> String? {
    do {
      _ = try PreparedRecipe(recipe)
      return nil
    } catch { return "\(error)" }
  }

  @Test("a mask of other proportions, an empty one, and masks that do not meet are refused with their sizes")
  func refusals() throws {
    let square = Picture(width: 50, height: 50, colour: [Float](repeating: 1, count: 7500))
    let black = Self.mask(like: Self.castle) { _, _ in 0 }
    let (left, right) = (
      Self.mask(like: Self.castle) { x, _ in x < 0.3 ? 1 : 0 },
      Self.mask(like: Self.castle) { x, _ in x > 0.7 ? 1 : 0 }
    )
    let wrong = try #require(Self.refusal(Self.recipe { $0.mask = .picture(square) }))
    #expect(wrong.contains("50×50") && wrong.contains("\(Self.castle.width)×\(Self.castle.height)"))
    #expect(wrong.contains("proportions"))
    let empty = try #require(Self.refusal(Self.recipe { $0.mask = .picture(black) }))
    #expect(empty.contains("--mask") && empty.contains("empty"))
    let nowhere = try #require(Self.refusal(Self.recipe { $0.regions = [.init(.mask(.picture(black)))] }))
    #expect(nowhere.contains("--region") && nowhere.contains("empty"))
    let source = try #require(
      Self.refusal(Self.recipe { $0.regions = [.init(.mask(.picture(left)), like: .picture(square))] }))
    #expect(source.contains("proportions"))
    let apart = try #require(
      Self.refusal(Self.recipe { ($0.mask, $0.regions) = (.picture(left), [.init(.mask(.picture(right)))]) }))
    #expect(apart.contains("overlap"))
    #expect(Self.refusal(Self.recipe { $0.mask = .picture(left) }) == nil)
  }
}
