import Testing

@testable import Tensor

@Suite("Autodiff")
struct AutodiffTests {
  @Test("the gradient of a broadcast input is summed to the input's shape")
  func broadcastGradientIsSummed() {
    let (_, slopes) = valueWithGradient(at: Tensor<Double>([[1], [2]]), Tensor<Double>([10, 20, 30])) {
      ($0 * $1).sum()
    }
    #expect(slopes.0.shape == [2, 1])
    #expect(slopes.0.scalars == [60, 60])
    #expect(slopes.1.shape == [3])
    #expect(slopes.1.scalars == [3, 3, 3])
  }

  @Test("an input that is used twice gets the sum of both gradients")
  func sharedInput() {
    #expect(gradient(at: Tensor<Double>([3])) { x in (x * x + x).sum() }.scalars == [7])
  }

  @Test("a result that does not depend on its argument has the gradient zero")
  func independentResult() {
    #expect(gradient(at: Tensor<Double>([1, 2])) { _ in Tensor(5) }.scalars == [0, 0])
  }

  @Test("the gradient with respect to a tensor computed on the way")
  func intermediateVariable() {
    let x = Tensor<Double>([2]).tracked()
    let y = x * x
    let slopes = gradient(of: (y * y).sum(), withRespectTo: [y, x])
    #expect(slopes[0].scalars == [8])
    #expect(slopes[1].scalars == [32])
  }

  @Test("a history kept with retainingGraph serves twice")
  func retainedGraph() {
    let x = Tensor<Double>([2]).tracked()
    let y = x.square().exp().sum()
    let first = gradient(of: y, withRespectTo: [x], retainingGraph: true)
    #expect(gradient(of: y, withRespectTo: [x])[0].scalars == first[0].scalars)
  }

  @Test("third derivatives by repeated differentiation")
  func thirdDerivative() {
    let x = Tensor<Double>([1.5]).tracked()
    var y = x.pow(4).sum()
    for expected in [13.5, 27, 36] {
      y = gradient(of: y, withRespectTo: [x], differentiable: true)[0].sum()
      #expect(abs(y.scalar - expected) < 1e-12)
    }
  }

  @Test("the Hessian times a vector")
  func hessian() {
    // f = x₀² x₁ has the Hessian [[2 x₁, 2 x₀], [2 x₀, 0]].
    let select = (Tensor<Double>([1, 0]), Tensor<Double>([0, 1]))
    let product = hessianVectorProduct(at: Tensor([3, 5]), along: Tensor([1, 2])) { x in
      (x * select.0).sum().square() * (x * select.1).sum()
    }
    #expect(product.scalars == [22, 6])
  }

  @Test("detached tensors are constants")
  func detached() {
    #expect(gradient(at: Tensor<Double>([3])) { x in (x * x.detached()).sum() }.scalars == [3])
    #expect(!Tensor<Double>([1]).tracked().detached().isTracked)
  }

  @Test("writing to a tracked tensor forgets its history")
  func writingForgets() {
    var x = Tensor<Double>([1, 2]).tracked()
    x.withUnsafeMutableScalars { $0[0] = 5 }
    #expect(!x.isTracked)
    #expect(x.scalars == [5, 2])
  }

  @Test("compound assignment to a tracked tensor is recorded")
  func compoundAssignmentIsRecorded() {
    let slope = gradient(at: Tensor<Double>([3])) { x in
      var y = x
      y *= x
      y += 1
      y *= x
      return y.sum()
    }
    #expect(slope.scalars == [28])
  }

  @Test("a million operations in a row are differentiated and released without recursion")
  func longChain() {
    let x = Tensor<Double>([1]).tracked()
    var y = x
    for _ in 0..<1_000_000 { y = y + x }
    #expect(gradient(of: y, withRespectTo: [x])[0].scalars == [1_000_001])
    y = x
    for _ in 0..<1_000_000 { y = y * x }
    y = x  // drops the chain, which no backward pass used up
    #expect(y.scalars == [1])
  }

  @Test("a graph where each value is used twice is walked once, not 2ⁿ times")
  func diamonds() {
    let slope = gradient(at: Tensor<Double>([1])) { x in
      var y = x
      for _ in 0..<60 { y = y + y }
      return y.sum()
    }
    #expect(slope.scalars == [0x1p60])
  }
}
