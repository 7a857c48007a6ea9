import Foundation
import TestSupport
import Testing

@testable import StyleTransfer

/// Paintings that go on with another recipe, or with a part that is kept.
@Suite("Places of a painting", .serialized)
struct PlaceTests {
  /// The package's examples, made small once: a debug build takes seconds to do so.
  private static let (castle, night) = (small("castle.jpg"), small("starry_night.jpg"))

  private static func small(_ name: String) -> Picture {
    let path = FixtureFile.packageRoot.appending(path: "Examples/Images/\(name)").path
    return try! Picture(contentsOf: path).resized(longestSide: 80)
  }

  private static func recipe(_ scales: String, _ method: Recipe.Method = .lbfgs()) throws -> Recipe {
    var recipe = Recipe.transfer(content: castle, styles: [night], preset: .study)
    let list = try ScaleList(parsing: scales)
    (recipe.scales, recipe.size, recipe.method) = (.list(list), list.finalSide, method)
    recipe.stopsWhenSettled = false
    return recipe
  }

  private static func painting(_ recipe: Recipe, after count: Int) throws -> Painting {
    var painting = try Painting(recipe, network: try VGG19.cached())
    for _ in 0...count { _ = try painting.next() }
    return painting
  }

  @Test("another recipe goes on from the picture, the size and the count that are there")
  func going() throws {
    let painting = try Self.painting(Self.recipe("32:3,48:9"), after: 6)
    var other = try Self.recipe("32:3,48:9,64:2")
    other.transfer?.weighing = .balance(0.8)
    var next = try painting.changing(to: PreparedRecipe(other), kept: nil)
    #expect(next.iteration == painting.iteration)
    let first = try #require(try next.next())
    #expect(first.side == 48 && first.number == painting.iteration!.number)
    // The losses before their weights are those of the same picture.
    #expect(abs(first.content - painting.best!.content) < 1e-4 * first.content)
    #expect(abs(first.style - painting.best!.style) < 1e-3 * first.style)
    while let iteration = try next.next() { #expect(iteration.total.isFinite) }
    #expect(next.iteration?.side == 64 && next.ending == .completed)
    #expect(next.iteration!.number == painting.iteration!.number + 9 + 2)
  }

  @Test("a smaller size goes on at its largest, and a place is gone on from twice to the same picture")
  func places() throws {
    let painting = try Self.painting(Self.recipe("48:9"), after: 3)
    let place = painting.place
    let smaller = try PreparedRecipe(Self.recipe("32:2"))
    func end() throws -> Picture {
      var next = try Painting(
        smaller, network: VGG19.cached(), weightsSHA256: nil, knownStyles: KnownStyles(), goingOnFrom: place)
      while try next.next() != nil {}
      return next.picture
    }
    let picture = try end()
    #expect(max(picture.width, picture.height) == 32)
    #expect(try end() == picture)
    #expect(place.picture == painting.picture)
  }

  @Test("Adam goes on with its means at the same size, and L-BFGS begins anew")
  func optimizers() throws {
    func second(_ method: Recipe.Method, isKept: Bool) throws -> Picture {
      let recipe = try Self.recipe("48:9", method)
      let painting = try Self.painting(recipe, after: 5)
      var next =
        isKept
        ? try painting.changing(to: PreparedRecipe(recipe), kept: nil)
        : try Painting(
          PreparedRecipe(recipe), network: VGG19.cached(), weightsSHA256: nil, knownStyles: nil,
          goingOnFrom: painting.place)
      for _ in 0..<3 { _ = try next.next() }
      return next.picture
    }
    #expect(try second(.adam(), isKept: true) != second(.adam(), isKept: false))
    #expect(try second(.lbfgs(), isKept: true) == second(.lbfgs(), isKept: false))
  }

  @Test(
    "what is kept stays, at every size, and the rest is painted", arguments: [Recipe.Method.lbfgs(), .adam()])
  func kept(_ method: Recipe.Method) throws {
    let recipe = try Self.recipe("32:2,48:6", method)
    let painting = try Self.painting(recipe, after: 1)
    let content = try #require(painting.prepared.pictures.content).resized(longestSide: 48)
    let (w, h) = (content.width, content.height)
    let mask = Picture(width: w, height: h, colour: (0..<3 * w * h).map { $0 % w < w / 2 ? 1 : 0 })
    var next = try painting.changing(to: painting.prepared, kept: KeptPart(mask: mask, of: content))
    while try next.next() != nil {}
    let picture = next.picture
    func distance(_ columns: Range<Int>) -> Float {
      (0..<3 * w * h).filter { columns.contains($0 % w) }
        .map { abs(picture.colour[$0] - min(max(content.colour[$0], 0), 1)) }.max()!
    }
    #expect(distance(0..<w / 2) < 1e-5)
    #expect(distance(w / 2..<w) > 0.1)
  }
}
