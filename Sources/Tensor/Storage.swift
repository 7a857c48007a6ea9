/// The only owner of a tensor's memory: an untyped, 64-byte aligned block, shared by all views of it.
///
/// A storage comes from ``StoragePool`` and goes back to it when its last view disappears. Mutation goes
/// through ``StridedArray/withMutableScalars``, which copies a shared block first, so tensors keep value
/// semantics.
final class Storage: @unchecked Sendable {
  let bytes: UnsafeMutableRawPointer
  let byteCount: Int
  /// Keeps foreign memory (a mapped file) alive; `nil` for memory of the pool.
  private let owner: AnyObject?

  /// What a kernel computed once from these bytes and may use again while they stay as they are, such as the
  /// transformed filters of a convolution. Cleared by mutation.
  let derived = DerivedValue()

  /// Uninitialised memory for `byteCount` bytes.
  init(byteCount: Int) {
    self.byteCount = byteCount
    bytes = StoragePool.shared.allocate(byteCount)
    owner = nil
  }

  /// Memory that `owner` keeps alive and that must not be written, such as a mapped file.
  init(borrowing bytes: UnsafeRawPointer, byteCount: Int, owner: AnyObject) {
    self.bytes = UnsafeMutableRawPointer(mutating: bytes)
    self.byteCount = byteCount
    self.owner = owner
  }

  /// Whether the bytes belong to someone else and so must be copied before a write.
  var isBorrowed: Bool { owner != nil }

  deinit {
    if owner == nil { StoragePool.shared.release(bytes, byteCount) }
  }
}
