import ImpastoPlatform

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The caching allocator of tensors: reuses the blocks of dead ones, because touching fresh pages costs more than most
/// arithmetic.
///
/// Small blocks are kept in size classes; large ones live in an ``Arena``, where free neighbours merge.
final class StoragePool: @unchecked Sendable {
  static let shared = StoragePool()

  /// Blocks from this size on are placed in the arena.
  static let arenaThreshold = 1 << 18

  private struct State: ~Copyable {
    var small: [[UnsafeMutableRawPointer]] = Array(repeating: [], count: 64 << SizeClass.mantissaBits)
    var smallPooled = 0
    /// Twice the memory, so that holes between blocks do not exhaust the addresses first.
    var arena = Arena(reserving: 2 * MemoryBudget.physical)
    /// Large blocks that outlive what is computed around them, as an optimiser's history does. Among blocks that come and
    /// go they would lie in the middle of what the next large block needs. Where addresses are limited there are none for
    /// it, and lasting blocks are placed like others.
    var lasting = Arena(reserving: AddressSpace.left() == nil ? MemoryBudget.physical : 0)
    var live = 0
    var peak = 0
    var systemAllocations = 0
    var limit = Int.max

    var pooled: Int { smallPooled + arena.freeBytes + lasting.freeBytes }

    mutating func drain() {
      for index in small.indices {
        for block in small[index] { free(block) }
        small[index] = []
      }
      smallPooled = 0
      arena.drain()
      lasting.drain()
    }
  }

  private let state = Guarded(State())

  /// A block of at least `byteCount` bytes, 64-byte aligned, with undefined contents.
  ///
  /// - Parameter isLasting: Whether the block will be there for long, so that a large one is placed apart.
  func allocate(_ byteCount: Int, isLasting: Bool = false) -> UnsafeMutableRawPointer {
    let block = state.withLock { state -> UnsafeMutableRawPointer? in
      // Before rounding up, which may overflow.
      guard byteCount <= MemoryBudget.physical else { return nil }
      let size = Self.blockSize(byteCount)
      guard size <= MemoryBudget.physical - state.live else { return nil }
      var block: UnsafeMutableRawPointer?
      if byteCount >= Self.arenaThreshold {
        // Where no addresses are left for it, a lasting block is one like others.
        let found = isLasting ? state.lasting.allocate(byteCount, beside: &state.arena) : nil
        if let (place, isReused) = found ?? state.arena.allocate(byteCount, beside: &state.lasting) {
          block = place
          if !isReused { state.systemAllocations += 1 }
        } else {
          // The arena is small where addresses are limited.
          if posix_memalign(&block, 64, size) != 0 {
            state.drain()
            guard posix_memalign(&block, 64, size) == 0 else { return nil }
          }
          state.systemAllocations += 1
        }
      } else if let pooled = state.small[SizeClass(byteCount).index].popLast() {
        block = pooled
        state.smallPooled -= size
      } else {
        guard posix_memalign(&block, 64, size) == 0 else { return nil }
        state.systemAllocations += 1
      }
      state.live += size
      state.peak = max(state.peak, state.live)
      return block
    }
    guard let block else { failAllocation("Tensor", "\(byteCount) bytes") }
    return block
  }

  /// Traps as ``allocate(_:)`` does unless there may be memory for `count` elements of a list of Swift's, which would
  /// end the process without a word; `operation` is what the message begins with.
  func requireMemory<Element>(_ operation: String, for count: Int, of: Element.Type) {
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    if !overflow, byteCount <= MemoryBudget.physical - counters.live { return }
    failAllocation(operation, "\(UInt128(count) * UInt128(MemoryLayout<Element>.stride)) bytes")
  }

  private func failAllocation(_ operation: String, _ amount: String) -> Never {
    ShapeCheck.fail(
      "\(operation): no memory for \(amount) beside the \(counters.live) in use; use smaller tensors "
        + "or release some first")
  }

  /// Takes back a block that was allocated for `byteCount` bytes.
  func release(_ block: UnsafeMutableRawPointer, _ byteCount: Int) {
    let size = Self.blockSize(byteCount)
    state.withLock { state in
      state.live -= size
      if byteCount >= Self.arenaThreshold {
        if state.lasting.contains(block) {
          state.lasting.release(block, byteCount)
        } else if state.arena.contains(block) {
          state.arena.release(block, byteCount)
        } else {
          free(block)
        }
      } else {
        state.small[SizeClass(byteCount).index].append(block)
        state.smallPooled += size
      }
      if state.pooled > state.limit { state.drain() }
    }
  }

  func drain() { state.withLock { $0.drain() } }

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
      state.withLock { state in
        state.limit = newValue
        if state.pooled > newValue { state.drain() }
      }
    }
  }

  private static func blockSize(_ byteCount: Int) -> Int {
    byteCount >= arenaThreshold ? Arena.blockSize(byteCount) : SizeClass(byteCount).byteCount
  }
}

/// A small block's size: the request rounded up to eight steps a power of two, 64 bytes at least.
private struct SizeClass {
  static let mantissaBits = 3
  let index: Int
  let byteCount: Int

  init(_ byteCount: Int) {
    let wanted = max(byteCount, 64)
    let exponent = Int.bitWidth - 1 - (wanted - 1).leadingZeroBitCount
    let step = 1 << max(exponent - Self.mantissaBits, 6)
    let rounded = (wanted + step - 1) & ~(step - 1)
    self.byteCount = rounded
    let high = Int.bitWidth - 1 - rounded.leadingZeroBitCount
    let mantissa = (rounded >> (high - Self.mantissaBits)) & ((1 << Self.mantissaBits) - 1)
    index = high << Self.mantissaBits | mantissa
  }
}
