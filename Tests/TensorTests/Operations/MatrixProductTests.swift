import TestSupport
import Testing

@testable import Tensor

@Suite("matrixProduct")
struct MatrixProductTests {
  /// Small whole numbers: their products and sums are exact, so results must be equal, not close.
  private func integers<Scalar: TensorScalar>(_ shape: Shape, _ seed: Int) -> Tensor<Scalar> {
    Tensor((0..<shape.elementCount).map { Scalar(($0 * 7 + seed * 13) % 11 - 5) }, shape: shape)
  }

  private func naive(_ a: Tensor<Double>, _ b: Tensor<Double>) -> [Double] {
    let (x, y) = (a.scalars, b.scalars)
    let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
    return (0..<m * n).map { index in
      (0..<k).reduce(0) { $0 + x[index / n * k + $1] * y[$1 * n + index % n] }
    }
  }

  @Test(
    "is exact for whole numbers of any size, also where threads share blocks",
    arguments: [
      [1, 1, 1], [3, 1, 5], [2, 300, 3], [70, 33, 129], [300, 257, 400], [1, 700, 900], [900, 700, 1],
      [1, 100_000, 40], [40, 100_000, 1], [600, 64, 2],
    ])
  func exact(size: [Int]) {
    let a: Tensor<Double> = integers([size[0], size[1]], 1)
    let b: Tensor<Double> = integers([size[1], size[2]], 2)
    let expected = naive(a, b)
    #expect(a.matrixProduct(b).scalars == expected)
    #expect(
      Tensor<Float>(a).matrixProduct(Tensor(b)).scalars == expected.map { Float($0) })
    // Also as on a machine without kernels of our own.
    for processor in Processor.available {
      #expect(Tensor(Kernels.matrixProduct(a.array, b.array, processor: processor)).scalars == expected)
    }
  }

  @Test("views of every kind give the product of their elements")
  func views() {
    let whole: Tensor<Double> = integers([12, 14], 3)
    let contiguous = { (x: Tensor<Double>) in Tensor(x.scalars, shape: x.shape) }
    let lefts = [
      whole[2..<7, 1..<5], whole.transposed()[2..<7, 1..<5], whole[(0..<10).strided(by: 2), 1..<5],
      whole[0..<5, (0..<8).strided(by: 2)], whole[(0..<5).strided(by: -1), 0..<4],
      whole[0..<1, 0..<4].broadcast(to: [5, 4]),
      whole[0..<5, 0..<1].broadcast(to: [5, 4]), whole[0..<5, (4..<8).strided(by: -1)],
    ]
    for left in lefts {
      for right in lefts.map({ $0.transposed() }) + lefts.map({ contiguous($0).transposed() }) {
        #expect(left.matrixProduct(right).scalars == naive(contiguous(left), contiguous(right)))
      }
      for vector in [
        whole[3, 2..<6], whole[2..<6, 3], whole[0, (0..<4).strided(by: -1)], Tensor(2).broadcast(to: [4]),
      ] {
        let expected = naive(contiguous(left), contiguous(vector).expanded(axis: 1))
        #expect(left.matrixProduct(vector).scalars == expected)
        #expect(vector.matrixProduct(left, transposingRight: true).scalars == expected)
      }
    }
  }

  /// In a process of its own, since the counters belong to the process.
  @Test("takes matrices with contiguous rows or columns where they lie")
  func noCopies() async {
    await #expect(processExitsWith: .success) {
      let a = Tensor<Float>(repeating: 2, shape: [40, 50])
      let b = Tensor<Float>(repeating: 3, shape: [50, 40])
      func peak(_ body: () -> Tensor<Float>) -> Int {
        TensorMemory.resetPeak()
        let before = TensorMemory.counters.live
        let result = body()
        return withExtendedLifetime(result) { TensorMemory.counters.peak - before }
      }
      let resultBytes = peak { Tensor(StridedArray(uninitialized: [20, 20])) }
      #expect(peak { a[3..<23, 5..<45].matrixProduct(b[5..<45, 7..<27]) } == resultBytes)
      #expect(peak { a.transposed()[5..<25].matrixProduct(b.transposed()[..., 4..<24]) } == resultBytes)
      #expect(peak { a[3..<23].matrixProduct(a[..<20], transposingRight: true) } == resultBytes)
    }
  }

  @Test("has the same bits for any number of threads")
  func threads() {
    var generator = RandomGenerator(seed: 1)
    let a = Tensor<Float>.normal([500, 300], using: &generator)
    let b = Tensor<Float>.normal([300, 700], using: &generator)
    func product(_ threads: Int, _ processor: Processor) -> [Float] {
      withThreadCount(threads) {
        Tensor(Kernels.matrixProduct(a.array, b.array, processor: processor)).scalars
          + a.matrixProduct(b[..., 0]).scalars
      }
    }
    for processor in Processor.available { #expect(product(1, processor) == product(3, processor)) }
  }

  @Test("an inner length of 0 gives zeros, and empty results have their shape")
  func empty() {
    #expect(
      Tensor<Float>.ones([2, 0]).matrixProduct(.ones([0, 3])).scalars == Array(repeating: 0, count: 6))
    #expect(Tensor<Float>.ones([0]).matrixProduct(.ones([0])).scalars == [0])
    #expect(Tensor<Float>.ones([4, 0, 2]).matrixProduct(.ones([2, 3])).shape == [4, 0, 3])
    #expect(Tensor<Float>.ones([0, 4, 2]).matrixProduct(.ones([5, 1, 2, 3])).shape == [5, 0, 4, 3])
  }

  @Test("NaN and infinity spread as in the sums")
  func nonFinite() {
    let a = Tensor<Double>([[.nan, 0], [.infinity, 1]])
    let product = a.matrixProduct(Tensor([[1, 0], [1, 1]])).scalars
    #expect(product[0].isNaN && product[1].isNaN && product[2] == .infinity && product[3].isNaN)
  }
}
