/// The workspaces of convolutions and matrix products, scratch memory that is kept between calls: fresh pages from the system cost more
/// than the arithmetic done in them.
final class Workspace: Sendable {
  /// The one that all kernels use.
  static let shared = Workspace()

  private struct Buffer: @unchecked Sendable {
    let memory: UnsafeMutableRawPointer
    let byteCount: Int
  }

  private let idle = Guarded<[Buffer]>([])

  /// Lends `body` at least `count` numbers, aligned to 64 bytes, whose values are arbitrary.
  func withElements<Element>(
    _ count: Int, of _: Element.Type, _ body: (UnsafeMutablePointer<Element>) -> Void
  ) {
    let buffer = take(count * MemoryLayout<Element>.stride)
    defer { idle.withLock { $0.append(buffer) } }
    body(buffer.memory.assumingMemoryBound(to: Element.self))
  }

  /// Lends `body` at least `count` bytes, aligned to 64, whose values are arbitrary.
  func withBytes(_ count: Int, _ body: (UnsafeMutableRawPointer) -> Void) {
    withElements(count, of: UInt8.self) { body(UnsafeMutableRawPointer($0)) }
  }

  /// The bytes kept while no convolution runs.
  var idleBytes: Int { idle.withLock { $0.reduce(0) { $0 + $1.byteCount } } }

  /// Gives idle memory back to the system.
  func drain() {
    for buffer in idle.withLock({ buffers in
      defer { buffers = [] }
      return buffers
    }) {
      buffer.memory.deallocate()
    }
  }

  deinit { drain() }

  /// The smallest idle buffer that is large enough; else the largest one is replaced, so that there are never more
  /// buffers than are in use at once.
  private func take(_ byteCount: Int) -> Buffer {
    let (found, outgrown) = idle.withLock { buffers -> (Buffer?, Buffer?) in
      var best: Int?
      for index in buffers.indices where buffers[index].byteCount >= byteCount {
        if best.map({ buffers[index].byteCount < buffers[$0].byteCount }) ?? true { best = index }
      }
      if let index = best {
        return (buffers.remove(at: index), nil)
      }
      let largest = buffers.indices.max { buffers[$0].byteCount < buffers[$1].byteCount }
      return (nil, largest.map { buffers.remove(at: $0) })
    }
    if let found { return found }
    outgrown?.memory.deallocate()
    return Buffer(memory: LargePages.allocate(byteCount: byteCount), byteCount: byteCount)
  }
}
