import Foundation
import TestSupport
import Testing

/// Runs every example and looks at what it shows.
@Suite("Examples")
struct ExamplesTests {
  @Test("01 finds the line of least squares, its curvature, and that its derivative is right")
  func firstGradient() throws {
    let output = try ExampleOutput(of: "FirstGradient")
    let line = try output.numbers(from: "y =")
    // By the formulas of linear regression: slope 19.6 / 10 and offset 5.02 − 2 · 1.96.
    #expect(abs(line[0] - 1.96) < 1e-9 && abs(line[1] - 1.1) < 1e-9)
    // 2 · mean of x², 2 · mean of x.
    let curvature = try output.numbers(from: "A steeper line would have the gradient")
    #expect(abs(curvature[0] - 12) < 1e-12 && abs(curvature[1] - 4) < 1e-12)
    #expect(output.lines(from: "input 0: agrees").count == 1)
  }

  @Test("02 finds the swing's numbers to within the errors that it states, and draws the fit")
  func curveFit() throws {
    let output = try ExampleOutput(of: "CurveFit")
    for name in ["a", "b", "c", "d"] {
      let figures = try output.numbers(from: "\(name) =")
      let (found, error, truth) = (figures[0], figures[1], figures[2])
      #expect(error > 0 && error < 0.2)
      #expect(abs(found - truth) < 3 * error, "\(name)")
    }
    let losses = output.lines(from: "step ").compactMap { ExampleOutput.numbers(in: $0).last }
    // With 56 degrees of freedom the loss is 28 ± 5.3.
    #expect(try #require(losses.last) < 28 + 3 * 5.3)
    #expect(losses == losses.sorted(by: >))
    #expect(output.lines(from: "It ends: ").count == 1)
    #expect(output.text.count { $0 == "•" } > 40)
  }

  @Test("03 reads most digits by regression and nearly all by a network")
  func digits() throws {
    let output = try ExampleOutput(of: "Digits")
    let shares = output.lines(from: "reads ").map { ExampleOutput.numbers(in: $0)[0] }
    try #require(shares.count == 2)
    #expect(shares[0] > 80)
    #expect(shares[1] > 95 && shares[1] > shares[0])
    let losses = output.lines(from: "epoch ").compactMap { ExampleOutput.numbers(in: $0).last }
    #expect(try #require(losses.last) < 0.5 * losses[0])
    // Five digits are drawn before, some mistakes after.
    #expect(output.lines.filter { $0.contains("█") }.count > 10)
  }

  @Test("04 learns the noise, and is unsure where nothing was measured")
  func gaussianProcess() throws {
    let output = try ExampleOutput(of: "GaussianProcess")
    let (before, after) = (try output.numbers(from: "before:"), try output.numbers(from: "after:"))
    #expect(after[3] < before[3] - 1)
    // The points were made with 0.15.
    #expect(after[2] > 0.05 && after[2] < 0.3)
    func curve(_ place: String) throws -> (mean: Double, deviation: Double) {
      let figures = try output.numbers(from: "at \(place):")
      return (figures[0], figures[1])
    }
    let known = [("2.0", sin(2.0) + 0.5 * cos(4.0)), ("8.0", sin(8.0) + 0.5 * cos(16.0))]
    for (place, truth) in known {
      let found = try curve(place)
      #expect(abs(found.mean - truth) < 3 * found.deviation + 0.05)
      #expect(try curve("5.0").deviation > 2 * found.deviation)
    }
    #expect(output.text.contains("●") && output.text.contains("░"))
  }

  @Test("05 passes the right derivative and catches the two wrong ones")
  func checkedDerivative() throws {
    let output = try ExampleOutput(of: "CheckedDerivative")
    let verdicts = output.lines(from: "first derivative:") + output.lines(from: "second derivative:")
    let agrees = verdicts.map { $0.contains("agrees") }
    #expect(verdicts.map { $0.contains("DIFFERS") } == agrees.map { !$0 })
    #expect(agrees == [true, false, true] + [true, false, false])
    #expect(output.lines(from: "The right one passes, the wrong one is caught.").count == 1)
  }

  @Test("06 paints a texture that has the painting's statistics")
  func texture() throws {
    try withTemporaryFolder { folder in
      let painting = FixtureFile.packageRoot.appending(path: "Examples/Images/starry_night.jpg").path
      let output = try ExampleOutput(of: "Texture", [painting, "made.png"], in: folder)
      let losses = output.lines(from: "iteration ").compactMap { ExampleOutput.numbers(in: $0).last }
      #expect(losses.count == 6)
      #expect(losses == losses.sorted(by: >))
      // What is left is a small part of the painting's own Gram matrices.
      #expect(losses[5] < 0.02 * losses[0])
      let picture = [UInt8](try Data(contentsOf: folder.appending(path: "made.png")))
      #expect(picture.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
      // Width and height in the first chunk.
      #expect(Array(picture[16..<24]) == [0, 0, 0, 128, 0, 0, 0, 128])
      // A picture of one colour would be a few hundred bytes.
      #expect(picture.count > 10_000)
    }
  }

  @Test("07 differentiates Kepler's equation twice and finds the comet's orbit")
  func customOperation() throws {
    let output = try ExampleOutput(of: "CustomOperation")
    #expect(output.lines.count { $0.contains("agrees") } == 6)
    #expect(!output.text.contains("DIFFERS"))
    let eccentricity = try output.numbers(from: "eccentricity")[0]
    let distances = try output.numbers(from: "distance from the sun")
    #expect(abs(distances[0] - (1 - eccentricity)) < 1e-3)
    #expect(abs(distances[1] - (1 + eccentricity)) < 1e-3)
    // The radial speed is 2π·e·sin θ / √(1 − e²) at the angle θ from the perihelion.
    let fastest = 2 * Double.pi * eccentricity / (1 - eccentricity * eccentricity).squareRoot()
    #expect(abs(try output.numbers(from: "coming nearer")[0] - fastest) < 1e-3)
    for name in ["eccentricity", "perihelion"] {
      let figures = try output.numbers(from: name)
      // Twelve positions, each off by 0.01.
      #expect(abs(figures[0] - figures[1]) < 0.01, "\(name)")
    }
    #expect(output.text.contains("☀"))
  }

  @Test("08 learns to predict the next character, and writes words of the book")
  func characterTransformer() throws {
    let output = try ExampleOutput(of: "CharacterTransformer")
    let losses = output.lines(from: "step ").compactMap { ExampleOutput.numbers(in: $0).last }
    #expect(losses.count == 5 && losses == losses.sorted(by: >))
    // Guessing by how often characters occur costs 3.0; what was not seen costs more than what was, and less than that.
    let unseen = try output.numbers(from: "unseen text: loss")[0]
    let last = try #require(losses.last)
    #expect(last < 2.1 && unseen < 2.5)
    #expect(output.lines(from: "Alice ").count >= 1)
    let line = try #require(output.lines.last { $0.contains("words are in the book") })
    #expect(ExampleOutput.numbers(in: line)[0] > 30 && ExampleOutput.numbers(in: line)[1] > 40)
  }

  @Test("09 solves Burgers' equation to within a few hundredths of the wave, and draws it")
  func physicsInformedNetwork() throws {
    let output = try ExampleOutput(of: "PINN")
    let residuals = output.lines(from: "step ").compactMap { ExampleOutput.numbers(in: $0).last }
    let last = try #require(residuals.last)
    #expect(residuals == residuals.sorted(by: >) && last < 1e-3 * residuals[0])
    for time in ["0.25", "0.5", "1.0"] {
      #expect(try output.numbers(from: "at t = \(time):")[0] < 0.05, "at t = \(time)")
    }
    #expect(output.text.contains("•"))
  }
}
