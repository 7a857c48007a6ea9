import Testing

@testable import Tensor

/// What graphs keep alive, by the counters of live bytes. The counters are the process's, so each measurement
/// runs in a process of its own.
@Suite("Autodiff: memory")
struct AutodiffMemoryTests {
  @Test("the rule of an input that is not tracked is dropped, and what it captured is not held")
  func untrackedInputHoldsNothing() async {
    await #expect(processExitsWith: .success) {
      // d/dw of w · x would need x; with w untracked nothing but w is held.
      let x = Tensor<Float>.zeros([1 << 20]).tracked()
      let w = Tensor<Float>.zeros([1 << 20])
      let before = TensorMemory.counters.live
      let y = (x + 1) * w
      let held = TensorMemory.counters.live - before
      precondition(held == block, "y alone should be live, not \(held) bytes")
      withExtendedLifetime((x, w, y)) {}
    }
  }

  @Test("a rule that needs its output makes no cycle")
  func outputRuleMakesNoCycle() async {
    await #expect(processExitsWith: .success) {
      let x = Tensor<Float>.zeros([1 << 20]).tracked()
      let before = TensorMemory.counters.live
      var y = x.exp()
      precondition(TensorMemory.counters.live - before == block, "the output is held once")
      y = x
      precondition(TensorMemory.counters.live == before, "dropping the result frees its memory")
      withExtendedLifetime((x, y)) {}
    }
  }

  @Test("after a backward pass only results and gradients are alive")
  func backwardReleasesTheGraph() async {
    await #expect(processExitsWith: .success) {
      let x = Tensor<Float>(repeating: 0.5, shape: [1 << 20])
      let before = TensorMemory.counters.live
      for step in 0..<3 {
        let (value, slope) = valueWithGradient(at: x) { x in
          ((x.exp() * x).sigmoid() + x.square().sqrt()).tanh().mean()
        }
        let held = TensorMemory.counters.live - before
        precondition(held == block + 64, "step \(step): \(held) bytes beside value and gradient")
        withExtendedLifetime((value, slope)) {}
      }
      precondition(TensorMemory.counters.live == before)
    }
  }

  @Test("a backward pass frees the graph as it goes")
  func backwardFreesAsItGoes() async {
    await #expect(processExitsWith: .success) {
      let x = Tensor<Float>(repeating: 0.5, shape: [1 << 20]).tracked()
      var y = x
      for _ in 0..<10 { y = y.sigmoid() }
      let total = y.sum()
      y = x
      let before = TensorMemory.counters.live
      TensorMemory.resetPeak()
      let slope = gradient(of: total, withRespectTo: [x])
      let growth = TensorMemory.counters.peak - before
      precondition(growth <= 4 * block, "the pass took \(growth) bytes beside a graph of \(10 * block)")
      withExtendedLifetime((x, y, total, slope)) {}
    }
  }

  @Test("a second step of the same size takes no memory from the system")
  func steadyState() async {
    await #expect(processExitsWith: .success) {
      let x = Tensor<Float>(repeating: 0.5, shape: [1 << 16])
      func step() { _ = valueWithGradient(at: x) { ($0.exp() * $0).square().sum() } }
      step()
      let before = TensorMemory.counters.systemAllocations
      for _ in 0..<10 { step() }
      precondition(TensorMemory.counters.systemAllocations == before)
    }
  }
}

/// The bytes of 2²⁰ Floats.
private let block = 4 << 20
