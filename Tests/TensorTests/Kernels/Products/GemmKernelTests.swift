import TestSupport
import Testing

@testable import Tensor

/// The C kernels of matrix products against plain Swift, where this machine has them.
@Suite("Matrix product: kernels", .enabled(if: Processor.best.gemm(Float.self) != nil))
struct GemmKernelTests {
  /// Tiles of every height, narrow, whole and several panels, and pieces of the depth.
  static let sizes = [
    (1, 1, 1), (2, 17, 3), (9, 8, 16), (13, 33, 15), (14, 32, 17), (15, 31, 129), (64, 16, 128), (65, 47, 40),
    (129, 70, 260), (28, 9, 1),
  ]

  private func check<S: TensorScalar>(
    _: S.Type, _ size: (m: Int, n: Int, k: Int), aTransposed: Bool, bTransposed: Bool, adds: Bool
  ) {
    let (m, n, k) = size
    let kernels = Processor.best.gemm(S.self)!.pointee
    let gap = 3
    /// Whole numbers, whose products and sums are exact, and NaN in the gap between rows.
    func matrix(_ rows: Int, _ columns: Int, _ seed: Int) -> [S] {
      (0..<rows * (columns + gap) - gap).map { place in
        place % (columns + gap) < columns ? S((place * 7 + seed) % 11 - 5) : .nan
      }
    }
    let a = aTransposed ? matrix(k, m, 1) : matrix(m, k, 1)
    let b = bTransposed ? matrix(n, k, 2) : matrix(k, n, 2)
    let (aStep, bStep) = ((aTransposed ? m : k) + gap, (bTransposed ? k : n) + gap)
    let width = kernels.width
    let panels = (n + width - 1) / width
    var packed = [S](repeating: .nan, count: panels * width * k)
    let before = (0..<m * (n + gap)).map { S($0 % 5) }
    var c = before
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        let left = BLAS.Matrix(start: a.baseAddress!, isTransposed: aTransposed, leadingDimension: aStep)
        let right = BLAS.Matrix(start: b.baseAddress!, isTransposed: bTransposed, leadingDimension: bStep)
        packed.withUnsafeMutableBufferPointer { packed in
          for panel in 0..<panels {
            kernels.pack(
              min(width, n - panel * width), k, right.from(0, panel * width).start, right.columnStep,
              right.rowStep, packed.baseAddress! + panel * width * k)
          }
          kernels.multiply(
            m, n, k, left.start, left.rowStep, left.columnStep, packed.baseAddress!, width * k, adds, &c,
            n + gap)
        }
      }
    }
    var expected = before
    for row in 0..<m {
      for column in 0..<n {
        expected[row * (n + gap) + column] = (0..<k).reduce(adds ? before[row * (n + gap) + column] : 0) {
          $0 + a[aTransposed ? $1 * aStep + row : row * aStep + $1]
            * b[bTransposed ? column * bStep + $1 : $1 * bStep + column]
        }
      }
    }
    #expect(c == expected, "\(size), \(S.scalarName), \(aTransposed), \(bTransposed), \(adds)")
  }

  @Test("products of whole numbers are exact, whatever is transposed, and nothing beside them is touched")
  func exact() {
    for size in Self.sizes {
      for (aTransposed, bTransposed, adds) in [
        (false, false, false), (true, false, true), (false, true, true), (true, true, false),
      ] {
        check(Float.self, size, aTransposed: aTransposed, bTransposed: bTransposed, adds: adds)
        check(Double.self, size, aTransposed: aTransposed, bTransposed: bTransposed, adds: adds)
      }
    }
  }
}

/// Products by these kernels as a whole, where this machine has them, and the build uses them.
@Suite("Matrix product: packed", .enabled(if: Processor.best.fastGemm(Float.self) != nil))
struct PackedProductTests {
  private func product<S: TensorScalar>(_ a: Tensor<S>, _ b: Tensor<S>, threads: Int = 2) -> [S] {
    withThreadCount(threads) { a.matrixProduct(b).scalars }
  }

  private func normal<S: TensorScalar>(_ shape: Shape, seed: UInt64) -> Tensor<S> {
    var generator = RandomGenerator(seed: seed)
    return .normal(shape, using: &generator)
  }

  @Test(
    "an element has the same bits in any product that holds it, for any number of threads",
    arguments: [[90, 300, 500], [130, 20_000, 270], [3, 1000, 1000]])
  func bits(size: [Int]) {
    let a: Tensor<Float> = normal([size[0], size[1]], seed: 1)
    let b: Tensor<Float> = normal([size[1], size[2]], seed: 2)
    let whole = product(a, b)
    #expect(product(a, b, threads: 1) == whole)
    #expect(product(a, b, threads: 3) == whole)
    let part = product(a[1...], b[..., 2..<40])
    let expected = (1..<size[0]).flatMap { row in whole[row * size[2] + 2..<row * size[2] + 40] }
    #expect(part == expected)
  }

  @Test("rounding errors grow with the pieces that depth is cut into, not with depth")
  func accuracy() {
    // Added one after the other, so many tenths would be off by ten times the bound.
    let depth = 20_000
    let tenths = Tensor<Float>(repeating: 0.1, shape: [4, depth])
    let exact = Double(depth) * Double(Float(0.1))
    // A piece is at most 128 deep: so many roundings in a piece, and one for each sum of the 157 pieces.
    let bound = Double(128 + 157) * Double(Float.ulpOfOne) / 2 * exact
    for value in product(tenths, .ones([depth, 8])) { #expect(abs(Double(value) - exact) <= bound) }
  }

  @Test("batches are the products of their matrices, few and large or many and small")
  func batches() {
    for (count, size) in [(2, 130), (9, 130), (40, 20)] {
      let a: Tensor<Float> = normal([count, size, size], seed: 1)
      let b: Tensor<Float> = normal([count, size, size], seed: 2)
      let all = product(a, b)
      #expect(all == (0..<count).flatMap { product(a[$0], b[$0]) })
      let shared = product(a, b[0])
      #expect(shared == (0..<count).flatMap { product(a[$0], b[0]) })
    }
  }
}
