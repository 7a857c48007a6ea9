import ImpastoPlatform

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The allocator of large blocks: places each as low as it fits (first fit) in one reserved range of addresses.
///
/// A network's blocks shrink from layer to layer, and what frees a large one is then needed in smaller pieces, and
/// on the way back the other way round. Lists of equal sizes would keep one reserve for each size; here neighbours
/// that are free merge, so memory never grows much past the most that was in use at one time.
///
/// Addresses are reserved without memory: a page costs nothing before it is first written.
struct Arena {
  /// Blocks start on pages and are whole pages.
  static let granularity = 1 << 14

  private let base: UnsafeMutableRawPointer?
  private let reserved: Int
  /// Bytes from the start that have ever been handed out.
  private(set) var highWater = 0
  /// Free ranges below `highWater`, by address, never adjacent.
  private var free: [Range<Int>] = []
  /// The bytes in `free` that hold memory; what was drained does not count.
  private(set) var freeBytes = 0

  /// Reserves addresses for `byteCount` bytes, or fewer where the system sets a limit; none at worst.
  ///
  /// Of limited addresses half is left to all others who need some, among them blocks that then find no place here.
  init(reserving byteCount: Int) {
    var size = byteCount
    if let left = AddressSpace.left() {
      let aside = AddressSpace.aside(threads: CoreBudget.threads)
      size = min(size, Int(max(left - aside, 0)) / 2 / Self.granularity * Self.granularity)
    }
    var flags = MAP_PRIVATE | MAP_ANONYMOUS
    #if os(Linux)
      flags |= MAP_NORESERVE
    #endif
    var address: UnsafeMutableRawPointer?
    while size >= 1 << 26 {
      let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0)
      if mapped != MAP_FAILED {
        address = mapped
        break
      }
      size /= 2
    }
    base = address
    reserved = address == nil ? 0 : size
    #if os(Linux)
      if let address { madvise(address, size, MADV_HUGEPAGE) }
    #endif
  }

  /// Whether a block is one of the arena's.
  func contains(_ block: UnsafeMutableRawPointer) -> Bool {
    guard let base else { return false }
    return (base..<base + reserved).contains(block)
  }

  static func blockSize(_ byteCount: Int) -> Int { (byteCount + granularity - 1) & ~(granularity - 1) }

  /// A block of `blockSize(byteCount)` bytes, and whether its memory was in use before; `nil` when no addresses
  /// are left.
  mutating func allocate(_ byteCount: Int) -> (block: UnsafeMutableRawPointer, isReused: Bool)? {
    let size = Self.blockSize(byteCount)
    guard let base else { return nil }
    // The lowest place. The smallest hole that is large enough would leave more gaps: of strips at 1024 pixels a tenth more
    // memory, of whole pictures as much.
    if let index = free.firstIndex(where: { $0.count >= size }) {
      let start = free[index].lowerBound
      if free[index].count == size {
        free.remove(at: index)
      } else {
        free[index] = start + size..<free[index].upperBound
      }
      let isReused = freeBytes >= size
      freeBytes = max(freeBytes - size, 0)
      return (base + start, isReused)
    }
    // A hole at the end grows into fresh addresses.
    var start = highWater
    if let last = free.last, last.upperBound == highWater { start = last.lowerBound }
    guard start + size <= reserved else { return nil }
    if start < highWater {
      freeBytes = max(freeBytes - (highWater - start), 0)
      free.removeLast()
    }
    highWater = start + size
    return (base + start, false)
  }

  mutating func release(_ block: UnsafeMutableRawPointer, _ byteCount: Int) {
    let start = block - base!
    var range = start..<start + Self.blockSize(byteCount)
    freeBytes += range.count
    // The first free range above the block.
    var low = 0
    var high = free.count
    while low < high {
      let middle = (low + high) / 2
      if free[middle].lowerBound < start { low = middle + 1 } else { high = middle }
    }
    if low < free.count, free[low].lowerBound == range.upperBound {
      range = range.lowerBound..<free[low].upperBound
      free.remove(at: low)
    }
    if low > 0, free[low - 1].upperBound == range.lowerBound {
      free[low - 1] = free[low - 1].lowerBound..<range.upperBound
    } else {
      free.insert(range, at: low)
    }
  }

  /// Gives the memory of all free ranges back to the system; the addresses stay reserved.
  mutating func drain() {
    guard let base else { return }
    for range in free { discard(base + range.lowerBound, range.count) }
    freeBytes = 0
    if let last = free.last, last.upperBound == highWater {
      highWater = last.lowerBound
      free.removeLast()
    }
  }

  private func discard(_ address: UnsafeMutableRawPointer, _ byteCount: Int) {
    #if os(Linux)
      madvise(address, byteCount, MADV_DONTNEED)
    #else
      madvise(address, byteCount, MADV_FREE)
    #endif
  }
}
