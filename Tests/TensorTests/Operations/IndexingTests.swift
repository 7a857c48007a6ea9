import TestSupport
import Testing

@testable import Tensor

@Suite("Lists of positions and masks")
struct IndexingTests {
  let x = Tensor<Double>((0..<24).map(Double.init), shape: [2, 3, 4])

  @Test("every list is about its own axis, beside ranges, steps and new axes")
  func listsAreOrthogonal() {
    #expect(x[[1], [2, 0], [3]].shape == [1, 2, 1])
    #expect(x[[1], [2, 0], [3]].scalars == [23, 15])
    #expect(x[..., [0, -1]].shape == [2, 3, 2])
    #expect(x[1, .newAxis, [2, 2, 0], (0...).strided(by: -3)].shape == [1, 3, 2])
    #expect(x[1, .newAxis, [2, 2, 0], (0...).strided(by: -3)].scalars == [23, 20, 23, 20, 15, 12])
    #expect(x[[Int](), 0].shape == [0, 4])
    #expect(x.sliced([1, 0], axis: -2).scalars == x[0..., [1, 0]].scalars)
  }

  @Test("an assignment to a list or a mask is in place where nobody else sees the memory")
  func inPlace() {
    var y = Tensor<Double>.zeros([4, 3])
    let address = y.array.pointer
    y[[2, 0]] = Tensor([1, 2, 3])
    y[where: y .== 2] = Tensor(-2)
    y[0..., [1, 0]] = Tensor([[5], [6], [7], [8]])
    y.add(Tensor([[1, 1, 1], [1, 1, 1]]), at: Tensor<Int64>([3, 3]), axis: 0)
    y.scatterAdd(
      Tensor([[10]]).broadcast(to: [4, 1]), at: Tensor<Int32>([[2]]).broadcast(to: [4, 1]), axis: 1)
    #expect(y.array.pointer == address)
    #expect(y.scalars == [5, 5, 13, 6, 6, 10, 7, 7, 13, 10, 10, 12])
  }

  @Test("an assignment to a list or a mask changes no copy")
  func valueSemantics() {
    var y = x
    y[[1]] = Tensor(0)
    y[where: y .> 3] = Tensor(-1)
    y.add(.ones([1, 3, 4]), at: Tensor<UInt8>([0]), axis: 0)
    #expect(x.scalars == (0..<24).map(Double.init))
    var z = y
    z[where: z .== -1] = z[where: z .== -1] * 2
    #expect(y.scalars.contains(-1) == false && z.scalars == y.scalars)
  }

  @Test("of values written to one position the last stays, and only it has a gradient")
  func repetitions() {
    let (_, gradient) = valueWithGradient(at: Tensor<Double>([1, 2, 3]), Tensor<Double>([4, 5, 6])) { x, v in
      var y = x
      y[[2, 0, 2]] = v
      return (y * Tensor([1, 10, 100])).sum()
    }
    #expect(gradient.0.scalars == [0, 10, 0])
    #expect(gradient.1.scalars == [0, 1, 100])
  }

  /// Rows and columns of a large matrix, in either order of memory, are shared out in pieces with rests.
  @Test("many positions pick what one would, whatever lies side by side", arguments: [1, 3])
  func manyPositions(threads: Int) {
    let (rows, columns, count) = (211, 307, 389)
    func check<S: TensorElement & Equatable>(_ element: (Int) -> S) {
      let numbers = (0..<rows * columns).map(element)
      let matrix = Tensor(numbers, shape: [rows, columns])
      // The same numbers where columns lie side by side.
      let turned = Tensor(
        (0..<rows * columns).map { numbers[$0 % rows * columns + $0 / rows] }, shape: [columns, rows]
      ).transposed()
      let places = (0..<count).map { $0 * 37 % rows }
      let each = Tensor<Int64>(integers: (0..<count * columns).map { $0 * 41 % rows })
        .reshaped(to: [count, columns])
      for x in [matrix, turned] {
        let picked = x.elements(at: Tensor<Int64>(integers: places), axis: 0)
        let across = x.transposed().elements(at: Tensor<Int64>(integers: places), axis: 1)
        let expected = places.flatMap { numbers[$0 * columns..<($0 + 1) * columns] }
        #expect(picked.scalars == expected)
        #expect(across.transposed().scalars == expected)
        let own = x.gathered(at: each, axis: 0).scalars
        #expect(own == (0..<count * columns).map { numbers[$0 * 41 % rows * columns + $0 % columns] })
      }
    }
    withThreadCount(threads) {
      check { Float($0) }
      check { Double($0) }
      check { UInt8(truncatingIfNeeded: $0 * 7) }
      check { BFloat16(Float($0 % 251)) }
    }
  }

  @Test("what is added to rows is the sum in the order of the positions", arguments: [1, 3])
  func addedRows(threads: Int) {
    withThreadCount(threads) {
      // The last ones are shared by threads.
      for columns in [1, 5, 700, 12_000] {
        let values = Tensor<Double>((0..<90 * columns).map { Double($0 % 1013) }, shape: [90, columns])
        let places = Tensor<Int32>((0..<90).map { Int32($0 % 7) })
        let numbers = Tensor<Double>((0..<11 * columns).map { Double($0 % 509) }, shape: [11, columns])
        let x = numbers[1...9]
        let sums = x.adding(values, at: places, axis: 0)
        var expected = x.scalars
        for (index, value) in values.scalars.enumerated() {
          expected[index / columns % 7 * columns + index % columns] += value
        }
        #expect(sums.scalars == expected)
        let turned = x.transposed().adding(values.transposed(), at: places, axis: 1)
        #expect(turned.transposed().scalars == expected)
      }
    }
  }

  @Test("positions are those of the moment, wherever they lie in memory")
  func positionsInMemory() {
    var positions = Tensor<Int64>(integers: [9, 2, 0, 9, 1, -1]).reshaped(to: [2, 3])
    let x = Tensor<Double>([[1, 2], [3, 4], [5, 6]]).tracked()
    // A view, of which one position counts from the back, and one that is read as it lies.
    let mixed = x.gathered(at: positions[0..., 1...], axis: 0)
    #expect(mixed.scalars == [5, 2, 3, 6])
    let own = positions[0, 1...]
    let rows = x.elements(at: own, axis: 0)
    let across = x.transposed().gathered(at: positions[0..., 1...][0...0].broadcast(to: [2, 2]), axis: 1)
    positions[0, 1] = Tensor(1)
    #expect(rows.scalars == [5, 6, 1, 2] && across.scalars == [5, 1, 6, 2])
    #expect(
      gradient(of: (rows * Tensor([[1, 2], [3, 4]])).sum(), withRespectTo: [x])[0].scalars == [
        3, 4, 0, 0, 1, 2,
      ])
    #expect(x.elements(at: Tensor<Int64>(integers: []), axis: 0).shape == [0, 2])
  }

  @Test("a mask of all, of none and of every third element")
  func densities() {
    let numbers = Tensor<Float>((0..<1003).map(Float.init))
    let third = Tensor<Bool>((0..<1003).map { $0 % 3 == 0 })
    #expect(numbers[where: third].scalars == (0..<335).map { Float(3 * $0) })
    #expect(numbers[where: numbers .< 0].shape == [0])
    #expect(numbers[where: numbers .>= 0].scalars == numbers.scalars)
    #expect(third.nonzeroPositions.integers == (0..<335).map { 3 * $0 })
  }

  @Test("a mask selects what a comparison finds, in row-major order")
  func masks() {
    #expect(x[where: x .> 20].scalars == [21, 22, 23])
    #expect(
      x[where: Tensor([[false, true, false], [false, false, true]])].scalars == [4, 5, 6, 7, 20, 21, 22, 23])
    #expect(x[where: x .< 0].shape == [0])
    #expect(x[where: Tensor(true)].shape == [1, 2, 3, 4])
    #expect((x[0, 0] .> 1).nonzeroPositions.integers == [2, 3])
    #expect(x[0, 0][(x[0, 0] .> 1).nonzeroPositions].scalars == [2, 3])
    #expect(Tensor<Double>([0, -0.0, .nan, 2]).nonzeroPositions.integers == [2, 3])
  }

  @Test("what argmax and argsort give goes into oneHot, gathered and elements")
  func positionsAreIndices() {
    let scores = Tensor<Float>([[0.1, 0.7, 0.2], [0.5, 0.2, 0.3]])
    let best = scores.argmax(axis: 1)
    #expect(best.oneHot(count: 3).scalars == [0, 1, 0, 1, 0, 0] as [Float])
    #expect(scores.gathered(at: best.expanded(axis: 1), axis: 1).scalars == [0.7, 0.5])
    #expect(Tensor<Float>([7, 8, 9]).elements(at: best, axis: 0).scalars == [8, 7])
    #expect(Tensor<Float>([7, 8, 9])[best.integers].scalars == [8, 7])
    #expect(
      scores.gathered(at: scores.argsort(descending: true), axis: 1).scalars == [
        0.7, 0.2, 0.1, 0.5, 0.3, 0.2,
      ])
  }

  @Test("flips, diagonals, splits and grids share the memory of their source")
  func viewsShareMemory() {
    var views = [x.flipped(), x.diagonal(offset: 1), x.flipped(axes: [1]).diagonal()]
    views += x.split(every: 2, axis: 2) + x.chunks(3, axis: 1)
    views += [Tensor.meshgrid([x[0, 0], x[1, 0]])[1]]
    for view in views { #expect(view.array.storage === x.array.storage, "\(view.shape)") }
  }

  @Test("reading, writing and adding at positions do not depend on the number of threads")
  func threads() {
    var random = RandomGenerator(seed: 3)
    let table = Tensor<Float>.normal([50, 3, 700], using: &random)
    let positions = Tensor<Int32>(Tensor<Float>.uniform([400], in: 0..<50, using: &random))
    let own = Tensor<Int64>(Tensor<Float>.uniform([50, 9, 700], in: 0..<3, using: &random))
    func results() -> [[Float]] {
      let rows = table.elements(at: positions, axis: 0)
      let gathered = table.gathered(at: own, axis: 1)
      return [
        rows.scalars, table.adding(rows, at: positions, axis: 0).scalars, gathered.scalars,
        table.scatterAdding(gathered, at: own, axis: 1).scalars,
      ]
    }
    #expect(withThreadCount(1, results) == withThreadCount(4, results))
  }

  @Test("of a large table, along each axis, reading is what indices say and adding is its transpose")
  func large() {
    let table = Tensor<Double>((0..<40 * 90 * 110).map(Double.init), shape: [40, 90, 110])
    for axis in 0..<3 {
      let list = (0..<150).map { ($0 * 31) % table.shape[axis] }
      let rows = table.elements(at: Tensor<Int64>(integers: list), axis: axis)
      for j in [0, 17, 149] {
        #expect(rows.sliced(j, axis: axis).scalars == table.sliced(list[j], axis: axis).scalars)
      }
      let ones = Tensor<Double>.ones(rows.shape)
      let counts = Tensor<Double>.zeros(table.shape).adding(
        ones, at: Tensor<Int64>(integers: list), axis: axis)
      for position in [0, 5, 39] {
        let expected = Double(list.count { $0 == position })
        #expect(counts.sliced(position, axis: axis).scalars.allSatisfy { $0 == expected })
      }
    }
  }
}
