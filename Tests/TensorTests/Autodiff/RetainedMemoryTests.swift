import Testing

@testable import Tensor

#if os(macOS) || os(Linux)
  /// What the graph of a network with frozen filters keeps for its backward pass. The counters belong to the process,
  /// so each test runs in one of its own.
  @Suite("Retained memory")
  struct RetainedMemoryTests {
    @Test(
      "convolution, ReLU and max-pooling keep a bit an element and two bits a window",
      arguments: [true, false])
    func bitsAlone(fused: Bool) async {
      await #expect(processExitsWith: .success) { [fused = fused as Bool] in expectBitsAlone(fused: fused) }
    }

    @Test("average-pooling and a convolution by itself keep nothing")
    func linearOperationsKeepNothing() async {
      await #expect(processExitsWith: .success) {
        let (x, filter, bias) = network()
        let result = kept {
          x.conv2D(filter, bias: bias, padding: 1, algorithm: .winograd).averagePool2D(window: 2).sum()
        }
        #expect(result == 64)
      }
    }

    @Test("filters that are tracked keep the input of their convolution, and no more")
    func trackedFilter() async {
      await #expect(processExitsWith: .success) {
        let (x, filter, bias) = network()
        let variable = filter.tracked()
        let first = x.conv2D(filter, bias: bias, padding: 1)
        let inputBytes = first.count * 4
        let second = Tensor<Float>.ones([64, 64, 3, 3])
        let result = kept {
          let y = x.conv2D(variable, bias: bias, padding: 1)
          return y.conv2D(second.tracked(), padding: 1).sum()
        }
        // The second convolution's input, which is the first one's output.
        #expect(result == inputBytes + 64)
      }
    }

    @Test("hundred evaluations leave nothing behind and ask the system for nothing")
    func steadyState() async {
      await #expect(processExitsWith: .success) {
        let (x, filter, bias) = network()
        func evaluate() {
          _ = gradient(at: x) {
            $0.conv2D(filter, bias: bias, padding: 1, applyingReLU: true, algorithm: .winograd)
              .maxPool2D(window: 2).sum()
          }
        }
        for _ in 0..<3 { evaluate() }
        let before = TensorMemory.counters
        for _ in 0..<100 { evaluate() }
        #expect(TensorMemory.counters.live == before.live)
        #expect(TensorMemory.counters.systemAllocations == before.systemAllocations)
      }
    }
  }

  private func network() -> (x: Tensor<Float>, filter: Tensor<Float>, bias: Tensor<Float>) {
    let x = Tensor(Kernels.channelsLast(Tensor<Float>.ones([1, 64, 32, 32]).array)).tracked()
    let filter = Tensor<Float>(repeating: 0.01, shape: [64, 64, 3, 3])
    // The transforms of the filter are made once and belong to it, not to the graph.
    _ = x.conv2D(filter, padding: 1, algorithm: .winograd)
    return (x, filter, .zeros([64]))
  }

  /// The bytes in use while `result` is alive, over those before it was made.
  private func kept(_ make: () -> Tensor<Float>) -> Int {
    let before = TensorMemory.counters.live
    let result = make()
    return withExtendedLifetime(result) { TensorMemory.counters.live - before }
  }

  private func expectBitsAlone(fused: Bool) {
    let (x, filter, bias) = network()
    let elements = 64 * 32 * 32
    let result = kept {
      let y =
        fused
        ? x.conv2D(filter, bias: bias, padding: 1, applyingReLU: true, algorithm: .winograd)
        : x.conv2D(filter, bias: bias, padding: 1, algorithm: .winograd).relu()
      return y.maxPool2D(window: 2).sum()
    }
    // A bit an element for the rectifier, two bits for each of the quarter as many windows, and the block of the
    // result itself.
    #expect(result == elements / 8 + elements / 4 * 2 / 8 + 64)
  }
#endif
