import CKernels
import Testing

@testable import Tensor

/// The tables of C loops, one for each kind of processor. What the loops compute is tested family by family, each at
/// all of `Processor.available`.
@Suite("Processor: kernels")
struct ProcessorTests {
  @Test("the plainest processor is always there, and each has a name of its own")
  func processorsExist() {
    #expect(Processor.available.first?.name == "portable")
    #expect(Processor.best.name == Processor.available.last?.name)
    #expect(Set(Processor.available.map(\.name)).count == Processor.available.count)
  }

  @Test("no slot of a table is empty", arguments: Processor.available)
  func slots(processor: Processor) {
    #expect(emptySlots(of: processor.elements(Float.self)) == [])
    #expect(emptySlots(of: processor.elements(Double.self)) == [])
    #expect(emptySlots(of: processor.lines(Float.self)) == [])
    #expect(emptySlots(of: processor.lines(Double.self)) == [])
    #expect(emptySlots(of: processor.rectifiers(Float.self)) == [])
    #expect(emptySlots(of: processor.rectifiers(Double.self)) == [])
    #expect(emptySlots(of: processor.winograd) == [])
    if let winograd = processor.winograd(.bfloat16) { #expect(emptySlots(of: winograd) == []) }
    #expect((processor.gemm(Float.self) == nil) == (processor.gemm(Double.self) == nil))
    if let gemm = processor.gemm(Float.self) { #expect(emptySlots(of: gemm) == []) }
    if let gemm = processor.gemm(Double.self) { #expect(emptySlots(of: gemm) == []) }
  }

  @Test("a loop of a scalar's table reads and writes that scalar", arguments: Processor.available)
  func scalars(processor: Processor) {
    func check<S: TensorScalar>(_: S.Type) {
      let x: [S] = [-1.5, 2.5]
      var y: [S] = [7, 7, 7]
      processor.elements(S.self).pointee.floor(x, 2, &y)
      #expect(y == [-2, 2, 7])
      processor.lines(S.self).pointee.softmax(
        [3, 3] as [S], &y, .init(length: 2, inner: 1, first: 0, count: 1))
      #expect(y == [0.5, 0.5, 7])
      var bits: [UInt8] = [0]
      processor.rectifiers(S.self).pointee.rectify(x, 2, &y, &bits)
      #expect(y == [0, 2.5, 7] && bits == [2])
    }
    check(Float.self)
    check(Double.self)
  }

  private static let slot = MemoryLayout<UnsafeRawPointer>.size

  /// Where a table, which is made of pointers and sizes alone, has zeros: the offsets in bytes.
  private func emptySlots<Table>(of table: UnsafePointer<Table>) -> [Int] {
    let slots = UnsafeRawBufferPointer(start: table, count: MemoryLayout<Table>.size)
    return stride(from: 0, to: slots.count, by: Self.slot).filter {
      slots.loadUnaligned(fromByteOffset: $0, as: UInt.self) == 0
    }
  }
}

extension Processor: CustomTestStringConvertible {
  public var testDescription: String { name }
}
