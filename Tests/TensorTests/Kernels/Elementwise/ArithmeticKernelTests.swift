import CKernels
import TestSupport
import Testing

@testable import Tensor

/// Sums, products and their like have the bits of Swift's own on every processor.
@Suite("Elements: arithmetic")
struct ArithmeticKernelTests {
  private func numbers<S: TensorScalar>(_: S.Type, seed: Int, _ count: Int) -> [S] {
    var numbers = DeterministicValues(seed: seed).uniform(count, in: -3...3).map { S($0) }
    for (place, special) in [S.nan, .infinity, -.infinity, 0, -0.0].enumerated() where place * 7 < count {
      numbers[(place * 7 + seed) % count] = special
    }
    return numbers
  }

  private func isSame<S: TensorScalar>(_ a: [S], _ b: [S]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0 == $1 && $0.sign == $1.sign || $0.isNaN && $1.isNaN }
  }

  private func checkPairs<S: TensorScalar>(
    _: S.Type, _ processor: Processor, _ count: Int, _ name: String, _ loop: ckernels_pairs?,
    _ expected: (S, S) -> S
  ) {
    let (x, y) = (numbers(S.self, seed: 1, count), numbers(S.self, seed: 4, count))
    for (xStep, yStep) in [(1, 1), (1, 0), (0, 1)] {
      var z = [S](repeating: 77, count: count + 1)
      loop!(x, xStep, y, yStep, count, &z)
      let wanted = (0..<count).map { expected(x[$0 * xStep], y[$0 * yStep]) }
      #expect(isSame(Array(z.dropLast()), wanted), "\(name), \(count), \(xStep), \(yStep), \(processor.name)")
      #expect(z.last == 77)
    }
    // Over one of its operands.
    var z = x
    z.withUnsafeMutableBufferPointer { loop!($0.baseAddress, 1, y, 1, count, $0.baseAddress) }
    #expect(isSame(z, zip(x, y).map(expected)), "\(name) in place, \(processor.name)")
  }

  private func check<S: TensorScalar>(_: S.Type, _ processor: Processor, _ count: Int) {
    let kernels = processor.elements(S.self).pointee
    checkPairs(S.self, processor, count, "add", kernels.add) { $0 + $1 }
    checkPairs(S.self, processor, count, "subtract", kernels.subtract) { $0 - $1 }
    checkPairs(S.self, processor, count, "multiply", kernels.multiply) { $0 * $1 }
    checkPairs(S.self, processor, count, "divide", kernels.divide) { $0 / $1 }
    let x = numbers(S.self, seed: 2, count)
    let maps: [(String, ckernels_map?, (S) -> S)] = [
      ("negate", kernels.negate, { -$0 }), ("square", kernels.square, { $0 * $0 }),
      ("rectified", kernels.rectified, { $0 <= 0 ? 0 : $0 }),
    ]
    for (name, loop, expected) in maps {
      var y = [S](repeating: 77, count: count + 1)
      loop!(x, count, &y)
      #expect(isSame(Array(y.dropLast()), x.map(expected)), "\(name), \(count), \(processor.name)")
      #expect(y.last == 77)
    }
  }

  @Test(
    "loops have Swift's bits, whatever the count, the steps and the processor",
    arguments: [1, 15, 16, 67, 200])
  func bits(count: Int) {
    for processor in Processor.available {
      check(Float.self, processor, count)
      check(Double.self, processor, count)
    }
  }
}
