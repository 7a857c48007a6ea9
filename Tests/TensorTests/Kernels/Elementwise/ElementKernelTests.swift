import CKernels
import Foundation
import TestSupport
import Testing

@testable import Tensor

/// Each C loop over elements, at each processor that this machine is, against the same in `Double` or in plain Swift.
@Suite("Elements: kernels")
struct ElementKernelTests {
  /// Whole vectors of every level, four at a time and one by one, and remainders.
  static let counts = [0, 1, 7, 16, 37, 64, 203]

  @Test(
    "functions keep NaN, infinities, zeros and what is too small or too large", arguments: Processor.available
  )
  func specialNumbers(processor: Processor) {
    func check<S: TensorScalar>(_: S.Type) {
      let kernels = processor.elements(S.self).pointee
      let x: [S] = [.nan, .infinity, -.infinity, 0, -0.0, 1e4, -1e4]
      var y = [S](repeating: -1, count: x.count)
      kernels.exp(x, x.count, &y)
      #expect(y[0].isNaN && Array(y[1...]) == [.infinity, 0, 1, 1, .infinity, 0])
      kernels.tanh(x, x.count, &y)
      #expect(y[0].isNaN && Array(y[1...]) == [1, -1, 0, 0, 1, -1])
      #expect(y[3].sign == .plus && y[4].sign == .minus)
      kernels.sigmoid(x, x.count, &y)
      #expect(y[0].isNaN && Array(y[1...]) == [1, 0, 0.5, 0.5, 1, 0])
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("rounding is that of Swift, to the bit", arguments: Processor.available)
  func rounding(processor: Processor) {
    func check<S: TensorScalar>(_: S.Type) {
      let kernels = processor.elements(S.self).pointee
      let largest = S(sign: .plus, exponent: S.Exponent(S.significandBitCount), significand: 1)
      var x: [S] = [.nan, .infinity, -.infinity, 0, -0.0, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 0.49999997, -0.3]
      x += [largest, -largest, largest - 0.5, 0.5 - largest, largest * 4, .leastNonzeroMagnitude]
      x += DeterministicValues(seed: 5).uniform(203, in: -1e4...1e4).map { S($0) }
      func expectRounding(by function: ckernels_map, _ rule: FloatingPointRoundingRule) {
        var y = [S](repeating: -1, count: x.count + 1)
        function(x, x.count, &y)
        for (found, x) in zip(y, x) {
          let wanted = x.rounded(rule)
          let isSame = found == wanted && found.sign == wanted.sign
          #expect(isSame || x.isNaN && found.isNaN, "\(rule) of \(x)")
        }
        #expect(y.last == -1, "wrote beyond the end")
      }
      expectRounding(by: kernels.floor, .down)
      expectRounding(by: kernels.ceil, .up)
      expectRounding(by: kernels.round, .toNearestOrEven)
      expectRounding(by: kernels.trunc, .towardZero)
      var y = x
      kernels.sqrt(x, x.count, &y)
      #expect(zip(x, y).allSatisfy { $1 == $0.squareRoot() || ($0.isNaN || $0 < 0) && $1.isNaN })
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("a step of Adam is that of its formulas to the bit", arguments: Processor.available, counts)
  func adam(processor: Processor, count: Int) {
    func check<S: TensorScalar>(_: S.Type) {
      let step = AdamStep(
        betas: (0.75, 0.875), keep: 0.5, rate: 0.25, rootCorrection: 1.5, epsilon: 0.125, bounds: -0.5...0.25)
      let values = (1...4).map { DeterministicValues(seed: $0).uniform(count, in: 0.1...1).map { S($0) } }
      var (x, mean, square) = (values[0] + [-1], values[1] + [-1], values[2] + [-1])
      let g = values[3].enumerated().map { $0 % 2 == 0 ? $1 : -$1 }
      step(
        &x, mean: &mean, square: &square, along: g, count: count, kernels: processor.elements(S.self))
      for i in 0..<count {
        let (m, v) = (0.75 * values[1][i] + 0.25 * g[i], 0.875 * values[2][i] + 0.125 * g[i] * g[i])
        let moved = 0.5 * values[0][i] - 0.25 * m / (v.squareRoot() / 1.5 + 0.125)
        #expect(mean[i] == m && square[i] == v && x[i] == min(max(moved, -0.5), 0.25))
      }
      #expect(x.last == -1 && mean.last == -1 && square.last == -1, "wrote beyond the end")
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(
    "sums and extremes are those of plain loops, NaN counting as an extreme", arguments: Processor.available,
    counts)
  func combines(processor: Processor, count: Int) {
    func check<S: TensorScalar>(_: S.Type) {
      let kernels = processor.elements(S.self).pointee
      var x = DeterministicValues(seed: 2).uniform(count, in: -1...1).map { S($0) }
      let sum = x.reduce(0) { $0 + Double($1) }
      // Eight numbers of at most 1 are added in three steps, each off by half a unit of 4 or less.
      let tolerance = Double(max(count, 1)) * 2 * Double(S.ulpOfOne)
      #expect(abs(kernels.sum(x, count) - sum) <= tolerance)
      #expect(kernels.maximum(x, count) == Double(x.max() ?? -.infinity))
      #expect(kernels.minimum(x, count) == Double(x.min() ?? .infinity))
      for place in [0, count / 2, count - 1] where count > 0 {
        let kept = x[place]
        x[place] = .nan
        for combine in [kernels.sum, kernels.maximum, kernels.minimum] { #expect(combine!(x, count).isNaN) }
        x[place] = kept
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("rows are combined element by element", arguments: Processor.available, counts)
  func accumulates(processor: Processor, count: Int) {
    func check<S: TensorScalar>(_: S.Type) {
      let kernels = processor.elements(S.self).pointee
      // Eight rows at once and three more, in multiples of 2⁻⁸, whose sums are exact.
      let (rows, step) = (11, count + 3)
      let x = DeterministicValues(seed: 3).uniform(rows * step, in: -99...99).map { S($0.rounded() / 256) }
      let start = DeterministicValues(seed: 4).uniform(count, in: -9...9).map { $0.rounded() } + [5]
      func expectTotals(by combine: ckernels_combine_rows, _ formula: (Double, Double) -> Double) {
        var total = start
        combine(x, rows, step, count, &total)
        let wanted = (0..<count).map { place in
          (0..<rows).reduce(start[place]) { formula($0, Double(x[$1 * step + place])) }
        }
        #expect(total == wanted + [5])
      }
      expectTotals(by: kernels.add_rows) { $0 + $1 }
      expectTotals(by: kernels.raise_rows) { max($0, $1) }
      expectTotals(by: kernels.lower_rows) { min($0, $1) }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("a square is transposed, whatever the strides", arguments: Processor.available)
  func transposes(processor: Processor) {
    func check<S: TensorScalar>(_: S.Type) {
      let x = DeterministicValues(seed: 5).uniform(16 * 21, in: -9...9).map { S($0) }
      var y = [S](repeating: .nan, count: 16 * 18)
      processor.elements(S.self).pointee.transpose_square(x, 21, &y, 18)
      for row in 0..<16 {
        for column in 0..<16 { #expect(y[row * 18 + column] == x[column * 21 + row]) }
        #expect(y[row * 18 + 16].isNaN, "wrote beyond the square")
      }
    }
    check(Float.self)
    check(Double.self)
  }
}
