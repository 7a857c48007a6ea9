import CKernels
import Foundation
import TestSupport
import Testing

@testable import Tensor

/// The C loops over pairs of `Float` and of its powers, at each processor that this machine is, against the same in
/// `Double`.
@Suite("Elements: kernels of Float")
struct FloatKernelTests {
  private static func map(_ function: ckernels_map, _ x: [Float]) -> [Float] {
    var y = [Float](repeating: -1, count: x.count + 1)
    function(x, x.count, &y)
    #expect(y.last == -1, "wrote beyond the end")
    return y.dropLast()
  }

  private static func zip(_ function: ckernels_pairs, _ x: [Float], _ y: [Float]) -> [Float] {
    let count = max(x.count, y.count)
    var z = [Float](repeating: -1, count: count + 1)
    function(x, x.count == 1 ? 0 : 1, y, y.count == 1 ? 0 : 1, count, &z)
    #expect(z.last == -1, "wrote beyond the end")
    return z.dropLast()
  }

  /// Floats of both signs and all sizes, subnormal ones, infinities and NaNs among them.
  private static func allSizes(step: UInt32) -> [Float] {
    stride(from: UInt32(0), through: UInt32.max - step, by: Int(step)).map { Float(bitPattern: $0) }
  }

  /// The largest error in units of the last place; ∞ where one of two is NaN or infinite and the other is not, or
  /// where a zero has the other sign.
  private static func worst(_ found: [Float], _ exact: [Double]) -> Double {
    Swift.zip(found, exact).map { found, exact in
      let rounded = Float(exact)
      if found.isNaN && rounded.isNaN { return 0 }
      if !found.isFinite || !rounded.isFinite { return found == rounded ? 0 : .infinity }
      if found == 0, rounded == 0, found.sign != rounded.sign { return .infinity }
      return abs(Double(found) - exact) / Double(rounded.ulp)
    }.max()!
  }

  @Test(
    "whole powers are rounded once, also at 0, infinities and NaN", arguments: Processor.available,
    [0, 1, 3, 4, 5, 7, 16, 64, -1, -2, -3, -64])
  func powers(processor: Processor, exponent: Int) {
    let x = Self.allSizes(step: 10_007) + [0, -0.0, .infinity, -.infinity, .nan, 1, -1]
    var found = [Float](repeating: -1, count: x.count + 1)
    processor.elements(Float.self).pointee.power(x, Int32(exponent), x.count, &found)
    #expect(found.removeLast() == -1, "wrote beyond the end")
    #expect(Self.worst(found, x.map { pow(Double($0), Double(exponent)) }) <= 0.500001)
  }

  /// Pairs that meet all combinations of signs, zeros, infinities and NaN, then pairs of all sizes.
  private static let pairs: ([Float], [Float]) = {
    let tiny = Float.leastNonzeroMagnitude
    let special: [Float] = [0, -0.0, 1, -1, .infinity, -.infinity, .nan, 3e38, tiny, -tiny]
    var x = special.flatMap { [Float](repeating: $0, count: special.count) }
    var y = special.flatMap { _ in special }
    let sizes = allSizes(step: 100_003)
    x += sizes
    y += sizes.indices.map { sizes[($0 &* 7919) % sizes.count] }
    let values = DeterministicValues(seed: 5)
    x += values.uniform(5003, in: -900...900).map { Float(($0 * 8).rounded() / 8) }
    y += DeterministicValues(seed: 6).uniform(5003, in: -20...20).map { Float(($0 * 4).rounded() / 4) }
    return (x, y)
  }()

  @Test("angles of points are rounded once, with C's signs and quadrants", arguments: Processor.available)
  func angles(processor: Processor) {
    let (y, x) = Self.pairs
    let found = Self.zip(processor.elements(Float.self).pointee.atan2, y, x)
    #expect(Self.worst(found, Swift.zip(y, x).map { atan2(Double($0), Double($1)) }) <= 0.502)
  }

  @Test("remainders are exact, with the sign of the divisor", arguments: Processor.available)
  func remainders(processor: Processor) {
    let (x, y) = Self.pairs
    let remainder = processor.elements(Float.self).pointee.remainder!
    let found = Self.zip(remainder, x, y)
    let exact = Swift.zip(x, y).map { Double(Self.remainder($0, $1)) }
    #expect(Self.worst(found, exact) == 0)
    // Whole multiples, and numbers just below and above them.
    let near = (-40...40).flatMap { count in
      let multiple: Float = Float(count) * 0.7
      return [multiple.nextDown, multiple, multiple.nextUp]
    }
    let nearest = near.map { Double(Self.remainder($0, Float(0.7))) }
    #expect(Self.worst(Self.zip(remainder, near, [0.7]), nearest) == 0)
  }

  @Test("normal numbers are those of Swift to the bit", arguments: Processor.available)
  func normals(processor: Processor) {
    // Up to the number of a block that needs more than 32 bits, and with all words of the key and the stream.
    let (seed, stream): (UInt64, UInt64) = (0x1234_5678_9ABC_DEF0, 0xFEDC_BA98_7654_3210)
    let first = UInt64(1) << 32 - 99
    let (generator, philox) = (RandomGenerator(seed: seed, stream: stream), Philox(seed: seed))
    let draw = NormalDraw(mean: 0.25, deviation: 1.5)
    for count in [0, 1, 7, 16, 203] {
      var found = [Float](repeating: -1, count: 4 * count + 1)
      processor.fill(&found, blockCount: count, first: first, of: generator, draw)
      let wanted = (0..<count).flatMap { index in
        let block = draw.floats(philox.block(first + UInt64(index), stream: stream))
        return (0..<4).map { block[$0] }
      }
      #expect(found == wanted + [-1])
    }
  }

  @Test("a pair's result does not depend on where it lies", arguments: Processor.available)
  func places(processor: Processor) {
    let x = DeterministicValues(seed: 8).uniform(203, in: -3...3).map { Float($0) }
    let y = DeterministicValues(seed: 9).uniform(203, in: -3...3).map { Float($0) }
    let kernels = processor.elements(Float.self).pointee
    func cubes(_ x: [Float]) -> [Float] {
      var y = x
      kernels.power(x, 3, x.count, &y)
      return y
    }
    #expect(cubes(x) == x.flatMap { cubes([$0]) })
    for (name, function) in [
      ("atan2", kernels.atan2), ("hypot", kernels.hypot), ("remainder", kernels.remainder),
      ("pow", kernels.pow), ("exp_of_difference", kernels.exp_of_difference),
      ("softplus_slope", kernels.softplus_slope), ("silu_slope", kernels.silu_slope),
      ("gelu_slope", kernels.gelu_slope), ("gelu_by_tanh_slope", kernels.gelu_by_tanh_slope),
      ("mish_slope", kernels.mish_slope),
    ] as [(String, ckernels_pairs)] {
      let all = Self.zip(function, x, y).map(\.bitPattern)
      let single = x.indices.flatMap { Self.zip(function, [x[$0]], [y[$0]]) }.map(\.bitPattern)
      #expect(Swift.zip(all, single).allSatisfy { $0 == $1 || Float(bitPattern: $0).isNaN }, "\(name)")
      #expect(Self.zip(function, [], []).isEmpty)
      for number in [x[0], 2] {
        let repeated = [Float](repeating: number, count: y.count)
        #expect(same(Self.zip(function, [number], y), Self.zip(function, repeated, y)), "\(name)")
        #expect(same(Self.zip(function, y, [number]), Self.zip(function, y, repeated)), "\(name)")
      }
    }
    func same(_ a: [Float], _ b: [Float]) -> Bool {
      Swift.zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN }
    }
  }

  /// x − y · ⌊x/y⌋.
  private static func remainder(_ x: Float, _ y: Float) -> Float {
    let rest = x.truncatingRemainder(dividingBy: y)
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest
  }
}
