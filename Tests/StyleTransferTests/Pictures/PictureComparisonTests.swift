import Foundation
import TestSupport
import Testing

@testable import StyleTransfer

@Suite("Picture comparison")
struct PictureComparisonTests {
  /// Measures that numpy and scipy computed, and how to make the pictures.
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let width, height, seed: Int
    let noise: Double
    let psnr, ssim, lumaSSIM, keptEdges, autocorrelation, edgeCorrelation, residue: Double
    let leftToRight, topToBottom: Double

    var testDescription: String { "\(width)×\(height)" }

    var pictures: (Picture, Picture) {
      let (plane, count) = (width * height, 3 * width * height)
      let raw = DeterministicValues(seed: seed).uniform(count, in: 0...1)
      let smooth = (0..<count).map { i in
        let (channel, y, x) = (i / plane, i % plane / width, i % width)
        func at(_ y: Int, _ x: Int) -> Double { raw[channel * plane + y % height * width + x % width] }
        return (at(y, x) + at(y, x + 1) + at(y + 1, x) + at(y + 1, x + 1)) / 4
      }
      let grain = DeterministicValues(seed: seed + 1).uniform(count, in: -noise...noise)
      let rough = zip(smooth, grain).map { min(max($0 + $1, 0), 1) }
      return (
        Picture(width: width, height: height, colour: smooth.map(Float.init)),
        Picture(width: width, height: height, colour: rough.map(Float.init))
      )
    }
  }

  static let cases = try! FixtureFile.json("images/comparison.json", as: [Case].self)

  /// Pixels are the same `Float`s but for the last bit of a few, and sums are in `Double`.
  static let tolerance = 1e-5

  @Test("all measures are those of scipy", arguments: cases)
  func reference(_ example: Case) throws {
    let (a, b) = example.pictures
    let comparison = PictureComparison(a, b)
    let similarity = try #require(comparison.structuralSimilarity)
    let character = comparison.differenceCharacter
    let pairs: [(String, Double, Double)] = [
      ("psnr", comparison.peakSignalToNoiseRatio, example.psnr),
      ("ssim", similarity.channelMean, example.ssim),
      ("lumaSSIM", similarity.luma, example.lumaSSIM),
      ("keptEdges", try #require(comparison.keptEdges()), example.keptEdges),
      ("autocorrelation", try #require(character.autocorrelation), example.autocorrelation),
      ("edgeCorrelation", try #require(character.edgeCorrelation), example.edgeCorrelation),
      ("residue", b.highFrequencyResidue, example.residue),
      ("leftToRight", b.seams.leftToRight, example.leftToRight),
      ("topToBottom", b.seams.topToBottom, example.topToBottom),
    ]
    for (name, found, expected) in pairs {
      #expect(abs(found - expected) <= Self.tolerance * max(1, abs(expected)), "\(name)")
    }
  }

  static func uniform(_ value: Float, width: Int = 16, height: Int = 12) -> Picture {
    Picture(width: width, height: height, colour: Array(repeating: value, count: 3 * width * height))
  }

  /// A picture whose every channel is `value` of the column and the row.
  static func picture(width: Int = 16, height: Int = 12, _ value: (Int, Int) -> Float) -> Picture {
    let plane = (0..<height).flatMap { y in (0..<width).map { value($0, y) } }
    return Picture(width: width, height: height, colour: plane + plane + plane)
  }

  @Test("equal pictures: no error, an index of 1, all edges kept, no character of a difference")
  func equal() {
    let step = Self.picture { x, _ in x < 8 ? 0.2 : 0.8 }
    let comparison = PictureComparison(step, step)
    #expect(comparison.peakSignalToNoiseRatio == .infinity)
    #expect(abs((comparison.structuralSimilarity?.channelMean ?? 0) - 1) < 1e-12)
    #expect(abs((comparison.structuralSimilarity?.luma ?? 0) - 1) < 1e-12)
    #expect(comparison.keptEdges() == 1)
    #expect(
      comparison.differenceCharacter == DifferenceCharacter(autocorrelation: nil, edgeCorrelation: nil))
  }

  @Test("a constant shift of a tenth is 20 dB, and SSIM then is its luminance term alone")
  func shifted() throws {
    let comparison = PictureComparison(Self.uniform(0.5), Self.uniform(0.6))
    // 0.6 as a Float is 0.6 + 2.4e-8, which is 2e-6 dB.
    #expect(abs(comparison.peakSignalToNoiseRatio - 20) < 1e-5)
    let expected = (2 * 0.5 * 0.6 + 1e-4) / (0.25 + 0.36 + 1e-4)
    #expect(abs(try #require(comparison.structuralSimilarity).luma - expected) < 1e-6)
    #expect(comparison.differenceCharacter.autocorrelation == nil)
    #expect(comparison.keptEdges() == nil)
  }

  @Test("pictures smaller than the window have no index of structure")
  func small() {
    let picture = Self.uniform(0.5, width: 10, height: 40)
    #expect(PictureComparison(picture, picture).structuralSimilarity == nil)
    let tiny = Self.uniform(0.5, width: 1, height: 1)
    #expect(PictureComparison(tiny, tiny).keptEdges() == nil)
    #expect(
      PictureComparison(tiny, Self.uniform(1, width: 1, height: 1)).differenceCharacter.autocorrelation == nil
    )
  }

  @Test("the difference picture is grey where nothing differs, amplified elsewhere, and cut to 0…1")
  func difference() {
    let a = Picture(width: 4, height: 1, colour: [Float](repeating: 0.5, count: 12))
    let b = Picture(width: 4, height: 1, colour: (0..<3).flatMap { _ in [0.5, 0.5625, 0.25, 1] as [Float] })
    let found = PictureComparison(a, b).differencePicture(gain: 4)
    #expect(found.colour == (0..<3).flatMap { _ in [0.5, 0.75, 0, 1] as [Float] })
  }

  @Test("transparent pictures are compared over white")
  func transparency() {
    let clear = Picture(
      width: 2, height: 1, colour: [0, 1, 0, 1, 0, 1], alpha: [0, 1])
    let white = Self.uniform(1, width: 2, height: 1)
    #expect(PictureComparison(clear, white).peakSignalToNoiseRatio == .infinity)
  }

  @Test("a step is an edge on both its sides with its own height, and one that fades is not kept")
  func edges() {
    let step = Self.picture { x, _ in x < 8 ? 0.25 : 0.75 }
    let rows = step.luma.edges.values.prefix(14)
    for (x, value) in rows.enumerated() {
      #expect(abs(value - (x == 6 || x == 7 ? 0.5 : 0)) < 1e-9)
    }
    let faded = Self.picture { x, y in y < 6 && x >= 8 ? 0.3 : 0.25 }
    #expect(PictureComparison(step, faded).keptEdges() == 0)
    let half = Self.picture { x, y in y < 6 && x >= 8 ? 0.75 : 0.25 }
    // Of 10 inner rows the upper 5 keep the step, and below it the corner is an edge for one row more.
    #expect(PictureComparison(step, half).keptEdges() == 0.6)
  }

  @Test("a chequered difference has the autocorrelation −1, a slow one nearly 1")
  func autocorrelation() throws {
    let grey = Self.uniform(0.5)
    let chequered = Self.picture { x, y in (x + y) % 2 == 0 ? 0.25 : 0.75 }
    let found = PictureComparison(grey, chequered).differenceCharacter.autocorrelation
    #expect(abs(try #require(found) + 1) < 1e-12)
    let slope = Self.picture(width: 64, height: 64) { x, y in Float(x + y) / 128 }
    let slow = PictureComparison(Self.uniform(0.5, width: 64, height: 64), slope).differenceCharacter
    #expect(try #require(slow.autocorrelation) > 0.9)
  }

  @Test("noise does not know the edges, a difference at the edges does")
  func edgeCorrelation() throws {
    let size = 64
    let edge = Self.picture(width: size, height: size) { x, _ in x < 32 ? 0.25 : 0.75 }
    let values = DeterministicValues(seed: 8).uniform(3 * size * size, in: -0.1...0.1)
    let noisy = Picture(
      width: size, height: size, colour: zip(edge.colour, values).map { $0 + Float($1) })
    let noise = PictureComparison(edge, noisy).differenceCharacter
    // Of n independent pairs the deviation of a correlation is 1/√n: four of them, for n = 62² and for the
    // 2 · 3 · 63 · 64 pairs of neighbours.
    #expect(abs(try #require(noise.edgeCorrelation)) < 4 / 62)
    #expect(abs(try #require(noise.autocorrelation)) < 4 / Double(6 * 63 * 64).squareRoot())
    let blurred = Self.picture(width: size, height: size) { x, _ in
      x < 31 ? 0.25 : x > 32 ? 0.75 : x == 31 ? 0.4 : 0.6
    }
    #expect(try #require(PictureComparison(edge, blurred).differenceCharacter.edgeCorrelation) > 0.99)
  }

  @Test("the residue of white noise is its deviation times √(8/9), that of a slope 0")
  func residue() {
    let size = 128
    let values = DeterministicValues(seed: 4).uniform(3 * size * size, in: 0...1)
    let noise = Picture(width: size, height: size, colour: values.map(Float.init))
    let expected = (1.0 / 12 * 8 / 9).squareRoot()
    #expect(abs(noise.highFrequencyResidue / expected - 1) < 0.02)
    #expect(Self.picture { x, y in Float(x + 2 * y) / 64 }.highFrequencyResidue < 1e-7)
  }

  @Test("a periodic picture has no seam, one that is cut off has, and one colour scores 1")
  func seams() {
    let wave = Self.picture(width: 16, height: 16) { x, y in
      0.5 + 0.25 * sin(Float(x) * .pi / 8 + 0.3) + 0.2 * cos(Float(y) * .pi / 8 + 0.1)
    }
    #expect(wave.seams.worst < 1.7)
    let slope = Self.picture(width: 16, height: 8) { x, y in Float(x) / 16 + Float(y % 2) / 32 }
    #expect(abs(slope.seams.leftToRight - 15) < 1e-5)
    #expect(abs(slope.seams.topToBottom - 1) < 1e-5)
    #expect(slope.seams.worst == slope.seams.leftToRight)
    #expect(Self.uniform(0.3).seams == SeamScore(leftToRight: 1, topToBottom: 1))
  }
}
