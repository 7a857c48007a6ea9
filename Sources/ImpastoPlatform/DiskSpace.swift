#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The room that there is for files.
package enum DiskSpace {
  /// The bytes that a new file at `path` may have: what its disk has free for this user, or less where the process may
  /// not write so long a file; `nil` where the system does not tell.
  package static func available(for path: String) -> Double? {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    var free: Double?
    var status = statvfs()
    // Some file systems that are no disks have no blocks at all.
    if statvfs(folder, &status) == 0, status.f_blocks > 0 {
      free = Double(status.f_bavail) * Double(status.f_frsize)
    }
    var limit = rlimit()
    #if canImport(Darwin)
      let isKnown = getrlimit(RLIMIT_FSIZE, &limit) == 0
    #else
      let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0
    #endif
    guard isKnown, limit.rlim_cur < UInt64(Int64.max) else { return free }
    return min(free ?? .infinity, Double(limit.rlim_cur))
  }
}
