import TestSupport
import Testing

@testable import Tensor

@Suite("Factorizations")
struct FactorizationTests {
  /// A backward error of a few roundings for each of N terms.
  private func tolerance<Scalar: TensorScalar>(_: Scalar.Type, order: Int) -> Double {
    4 * Double(order) * Double(Scalar.ulpOfOne)
  }

  private func normal<Scalar: TensorScalar>(_ shape: Shape, seed: UInt64 = 1) -> Tensor<Scalar> {
    var generator = RandomGenerator(seed: seed)
    return Tensor.normal(shape, using: &generator)
  }

  private func distance<Scalar: TensorScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Double {
    Double((a - b).abs().max().scalar / b.abs().max().scalar)
  }

  private func expectFactors<Scalar: TensorScalar>(_: Scalar.Type, _ rows: Int, _ columns: Int) throws {
    let a: Tensor<Scalar> = normal([2, rows, columns])
    let bound = tolerance(Scalar.self, order: max(rows, columns))
    for full in [false, true] {
      let (u, values, v) = try a.svd(full: full)
      let rank = min(rows, columns)
      let product = (u[0..., 0..., 0..<rank] * values.expanded(axis: -2))
        .matrixProduct(v[0..., 0..., 0..<rank], transposingRight: true)
      #expect(distance(product, a) <= bound)
      #expect(
        distance(u.matrixProduct(u, transposingLeft: true), .identity(full ? rows : rank).expanded(axis: 0))
          <= bound)
      #expect(
        distance(
          v.matrixProduct(v, transposingLeft: true), .identity(full ? columns : rank).expanded(axis: 0))
          <= bound)
      for matrix in 0..<2 {
        #expect(values[matrix].scalars == values[matrix].scalars.sorted(by: >))
      }
      #expect(distance(try a.singularValues(), values) <= bound)
    }
    let (q, r) = try a.qr()
    #expect(distance(q.matrixProduct(r), a) <= bound)
    #expect(
      distance(q.matrixProduct(q, transposingLeft: true), .identity(min(rows, columns)).expanded(axis: 0))
        <= bound)
    #expect(r.triangle(lower: false).scalars == r.scalars)
    #expect((0..<min(rows, columns)).allSatisfy { r[0, $0, $0].scalar >= 0 })
    let p = try a.pinv()
    // A·P·A = A, where the condition number of a random matrix may cost some digits.
    #expect(distance(a.matrixProduct(p).matrixProduct(a), a) <= 16 * bound)
  }

  @Test(
    "multiply to the matrix, in sizes beyond one block",
    arguments: [
      (1, 1), (1, 5), (5, 1), (33, 20), (20, 33), (130, 70), (70, 130), (300, 4), (64, 64),
      (131, 200), (200, 131), (257, 160), (300, 140), (200, 200), (512, 512),
    ])
  func factors(rows: Int, columns: Int) throws {
    try expectFactors(Float.self, rows, columns)
    try expectFactors(Double.self, rows, columns)
  }

  @Test("least squares are the solution of the normal equations, for each matrix of a batch")
  func leastSquares() throws {
    let a: Tensor<Double> = normal([3, 40, 5])
    let b: Tensor<Double> = normal([3, 40, 2], seed: 2)
    let x = try a.leastSquares(b)
    let normalMatrix = a.matrixProduct(a, transposingLeft: true)
    let expected = try normalMatrix.solve(a.matrixProduct(b, transposingLeft: true))
    #expect(distance(x, expected) < 1e-13)
    #expect(distance(try a.pinv().matrixProduct(b), x) < 1e-13)
  }

  @Test("the pseudo-inverse of a matrix of low rank gives the smallest solution")
  func lowRank() throws {
    let a = Tensor<Double>([[1, 2], [2, 4], [0, 0]])
    // A = u·vᵀ with u = [1, 2, 0] and v = [1, 2]: P = v·uᵀ / 25.
    #expect(distance(try a.pinv(), Tensor([[1, 2, 0], [2, 4, 0]]) / 25) < 1e-14)
    #expect(try Tensor<Double>.zeros([2, 3]).pinv().scalars == .init(repeating: 0, count: 6))
    let nearly = Tensor<Double>([[1, 0], [0, 1e-6]])
    #expect(distance(try nearly.pinv(tolerance: 1e-5), Tensor([[1, 0], [0, 0]])) == 0)
  }

  @Test("the bits are the same for any number of threads, in batches and in large matrices")
  func threads() throws {
    let small: Tensor<Float> = normal([40, 24, 20])
    let large: Tensor<Float> = normal([2, 200, 150])
    func results(_ threads: Int) throws -> [Float] {
      try withThreadCount(threads) {
        // In a batch a matrix is one thread's; alone it is shared.
        try [small, large, large[1]].flatMap { a in
          let (u, values, v) = try a.svd()
          let (q, r) = try a.qr()
          let x = try a.leastSquares(.ones([a.shape[a.rank - 2]]))
          return try [u, values, v, q, r, x, a.pinv(), a.singularValues()].flatMap(\.scalars)
        }
      }
    }
    #expect(try results(1) == results(3))
  }

  @Test("a large matrix has the bits that it has in a batch")
  func alone() throws {
    for a in [normal([3, 200, 150]), normal([3, 150, 200])] as [Tensor<Float>] {
      let (u, values, v) = try a.svd()
      let (q, r) = try a.qr()
      try withThreadCount(2) {
        let (oneU, oneValues, oneV) = try a[1].svd()
        let (oneQ, oneR) = try a[1].qr()
        for (one, all) in zip([oneU, oneValues, oneV, oneQ, oneR], [u, values, v, q, r]) {
          #expect(one.scalars == all[1].scalars)
        }
      }
    }
  }
}

@Suite("Gradients of factorizations")
struct FactorizationGradientTests {
  private let tolerance = 1e-12

  /// A product of two rotations, whose singular values are 2, 2 and 1.
  private func rotated() throws -> Tensor<Double> {
    let left = try Tensor<Double>([[1, 2, 3], [2, -1, 0.5], [3, 0.5, -2]]).qr().q
    let right = try Tensor<Double>([[0, 1, -3], [2, 2, 0.5], [1, 0.5, 2]]).qr().q
    return (left * Tensor([2, 2, 1])).matrixProduct(right)
  }

  @Test("the gradient through equal singular values is exact, and through their vectors finite")
  func equalValues() throws {
    let a = try rotated()
    // d Σσ⁴ = 4·A·Aᵀ·A.
    let expected = 4 * a.matrixProduct(a, transposingRight: true).matrixProduct(a)
    for f in [
      { try $0.singularValues().pow(4).sum() }, { try $0.svd().values.pow(4).sum() },
    ] as [(Tensor<Double>) throws -> Tensor<Double>] {
      #expect((try gradient(at: a, in: f) - expected).abs().max().scalar <= tolerance * 32)
    }
    let slope = try gradient(at: a) { try $0.svd().u.pow(4).sum() + $0.svd().v.pow(4).sum() }
    #expect(slope.scalars.allSatisfy { $0.isFinite && $0.magnitude < 100 })
    let none = try gradient(at: Tensor<Double>.zeros([4, 3])) { try $0.svd().u.pow(4).sum() }
    #expect(none.scalars.allSatisfy { $0 == 0 })
  }

  @Test("the pseudo-inverse has exact derivatives of both orders where singular values are equal")
  func pseudoInverse() throws {
    let a = try rotated()
    for order in [GradientCheck.Order.first, .second] {
      let result = GradientCheck.check(at: a, order: order) { try! $0.pinv() }
      #expect(result.passed, "\(result)")
    }
  }

  @Test("the exponential of a skew matrix is a rotation, of either precision")
  func rotation() throws {
    for angle in [0.001, 1.0, 30] {
      let found = try Tensor<Double>([[0, -angle], [angle, 0]]).matrixExponential()
      let (c, s) = (Double.cos(angle), Double.sin(angle))
      // Squaring repeats the error of the first step: as many roundings as the angle has units.
      #expect((found - Tensor([[c, -s], [s, c]])).abs().max().scalar < 8 * .ulpOfOne * max(angle, 1))
      let single = try Tensor<Float>([[0, -Float(angle)], [Float(angle), 0]]).matrixExponential()
      let error = (Tensor<Double>(single) - found).abs().max().scalar
      #expect(error < 8 * Double(Float.ulpOfOne) * max(angle, 1))
    }
  }

  @Test("the exponentials of A and −A are inverse, and a nilpotent matrix's is a polynomial")
  func exponential() throws {
    var generator = RandomGenerator(seed: 3)
    let a = Tensor<Double>.normal([2, 6, 6], using: &generator)
    let product = try a.matrixExponential().matrixProduct((-a).matrixExponential())
    #expect((product - .identity(6)).abs().max().scalar < 1e-12)
    let nilpotent = Tensor<Double>([[0, 2, 3], [0, 0, 4], [0, 0, 0]])
    let polynomial = Tensor<Double>([[1, 2, 7], [0, 1, 4], [0, 0, 1]])
    #expect((try nilpotent.matrixExponential() - polynomial).abs().max().scalar < 1e-14)
  }

  @Test("the gradient of the exponential's trace is its transpose, for small and for large gradients")
  func exponentialGradient() throws {
    let a = Tensor<Double>([[1, -2], [0.5, 3]])
    for scale in [1e-200, 1, 1e200] {
      let slope = try gradient(at: a) {
        try ($0.matrixExponential() * Tensor([[1, 0], [0, 1]])).sum() * scale
      }
      let expected = try a.matrixExponential().transposed() * scale
      #expect((slope - expected).abs().max().scalar <= tolerance * expected.abs().max().scalar)
    }
  }

  #if os(macOS) || os(Linux)
    /// In a process of its own, since the counters belong to the process.
    @Test("the graphs of factors are freed, after a gradient and without one")
    func noCycles() async {
      await #expect(processExitsWith: .success) {
        let a = Tensor<Double>([[2, 1], [1, 3], [0, 1]])
        func loss(_ a: Tensor<Double>) throws -> Tensor<Double> {
          let (u, values, v) = try a.svd()
          let (q, r) = try a.qr()
          let parts = try [u, values, v, q, r, a.pinv(), a.singularValues(), a.leastSquares(.ones([3]))]
          return parts.map { $0.square().sum() }.reduce(Tensor(0), +)
        }
        func use() throws {
          _ = try loss(a.tracked())
          _ = try gradient(at: a, in: loss)
          _ = try hessianVectorProduct(at: a, along: a, in: loss)
          _ = try hessianVectorProduct(at: a[0..<2], along: a[0..<2]) { try $0.matrixExponential().sum() }
        }
        try use()
        let before = TensorMemory.counters.live
        for _ in 0..<10 { try use() }
        #expect(TensorMemory.counters.live == before)
      }
    }
  #endif
}
