import CKernels
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
/// that are free merge.
///
/// Addresses are reserved without memory: a page costs nothing before it is first written. And memory follows: where a
/// block is placed at addresses that have none, what lies in free ranges is moved to it, page by page and without being
/// copied, so that there is never much more memory than was in use at one time, whatever gaps lie between blocks.
struct Arena {
  /// Blocks start on pages and are whole pages.
  static let granularity = 1 << 14
  /// What memory is moved by, and the system's large page.
  static let pageSize = 1 << 21
  /// A page that was moved is a mapping of its own, of which a process has 65,530.
  private static let mostMovedPages = 1 << 13

  private let base: UnsafeMutableRawPointer?
  private let reserved: Int
  /// Bytes from the start that have ever been handed out.
  private(set) var highWater = 0
  /// Free ranges below `highWater`, by address, never adjacent.
  private var free: [Range<Int>] = []
  /// The bytes of free ranges on pages that have memory.
  private(set) var freeBytes = 0
  /// Whether a page below `highWater` has memory: it has been handed out since it was last drained or moved away.
  private var hasMemory: [Bool] = []
  /// The pages that memory was moved to.
  private var movedPages: Set<Int> = []
  /// Whether the system moves memory; found out when it is first asked to.
  private var canMove = true

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
    // From the first large page on.
    let aligned = address?.alignedUp(toMultipleOf: Self.pageSize)
    base = aligned
    reserved = aligned.map { size - ($0 - address!) } ?? 0
    #if os(Linux)
      if let base { madvise(base, reserved, MADV_HUGEPAGE) }
    #endif
  }

  /// Whether a block is one of the arena's.
  func contains(_ block: UnsafeMutableRawPointer) -> Bool {
    guard let base else { return false }
    return (base..<base + reserved).contains(block)
  }

  static func blockSize(_ byteCount: Int) -> Int { (byteCount + granularity - 1) & ~(granularity - 1) }

  /// The memory of all pages, in use or free.
  var residentBytes: Int { hasMemory.count { $0 } * Self.pageSize }

  /// A block of `blockSize(byteCount)` bytes, and whether its memory was in use before, here or in another arena; `nil` when no
  /// addresses are left.
  mutating func allocate(_ byteCount: Int, beside other: inout Arena) -> (
    block: UnsafeMutableRawPointer, isReused: Bool
  )? {
    let size = Self.blockSize(byteCount)
    guard let base else { return nil }
    var start = highWater
    // The lowest place. The smallest hole that is large enough would leave more gaps: of strips at 1024 pixels a tenth more
    // memory, of whole pictures as much.
    if let index = free.firstIndex(where: { $0.count >= size }) {
      start = free[index].lowerBound
      if free[index].count == size {
        free.remove(at: index)
      } else {
        free[index] = start + size..<free[index].upperBound
      }
    } else {
      // A hole at the end grows into fresh addresses.
      if let last = free.last, last.upperBound == highWater { start = last.lowerBound }
      guard start + size <= reserved else { return nil }
      if start < highWater { free.removeLast() }
    }
    let wasFree = start..<min(start + size, highWater)
    highWater = max(highWater, start + size)
    if !wasFree.isEmpty { freeBytes -= bytesWithMemory(wasFree) }
    return (base + start, giveMemory(to: start..<start + size, from: &other))
  }

  /// Sees to it that all pages of a block have memory: what free ranges have, here or in another arena, before any is taken from
  /// the system.
  ///
  /// - Returns: Whether nothing was taken from the system.
  private mutating func giveMemory(to block: Range<Int>, from other: inout Arena) -> Bool {
    let pages = block.lowerBound / Self.pageSize..<(block.upperBound - 1) / Self.pageSize + 1
    if hasMemory.count < pages.upperBound {
      hasMemory += [Bool](repeating: false, count: pages.upperBound - hasMemory.count)
    }
    // Of a page that begins before the block another block has a part, or this one is the first in it.
    let lastWasEmpty = !hasMemory[pages.upperBound - 1]
    while movedPages.count < Self.mostMovedPages, let base,
      let first = hasMemory[pages].firstIndex(of: false)
    {
      let end = hasMemory[first..<pages.upperBound].firstIndex(of: true) ?? pages.upperBound
      let target = base + first * Self.pageSize
      guard
        let moved = moveFreePages(atMost: end - first, to: target)
          ?? other.moveFreePages(atMost: end - first, to: target)
      else { break }
      for page in first..<first + moved {
        hasMemory[page] = true
        movedPages.insert(page)
      }
    }
    let isReused = !hasMemory[pages].contains(false)
    if lastWasEmpty, let rest = free.first(where: { $0.lowerBound == block.upperBound }) {
      // What is free beside the block on its last page.
      freeBytes += min(rest.upperBound, pages.upperBound * Self.pageSize) - rest.lowerBound
    }
    for page in pages where !hasMemory[page] { hasMemory[page] = true }
    return isReused
  }

  /// Moves the memory of some of the highest free pages to addresses from `target` on, where pages without memory are.
  ///
  /// - Returns: How many, or `nil` where there are none, or the system moves no memory.
  private mutating func moveFreePages(atMost count: Int, to target: UnsafeMutableRawPointer) -> Int? {
    guard canMove, let base else { return nil }
    for range in free.reversed() {
      let pages = Self.wholePages(range)
      guard let last = hasMemory[pages].lastIndex(of: true) else { continue }
      let first = hasMemory[pages.lowerBound...last].lastIndex(of: false).map { $0 + 1 } ?? pages.lowerBound
      let moved = min(count, last + 1 - first)
      let source = last + 1 - moved
      guard ckernels_move_pages(base + source * Self.pageSize, moved * Self.pageSize, target) else {
        canMove = false
        return nil
      }
      for page in source...last { hasMemory[page] = false }
      freeBytes -= moved * Self.pageSize
      return moved
    }
    return nil
  }

  /// The pages that lie in a range as a whole.
  private static func wholePages(_ range: Range<Int>) -> Range<Int> {
    let first = (range.lowerBound + pageSize - 1) / pageSize
    return first..<max(first, range.upperBound / pageSize)
  }

  /// The bytes of a range on pages that have memory.
  private func bytesWithMemory(_ range: Range<Int>) -> Int {
    (range.lowerBound / Self.pageSize..<(range.upperBound - 1) / Self.pageSize + 1).reduce(0) { sum, page in
      let part = range.clamped(to: page * Self.pageSize..<(page + 1) * Self.pageSize)
      return sum + (hasMemory[page] ? part.count : 0)
    }
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

  /// Gives the memory of all free pages back to the system; the addresses stay reserved. A page of which a block has a
  /// part keeps its memory.
  mutating func drain() {
    guard let base else { return }
    for range in free {
      let pages = Self.wholePages(range)
      guard pages.contains(where: { hasMemory[$0] }) else { continue }
      discard(base + pages.lowerBound * Self.pageSize, pages.count * Self.pageSize)
      for page in pages { hasMemory[page] = false }
    }
    if let last = free.last, last.upperBound == highWater {
      highWater = last.lowerBound
      free.removeLast()
    }
    freeBytes = free.reduce(0) { $0 + bytesWithMemory($1) }
  }

  private func discard(_ address: UnsafeMutableRawPointer, _ byteCount: Int) {
    #if os(Linux)
      madvise(address, byteCount, MADV_DONTNEED)
    #else
      madvise(address, byteCount, MADV_FREE)
    #endif
  }
}
