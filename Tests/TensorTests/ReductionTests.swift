import TestSupport
import Testing

@testable import Tensor

@Suite("Reductions")
struct ReductionTests {
  @Test("the sum of 10⁸ ones is 10⁸, along either axis")
  func manyOnes() {
    let ones = Tensor<Float>(1).broadcast(to: [100_000_000])
    #expect(ones.sum().scalar == 1e8)
    let rows = Tensor<Float>([1, 1]).broadcast(to: [50_000_000, 2])
    #expect(rows.sum(axes: [0]).scalars == [5e7, 5e7])
  }

  @Test("a Double sum of many small numbers keeps its digits")
  func manyTenths() {
    let tenths = Tensor<Double>(repeating: 0.1, shape: [1 << 20])
    #expect(abs(tenths.sum().scalar / (0.1 * 0x1p20) - 1) < 1e-14)
    #expect(abs(tenths.reshaped(to: [1 << 19, 2]).sum(axes: [0]).scalars[1] / (0.1 * 0x1p19) - 1) < 1e-13)
  }

  @Test("results are the same to the bit for any number of threads")
  func threads() {
    let numbers = Tensor<Float>(
      (0..<300_000).map { Float(($0 &* 7919) % 1000) * 0.001 - 0.3 }, shape: [300, 10, 100])
    func results() -> [[Float]] {
      [nil, [0], [1], [2], [0, 2]].map { numbers.exp().sum(axes: $0).scalars } + [numbers.variance().scalars]
    }
    let expected = results()
    for count in [1, 2, 5] { #expect(withThreadCount(count, results) == expected) }
  }

  @Test("reductions of channels-last pictures keep their order and need no copy")
  func channelsLast() {
    let pixels = Tensor(Tensor<Float>.ones([2, 4, 5, 3]).array.transposed([0, 3, 1, 2]))
    let sums = pixels.sum(axes: [2, 3], keepingDimensions: true)
    #expect(sums.shape == [2, 3, 1, 1])
    #expect(sums.scalars == Array(repeating: 20, count: 6))
    #expect(pixels.sum().scalar == 120)
  }

  @Test("argmax takes the first of equals, and a NaN before all numbers")
  func argmax() {
    #expect(Tensor<Float>([1, 3, 3]).argmax().scalar == 1)
    #expect(Tensor<Float>([1, .nan, 3, .nan]).argmax().scalar == 1)
    #expect(Tensor<Float>([[1, 5], [7, 2]]).argmax().scalar == 2)
  }

  @Test("the largest of no numbers traps")
  func emptyMax() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.zeros([0, 3]).max(axes: [0])
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("max: the shape [0, 3] has no elements along the axes [0]"))
  }

  @Test("the position of the largest of no numbers traps")
  func emptyArgmax() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.zeros([3, 0]).argmax(axis: 1)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("argmax: axis 1 of [3, 0] has no elements to choose from"))
  }

  @Test("axes out of range or named twice trap")
  func badAxes() async {
    let outside = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.zeros([2, 3]).sum(axes: [2])
    }
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.zeros([2, 3]).mean(axes: [1, -1])
    }
    let messages = [outside, twice].map { String(decoding: $0?.standardErrorContent ?? [], as: UTF8.self) }
    #expect(messages[0].contains("sum: axis 2 is out of range for a tensor of rank 2"))
    #expect(messages[1].contains("mean: the axes [1, -1] name an axis twice"))
  }
}
