import Foundation
import TestSupport
import Testing

@testable import Tensor

/// Each C loop over elements, at each level that this machine has, against the same in `Double` or in plain Swift.
@Suite("Elements: kernels")
struct ElementKernelTests {
  static let levels = ElementKernels.available
  /// Whole vectors of every level, four at a time and one by one, and remainders.
  static let counts = [0, 1, 7, 16, 37, 64, 203]

  @Test("the plainest level exists, and each level has a name of its own")
  func levelsExist() {
    #expect(Self.levels.first?.name == "portable")
    #expect(Set(Self.levels.map(\.name)).count == Self.levels.count)
  }

  @Test("functions are right to three units in the last place", arguments: levels)
  func accuracy(kernels: ElementKernels) {
    func check<S: TensorScalar>(_: S.Type, largest: Double) {
      for (function, formula, range) in [
        (.exp, exp, -largest...largest), (.tanh, tanh, -25...25), (.tanh, tanh, -0.7...0.7),
        (.sigmoid, { 1 / (1 + exp(-$0)) }, -30...30),
      ] as [(ElementKernels.Function, (Double) -> Double, ClosedRange<Double>)] {
        let x = DeterministicValues(seed: 1).uniform(5003, in: range).map { S($0) }
        var y = [S](repeating: -1, count: x.count + 1)
        kernels.map(function, x, count: x.count, into: &y)
        let worst = zip(x, y).map { x, y in
          abs(Double(y) - formula(Double(x))) / Double(S(formula(Double(x))).ulp)
        }.max()!
        #expect(worst <= 3, "\(function) over \(range)")
        #expect(y.last == -1, "wrote beyond the end")
      }
    }
    check(Float.self, largest: 87)
    check(Double.self, largest: 700)
  }

  @Test("functions keep NaN, infinities, zeros and what is too small or too large", arguments: levels)
  func specialNumbers(kernels: ElementKernels) {
    func check<S: TensorScalar>(_: S.Type) {
      let x: [S] = [.nan, .infinity, -.infinity, 0, -0.0, 1e4, -1e4]
      var y = [S](repeating: -1, count: x.count)
      kernels.map(.exp, x, count: x.count, into: &y)
      #expect(y[0].isNaN && Array(y[1...]) == [.infinity, 0, 1, 1, .infinity, 0])
      kernels.map(.tanh, x, count: x.count, into: &y)
      #expect(y[0].isNaN && Array(y[1...]) == [1, -1, 0, 0, 1, -1])
      #expect(y[3].sign == .plus && y[4].sign == .minus)
      kernels.map(.sigmoid, x, count: x.count, into: &y)
      #expect(y[0].isNaN && Array(y[1...]) == [1, 0, 0.5, 0.5, 1, 0])
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("rounding is that of Swift, to the bit", arguments: levels)
  func rounding(kernels: ElementKernels) {
    func check<S: TensorScalar>(_: S.Type) {
      let largest = S(sign: .plus, exponent: S.Exponent(S.significandBitCount), significand: 1)
      var x: [S] = [.nan, .infinity, -.infinity, 0, -0.0, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 0.49999997, -0.3]
      x += [largest, -largest, largest - 0.5, 0.5 - largest, largest * 4, .leastNonzeroMagnitude]
      x += DeterministicValues(seed: 5).uniform(203, in: -1e4...1e4).map { S($0) }
      for (function, rule) in [
        (.floor, .down), (.ceil, .up), (.round, .toNearestOrEven), (.trunc, .towardZero),
      ] as [(ElementKernels.Function, FloatingPointRoundingRule)] {
        var y = [S](repeating: -1, count: x.count + 1)
        kernels.map(function, x, count: x.count, into: &y)
        for (found, x) in zip(y, x) {
          let wanted = x.rounded(rule)
          let isSame = found == wanted && found.sign == wanted.sign
          #expect(isSame || x.isNaN && found.isNaN, "\(function) of \(x)")
        }
        #expect(y.last == -1, "wrote beyond the end")
      }
      var y = x
      kernels.map(.sqrt, x, count: x.count, into: &y)
      #expect(zip(x, y).allSatisfy { $1 == $0.squareRoot() || ($0.isNaN || $0 < 0) && $1.isNaN })
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("a step of Adam is that of its formulas to the bit", arguments: levels, counts)
  func adam(kernels: ElementKernels, count: Int) {
    func check<S: TensorScalar>(_: S.Type) {
      let step = AdamStep(
        betas: (0.75, 0.875), keep: 0.5, rate: 0.25, rootCorrection: 1.5, epsilon: 0.125, bounds: -0.5...0.25)
      let values = (1...4).map { DeterministicValues(seed: $0).uniform(count, in: 0.1...1).map { S($0) } }
      var (x, mean, square) = (values[0] + [-1], values[1] + [-1], values[2] + [-1])
      let g = values[3].enumerated().map { $0 % 2 == 0 ? $1 : -$1 }
      kernels.adam(step, g, count: count, parameters: &x, mean: &mean, square: &square)
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

  @Test("sums and extremes are those of plain loops, NaN counting as an extreme", arguments: levels, counts)
  func combines(kernels: ElementKernels, count: Int) {
    func check<S: TensorScalar>(_: S.Type) {
      var x = DeterministicValues(seed: 2).uniform(count, in: -1...1).map { S($0) }
      let sum = x.reduce(0) { $0 + Double($1) }
      // Eight numbers of at most 1 are added in three steps, each off by half a unit of 4 or less.
      let tolerance = Double(max(count, 1)) * 2 * Double(S.ulpOfOne)
      #expect(abs(kernels.combine(.sum, x, count: count) - sum) <= tolerance)
      #expect(kernels.combine(.maximum, x, count: count) == Double(x.max() ?? -.infinity))
      #expect(kernels.combine(.minimum, x, count: count) == Double(x.min() ?? .infinity))
      for place in [0, count / 2, count - 1] where count > 0 {
        let kept = x[place]
        x[place] = .nan
        for combination in [.sum, .maximum, .minimum] as [ElementKernels.Combination] {
          #expect(kernels.combine(combination, x, count: count).isNaN)
        }
        x[place] = kept
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("rows are combined element by element", arguments: levels, counts)
  func accumulates(kernels: ElementKernels, count: Int) {
    func check<S: TensorScalar>(_: S.Type) {
      // Eight rows at once and three more, in multiples of 2⁻⁸, whose sums are exact.
      let (rows, step) = (11, count + 3)
      let x = DeterministicValues(seed: 3).uniform(rows * step, in: -99...99).map { S($0.rounded() / 256) }
      let start = DeterministicValues(seed: 4).uniform(count, in: -9...9).map { $0.rounded() } + [5]
      for (combination, formula) in [
        (.sum, { $0 + $1 }), (.maximum, { max($0, $1) }), (.minimum, { min($0, $1) }),
      ] as [(ElementKernels.Combination, (Double, Double) -> Double)] {
        var total = start
        kernels.accumulate(combination, x, rows: rows, step: step, count: count, into: &total)
        let wanted = (0..<count).map { place in
          (0..<rows).reduce(start[place]) { formula($0, Double(x[$1 * step + place])) }
        }
        #expect(total == wanted + [5])
      }
    }
    check(Float.self)
    check(Double.self)
  }
}
