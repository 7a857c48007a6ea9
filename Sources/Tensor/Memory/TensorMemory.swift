/// The library's allocator: what it has allocated, and how much of that is kept for reuse.
public enum TensorMemory {
  /// Bytes by state, and how often the system was asked.
  public struct Counters: Sendable, Equatable {
    /// Bytes that tensors use now.
    public let live: Int
    /// Bytes that are kept for reuse.
    public let pooled: Int
    /// The largest `live` since the start or the last ``TensorMemory/resetPeak()``.
    public let peak: Int
    /// How many blocks of fresh memory were taken from the system so far.
    public let systemAllocations: Int
  }

  /// The counters as they are now.
  public static var counters: Counters { StoragePool.shared.counters }

  /// The most bytes that are kept for reuse; without limit at first. When more would be kept, all is given back.
  public static var poolLimit: Int {
    get { StoragePool.shared.limit }
    set {
      ShapeCheck.require(newValue >= 0) { "TensorMemory.poolLimit: \(newValue) is negative" }
      StoragePool.shared.limit = newValue
    }
  }

  /// Gives all memory that is kept for reuse back to the system.
  public static func drain() {
    StoragePool.shared.drain()
    Workspace.shared.drain()
  }

  /// Sets `peak` to `live`, so that the next reading tells what happened in between.
  public static func resetPeak() { StoragePool.shared.resetPeak() }
}
