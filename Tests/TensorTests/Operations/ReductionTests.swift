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
    #expect(Tensor<Float>.ones([100_000_000]).sum().scalar == 1e8)
  }

  @Test("a Double sum of many small numbers keeps its digits")
  func manyTenths() {
    let tenths = Tensor<Double>(repeating: 0.1, shape: [1 << 20])
    #expect(abs(tenths.sum().scalar / (0.1 * 0x1p20) - 1) < 1e-14)
    #expect(abs(tenths.reshaped(to: [1 << 19, 2]).sum(axes: [0]).scalars[1] / (0.1 * 0x1p19) - 1) < 1e-13)
  }

  @Test("results are the same to the bit for any number of threads")
  func threads() {
    var random = RandomGenerator(seed: 1)
    let numbers = Tensor<Float>.uniform([300, 10, 100], in: -0.3..<0.7, using: &random)
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

  @Test("cumulative sums and products are the same to the bit for any number of threads")
  func cumulativeThreads() {
    var random = RandomGenerator(seed: 2)
    let numbers = Tensor<Float>.uniform([100, 30, 100], in: 0.5..<1.5, using: &random)
    func results() -> [[Float]] {
      (0..<3).flatMap {
        [numbers.cumulativeSum(axis: $0).scalars, numbers.cumulativeProduct(axis: $0).scalars]
      }
    }
    let expected = results()
    for count in [1, 2, 5] { #expect(withThreadCount(count, results) == expected) }
  }

  @Test("lines that are walked together have the bits of each by itself, as do views those of copies")
  func cumulativeLines() {
    var random = RandomGenerator(seed: 3)
    let numbers = Tensor<Float>.uniform([11, 37], in: 0.5..<1.5, using: &random)
    func check(_ x: Tensor<Float>, _ operation: (Tensor<Float>, Int) -> Tensor<Float>) {
      let together = operation(x, 1)
      for row in 0..<x.shape[0] {
        #expect(together[row].scalars == operation(x[row], 0).scalars)
      }
      #expect(operation(x.transposed(), 0).transposed().scalars == together.scalars)
    }
    for x in [numbers, numbers[0..., (0...).strided(by: -2)]] {
      check(x) { $0.cumulativeSum(axis: $1) }
      check(x) { $0.cumulativeProduct(axis: $1) }
      check(x) { $0.logCumulativeSumExp(axis: $1) }
    }
  }

  @Test("a cumulative sum of Float keeps its digits, along either axis")
  func longCumulativeSum() {
    let tenths = Tensor<Float>(repeating: 0.1, shape: [1 << 20])
    let exact = Double(Float(0.1)) * 0x1p20
    #expect(tenths.cumulativeSum(axis: 0).scalars.last == Float(exact))
    #expect(tenths.reshaped(to: [1 << 19, 2]).cumulativeSum(axis: 0).scalars.last == Float(exact / 2))
  }

  @Test("the derivative of a product is the product of the others, whatever they are")
  func productSlopes() {
    func slope(_ x: [Double]) -> [Double] { gradient(at: Tensor(x)) { $0.product() }.scalars }
    #expect(slope([2, 3, 4]) == [12, 8, 6])
    #expect(slope([2, 0, 4]) == [0, 8, 0])
    #expect(slope([0, 0, 4]) == [0, 0, 0])
    #expect(slope([0]) == [1])
    // The product is 0 by underflow alone, or infinite.
    #expect(slope([1e-200, 1e-200, 2]) == [2e-200, 2e-200, 0])
    #expect(slope([1e200, 1e200, 2]) == [2e200, 2e200, .infinity])
  }

  @Test("norms have the derivative 0 at 0, and so has the standard deviation of equal numbers")
  func normsAtZero() {
    let zero = Tensor<Double>([0, 0])
    for order in [0, 0.5, 1, 1.5, 2, 3, .infinity] {
      #expect(gradient(at: zero) { $0.norm(order) }.scalars == [0, 0], "order \(order)")
    }
    #expect(hessianVectorProduct(at: zero, along: Tensor([1, 2])) { $0.norm(3) }.scalars == [0, 0])
    #expect(gradient(at: Tensor<Double>([3, 3])) { $0.standardDeviation() }.scalars == [0, 0])
    #expect(gradient(at: Tensor<Double>([3, .nan, 3])) { $0.nanStandardDeviation() }.scalars == [0, 0, 0])
    #expect(gradient(at: Tensor<Double>([0, 3])) { $0.norm(1.5) }.scalars == [0, 1])
  }

  @Test("norms of Float neither overflow nor vanish on the way")
  func largeNorms() {
    let sizes = Tensor<Float>([3e30, 4e30])
    #expect(abs(sizes.norm().scalar / 5e30 - 1) < 2 * .ulpOfOne)
    #expect(abs(((sizes * 1e-30) * 1e-30).norm().scalar / 5e-30 - 1) < 8 * .ulpOfOne)
    #expect(abs(sizes.norm(3).scalar / (4e30 * Float.pow(1 + 27 / 64, 1 / 3)) - 1) < 8 * .ulpOfOne)
  }

  @Test("of equal extremes the first is found, and it alone has a derivative")
  func firstExtreme() {
    let x = Tensor<Double>([[1, 3, 3], [0, 2, 0]])
    let (values, positions) = x.maxWithPositions(axis: 1)
    #expect(values.scalars == [3, 2] && positions.scalars == [1, 1])
    #expect(x.minWithPositions(axis: 1).positions.scalars == [0, 0])
    let slope = gradient(at: x) { ($0.maxWithPositions(axis: 1).values * Tensor([2, 5])).sum() }
    #expect(slope.scalars == [0, 2, 0, 0, 5, 0])
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

  @Test("a norm of negative order traps")
  func negativeNorm() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.zeros([3]).norm(-1)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("norm: the order -1.0 is not 0 or above"))
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
