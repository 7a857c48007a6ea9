import TestSupport
import Testing

@testable import Tensor

/// Factorisations have several outputs; their derivatives depend on which of them were used.
@Suite("Gradients through some of the factors")
struct UsedFactorsTests {
  typealias Function = (Tensor<Double>) throws -> Tensor<Double>

  /// A few roundings of numbers near 1.
  private let tolerance = 64 * Double.ulpOfOne

  private func expect(
    _ f: Function, at a: Tensor<Double>, hasGradient expected: Tensor<Double>,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let found = try gradient(at: a, in: f)
    #expect(found.shape == a.shape, sourceLocation: location)
    let scale = Swift.max(expected.abs().max().scalar, 1)
    #expect((found - expected).abs().max().scalar <= tolerance * scale, "\(found)", sourceLocation: location)
  }

  /// Matrices M×N with the singular values `spectrum`.
  private func matrix(_ rows: Int, _ columns: Int, _ spectrum: [Double]) throws -> Tensor<Double> {
    let left = try normal([rows, spectrum.count]).qr().q
    let right = try normal([columns, spectrum.count], seed: 2).qr().q
    return (left * Tensor(spectrum)).matrixProduct(right, transposingRight: true)
  }

  // MARK: Equal values

  @Test(
    "the gradient through the singular values alone is exact for the identity", arguments: [1, 2, 5, 140])
  func identity(order: Int) throws {
    let one = Tensor<Double>.identity(order)
    for values in [{ try $0.svd().values }, { try $0.singularValues() }] as [Function] {
      // The sum of all is the nuclear norm, whose gradient is U·Vᵀ.
      try expect({ try values($0).sum() }, at: one, hasGradient: one)
      try expect({ try values($0).pow(3).sum() }, at: one, hasGradient: 3 * one)
      try expect({ try values($0).log().sum() }, at: 2 * one, hasGradient: 0.5 * one)
    }
  }

  @Test(
    "the gradient through singular values alone is exact where they are equal, in matrices of any shape",
    arguments: [(3, 3), (5, 3), (3, 5)])
  func equalSingularValues(rows: Int, columns: Int) throws {
    for spectrum in [[2.0, 2, 1], [3, 3, 3], [2, 1, 1], [1, 0, 0], [0, 0, 0]] {
      let a = try matrix(rows, columns, spectrum)
      // Σσ⁴ = tr (A·Aᵀ)².
      let expected = 4 * a.matrixProduct(a, transposingRight: true).matrixProduct(a)
      for values in [{ try $0.svd().values }, { try $0.singularValues() }] as [Function] {
        try expect({ try values($0).pow(4).sum() }, at: a, hasGradient: expected)
        try expect({ try values($0).square().sum() }, at: a, hasGradient: 2 * a)
      }
    }
    let batch = try Tensor.stacked([matrix(rows, columns, [2, 2, 2]), matrix(rows, columns, [2, 1, 1])])
    try expect({ try $0.svd().values.square().sum() }, at: batch, hasGradient: 2 * batch)
  }

  @Test("the gradient through eigenvalues alone is exact where they are equal", arguments: [3, 150])
  func equalEigenvalues(order: Int) throws {
    let basis = try normal([order, order]).qr().q
    let one = Tensor<Double>.identity(order)
    let twice = Tensor((0..<order).map { Double($0 / 2 % 3) - 1 })
    let repeated = (basis * twice).matrixProduct(basis, transposingRight: true).symmetricPart
    for a in [one, -2 * one, .zeros([order, order]), repeated] {
      for values in [{ try $0.eigh().values }, { try $0.eigvalsh() }] as [Function] {
        try expect({ try values($0).sum() }, at: a, hasGradient: one)
        // d tr A³ = 3·A².
        try expect({ try values($0).pow(3).sum() }, at: a, hasGradient: 3 * a.matrixProduct(a))
      }
    }
    // A function of the largest alone has a gradient of rank one within the plane of its equals.
    let slope = try gradient(at: one) { try $0.eigvalsh()[-1] }
    #expect((slope.matrixProduct(slope) - slope).abs().max().scalar <= tolerance)
  }

  @Test("second derivatives through equal values are finite, and exact along changes of the values")
  func secondDerivatives() throws {
    let one = Tensor<Double>.identity(3)
    let direction = one * Tensor([1, -2, 0.5])
    let eigenvalues = try hessianVectorProduct(at: one, along: direction) { try $0.eigvalsh().pow(3).sum() }
    #expect((eigenvalues - 6 * direction).abs().max().scalar <= tolerance)
    let singular = try hessianVectorProduct(at: one, along: direction) {
      try $0.singularValues().pow(3).sum()
    }
    #expect((singular - 6 * direction).abs().max().scalar <= tolerance)
    for f in [{ try $0.eigvalsh().pow(3).sum() }, { try $0.singularValues().pow(3).sum() }] as [Function] {
      let other = try hessianVectorProduct(
        at: one, along: Tensor([[0, 1, 2], [1, 0, 0], [2, 0, 1]]), in: f)
      #expect(other.scalars.allSatisfy { $0.isFinite && $0.magnitude < 100 })
    }
  }

  // MARK: All choices of outputs

  @Test(
    "svd has derivatives of both orders through every choice of its outputs",
    arguments: [([4, 3], 1), ([3, 4], 2), ([2, 3, 3], 3)] as [(Shape, UInt64)])
  func singularFactors(shape: Shape, seed: UInt64) throws {
    let a = normal(shape, seed: seed)
    for choice in 1..<8 {
      // Squares do not see the vectors' signs.
      try expectDerivatives(at: a) {
        let (u, values, v) = try $0.svd()
        return Self.chosen([u.square(), values, v.square()], choice)
      }
    }
  }

  @Test(
    "eigh has derivatives of both orders through every choice of its outputs",
    arguments: [[3, 3], [2, 4, 4]])
  func eigenvectors(shape: Shape) throws {
    let a = normal(shape)
    for choice in 1..<4 {
      try expectDerivatives(at: a) {
        let (values, vectors) = try $0.eigh()
        return Self.chosen([values, vectors.square()], choice)
      }
    }
  }

  @Test(
    "qr has derivatives of both orders through every choice of its outputs",
    arguments: [[4, 3], [3, 3], [3, 5], [2, 4, 2]])
  func orthogonalFactors(shape: Shape) throws {
    let a = normal(shape)
    for choice in 1..<4 {
      try expectDerivatives(at: a) {
        let (q, r) = try $0.qr()
        return Self.chosen([q, r], choice)
      }
    }
  }

  @Test("an output that counts for nothing changes no gradient")
  func unusedOutputs() throws {
    let a = normal([4, 3])
    let alone = try gradient(at: a) { try $0.svd().values.pow(3).sum() }
    let beside = try gradient(at: a) {
      let (u, values, v) = try $0.svd()
      return values.pow(3).sum() + 0 * (u.sum() + v.sum())
    }
    #expect((alone - beside).abs().max().scalar <= tolerance * alone.abs().max().scalar)
    let r = try gradient(at: a) { try $0.qr().r.square().sum() }
    // R has the norm of A.
    #expect((r - 2 * a).abs().max().scalar <= tolerance * a.abs().max().scalar)
  }

  @Test("the gradients of factors themselves are told apart")
  func factorsAsVariables() throws {
    let a = normal([3, 3]).tracked()
    let (u, values, v) = try a.svd()
    let product = (u * values.expanded(axis: -2)).matrixProduct(v, transposingRight: true)
    let slopes = gradient(of: product.square().sum(), withRespectTo: [v, values, u, a])
    #expect((slopes[1] - 2 * values).abs().max().scalar <= tolerance * values.abs().max().scalar)
    let squares = 2 * values.square().expanded(axis: -2)
    #expect((slopes[0] - v.detached() * squares).abs().max().scalar <= tolerance * squares.max().scalar)
    #expect((slopes[2] - u.detached() * squares).abs().max().scalar <= tolerance * squares.max().scalar)
    #expect((slopes[3] - 2 * a.detached()).abs().max().scalar <= tolerance * squares.max().scalar)
  }

  @Test("the eigenvalues alone are those beside the vectors", arguments: [1, 2, 33, 127, 128, 200])
  func eigenvaluesAlone(order: Int) throws {
    func expectValues<Scalar: TensorScalar>(_: Scalar.Type) throws {
      var generator = RandomGenerator(seed: 5)
      let a = Tensor<Scalar>.normal([2, order, order], using: &generator)
      let (values, alone) = (try a.eigh().values, try a.eigvalsh())
      let bound = 4 * Scalar(order) * .ulpOfOne * values.abs().max().scalar
      #expect((alone - values).abs().max().scalar <= bound)
      #expect(try a.tracked().eigvalsh().scalars == values.scalars)
      #expect(try a.symmetricPart.eigvalsh().scalars == alone.scalars)
    }
    try expectValues(Float.self)
    try expectValues(Double.self)
  }

  /// The sum of the tensors whose bit is set in `choice`, each with weights of its own.
  private static func chosen(_ tensors: [Tensor<Double>], _ choice: Int) -> Tensor<Double> {
    tensors.enumerated().filter { choice >> $0.offset & 1 == 1 }.map { index, tensor in
      (tensor
        * Tensor((0..<tensor.count).map { 0.5 + Double(($0 * $0 + 3 * index) % 7) }, shape: tensor.shape))
        .sum()
    }.reduce(Tensor(0), +)
  }

  private func expectDerivatives(at a: Tensor<Double>, _ f: @escaping Function) throws {
    for order in [GradientCheck.Order.first, .second] {
      let result = GradientCheck.check(at: a, order: order) { try! f($0) }
      #expect(result.passed, "\(result)")
    }
  }
}
