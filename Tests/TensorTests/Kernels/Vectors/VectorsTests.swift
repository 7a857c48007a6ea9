import TestSupport
import Testing

@testable import Tensor

@Suite("Vectors")
struct VectorsTests {
  static let counts = [0, 1, 7, 8, 9, 1000, Vectors.grain, 3 * Vectors.grain + 17]

  private static func numbers<S: TensorScalar>(_ count: Int, _ seed: Int, as: S.Type) -> Tensor<S> {
    Tensor(DeterministicValues(seed: seed).uniform(count, in: -1...1).map { S($0) })
  }

  /// Whether the elements are those of `expected` to the bit.
  private static func same<S: TensorScalar>(_ a: Tensor<S>, _ expected: [S]) -> Bool {
    a.scalars.elementsEqual(expected) { $0 == $1 && $0.sign == $1.sign }
  }

  private static func sums<S: TensorScalar>(_ count: Int, as: S.Type) {
    let (x, y) = (numbers(count, 1, as: S.self), numbers(count, 2, as: S.self))
    let pairs = zip(x.scalars, y.scalars).map { (Double($0), Double($1)) }
    // A sum of n terms of magnitude up to 4 has an error of n roundings at most.
    let tolerance = 4 * Double(count) * Double(count + 1) * Double.ulpOfOne
    #expect(abs(Vectors.dot(x, y) - pairs.reduce(0) { $0 + $1.0 * $1.1 }) <= tolerance)
    let distance = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    #expect(abs(Vectors.squaredDistance(x, y) - distance) <= tolerance)
    #expect(Vectors.squaredNorm(x) == Vectors.dot(x, x))
    #expect(Vectors.norm(x) == Vectors.dot(x, x).squareRoot())
    #expect(Vectors.largestMagnitude(x) == (x.scalars.map { Double(abs($0)) }.max() ?? 0))
  }

  @Test("sums and norms are those of the elements, one by one", arguments: counts)
  func sums(count: Int) {
    Self.sums(count, as: Float.self)
    Self.sums(count, as: Double.self)
  }

  private static func differences<S: TensorScalar>(_ count: Int, as: S.Type) {
    let (a, b) = (numbers(count, 1, as: S.self), numbers(count, 2, as: S.self))
    let (c, d) = (numbers(count, 3, as: S.self), numbers(count, 4, as: S.self))
    let (s, y) = (Vectors.moved(a, by: -1, along: b), Vectors.moved(c, by: -1, along: d))
    let products = Vectors.productsOfDifferences(a, b, c, d)
    #expect(products.both == Vectors.dot(s, y))
    #expect(products.first == Vectors.squaredNorm(s) && products.second == Vectors.squaredNorm(y))
  }

  @Test("products of differences are those of the differences, to the bit", arguments: counts)
  func differences(count: Int) {
    Self.differences(count, as: Float.self)
    Self.differences(count, as: Double.self)
  }

  @Test("the largest free magnitude is that of what freezing leaves, NaN included")
  func freeMagnitude() {
    let x = Tensor<Float>([0, 0, 1, 1, 0.5])
    for numbers: [Float] in [
      [3, -1, -4, 2, 0.5], [9, -1, -9, 0, 0], [1, 0, -1, 0, 0], [0, 1, 2, 3, .nan],
    ] {
      let g = Tensor(numbers)
      var free = g
      Vectors.freeze(&free, at: x, descending: g, within: 0...1)
      let (found, expected) = (
        Vectors.largestFreeMagnitude(g, at: x, within: 0...1), Vectors.largestMagnitude(free)
      )
      #expect(found == expected || found.isNaN && expected.isNaN, "\(numbers)")
    }
    var copy = Tensor<Float>([1, 2, 3, 4, 5])
    Vectors.copy(x, to: &copy)
    #expect(copy.scalars == x.scalars)
  }

  private static func updates<S: TensorScalar>(_ count: Int, as: S.Type) {
    let (x, y) = (numbers(count, 3, as: S.self), numbers(count, 4, as: S.self))
    let pairs = Array(zip(x.scalars, y.scalars))
    var r = y
    Vectors.add(x, times: -0.3, to: &r)
    #expect(same(r, pairs.map { $1 + S(-0.3) * $0 }))
    r = y
    Vectors.add(x, times: 0.3, to: &r, keeping: 0.7)
    #expect(same(r, pairs.map { S(0.7) * $1 + S(0.3) * $0 }))
    r = y
    Vectors.multiply(&r, by: 1.7)
    #expect(same(r, pairs.map { S(1.7) * $1 }))
    #expect(same(Vectors.moved(x, by: 0.9, along: y), pairs.map { $0 + S(0.9) * $1 }))
    let bounds: ClosedRange<S> = -0.5...0.25
    #expect(
      same(
        Vectors.moved(x, by: 0.9, along: y, within: bounds),
        pairs.map { min(max($0 + S(0.9) * $1, -0.5), 0.25) }))
    #expect(same(x, pairs.map(\.0)) && same(y, pairs.map(\.1)), "what is not written stays")
  }

  @Test("updates round as the formula does, element by element", arguments: counts)
  func updates(count: Int) {
    Self.updates(count, as: Float.self)
    Self.updates(count, as: Double.self)
  }

  private static func steps<S: TensorScalar>(_ count: Int, as: S.Type) {
    let g = numbers(count, 5, as: S.self)
    let square = numbers(count, 6, as: S.self).square()
    var mean = square
    Vectors.average(squaresOf: g, into: &mean, keeping: 0.9)
    #expect(same(mean, zip(g.scalars, square.scalars).map { S(0.9) * $1 + S(1 - 0.9) * $0 * $0 }))
    #expect(
      same(
        Vectors.variance(meanSquare: square, mean: g),
        zip(g.scalars, square.scalars).map { max($1 - $0 * $0, 0) }))
    var x = numbers(count, 7, as: S.self)
    let before = x.scalars
    Vectors.add(g, overRootOf: square, epsilon: 1e-3, times: -0.1, to: &x, keeping: 1)
    #expect(
      same(
        x,
        before.indices.map {
          before[$0] + S(-0.1) * g.scalars[$0] / (square.scalars[$0].squareRoot() + S(1e-3))
        }))
    for isNesterov in [false, true] {
      var (x, v) = (Tensor(before), square)
      Vectors.momentumStep(
        &x, velocity: &v, along: g, rate: 0.1, momentum: 0.9, gain: 0.8, isNesterov: isNesterov)
      let velocity = zip(square.scalars, g.scalars).map { S(0.9) * $0 + S(0.8) * $1 }
      #expect(same(v, velocity))
      #expect(
        same(
          x,
          before.indices.map {
            before[$0] - S(0.1) * (isNesterov ? g.scalars[$0] + S(0.9) * velocity[$0] : velocity[$0])
          }))
    }
  }

  @Test("the optimisers' steps round as their formulas do", arguments: [0, 1, 9, 100])
  func steps(count: Int) {
    Self.steps(count, as: Float.self)
    Self.steps(count, as: Double.self)
  }

  @Test("what is at a bound and would leave it is frozen, by the gradient or by the direction itself")
  func freezing() {
    let x = Tensor<Float>([0, 0, 0, 1, 1, 1, 0.5, 0.5])
    let g = Tensor<Float>([1, -1, 0, 1, -1, 0, 1, -1])
    var y = Tensor<Float>(Array(repeating: 7, count: 8))
    Vectors.freeze(&y, at: x, descending: g, within: 0...1)
    #expect(y.scalars == [0, 7, 7, 7, 0, 7, 7, 7])
    var d = Tensor<Float>([-3, 3, 0, -3, 3, 0, -3, 3])
    Vectors.freezeOutward(&d, at: x, within: 0...1)
    #expect(d.scalars == [0, 3, 0, -3, 0, 0, -3, 3])
  }

  @Test("a NaN is the largest magnitude wherever it is", arguments: [0, 1, 99])
  func notANumber(position: Int) {
    var elements = DeterministicValues(seed: 1).uniform(100, in: -1...1).map { Float($0) }
    elements[position] = .nan
    #expect(Vectors.largestMagnitude(Tensor(elements)).isNaN)
    #expect(Vectors.largestMagnitude(Tensor<Float>([-.infinity, 1])) == .infinity)
  }

  @Test("elements are paired by their place, however the tensors lie in memory")
  func views() {
    let x = Tensor(DeterministicValues(seed: 1).uniform(12, in: -1...1), shape: [3, 4])
    let y = Tensor(DeterministicValues(seed: 2).uniform(12, in: -1...1), shape: [4, 3])
    let copy = Tensor(y.transposed().scalars, shape: [3, 4])
    #expect(Vectors.dot(x, y.transposed()) == Vectors.dot(x, copy))
    #expect(
      Vectors.moved(x, by: 2, along: y.transposed()).scalars == Vectors.moved(x, by: 2, along: copy).scalars)
    // Both views of one layout: summed in the order of memory, which is another.
    let expected = Vectors.dot(x, copy)
    #expect(abs(Vectors.dot(x.transposed(), y) - expected) < 1e-14)
    var column = x[0..., 1]
    Vectors.add(Tensor([1, 1, 1]), times: 1, to: &column)
    #expect(column.scalars == x.scalars.enumerated().filter { $0.offset % 4 == 1 }.map { $0.element + 1 })
  }

  @Test("results are the same to the bit for any number of threads", arguments: [2, 3, 8])
  func threads(count: Int) {
    func results() -> [Double] {
      let (x, y) = (
        Self.numbers(Self.counts.last!, 1, as: Float.self), Self.numbers(Self.counts.last!, 2, as: Float.self)
      )
      let moved = Vectors.moved(x, by: 0.3, along: y)
      return [Vectors.dot(x, y), Vectors.squaredDistance(x, y), Vectors.dot(moved, y)]
    }
    let alone = withThreadCount(1) { results() }
    #expect(withThreadCount(count) { results() } == alone)
  }

  #if os(macOS) || os(Linux)
    @Test("tensors of different sizes trap")
    func mismatch() async {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var y = Tensor<Float>([1, 2, 3])
        Vectors.add(Tensor([1, 2]), times: 1, to: &y)
      }
      let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(message.contains("Vectors: tensors of 3, 2 and 2 elements do not match"), "\(message)")
    }
  #endif
}
