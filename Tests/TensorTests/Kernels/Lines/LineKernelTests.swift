import CKernels
import Foundation
import TestSupport
import Testing

@testable import Tensor

/// Each C loop over lines, at each processor that this machine is, against the formula in `Double`.
@Suite("Lines: kernels")
struct LineKernelTests {
  /// [outer, length, inner]: whole vectors and remainders of every level, along lines and across them.
  static let shapes: [[Int]] = [[3, 1, 1], [3, 7, 1], [2, 64, 1], [1, 1100, 1], [2, 5, 3], [1, 70, 37]]

  @Test("values agree with the formulas", arguments: Processor.available, shapes)
  func values(processor: Processor, shape: [Int]) {
    func check<S: TensorScalar>(_: S.Type) {
      let (lines, kernels) = (Lines<S>(shape), processor.lines(S.self).pointee)
      func expectValues(
        of function:
          @convention(c) (UnsafeRawPointer?, UnsafeMutableRawPointer?, ckernels_line_range) -> Void,
        _ formula: ([Double]) -> [Double]
      ) {
        var y = [S](repeating: -1, count: lines.x.count + 1)
        function(lines.x, &y, lines.all)
        lines.expectEqual(y) { formula($0) }
      }
      expectValues(of: kernels.softmax) { softmax($0) }
      expectValues(of: kernels.log_softmax) { x in softmax(x).map { log($0) } }
      var sums = [S](repeating: -1, count: lines.all.count + 1)
      kernels.log_sum_exp(lines.x, &sums, lines.all)
      for line in 0..<lines.all.count {
        let wanted = log(lines.line(line, of: lines.x).reduce(0) { $0 + exp($1) })
        #expect(abs(Double(sums[line]) - wanted) <= lines.tolerance)
      }
      #expect(sums.last == -1, "wrote beyond the end")
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(
    "standardised lines have the mean 0 and the mean square of variance / (variance + ε)",
    arguments: Processor.available,
    shapes)
  func standardizes(processor: Processor, shape: [Int]) {
    func check<S: TensorScalar>(_: S.Type) {
      let (lines, kernels) = (Lines<S>(shape), processor.lines(S.self).pointee)
      var y = [S](repeating: -1, count: lines.x.count + 1)
      var r = [S](repeating: -1, count: lines.all.count + 1)
      kernels.standardize(lines.x, &y, &r, 0.5, lines.all)
      lines.expectEqual(y) { x in
        let mean = x.reduce(0, +) / Double(x.count)
        let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
        return x.map { ($0 - mean) / (variance + 0.5).squareRoot() }
      }
      var z = [S](repeating: -1, count: lines.x.count + 1)
      kernels.standardize_slope(lines.g, y, r, &z, lines.all)
      for line in 0..<lines.all.count {
        let (g, y) = (lines.line(line, of: lines.g), lines.line(line, of: y))
        let mean = g.reduce(0, +) / Double(g.count)
        let along = zip(g, y).reduce(0) { $0 + $1.0 * $1.1 } / Double(g.count)
        for (found, (g, y)) in zip(lines.line(line, of: z), zip(g, y)) {
          #expect(abs(found - Double(r[line]) * (g - mean - y * along)) <= lines.tolerance)
        }
      }
      #expect(r.last == -1 && z.last == -1, "wrote beyond the end")
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("slopes agree with the formulas", arguments: Processor.available, shapes)
  func slopes(processor: Processor, shape: [Int]) {
    func check<S: TensorScalar>(_: S.Type) {
      let (lines, kernels) = (Lines<S>(shape), processor.lines(S.self).pointee)
      var (z, w) = (
        [S](repeating: -1, count: lines.x.count + 1), [S](repeating: -1, count: lines.x.count + 1)
      )
      kernels.softmax_slope(lines.g, lines.x, &z, lines.all)
      kernels.log_softmax_slope(lines.g, lines.x, &w, lines.all)
      for line in 0..<lines.all.count {
        let (g, y) = (lines.line(line, of: lines.g), lines.line(line, of: lines.x))
        let along = zip(g, y).reduce(0) { $0 + $1.0 * $1.1 }
        let whole = g.reduce(0, +)
        for (index, found) in lines.line(line, of: z).enumerated() {
          #expect(abs(found - y[index] * (g[index] - along)) <= lines.tolerance * (1 + abs(along)))
        }
        for (index, found) in lines.line(line, of: w).enumerated() {
          #expect(abs(found - (g[index] - exp(y[index]) * whole)) <= lines.tolerance * (1 + abs(whole)))
        }
      }
      #expect(z.last == -1 && w.last == -1, "wrote beyond the end")
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("a line's result does not depend on the lines done with it", arguments: Processor.available)
  func independentLines(processor: Processor) {
    let (lines, kernels) = (Lines<Float>([2, 70, 37]), processor.lines(Float.self).pointee)
    var whole = [Float](repeating: -1, count: lines.x.count)
    var parts = whole
    kernels.softmax(lines.x, &whole, lines.all)
    for first in stride(from: 0, to: lines.all.count, by: 5) {
      var part = lines.all
      (part.first, part.count) = (first, min(5, lines.all.count - first))
      kernels.softmax(lines.x, &parts, part)
    }
    #expect(whole == parts)
  }

  private func softmax(_ x: [Double]) -> [Double] {
    let total = x.reduce(0) { $0 + exp($1) }
    return x.map { exp($0) / total }
  }
}

/// Numbers to compute with, and the lines they form.
private struct Lines<S: TensorScalar> {
  let x: [S]
  let g: [S]
  let all: ckernels_line_range
  /// Sixteen roundings of numbers up to 4, such as a logarithm of a thousandth.
  let tolerance = 64 * Double(S.ulpOfOne)

  init(_ shape: [Int]) {
    let count = shape.reduce(1, *)
    x = DeterministicValues(seed: 3).uniform(count, in: -2...2).map { S($0) }
    g = DeterministicValues(seed: 4).uniform(count, in: -1...1).map { S($0) }
    all = ckernels_line_range(length: shape[1], inner: shape[2], first: 0, count: shape[0] * shape[2])
  }

  func line(_ line: Int, of values: [S]) -> [Double] {
    let start = line / all.inner * all.length * all.inner + line % all.inner
    return (0..<all.length).map { Double(values[start + $0 * all.inner]) }
  }

  func expectEqual(_ y: [S], _ formula: ([Double]) -> [Double]) {
    for index in 0..<all.count {
      for (found, wanted) in zip(line(index, of: y), formula(line(index, of: x))) {
        #expect(abs(found - wanted) <= tolerance)
      }
    }
    #expect(y.last == -1, "wrote beyond the end")
  }
}
