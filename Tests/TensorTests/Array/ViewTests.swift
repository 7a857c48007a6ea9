import Testing

@testable import Tensor

@Suite("Views and subscripts")
struct ViewTests {
  let x = Tensor<Double>((0..<24).map(Double.init), shape: [2, 3, 4])

  @Test("views share the memory of their source")
  func nothingIsCopied() {
    let views = [
      x.transposed(axes: [2, 0, 1]), x[1], x[..., 1...2], x[(0...).strided(by: -1)],
      x.transposed()[..., .newAxis],
      x.broadcast(to: [5, 2, 3, 4]), x.transposed().expanded(axis: 0),
      x.transposed().expanded(axis: -1).squeezed(),
      x.sliced(1, axis: 1), x.reshaped(to: [6, 2, 2]), x[..., 0..<2].reshaped(to: [6, 2]),
      x[0..., 1].reshaped(to: [1, 2, 2, 2]),
    ]
    for view in views { #expect(view.array.storage === x.array.storage, "\(view.shape)") }
  }

  @Test("a reshape that steps cannot express copies, and keeps the order")
  func reshapeCopies() {
    #expect(x.transposed(axes: [1, 0, 2]).reshaped(to: [6, 4]).array.storage !== x.array.storage)
    #expect(x[0].transposed().reshaped(to: [12]).scalars == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
    #expect(x[..., 0..<2].reshaped(to: [4, 3]).scalars == [0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21])
    let backwards = x[(0...).strided(by: -1)]
    #expect(backwards.reshaped(to: [24]).scalars.prefix(2) == [12, 13])
  }

  @Test("identity has ones on its diagonal, of any order")
  func identity() {
    #expect(Tensor<Float>.identity(3).scalars == [1, 0, 0, 0, 1, 0, 0, 0, 1])
    #expect(Tensor<Float>.identity(1).shape == [1, 1] && Tensor<Float>.identity(0).shape == [0, 0])
  }

  @Test("arange counts from its start to before its end, and rounds each number once")
  func arange() {
    #expect(Tensor<Float>.arange(to: 4).scalars == [0, 1, 2, 3])
    #expect(Tensor<Double>.arange(from: 1, to: -1, by: -0.5).scalars == [1, 0.5, 0, -0.5])
    #expect(Tensor<Double>.arange(from: 2, to: 2.25).scalars == [2])
    #expect(Tensor<Double>.arange(from: 3, to: 3).shape == [0] && Tensor<Double>.arange(to: -1).shape == [0])
    // Ten thousand additions of 0.1 would be off by more than a unit of the last place.
    #expect(Tensor<Double>.arange(to: 1001, by: 0.1)[10_000].scalar == 1000)
  }

  @Test("linspace holds both ends exactly and lies symmetrically")
  func linspace() {
    #expect(Tensor<Double>.linspace(from: 0, through: 1, count: 5).scalars == [0, 0.25, 0.5, 0.75, 1])
    #expect(Tensor<Float>.linspace(from: 3, through: -1, count: 3).scalars == [3, 1, -1])
    #expect(Tensor<Float>.linspace(from: 3, through: 4, count: 1).scalars == [3])
    #expect(Tensor<Float>.linspace(from: 3, through: 4, count: 0).shape == [0])
    let around = Tensor<Float>.linspace(from: -0.7, through: 0.7, count: 1001)
    #expect(around.scalars == around.scalars.reversed().map { -$0 })
    #expect(around[0].scalar == -0.7 && around[1000].scalar == 0.7)
    let wide = Tensor<Double>.linspace(
      from: -.greatestFiniteMagnitude, through: .greatestFiniteMagnitude, count: 3)
    #expect(wide.scalars == [-.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude])
  }

  @Test("ranges follow Swift, and negative bounds count from the back")
  func ranges() {
    let line = Tensor<Double>((0..<6).map(Double.init))
    #expect(line[1...3].scalars == [1, 2, 3])
    #expect(line[(-2)...].scalars == [4, 5])
    #expect(line[..<(-4)].scalars == [0, 1])
    #expect(line[...(-4)].scalars == [0, 1, 2])
    #expect(line[...(-1)].scalars == line.scalars)
    #expect(line[-3 ..< -1].scalars == [3, 4])
    #expect(line[-2..<0].scalars == [4, 5])
    #expect(line[-3...(-1)].scalars == [3, 4, 5])
    #expect(line[2..<2].shape == [0])
    #expect(line[6...].shape == [0])
    #expect(line[(1..<6).strided(by: 2)].scalars == [1, 3, 5])
    #expect(line[(1..<6).strided(by: -3)].scalars == [5, 2])
    #expect(line[(2..<2).strided(by: -1)].shape == [0])
    #expect(line[-1].scalar == 5)
  }

  @Test("axes without an index stay whole, and `...` stands for any number of them")
  func remainingAxes() {
    #expect(x[1].shape == [3, 4])
    #expect(x[1, ...].shape == [3, 4])
    #expect(x[..., 0, 1..<3].shape == [2, 2])
    #expect(x[0, 1, ..., 2].scalar == 6)
    #expect(x[0, 1, 2, ...].scalar == 6)
    #expect(x[.newAxis, ..., .newAxis].shape == [1, 2, 3, 4, 1])
    #expect(x[0..<1, .newAxis, -1].shape == [1, 1, 4])
    #expect(x[1..<2, 0..<2, 0...].scalars == x[1..<2, 0..<2, ...].scalars)
  }

  @Test("an assignment changes the selected elements only, and no other tensor")
  func assignment() {
    var y = x
    y[0, 1] = Tensor([-1, -2, -3, -4])
    y[1, ..., (0...).strided(by: 3)] = Tensor(7)
    y[..., 0, 1..<2] = y[..., 0, 1..<2] + Tensor(100)
    var expected = (0..<24).map(Double.init)
    expected.replaceSubrange(4..<8, with: [-1, -2, -3, -4])
    for row in 0..<3 { (expected[12 + 4 * row], expected[15 + 4 * row]) = (7, 7) }
    for plane in 0..<2 { expected[12 * plane + 1] += 100 }
    #expect(y.scalars == expected)
    #expect(x.scalars == (0..<24).map(Double.init))
  }

  @Test("an assignment from the tensor itself reads the old elements")
  func overlappingAssignment() {
    var line = Tensor<Double>([0, 1, 2, 3, 4])
    line[1..<5] = line[0..<4]
    #expect(line.scalars == [0, 0, 1, 2, 3])
    line[...] = line[(0...).strided(by: -1)]
    #expect(line.scalars == [3, 2, 1, 0, 0])
  }

  @Test("an assignment to memory of one's own is in place, also in a transposed order")
  func inPlaceAssignment() {
    var y = Tensor<Double>.zeros([3, 4]).transposed()
    let address = y.array.pointer
    y[1] = Tensor([1, 2, 3])
    #expect(y.array.pointer == address)
    #expect(y[0..., 2].scalars == [0, 3, 0, 0])
    var broadcast = Tensor<Double>(1).broadcast(to: [2, 2])
    broadcast[0, 0] = Tensor(5)
    #expect(broadcast.scalars == [5, 1, 1, 1])
  }

  @Test("what was derived from a tensor's memory is forgotten by an assignment")
  func assignmentClearsDerivedValues() {
    final class Sum: Sendable {
      let value: Double
      init(_ value: Double) { self.value = value }
    }
    var y = Tensor<Double>([1, 2])
    func sum() -> Double { y.array.storage.derived.value(Sum.self) { Sum(y.scalars.reduce(0, +)) }.value }
    #expect(sum() == 3)
    y[0] = Tensor(5)
    #expect(sum() == 7)
  }

  @Test("assignments are differentiable in the tensor and in the value")
  func assignmentGradient() {
    let (_, gradient) = valueWithGradient(at: Tensor<Double>([1, 2, 3]), Tensor<Double>(4)) { x, value in
      var y = x
      y[1...] = value
      return (y * Tensor([10, 20, 30])).sum()
    }
    #expect(gradient.0.scalars == [10, 0, 0])
    #expect(gradient.1.scalar == 50)
  }

  @Test("results of slices and paddings keep the order of channels-last pictures")
  func channelsLast() {
    let picture = Tensor<Float>.ones([1, 4, 5, 3]).transposed(axes: [0, 3, 1, 2])
    let padded = picture.padded([(1, 1), (2, 2)], mode: .reflect)
    #expect(padded.shape == [1, 3, 6, 9])
    #expect(padded.array.layout.strides == [162, 1, 27, 3])
    #expect(Tensor.concatenated([picture, picture]).array.layout.strides == [60, 1, 15, 3])
    #expect(picture.resampled(to: 2, axis: -1, method: .bilinear).array.layout.strides == [24, 1, 6, 3])
  }
}
