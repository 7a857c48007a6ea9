import TestSupport
import Testing

@testable import Tensor

/// Each C loop, at each processor that this machine is, against the same in plain Swift. Only the sums of averages round,
/// in the same order, so the results are equal.
@Suite("Rectifier: kernels")
struct RectifierKernelTests {
  @Test(
    "rectify sets what is not above 0 to 0, keeps NaN, and records a bit for each",
    arguments: Processor.available,
    [1, 7, 8, 16, 37, 80])
  func rectifies(processor: Processor, count: Int) {
    func check<S: TensorScalar>(_: S.Type) {
      let kernels = processor.rectifiers(S.self).pointee
      let x = samples(S.self, count)
      var y = [S](repeating: -1, count: count + 1)
      var bits = [UInt8](repeating: 0xAA, count: (count + 7) / 8 + 1)
      kernels.rectify(x, count, &y, &bits)
      for i in 0..<count {
        #expect(isSame(y[i], x[i] <= 0 ? 0 : x[i]))
        #expect(bits[i / 8] >> (i % 8) & 1 == (x[i] <= 0 ? 0 : 1))
      }
      #expect(y[count] == -1 && bits.last == 0xAA, "wrote beyond the end")
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("select keeps the elements whose bit is set", arguments: Processor.available, [1, 9, 16, 45])
  func selects(processor: Processor, count: Int) {
    func check<S: TensorScalar>(_: S.Type) {
      let kernels = processor.rectifiers(S.self).pointee
      let x = samples(S.self, count)
      let bits = (0...count / 8).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 0x5B) }
      var y = [S](repeating: -1, count: count + 1)
      kernels.select(x, bits, count, &y)
      for i in 0..<count { #expect(isSame(y[i], bits[i / 8] >> (i % 8) & 1 == 1 ? x[i] : 0)) }
      #expect(y[count] == -1, "wrote beyond the end")
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(
    "pool takes the first of the largest, NaN above all, and unpool goes back", arguments: Processor.available
  )
  func pools(processor: Processor) {
    func check<S: TensorScalar>(_: S.Type) {
      let kernels = processor.rectifiers(S.self).pointee
      let (channels, windows) = (48, 3)
      let rows = samples(S.self, 4 * windows * channels)
      let count = windows * channels
      var y = [S](repeating: -1, count: count)
      var untracked = y
      var right = [UInt8](repeating: 0xAA, count: count / 8)
      var lower = right
      var back = [S](repeating: -1, count: rows.count)
      rows.withUnsafeBufferPointer { rows in
        let (top, bottom) = (rows.baseAddress!, rows.baseAddress! + 2 * count)
        kernels.pool(top, bottom, channels, windows, &y, &right, &lower)
        kernels.pool(top, bottom, channels, windows, &untracked, nil, nil)
      }
      let gradient = (0..<count).map { S($0 + 1) }
      back.withUnsafeMutableBufferPointer { back in
        kernels.unpool(
          gradient, right, lower, channels, windows, back.baseAddress!, back.baseAddress! + 2 * count)
      }
      for i in 0..<count {
        let place = i / channels * 2 * channels + i % channels
        let window = [place, place + channels, place + 2 * count, place + 2 * count + channels]
        var chosen = 0
        for tap in 1..<4 where rows[window[tap]] > rows[window[chosen]] || rows[window[tap]].isNaN {
          chosen = tap
        }
        #expect(isSame(y[i], rows[window[chosen]]) && isSame(untracked[i], y[i]))
        for tap in 0..<4 { #expect(back[window[tap]] == (tap == chosen ? gradient[i] : 0)) }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(
    "average is the mean of each window, and spread a quarter at each of its places",
    arguments: Processor.available)
  func averages(processor: Processor) {
    func check<S: TensorScalar>(_: S.Type) {
      let kernels = processor.rectifiers(S.self).pointee
      let (channels, windows) = (32, 5)
      let count = windows * channels
      let rows = DeterministicValues(seed: 9).uniform(4 * count, in: -1...1).map { S($0) }
      var y = [S](repeating: -1, count: count + 1)
      var back = [S](repeating: -1, count: rows.count)
      rows.withUnsafeBufferPointer { rows in
        let (top, bottom) = (rows.baseAddress!, rows.baseAddress! + 2 * count)
        kernels.average(top, bottom, channels, windows, &y)
      }
      back.withUnsafeMutableBufferPointer { back in
        kernels.spread(y, channels, windows, back.baseAddress!, back.baseAddress! + 2 * count)
      }
      for i in 0..<count {
        let place = i / channels * 2 * channels + i % channels
        let window = [place, place + channels, place + 2 * count, place + 2 * count + channels]
        #expect(y[i] == window.reduce(0) { $0 + rows[$1] } / 4)
        for tap in window { #expect(back[tap] == y[i] / 4) }
      }
      #expect(y[count] == -1, "wrote beyond the end")
    }
    check(Float.self)
    check(Double.self)
  }

  /// Numbers with many ties, and among them zeros of both signs, infinities and NaN.
  private func samples<S: TensorScalar>(_: S.Type, _ count: Int) -> [S] {
    let special: [S] = [.nan, .infinity, -.infinity, 0, -0.0]
    return DeterministicValues(seed: 5).uniform(count, in: -4...5).map { value in
      value > 4 ? special[Int(value * 1_000) % special.count] : S(value.rounded())
    }
  }

  private func isSame<S: TensorScalar>(_ a: S, _ b: S) -> Bool { a == b || a.isNaN && b.isNaN }
}
