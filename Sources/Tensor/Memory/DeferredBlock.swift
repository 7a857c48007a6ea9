/// Lazy memory: allocated and filled when its bytes are first asked for, such as a tensor's that lies in a file in
/// another form than in memory.
///
/// A network's filters are read once, to be transformed; what reads them through ``withTransientBytes`` leaves no
/// second copy of them behind.
final class DeferredBlock: Sendable {
  private let byteCount: Int
  private let fill: @Sendable (UnsafeMutableRawBufferPointer) -> Void
  /// The block, once it is filled.
  private let block = Guarded<UnsafeMutableRawPointer?>(nil)

  init(byteCount: Int, fill: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void) {
    self.byteCount = byteCount
    self.fill = fill
  }

  /// The bytes, which stay from now on.
  var bytes: UnsafeMutableRawPointer {
    block.withLock { block in
      if let block { return block }
      let filled = filledBlock()
      block = filled
      return filled
    }
  }

  /// Calls `body` with the bytes, and keeps none that were not there before.
  func withTransientBytes<Result>(_ body: (UnsafeMutableRawPointer) throws -> Result) rethrows -> Result {
    if let present = block.withLock({ $0 }) { return try body(present) }
    let transient = filledBlock()
    defer { StoragePool.shared.release(transient, byteCount) }
    return try body(transient)
  }

  private func filledBlock() -> UnsafeMutableRawPointer {
    let block = StoragePool.shared.allocate(byteCount)
    fill(UnsafeMutableRawBufferPointer(start: block, count: byteCount))
    return block
  }

  deinit {
    if let block = block.withLock({ $0 }) { StoragePool.shared.release(block, byteCount) }
  }
}
