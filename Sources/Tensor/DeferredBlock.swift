import Synchronization

/// Memory that is allocated and filled when its bytes are first asked for, such as a tensor's that lies in a file in
/// another form than in memory.
///
/// A network's filters are read once, to be transformed; what reads them through ``withTransientBytes`` leaves no
/// second copy of them behind.
final class DeferredBlock: Sendable {
  private let byteCount: Int
  private let fill: @Sendable (UnsafeMutableRawBufferPointer) -> Void
  /// The address of the filled block; 0 as long as there is none.
  private let address = Mutex<UInt>(0)

  init(byteCount: Int, fill: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void) {
    self.byteCount = byteCount
    self.fill = fill
  }

  /// The bytes, which stay from now on.
  var bytes: UnsafeMutableRawPointer {
    let address = address.withLock { address in
      if address == 0 { address = UInt(bitPattern: filledBlock()) }
      return address
    }
    return UnsafeMutableRawPointer(bitPattern: address)!
  }

  /// Calls `body` with the bytes, and keeps none that were not there before.
  func withTransientBytes<Result>(_ body: (UnsafeMutableRawPointer) throws -> Result) rethrows -> Result {
    if let present = UnsafeMutableRawPointer(bitPattern: address.withLock { $0 }) { return try body(present) }
    let block = filledBlock()
    defer { StoragePool.shared.release(block, byteCount) }
    return try body(block)
  }

  private func filledBlock() -> UnsafeMutableRawPointer {
    let block = StoragePool.shared.allocate(byteCount)
    fill(UnsafeMutableRawBufferPointer(start: block, count: byteCount))
    return block
  }

  deinit {
    if let block = UnsafeMutableRawPointer(bitPattern: address.withLock { $0 }) {
      StoragePool.shared.release(block, byteCount)
    }
  }
}
