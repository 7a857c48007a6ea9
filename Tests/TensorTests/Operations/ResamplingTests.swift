import TestSupport
import Testing

@testable import Tensor

@Suite("Resampling")
struct ResamplingTests {
  private struct PillowCase: Decodable {
    let method: String
    let count: Int
    let length: Int
    let scalars: [Float]
  }

  @Test("agrees with Pillow's resize")
  func pillow() throws {
    let cases: [PillowCase] = try FixtureFile.json("resampling.json")
    #expect(cases.count == 12)
    for c in cases {
      let method = try #require(ResamplingMethod(rawValue: c.method))
      let lines = (0..<2).map { seed in
        Tensor(DeterministicValues(seed: seed).uniform(c.count, in: -1...1).map { Float($0) })
      }
      let result = Tensor.stacked(lines).resampled(to: c.length, axis: 1, method: method).scalars
      // Pillow sums in Double and rounds once; we sum up to 6·50/3 Float products of size 1 at most.
      let tolerance = 100 * Float.ulpOfOne
      for (found, expected) in zip(result, c.scalars) {
        #expect(abs(found - expected) <= tolerance, "\(c.method) \(c.count) → \(c.length)")
      }
      #expect(result.count == c.scalars.count)
    }
  }

  @Test(
    "a periodic axis is resampled as the middle of its repetition, also by filters wider than the period",
    arguments: ResamplingMethod.allCases, [true, false])
  func periodic(method: ResamplingMethod, antialiasing: Bool) {
    for (length, target) in [(12, 17), (17, 12), (40, 9), (5, 11), (1, 4), (2, 7), (4, 1), (3, 2)] {
      let x = Tensor(DeterministicValues(seed: 3).uniform(2 * length, in: -1...1), shape: [2, length])
      let found = x.resampled(
        to: target, axis: 1, method: method, antialiasing: antialiasing, isPeriodic: true)
      let copies = 15
      let expected = x.tiled(by: [1, copies]).resampled(
        to: copies * target, axis: 1, method: method, antialiasing: antialiasing)[
          0..., copies / 2 * target..<(copies / 2 + 1) * target]
      for (a, b) in zip(found.scalars, expected.scalars) { #expect(abs(a - b) < 1e-12) }
      #expect(found.shape == [2, target])
    }
  }

  @Test("the derivative of periodic resampling is its transpose")
  func periodicGradient() {
    for (length, target) in [(7, 10), (10, 4), (2, 5)] {
      let draw = DeterministicValues(seed: 5)
      let x = Tensor(draw.uniform(length, in: -1...1))
      let weights = Tensor(draw.uniform(target, in: -1...1))
      func resampled(_ x: Tensor<Double>) -> Tensor<Double> {
        x.resampled(to: target, axis: 0, method: .lanczos3, isPeriodic: true)
      }
      let slope = gradient(at: x) { (resampled($0) * weights).sum() }
      // Linear, so that the product with the gradient is the value.
      let (a, b) = ((slope * x).sum().scalar, (resampled(x) * weights).sum().scalar)
      #expect(abs(a - b) < 1e-12)
      #expect(abs(b) > 1e-3)
    }
  }

  /// Those that weigh samples by their distance.
  private static let filters: [ResamplingMethod] = [.bilinear, .bicubic, .lanczos3]

  @Test("a constant stays itself", arguments: ResamplingMethod.allCases, [true, false])
  func constant(method: ResamplingMethod, antialiasing: Bool) {
    for (length, target) in [(50, 7), (7, 50), (3, 1), (1, 3)] {
      let result = Tensor<Double>(repeating: 2, shape: [length]).resampled(
        to: target, axis: 0, method: method, antialiasing: antialiasing)
      #expect(result.scalars.allSatisfy { abs($0 - 2) < 16 * .ulpOfOne })
    }
  }

  @Test("shrinking does not alias: the finest stripes become grey", arguments: filters)
  func antialiasing(method: ResamplingMethod) {
    let stripes = Tensor<Double>((0..<240).map { Double($0 % 2) })
    let result = stripes.resampled(to: 60, axis: 0, method: method)[4..<56].scalars
    #expect(result.allSatisfy { abs($0 - 0.5) < 0.01 })
  }

  @Test("growing keeps linear ramps away from the ends", arguments: filters)
  func ramp(method: ResamplingMethod) {
    let (length, ratio) = (30, 1 / 3.0)
    let result = Tensor<Double>((0..<length).map { Double($0) + 0.5 })
      .resampled(to: 3 * length, axis: 0, method: method).scalars
    // Lanczos' weights, scaled to the sum 1, have a first moment that ripples by about 1 %; the others' is exact.
    let tolerance = method == .lanczos3 ? 0.02 : 1e-12
    for (index, value) in result.enumerated().dropFirst(9).dropLast(9) {
      #expect(abs(value - (Double(index) + 0.5) * ratio) < tolerance)
    }
  }

  @Test("the nearest sample is Pillow's: of two at one distance the later")
  func nearest() {
    let x = Tensor<Double>([0, 1, 2, 3, 4, 5])
    func resampled(_ length: Int) -> [Double] {
      x.resampled(to: length, axis: 0, method: .nearest).scalars
    }
    #expect(resampled(3) == [1, 3, 5])
    #expect(resampled(4) == [0, 2, 3, 5])
    #expect(resampled(12) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    #expect(resampled(1) == [3])
  }

  @Test(
    "without antialiasing the finest stripes stay: each new sample is made of its neighbours alone",
    arguments: [ResamplingMethod.bilinear, .bicubic])
  func aliasing(method: ResamplingMethod) {
    let stripes = Tensor<Double>((0..<15).map { Double($0 % 2) })
    // Every third sample, exactly at its centre.
    let result = stripes.resampled(to: 5, axis: 0, method: method, antialiasing: false)
    #expect(result.scalars == [1, 0, 1, 0, 1])
  }

  @Test("the transposed band has the transposed entries", arguments: ResamplingMethod.allCases, [5, 41])
  func transposedBand(method: ResamplingMethod, target: Int) {
    for antialiasing in [true, false] {
      let matrix = BandMatrix(resampling: 17, to: target, method, antialiasing: antialiasing)
      let transpose = matrix.transposed()
      #expect((transpose.rowCount, transpose.columnCount) == (17, target))
      #expect(dense(transpose).scalars == dense(matrix).transposed().scalars)
      #expect(dense(transpose.transposed()).scalars == dense(matrix).scalars)
    }
  }

  @Test("has the same bits for any number of threads, on any axis")
  func threads() {
    var generator = RandomGenerator(seed: 1)
    let x = Tensor<Float>.normal([3, 301, 203], using: &generator)
    func resampled(_ threads: Int) -> [Float] {
      withThreadCount(threads) {
        x.resampled(to: 70, axis: 1, method: .lanczos3).scalars
          + x.resampled(to: 90, axis: 2, method: .lanczos3).scalars
      }
    }
    #expect(resampled(1) == resampled(3))
  }

  private func dense(_ matrix: BandMatrix) -> Tensor<Double> {
    var result = Tensor<Double>.zeros([matrix.rowCount, matrix.columnCount])
    for row in 0..<matrix.rowCount {
      let run = matrix.bounds[row]..<matrix.bounds[row + 1]
      result[row, matrix.starts[row]..<matrix.starts[row] + run.count] = Tensor(Array(matrix.entries[run]))
    }
    return result
  }
}
