import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The cores a process may use. A container's limit shows in its cgroup only: the system still reports every core
/// of the host, and as many threads as that would be put to sleep for most of each period.
package enum CoreBudget {
  /// How many threads compute: as many as there are cores, until somebody says otherwise.
  package static var threads: Int {
    get { setting.load(ordering: .relaxed) }
    set { setting.store(newValue, ordering: .relaxed) }
  }

  private static let setting = Atomic<Int>(current())

  package static func current() -> Int {
    var allowed = sysconf(CInt(_SC_NPROCESSORS_ONLN))
    if let status = InputFile.text(of: "/proc/self/status"), let affine = coresInAffinityMask(status: status)
    {
      allowed = min(allowed, affine)
    }
    for folder in ControlGroups.folders(limiting: "cpu") {
      let file = quotaFile(in: folder)
      guard let quota = InputFile.text(of: file.quota) else { continue }
      allowed = min(allowed, cores(quota: quota, period: file.period.flatMap(InputFile.text(of:))) ?? allowed)
    }
    return max(allowed, 1)
  }

  /// Where a group's quota stands, and its period where that is in a file of its own.
  static func quotaFile(in folder: ControlGroups.Folder) -> (quota: String, period: String?) {
    folder.version == 2
      ? (folder.path + "/cpu.max", nil)
      : (folder.path + "/cpu.cfs_quota_us", folder.path + "/cpu.cfs_period_us")
  }

  /// Quota ÷ period, rounded up; `nil` where there is no limit.
  ///
  /// `quota` is either a version 2 `cpu.max` ("max 100000", "150000 100000") or a version 1 quota ("-1", "150000"),
  /// whose period is in a file of its own.
  static func cores(quota: String, period: String?) -> Int? {
    let numbers = (quota + " " + (period ?? "")).split(whereSeparator: \.isWhitespace)
    guard numbers.count >= 2, let quota = Int(numbers[0]), let period = Int(numbers[1]), quota > 0, period > 0
    else { return nil }
    return (quota - 1) / period + 1
  }

  /// The number of cores in the `Cpus_allowed` line of `/proc/self/status`: hexadecimal words with commas between.
  static func coresInAffinityMask(status: String) -> Int? {
    for line in status.split(whereSeparator: \.isNewline) where line.hasPrefix("Cpus_allowed:") {
      return line.dropFirst("Cpus_allowed:".count).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
    }
    return nil
  }
}
