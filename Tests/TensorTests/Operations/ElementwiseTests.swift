import Testing

@testable import Tensor

@Suite("Elementwise operations")
struct ElementwiseTests {
  @Test("compound assignment works in place when nobody else sees the memory")
  func inPlace() {
    var x = Tensor<Float>([1, 2, 3])
    let address = x.array.pointer
    x += Tensor([1, 1, 1])
    x *= 2
    #expect(x.scalars == [4, 6, 8])
    #expect(x.array.pointer == address)
  }

  @Test("compound assignment leaves copies alone")
  func copiesStay() {
    var x = Tensor<Float>([1, 2, 3])
    let y = x
    x -= x
    #expect(x.scalars == [0, 0, 0])
    #expect(y.scalars == [1, 2, 3])
    var stretched = Tensor<Float>([5]).broadcast(to: [3])
    stretched += Tensor([1, 2, 3])
    #expect(stretched.scalars == [6, 7, 8])
  }

  @Test("writing in place forgets what was computed from the old numbers")
  func derivedValuesAreForgotten() {
    final class Box: Sendable {}
    var x = Tensor<Float>([1, 2])
    let old = x.array.storage.derived.value(Box.self) { Box() }
    x += 1
    #expect(x.array.storage.derived.value(Box.self) { Box() } !== old)
  }

  @Test("results keep the memory order of their inputs")
  func memoryOrder() {
    let pixels = Tensor(Tensor<Float>.ones([1, 4, 5, 3]).array.transposed([0, 3, 1, 2]))
    let strides = pixels.array.layout.strides
    #expect(pixels.exp().array.layout.strides == strides)
    #expect((pixels + pixels).array.layout.strides == strides)
    #expect((Tensor<Float>.ones([3, 1, 1]) * pixels).array.layout.strides == strides)
    let slope = gradient(at: pixels) { ($0 * $0).sum() }
    #expect(slope.array.layout.strides == strides)
  }

  @Test("gradients at the special points of PyTorch's conventions")
  func conventions() {
    func slope(_ x: [Double], _ f: (Tensor<Double>) -> Tensor<Double>) -> [Double] {
      gradient(at: Tensor(x)) { f($0).sum() }.scalars
    }
    #expect(slope([0]) { $0.abs() } == [0])
    #expect(slope([0, 4]) { $0.sqrt() } == [.infinity, 0.25])
    #expect(slope([0, -1]) { $0.pow(0) } == [0, 0])
    #expect(slope([0, -1]) { $0.pow(1) } == [1, 1])
    #expect(slope([0, -1]) { $0.pow(2) } == [0, -2])
    #expect(slope([0]) { $0.pow(0.5) } == [.infinity])
    let smooth: [(Tensor<Double>) -> Tensor<Double>] = [
      { $0.softplus() }, { $0.silu() }, { $0.gelu() }, { $0.gelu(approximation: .tanh) }, { $0.mish() },
      { $0.elu() }, { $0.sigmoid() }, { $0.tanh() },
    ]
    for activation in smooth { #expect(slope([.nan], activation)[0].isNaN) }
    #expect(slope([-1, -0.5, 0.5, 1, .nan]) { $0.clamped(to: -0.5...0.5) } == [0, 1, 1, 0, 0])
    #expect(slope([0, 1, 2, .nan]) { Tensor.maximum($0, Tensor(1)) } == [0, 0.5, 1, 1])
    #expect(slope([0, 1, 2, .nan]) { Tensor.minimum($0, Tensor(1)) } == [1, 0.5, 0, 1])
    #expect(slope([3, 1, 3]) { $0.max() } == [0.5, 0, 0.5])
  }

  @Test("the derivative of a power at the base 0 has no NaN from 0 · log 0")
  func powerAtZero() {
    let (_, slopes) = valueWithGradient(at: Tensor<Double>([0, 0, 2]), Tensor<Double>([0, 2, 0])) {
      $0.pow($1).sum()
    }
    #expect(slopes.0.scalars == [0, 0, 0])
    #expect(slopes.1.scalars == [0, 0, Double.log(2)])
  }

  @Test("a NaN that where does not take stays out of the gradient")
  func whereHidesNaN() {
    let slope = gradient(at: Tensor<Double>([-1, 4])) { x in Tensor.where(x .> 0, x.sqrt(), Tensor(0)).sum() }
    #expect(slope.scalars[1] == 0.25)
    let (_, slopes) = valueWithGradient(at: Tensor<Double>([.nan, 4])) { x in
      Tensor.where(Tensor([false, true]), x, Tensor(7)).sum()
    }
    #expect(slopes.scalars == [0, 1])
  }

  @Test("shapes that do not broadcast trap")
  func broadcastMisuse() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.zeros([2, 3]) + Tensor<Float>.zeros([4])
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("+: the shapes [2, 3] and [4] do not broadcast"))
  }

  @Test("compound assignment does not change a shape")
  func compoundMisuse() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var x = Tensor<Float>.zeros([3])
      x += Tensor.zeros([2, 3])
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("+=: the shape [2, 3] does not broadcast to [3]"))
  }
}
