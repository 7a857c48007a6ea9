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

  @Test("frames of one scene share what they show, and those of two do not")
  func cuts() throws {
    for (x, y) in [(0, 0), (3, 0), (-11, 6), (17, 13)] {
      let motion = Motion(from: try Self.window(80, 50), to: try Self.window(80 + x, 50 + y))
      #expect(motion.surprise < 0.25, "\(x), \(y): \(motion.surprise)")
    }
    let names = ["castle", "kitten", "astronaut", "starry_night"]
    let scenes = try names.map { name in
      let path = FixtureFile.packageRoot.appending(path: "Examples/Images/\(name).jpg").path
      return try Picture(contentsOf: path).resized(width: 160, height: 120)
    }
    for before in scenes.indices {
      for after in scenes.indices where after != before {
        let motion = Motion(from: scenes[before], to: scenes[after])
        #expect(motion.isCut, "\(names[before]) to \(names[after]): \(motion.surprise)")
      }
    }
    let grey = Picture(width: 64, height: 48, colour: Array(repeating: 0.5, count: 3 * 64 * 48))
    #expect(!Motion(from: grey, to: grey).isCut)
  }

  @Test("what motion does not explain is painted in the colours of the painting")
  func news() throws {
    let (before, after) = (try Self.window(80, 50), try Self.window(88, 50))
    // A painting that turns colours round and makes them paler.
    func painted(_ picture: Picture) -> Picture {
      Picture(width: 160, height: 120, colour: picture.colour.map { 0.8 - 0.6 * $0 })
    }
    let motion = Motion(from: before, to: after)
    let news = PaintedNews(from: motion.moving(before), to: after)
    let start = news.over(motion.moving(painted(before)), coloursOf: before, as: painted(before))
    let wanted = painted(after)
    // What counts as noise is left out, and the slope is a little low.
    #expect(zip(start.colour, wanted.colour).allSatisfy { abs($0 - $1) < 0.04 })
    // The border that came in was smeared, and is not any more.
    let smeared = motion.moving(painted(before))
    #expect(
      smeared.colour.indices.contains {
        $0 % 160 >= 153 && abs(smeared.colour[$0] - wanted.colour[$0]) > 0.1
      })
  }
}
