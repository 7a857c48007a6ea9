import Synchronization

/// Keeps memory alive that a storage borrows, such as a mapped file.
protocol ByteOwner: AnyObject, Sendable {
  /// Lets go of the memory behind a part that will not be looked at again soon; a later look brings it back.
  func forget(_ part: UnsafeRawBufferPointer)
}

/// The only owner of a tensor's memory: an untyped, 64-byte aligned block, shared by all views of it.
///
/// A storage comes from ``StoragePool`` and goes back to it when its last view disappears. Mutation goes
/// through ``StridedArray/withMutableScalars``, which copies a shared block first, so tensors keep value
/// semantics.
final class Storage: @unchecked Sendable {
  let byteCount: Int
  /// Whether it was allocated to be there for long.
  let isLasting: Bool
  /// The memory; `nil` where it is deferred.
  private let block: UnsafeMutableRawPointer?
  private let deferred: DeferredBlock?
  /// Keeps foreign memory (a mapped file) alive; `nil` for memory of the pool.
  private let owner: (any ByteOwner)?

  /// Empty for nearly every storage.
  private let derivedSlot = AtomicLazyReference<DerivedValue>()

  /// What a kernel computed once from these bytes and may use again while they stay as they are, such as the
  /// filters of a convolution in the order in which they are transformed.
  var derived: DerivedValue { derivedSlot.load() ?? derivedSlot.storeIfNil(DerivedValue()) }

  /// Forgets what was computed from the bytes, because they are about to change.
  func clearDerived() { derivedSlot.load()?.clear() }

  /// Uninitialised memory for `byteCount` bytes.
  ///
  /// - Parameter isLasting: Whether it will be there for long; see ``Tensor/lasting()``.
  init(byteCount: Int, isLasting: Bool = false) {
    self.byteCount = byteCount
    self.isLasting = isLasting
    block = StoragePool.shared.allocate(byteCount, isLasting: isLasting)
    deferred = nil
    owner = nil
  }

  /// Memory that is allocated, and set by `fill`, when it is first asked for.
  init(deferring byteCount: Int, fill: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void) {
    self.byteCount = byteCount
    isLasting = false
    block = nil
    deferred = DeferredBlock(byteCount: byteCount, fill: fill)
    owner = nil
  }

  /// Memory that `owner` keeps alive and that must not be written, such as a mapped file.
  init(borrowing bytes: UnsafeRawPointer, byteCount: Int, owner: any ByteOwner) {
    block = UnsafeMutableRawPointer(mutating: bytes)
    deferred = nil
    self.byteCount = byteCount
    isLasting = false
    self.owner = owner
  }

  var bytes: UnsafeMutableRawPointer { block ?? deferred!.bytes }

  /// Calls `body` with the bytes; those that are deferred or mapped from a file do not stay in memory for it.
  func withTransientBytes<Result>(_ body: (UnsafeMutableRawPointer) throws -> Result) rethrows -> Result {
    guard let block else { return try deferred!.withTransientBytes(body) }
    defer { owner?.forget(UnsafeRawBufferPointer(start: block, count: byteCount)) }
    return try body(block)
  }

  /// Whether the bytes belong to someone else and so must be copied before a write.
  var isBorrowed: Bool { owner != nil }

  deinit {
    if let block, owner == nil { StoragePool.shared.release(block, byteCount) }
  }
}
