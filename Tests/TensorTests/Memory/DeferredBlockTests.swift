import Synchronization
import Testing

@testable import Tensor

@Suite("Deferred memory")
struct DeferredBlockTests {
  private static let count = 100_000

  /// A tensor 0, 1, 2, … whose memory is deferred, and how often it was filled.
  private static func counting() -> (tensor: Tensor<Float>, fills: FillCount) {
    let fills = FillCount()
    let storage = Storage(deferring: count * MemoryLayout<Float>.stride) { target in
      fills.increment()
      let numbers = target.bindMemory(to: Float.self)
      for index in numbers.indices { numbers[index] = Float(index) }
    }
    return (Tensor(StridedArray(storage: storage, layout: Layout([count]))), fills)
  }

  private final class FillCount: Sendable {
    private let value = Atomic<Int>(0)
    func increment() { value.add(1, ordering: .relaxed) }
    var current: Int { value.load(ordering: .relaxed) }
  }

  @Test("nothing is filled before the numbers are asked for, and then once")
  func filledOnce() {
    let (tensor, fills) = Self.counting()
    #expect(tensor.shape == [Self.count])
    #expect(fills.current == 0)
    #expect(tensor[7].scalar == 7)
    #expect(tensor[-1].scalar == Float(Self.count - 1))
    #expect(fills.current == 1)
  }

  @Test("a transient look leaves nothing behind, and uses what is there")
  func transient() {
    let (tensor, fills) = Self.counting()
    for looks in 1...2 {
      #expect(tensor.array.withTransientScalars { $0[5] } == 5)
      #expect(fills.current == looks)
    }
    #expect(tensor.sum().isTracked == false)
    #expect(fills.current == 3)
    #expect(tensor.array.withTransientScalars { $0[6] } == 6)
    #expect(fills.current == 3)
  }

  @Test("a write changes the tensor's own numbers and not a copy's")
  func valueSemantics() {
    var (tensor, _) = Self.counting()
    let copy = tensor
    tensor.withUnsafeMutableScalars { $0[3] = -1 }
    #expect(tensor[3].scalar == -1)
    #expect(copy[3].scalar == 3)
  }
}
