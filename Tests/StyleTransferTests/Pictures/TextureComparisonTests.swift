import Foundation
import Tensor
import TestSupport
import Testing

@testable import StyleTransfer

/// Copying and repetition, on pictures of which the answer is known.
@Suite("Texture comparison")
struct TextureComparisonTests {
  /// Numbers that have nothing to do with each other, as one seed's with another's.
  private static func noise(_ width: Int, _ height: Int, seed: UInt64) -> Picture {
    var generator = RandomGenerator(seed: seed)
    let values = Tensor<Float>.uniform([3 * width * height], using: &generator)
    return Picture(width: width, height: height, colour: values.scalars)
  }

  /// The picture whose pixels are those of another at other places.
  private static func rearranged(
    _ picture: Picture, width: Int, height: Int, _ place: (Int, Int) -> (x: Int, y: Int)
  ) -> Picture {
    var colour: [Float] = []
    for channel in 0..<3 {
      for y in 0..<height {
        for x in 0..<width {
          let from = place(x, y)
          colour.append(picture.colour[(channel * picture.height + from.y) * picture.width + from.x])
        }
      }
    }
    return Picture(width: width, height: height, colour: colour)
  }

  private static func compared(_ source: Picture, _ texture: Picture) throws -> TextureComparison {
    try #require(TextureComparison(source: source, texture: texture))
  }

  @Test("a part of the source is a copy, paler and brighter too, and noise has nothing of it")
  func copies() throws {
    let source = Self.noise(150, 131, seed: 1)
    let part = Self.rearranged(source, width: 100, height: 80) { ($0 + 37, $1 + 21) }
    let pale = Picture(width: 100, height: 80, colour: part.colour.map { 0.3 + 0.5 * $0 })
    for texture in [part, pale] {
      let found = try Self.compared(source, texture)
      #expect(abs(found.copying.largest - 1) < 1e-4 && abs(found.copying.mean - 1) < 1e-4)
    }
    let other = try Self.compared(source, Self.noise(100, 80, seed: 2))
    // The largest of some thousand correlations of 12,288 numbers each, whose deviation is 0.009.
    #expect(other.copying.largest < 0.05 && other.copying.largest > 0.01)
    #expect(other.sourceCopying.largest < 0.05 && other.sourceCopying.largest > 0.01)
    #expect(other.repetition < 0.05 && other.sourceRepetition < 0.05)
  }

  @Test("a copy among what is new is found, and the mean tells that it is one of many")
  func partialCopy() throws {
    let (source, fresh) = (Self.noise(128, 128, seed: 3), Self.noise(160, 160, seed: 4))
    let copy = Self.rearranged(source, width: 64, height: 64) { ($0 + 13, $1 + 50) }
    var colour = fresh.colour
    for channel in 0..<3 {
      for y in 0..<64 {
        for x in 0..<64 {
          colour[(channel * 160 + 32 + y) * 160 + 64 + x] = copy.colour[(channel * 64 + y) * 64 + x]
        }
      }
    }
    let found = try Self.compared(source, Picture(width: 160, height: 160, colour: colour))
    #expect(abs(found.copying.largest - 1) < 1e-4)
    #expect(found.copying.mean < 0.3)
  }

  @Test("what is mixed is found as far as its part goes")
  func mixtures() throws {
    let (source, other) = (Self.noise(128, 128, seed: 5), Self.noise(128, 128, seed: 6))
    for part in [Float(0.3), 0.6, 0.8] {
      let mixed = zip(source.colour, other.colour).map { part * $0 + (1 - part) * $1 }
      let found = try Self.compared(source, Picture(width: 128, height: 128, colour: mixed))
      let (a, b) = (Double(part), Double(1 - part))
      let wanted = a / (a * a + b * b).squareRoot()
      #expect(abs(found.copying.mean - wanted) < 0.01)
    }
  }

  @Test("a source that repeats itself is found in itself elsewhere")
  func sourceCopying() throws {
    let tile = Self.noise(40, 40, seed: 7)
    let wall = Self.rearranged(tile, width: 160, height: 160) { ($0 % 40, $1 % 40) }
    let found = try Self.compared(wall, Self.noise(80, 80, seed: 8))
    #expect(abs(found.sourceCopying.mean - 1) < 1e-4)
    #expect(found.copying.largest < 0.1)
    #expect(found.sourceRepetition > 0.99)
  }

  @Test("a repeated tile and a wave have the repetition 1, noise and slopes about 0")
  func repetition() {
    let tile = Self.noise(24, 31, seed: 9)
    let tiled = Self.rearranged(tile, width: 130, height: 120) { ($0 % 24, $1 % 31) }
    #expect(TextureComparison.repetition(of: tiled) > 0.97)
    func picture(_ value: (Int, Int) -> Double) -> Picture {
      let plane = (0..<100 * 100).map { Float(value($0 % 100, $0 / 100)) }
      return Picture(width: 100, height: 100, colour: plane + plane + plane)
    }
    #expect(
      TextureComparison.repetition(of: picture { x, _ in 0.5 + 0.4 * cos(2 * .pi * Double(x) / 20) }) > 0.97)
    #expect(TextureComparison.repetition(of: Self.noise(100, 100, seed: 10)) < 0.06)
    #expect(TextureComparison.repetition(of: picture { x, y in Double(x + y) / 200 }) < 0.05)
    #expect(TextureComparison.repetition(of: picture { _, _ in 0.25 }) == 0)
  }

  @Test("half of a wave under noise repeats itself by its part of the variance")
  func partialRepetition() {
    let noise = Self.noise(128, 128, seed: 11)
    // A wave with the noise's variance, 1/12, which makes half of the sum's.
    let size = (1.0 / 6).squareRoot()
    var colour = noise.colour
    for index in colour.indices { colour[index] += Float(size * cos(2 * .pi * Double(index % 128) / 16)) }
    let found = TextureComparison.repetition(of: Picture(width: 128, height: 128, colour: colour))
    #expect(abs(found - 0.5) < 0.03)
  }

  @Test("a plain picture copies nothing, and one that is too small has no windows")
  func limits() throws {
    let (source, plain) = (
      Self.noise(70, 64, seed: 12),
      Picture(width: 64, height: 64, colour: [Float](repeating: 0.5, count: 3 * 64 * 64))
    )
    #expect(try Self.compared(source, plain).copying == .init(largest: 0, mean: 0))
    #expect(try Self.compared(plain, source).copying == .init(largest: 0, mean: 0))
    #expect(TextureComparison(source: source, texture: Self.noise(63, 90, seed: 13)) == nil)
  }

  @Test("no digit depends on the number of threads")
  func threads() throws {
    let (source, texture) = (Self.noise(100, 90, seed: 14), Self.noise(80, 96, seed: 15))
    let found = try [1, 3].map { threads in
      try withThreadCount(threads) { try Self.compared(source, texture) }
    }
    #expect(found[0] == found[1])
  }
}
