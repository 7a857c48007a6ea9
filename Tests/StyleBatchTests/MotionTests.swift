import Foundation
import StyleTransfer
import TestSupport
import Testing

@testable import StyleBatch

/// Where the parts of a frame were in the one before.
@Suite("Motion of a film")
struct MotionTests {
  /// A part of a photograph, from a place on.
  private static func window(_ x: Int, _ y: Int, width: Int = 160, height: Int = 120) throws -> Picture {
    let path = FixtureFile.packageRoot.appending(path: "Examples/Images/castle.jpg").path
    let whole = try Picture(contentsOf: path).resized(width: 320, height: 214)
    var colour: [Float] = []
    for channel in 0..<3 {
      for row in y..<y + height {
        let start = (channel * whole.height + row) * whole.width + x
        colour += whole.colour[start..<start + width]
      }
    }
    return Picture(width: width, height: height, colour: colour)
  }

  /// The mean distance of two pictures away from the borders.
  private static func distance(_ a: Picture, _ b: Picture, margin: Int) -> Float {
    var (sum, count): (Float, Float) = (0, 0)
    for channel in 0..<3 {
      for y in margin..<a.height - margin {
        for x in margin..<a.width - margin {
          let place = (channel * a.height + y) * a.width + x
          sum += abs(a.colour[place] - b.colour[place])
          count += 1
        }
      }
    }
    return sum / count
  }

  @Test(
    "a frame moved is the next one, for small and large steps in all directions",
    arguments: [
      (3, 0), (0, -4), (-11, 6), (17, 13), (0, 0),
    ])
  func panning(_ x: Int, _ y: Int) throws {
    let (before, after) = (try Self.window(80, 50), try Self.window(80 + x, 50 + y))
    let moved = Motion(from: before, to: after).moving(before)
    let still = Self.distance(before, after, margin: 24)
    #expect(Self.distance(moved, after, margin: 24) <= 0.1 * still)
  }

  @Test("a picture of another size moves with it")
  func scaling() throws {
    let (before, after) = (try Self.window(60, 40), try Self.window(68, 44))
    let motion = Motion(from: before, to: after)
    let large = before.resized(width: 320, height: 240)
    let moved = motion.moving(large).resized(width: 160, height: 120)
    #expect(Self.distance(moved, after, margin: 24) <= 0.2 * Self.distance(before, after, margin: 24))
  }

  @Test("frames that have nothing in common, or are as small as a pixel, end in some motion")
  func strange() throws {
    let (a, b) = (try Self.window(0, 0, width: 40, height: 9), try Self.window(200, 90, width: 40, height: 9))
    let moved = Motion(from: a, to: b).moving(a)
    #expect(moved.width == 40 && moved.colour.allSatisfy { 0...1 ~= $0 })
    let pixel = Picture(width: 1, height: 1, colour: [0.2, 0.4, 0.6])
    #expect(Motion(from: pixel, to: pixel).moving(pixel) == pixel)
  }
}
