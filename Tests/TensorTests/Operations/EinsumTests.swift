import Testing

@testable import Tensor

@Suite("einsum")
struct EinsumTests {
  private func plan(_ equation: String, _ shapes: Shape...) -> EinsumPlan {
    EinsumPlan(EinsumAxes(EinsumEquation(equation), shapes), shapes)
  }

  @Test("products are made in the order of the fewest multiplications")
  func order() {
    // (A·B)·v has 2,000,000 multiplications more than A·(B·v).
    let steps = plan("ij,jk,k->i", [100, 200], [200, 100], [100]).steps
    guard case .multiply(1, 2, let first) = steps[0], case .multiply(0, 1, _) = steps[1] else {
      Issue.record("\(steps)")
      return
    }
    #expect(first.resultShape == [200])
  }

  @Test("axes that nothing else has are summed before any product")
  func earlySums() {
    guard case .sum(0, [1]) = plan("ij,k->ik", [2, 3], [4]).steps[0] else {
      Issue.record("\(plan("ij,k->ik", [2, 3], [4]).steps)")
      return
    }
  }

  @Test("a batch of matrices is one batched product of operands where they lie")
  func batchedProduct() throws {
    let steps = plan("bhqd,bkhd->bhqk", [2, 3, 4, 5], [2, 6, 3, 5]).steps
    guard steps.count == 1, case .multiply(0, 1, let product) = steps[0], case .matrices = product.kind else {
      Issue.record("\(steps)")
      return
    }
    #expect(product.leftShape == [2, 3, 4, 5])
    #expect(product.rightShape == [2, 3, 5, 6])
    #expect(product.rightOrder == [0, 2, 3, 1])
  }

  @Test("a plan is made once for an equation and its shapes")
  func cache() {
    let cache = EinsumPlanCache()
    for _ in 0..<3 { _ = cache.plan("ij,jk", [[2, 3], [3, 4]]) }
    #expect(cache.count == 1)
    _ = cache.plan("ij,jk", [[2, 5], [5, 4]])
    #expect(cache.count == 2)
  }

  @Test("an attention block is that of matrix products, in value and gradient")
  func attention() {
    var random = RandomGenerator(seed: 1)
    let q = Tensor<Double>.normal([2, 3, 2, 4], using: &random)
    let k = Tensor<Double>.normal([2, 5, 2, 4], using: &random)
    let (value, gradients) = valueWithGradient(at: q, k) { q, k in
      einsum("bqhd,bkhd->bhqk", q, k).square().sum()
    }
    let (expected, expectedGradients) = valueWithGradient(at: q, k) { q, k in
      q.transposed(axes: [0, 2, 1, 3])
        .matrixProduct(k.transposed(axes: [0, 2, 1, 3]), transposingRight: true).square().sum()
    }
    // Both add the same products, in orders that may differ.
    let tolerance = 64 * Double.ulpOfOne * expected.scalar
    #expect((value - expected).abs().scalar <= tolerance)
    #expect((gradients.0 - expectedGradients.0).abs().max().scalar <= tolerance)
    #expect((gradients.1 - expectedGradients.1).abs().max().scalar <= tolerance)
  }
}
