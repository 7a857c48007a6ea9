import Tensor
import Testing

/// Spans read and write a tensor's own memory, and value semantics hold all the same.
@Suite("Spans")
struct SpanTests {
  private func elements<Scalar: TensorElement>(_ x: Tensor<Scalar>) -> [Scalar] {
    let span = x.span
    return span.indices.map { span[$0] }
  }

  @Test("a span has the elements in row-major order, for each type and for no elements at all")
  func reading() {
    #expect(elements(Tensor<Double>([[1, 2], [3, 4]])) == [1, 2, 3, 4])
    #expect(elements(Tensor<Float>(7)) == [7])
    #expect(elements(Tensor<Int64>([5, -6])) == [5, -6])
    #expect(elements(Tensor<Bool>([true, false, true])) == [true, false, true])
    #expect(elements(Tensor<UInt8>.zeros([0, 3])).isEmpty)
    // A view that begins in the middle of another tensor's memory.
    #expect(elements(Tensor<Float>([[1, 2], [3, 4], [5, 6]])[1]) == [3, 4])
  }

  @Test("a view is made contiguous, in row-major order, and what is so already is not copied")
  func contiguity() {
    let x = Tensor<Float>([[1, 2, 3], [4, 5, 6]])
    #expect(x.isContiguous)
    let view = x.transposed()
    #expect(!view.isContiguous)
    let copy = view.contiguous()
    #expect(copy.isContiguous && copy.shape == [3, 2])
    #expect(elements(copy) == [1, 4, 2, 5, 3, 6])
    let places = (x.withUnsafeScalars { $0.baseAddress }, x.contiguous().withUnsafeScalars { $0.baseAddress })
    #expect(places.0 == places.1)
  }

  @Test("derivatives pass through contiguous()")
  func derivative() {
    let slope = gradient(at: Tensor<Double>([[1, 2], [3, 4]])) { x in
      (x.transposed().contiguous() * Tensor([[1, 10], [100, 1000]])).sum()
    }
    #expect(slope.scalars == [1, 100, 10, 1000])
  }

  @Test("what is written is the tensor's, and no copy's")
  func writing() {
    var x = Tensor<Float>([[1, 2, 3], [4, 5, 6]])
    let before = x
    var view = x.transposed()
    do {
      var span = x.mutableSpan
      for index in span.indices { span[index] *= 10 }
    }
    do {
      var span = view.mutableSpan
      span[1] = -1
    }
    #expect(x.scalars == [10, 20, 30, 40, 50, 60])
    #expect(before.scalars == [1, 2, 3, 4, 5, 6])
    #expect(view.scalars == [1, -1, 2, 5, 3, 6])
  }

  @Test("a tensor that nobody shares is written where it is")
  func inPlace() {
    var x = Tensor<Double>([1, 2, 3])
    let place = x.withUnsafeScalars { $0.baseAddress }
    do {
      var span = x.mutableSpan
      span[0] = 9
    }
    #expect(x.withUnsafeScalars { $0.baseAddress } == place)
    #expect(x.scalars == [9, 2, 3])
  }

  @Test("a tracked tensor that was written is a constant")
  func tracked() {
    var x = Tensor<Double>([1, 2]).tracked()
    do {
      var span = x.mutableSpan
      span[0] = 5
    }
    #expect(!x.isTracked)
    #expect(x.scalars == [5, 2])
  }

  @Test("a filter that was written is transformed anew")
  func derived() {
    let picture = Tensor<Float>((0..<8 * 8 * 16).map { Float($0 % 7) }, shape: [1, 16, 8, 8])
    var filter = Tensor<Float>((0..<16 * 16 * 9).map { Float($0 % 5) - 2 }, shape: [16, 16, 3, 3])
    let before = picture.conv2D(filter, padding: 1, algorithm: .winograd)
    do {
      var span = filter.mutableSpan
      for index in span.indices { span[index] *= -2 }
    }
    let after = picture.conv2D(filter, padding: 1, algorithm: .winograd)
    #expect(after.scalars == before.scalars.map { $0 * -2 })
  }

  @Test("the span of a view that is not contiguous traps, and says what to do")
  func refused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>([[1, 2], [3, 4]]).transposed().span.count
    }
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      output.contains(
        "span: the elements of this tensor of shape [2, 2] do not lie in row-major order; take it from contiguous()"
      ),
      "stderr: \(output)")
  }
}
