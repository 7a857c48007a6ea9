import Foundation

/// Memory for arrays that are streamed through: in huge pages, of 2 MB, where the system has them.
///
/// Transformed filters are read at a rate that looking up a page for every 4 kB, and the prefetcher's stop at its
/// end, would halve; and handing out that many small pages takes longer than filling them.
enum LargePages {
  private static let pageSize = 2 << 20

  /// Uninitialised memory, aligned to at least 64 bytes; released by `deallocate()`.
  static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
    guard byteCount >= pageSize else { return .allocate(byteCount: byteCount, alignment: 64) }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: pageSize)
    #if os(Linux)
      // Only a request: without it, or without such pages, everything works as before.
      _ = madvise(memory, byteCount / pageSize * pageSize, MADV_HUGEPAGE)
    #endif
    return memory
  }
}
