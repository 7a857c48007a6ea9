import Testing
@testable import Tensor

@Test func scratch() {
  let (v, g) = valueWithGradient(at: Tensor<Double>([[1, 2, 3], [4, 5, 6]])) { x in ((x * x).exp() * Tensor<Double>([1, 2, 3])).sum() }
  print(v, g)
  let h = hessianVectorProduct(at: Tensor<Double>([1, 2, 3]), along: Tensor<Double>([1, 0, 0])) { x in (x * x * x).sum() }
  print(h)
  let a = Tensor<Float>(repeating: 1.5, shape: [16, 1 << 16])
  let b = Tensor<Float>(repeating: 2.5, shape: [1, 1 << 16])
  var t = ContinuousClock().measure { for _ in 0..<20 { _ = a + a } }
  print("add flat", t / 20)
  t = ContinuousClock().measure { for _ in 0..<20 { _ = a + b } }
  print("add broadcast", t / 20)
  t = ContinuousClock().measure { for _ in 0..<20 { _ = a.exp() } }
  print("exp", t / 20)
  t = ContinuousClock().measure { for _ in 0..<20 { _ = a.sum() } }
  print("sum", t / 20)
  var x = Tensor<Double>([1]).tracked()
  let x0 = x
  t = ContinuousClock().measure { for _ in 0..<1_000_000 { x = x + x0 } }
  print("chain", t / 1_000_000)
  t = ContinuousClock().measure { print(gradient(of: x, withRespectTo: [x0])) }
  print("backward", t / 1_000_000)
  x = Tensor<Double>([1]).tracked()
  for _ in 0..<1_000_000 { x = x * x0 }
  t = ContinuousClock().measure { x = Tensor<Double>([1]) }
  print("release", t / 1_000_000)
}
