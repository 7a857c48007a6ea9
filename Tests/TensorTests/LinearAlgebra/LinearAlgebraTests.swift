import TestSupport
import Testing

@testable import Tensor

@Suite("Linear algebra")
struct LinearAlgebraTests {
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

  private func expectFactors<Scalar: TensorScalar>(_: Scalar.Type, order: Int) throws {
    let x: Tensor<Scalar> = normal([order, order])
    let definite = x.selfProduct() / Scalar(order) + .identity(order)
    let bound = tolerance(Scalar.self, order: order)
    let l = try definite.cholesky()
    #expect(distance(l.selfProduct(), definite) <= bound)
    #expect(l.triangle(lower: true).scalars == l.scalars)

    let (values, vectors) = try x.symmetricPart.eigh()
    #expect(values.scalars == values.scalars.sorted())
    let scaled = vectors * values.expanded(axis: -2)
    #expect(distance(scaled.matrixProduct(vectors, transposingRight: true), x.symmetricPart) <= bound)
    #expect(distance(vectors.transposed().selfProduct(), .identity(order)) <= bound)

    let root = try definite.matrixSquareRoot()
    #expect(root.scalars == root.transposed().scalars)
    #expect(distance(root.selfProduct(), definite) <= 2 * bound)

    let b: Tensor<Scalar> = normal([order, 70], seed: 2)
    #expect(distance(definite.matrixProduct(try definite.solve(b)), b) <= 4 * bound)
    #expect(distance(l.matrixProduct(try l.triangularSolve(b)), b) <= 4 * bound)
    #expect(distance(definite.matrixProduct(try definite.inverse()), .identity(order)) <= 4 * bound)
    let logarithm = try definite.logDeterminant().scalar
    let diagonal = (0..<order).map { Double.log(Double(l.scalars[$0 * (order + 1)])) }
    #expect((Double(logarithm) - 2 * diagonal.reduce(0, +)).magnitude <= bound * Double(order))
  }

  @Test(
    "factors multiply to the matrix, in sizes beyond one block",
    arguments: [1, 2, 31, 33, 130, 200, 300, 513])
  func factors(order: Int) throws {
    try expectFactors(Float.self, order: order)
    try expectFactors(Double.self, order: order)
  }

  @Test("of a matrix that is not symmetric the symmetric part is taken")
  func symmetricPart() throws {
    let a = Tensor<Double>([[4, 2], [0, 3]])
    let b = Tensor<Double>([[4, 1], [1, 3]])
    #expect(try a.cholesky().scalars == b.cholesky().scalars)
    #expect(try a.eigh().values.scalars == b.eigh().values.scalars)
    #expect(try a.matrixSquareRoot().scalars == b.matrixSquareRoot().scalars)
  }

  @Test("the bits are the same for any number of threads, in batches and in large matrices")
  func threads() throws {
    let small: Tensor<Float> = normal([40, 20, 20])
    let large: Tensor<Float> = normal([2, 300, 300])
    func results(_ threads: Int) throws -> [Float] {
      try withThreadCount(threads) {
        // In a batch a matrix is one thread's; alone it is shared.
        try [small, large, large[1]].flatMap { x in
          let (values, vectors) = try x.eigh()
          let definite = x.selfProduct() + .identity(x.shape[x.rank - 1])
          let solutions = try [definite.cholesky().triangularSolve(x), x.solve(x), x.inverse()]
          return try ([values, vectors, x.eigvalsh()] + solutions).flatMap(\.scalars)
        }
      }
    }
    #expect(try results(1) == results(3))
  }

  @Test("a large matrix has the bits that it has in a batch")
  func alone() throws {
    let x: Tensor<Float> = normal([3, 200, 200])
    let definite = x.selfProduct() + .identity(200)
    let (values, vectors) = try x.eigh()
    let l = try definite.cholesky()
    try withThreadCount(2) {
      let (value, vector) = try x[1].eigh()
      #expect(value.scalars == values[1].scalars)
      #expect(vector.scalars == vectors[1].scalars)
      #expect(try definite[1].cholesky().scalars == l[1].scalars)
    }
  }

  @Test("large matrices with nothing to merge, or nearly nothing, have exact eigenvalues and a whole basis")
  func deflation() throws {
    let order = 200
    let one = Tensor<Double>.identity(order)
    let ramp = Tensor((0..<order).map { Double(order - $0) })
    let line: Tensor<Double> = normal([order, 1])
    let x: Tensor<Double> = normal([order, order])
    var torn = x.symmetricPart
    torn[0..<100, 100...] = .zeros([100, 100])
    torn[100..., 0..<100] = .zeros([100, 100])
    for a in [one, one * ramp, line.selfProduct(), one + line.selfProduct(), torn, .ones([order, order])] {
      let (values, vectors) = try a.eigh()
      let bound = tolerance(Double.self, order: order)
      let product = (vectors * values.expanded(axis: -2)).matrixProduct(vectors, transposingRight: true)
      // Rounding grows with the norm, which is far above the elements where one eigenvalue is.
      #expect((product - a).abs().max().scalar <= bound * values.abs().max().scalar)
      #expect(distance(vectors.transposed().selfProduct(), one) <= bound)
      #expect(values.scalars == values.scalars.sorted())
    }
    #expect(try (one * ramp).eigh().values.scalars == ramp.scalars.reversed())
  }

  /// What the parts of a factorisation that threads share change by no more than rounding.
  @Test(
    "a large factor is the same as one column after the other gives", arguments: [63, 64, 65, 131, 200, 640])
  func choleskyReference(order: Int) throws {
    let x: Tensor<Double> = normal([order, order])
    let definite = x.selfProduct() / Double(order) + .identity(order)
    var l = definite.scalars
    for column in 0..<order {
      l[column * (order + 1)] = l[column * (order + 1)].squareRoot()
      for row in column + 1..<max(order, column + 1) {
        l[row * order + column] /= l[column * (order + 1)]
        for inner in column + 1...row {
          l[row * order + inner] -= l[row * order + column] * l[inner * order + column]
        }
      }
    }
    let expected = Tensor(l, shape: [order, order]).triangle(lower: true)
    #expect(distance(try definite.cholesky(), expected) <= tolerance(Double.self, order: order))
  }

  @Test(
    "very large and very small matrices have scaled eigenvalues and the same vectors",
    arguments: [1e-25, 1e25])
  func scale(factor: Float) throws {
    let x: Tensor<Float> = normal([150, 150])
    let bound = tolerance(Float.self, order: 150)
    let (values, vectors) = try (x.symmetricPart * factor).eigh()
    let product = (vectors * (values / factor).expanded(axis: -2)).matrixProduct(
      vectors, transposingRight: true)
    #expect(distance(product, x.symmetricPart) <= bound)
    let (u, singular, v) = try (x * factor).svd()
    #expect(
      distance((u * (singular / factor).expanded(axis: -2)).matrixProduct(v, transposingRight: true), x)
        <= bound)
    let (q, r) = try (x * factor).qr()
    #expect(distance(q.matrixProduct(r / factor), x) <= bound)
  }

  @Test(
    "the determinant has the sign of the row exchanges, is 0 for a singular matrix, and its logarithm is finite"
  )
  func determinant() throws {
    let exchange = Tensor<Double>([[0, 1, 0], [0, 0, 1], [1, 0, 0]])
    #expect(try exchange.determinant().scalar == 1)
    #expect(try exchange[(0...).strided(by: -1)].determinant().scalar == -1)
    #expect(try Tensor<Double>([[1, 2], [2, 4]]).determinant().scalar == 0)
    let large = Tensor<Float>.identity(100) * 1e10
    #expect(try large.determinant().scalar == .infinity)
    #expect(try (large.logDeterminant().scalar - 100 * Float.log(1e10)).magnitude < 1e-3)
  }
}

@Suite("Degenerate matrices")
struct DegenerateMatrixTests {
  /// A rotation, so that nothing is diagonal by chance.
  private func rotated(_ values: [Double]) throws -> Tensor<Double> {
    let basis = try Tensor<Double>([[1, 2, 3], [2, -1, 0.5], [3, 0.5, -2]]).eigh().vectors
    return (basis * Tensor(values)).matrixProduct(basis, transposingRight: true)
  }

  private let tolerance = 1e-12

  @Test("the gradient through equal eigenvalues is exact")
  func values() throws {
    for spectrum in [[1.0, 1, 2], [3, 3, 3], [0, 0, 0]] {
      let a = try rotated(spectrum)
      let slope = try gradient(at: a) { try $0.eigh().values.pow(3).sum() }
      // d tr(A³) = 3A².
      let expected = 3 * a.matrixProduct(a)
      #expect((slope - expected).abs().max().scalar <= tolerance)
    }
  }

  @Test("the gradient through the vectors of equal eigenvalues is finite, and 0 within their plane")
  func vectors() throws {
    let a = try rotated([1, 1, 2])
    let slope = try gradient(at: a) { try $0.eigh().vectors.pow(4).sum() }
    #expect(slope.scalars.allSatisfy { $0.isFinite && $0.magnitude < 100 })
    let none = try gradient(at: Tensor<Double>.identity(3)) { try $0.eigh().vectors.pow(4).sum() }
    #expect(none.scalars.allSatisfy { $0 == 0 })
  }

  @Test("the square root has exact derivatives of both orders where eigenvalues are equal")
  func squareRoot() throws {
    let a = try rotated([1, 1, 2])
    for order in [GradientCheck.Order.first, .second] {
      let result = GradientCheck.check(at: a, order: order) { try! $0.matrixSquareRoot() }
      #expect(result.passed, "\(result)")
    }
  }

  @Test("the square root of a matrix of low rank has a finite gradient")
  func lowRank() throws {
    for a in [try rotated([0, 0, 2]), .zeros([3, 3])] {
      let slope = try gradient(at: a) { try $0.matrixSquareRoot().sum() }
      #expect(slope.scalars.allSatisfy { $0.isFinite && $0.magnitude < 10 })
    }
  }

  #if os(macOS) || os(Linux)
    /// In a process of its own, since the counters belong to the process.
    @Test("the graphs of values and vectors are freed, after a gradient and without one")
    func noCycles() async {
      await #expect(processExitsWith: .success) {
        let a = Tensor<Double>([[2, 1], [1, 3]])
        func use() throws {
          _ = try a.tracked().eigh()
          _ = try a.tracked().eigvalsh()
          _ = try a.tracked().matrixSquareRoot()
          _ = try gradient(at: a) {
            let (values, vectors) = try $0.eigh()
            return (values * vectors.square()).sum()
          }
          _ = try hessianVectorProduct(at: a, along: a) { try ($0.eigh().vectors.pow(4)).sum() }
        }
        try use()
        let before = TensorMemory.counters.live
        for _ in 0..<10 { try use() }
        #expect(TensorMemory.counters.live == before)
      }
    }
  #endif
}
