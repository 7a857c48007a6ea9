import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Reuses the blocks of dead tensors, because touching fresh pages costs more than most arithmetic.
///
/// Blocks are kept in size classes (eight to each power of two, so a block is at most 12.5 % larger than what
/// was asked for). The pool never holds more than ``limit`` bytes that nobody uses.
final class StoragePool: @unchecked Sendable {
  static let shared = StoragePool()

  private struct State: ~Copyable {
    var free: [[UnsafeMutableRawPointer]] = Array(repeating: [], count: 64 << SizeClass.mantissaBits)
    var live = 0
    var pooled = 0
    var peak = 0
    var systemAllocations = 0
    var limit = 1 << 30
  }

  private let state = Mutex(State())

  func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let sizeClass = SizeClass(byteCount)
    let reused = state.withLock { state -> UInt in
      state.live += sizeClass.byteCount
      state.peak = max(state.peak, state.live)
      guard let block = state.free[sizeClass.index].popLast() else {
        state.systemAllocations += 1
        return 0
      }
      state.pooled -= sizeClass.byteCount
      return UInt(bitPattern: block)
    }
    return UnsafeMutableRawPointer(bitPattern: reused) ?? Self.systemAllocate(sizeClass.byteCount)
  }

  func release(_ block: UnsafeMutableRawPointer, _ byteCount: Int) {
    let sizeClass = SizeClass(byteCount)
    let address = UInt(bitPattern: block)
    let kept = state.withLock { state -> Bool in
      state.live -= sizeClass.byteCount
      guard state.pooled + sizeClass.byteCount <= state.limit else { return false }
      state.free[sizeClass.index].append(UnsafeMutableRawPointer(bitPattern: address)!)
      state.pooled += sizeClass.byteCount
      return true
    }
    if !kept { free(block) }
  }

  func drain() {
    state.withLock { state in
      for index in state.free.indices {
        for block in state.free[index] { free(block) }
        state.free[index] = []
      }
      state.pooled = 0
    }
  }

  var counters: TensorMemory.Counters {
    state.withLock {
      TensorMemory.Counters(
        live: $0.live, pooled: $0.pooled, peak: $0.peak, systemAllocations: $0.systemAllocations)
    }
  }

  func resetPeak() { state.withLock { $0.peak = $0.live } }

  var limit: Int {
    get { state.withLock { $0.limit } }
    set {
      state.withLock { $0.limit = newValue }
      if counters.pooled > newValue { drain() }
    }
  }

  private static func systemAllocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
    var block: UnsafeMutableRawPointer?
    guard posix_memalign(&block, 64, byteCount) == 0, let block else {
      fatalError("Tensor: no memory for \(byteCount) bytes; use smaller tensors or release some first")
    }
    return block
  }
}

/// A block size of the pool: the request rounded up to eight steps a power of two, 64 bytes at least.
private struct SizeClass {
  static let mantissaBits = 3
  let index: Int
  let byteCount: Int

  init(_ byteCount: Int) {
    let wanted = max(byteCount, 64)
    let exponent = Int.bitWidth - 1 - (wanted - 1).leadingZeroBitCount
    let shift = max(exponent - Self.mantissaBits, 6)
    let step = 1 << shift
    let rounded = (wanted + step - 1) & ~(step - 1)
    self.byteCount = rounded
    let high = Int.bitWidth - 1 - rounded.leadingZeroBitCount
    let mantissa = (rounded >> (high - Self.mantissaBits)) & ((1 << Self.mantissaBits) - 1)
    index = high << Self.mantissaBits | mantissa
  }
}

/// What the library's memory looks like now, and the pool behind it.
public enum TensorMemory {
  /// Bytes by state, and how often the system was asked.
  public struct Counters: Sendable, Equatable {
    /// Bytes that tensors use now.
    public let live: Int
    /// Bytes that are kept for reuse.
    public let pooled: Int
    /// The largest `live` since the start or the last ``TensorMemory/resetPeak()``.
    public let peak: Int
    /// How many blocks were taken from the system so far.
    public let systemAllocations: Int
  }

  /// The counters now.
  public static var counters: Counters { StoragePool.shared.counters }

  /// The most bytes that are kept for reuse; 1 GiB at first.
  public static var poolLimit: Int {
    get { StoragePool.shared.limit }
    set {
      precondition(newValue >= 0, "TensorMemory.poolLimit: \(newValue) is negative")
      StoragePool.shared.limit = newValue
    }
  }

  /// Gives all memory that is kept for reuse back to the system.
  public static func drain() { StoragePool.shared.drain() }

  /// Sets `peak` to `live`, so that the next reading tells what happened in between.
  public static func resetPeak() { StoragePool.shared.resetPeak() }
}
