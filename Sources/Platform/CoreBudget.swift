import Foundation

/// The cores a process may use. A container's limit shows in its cgroup only: the system still reports every core
/// of the host, and as many threads as that would be put to sleep for most of each period.
enum CoreBudget {
  static func current() -> Int {
    var allowed = ProcessInfo.processInfo.activeProcessorCount
    if let status = contents(of: "/proc/self/status"), let affine = coresInAffinityMask(status: status) {
      allowed = min(allowed, affine)
    }
    for file in quotaFiles(membership: contents(of: "/proc/self/cgroup") ?? "") {
      guard let quota = contents(of: file.quota) else { continue }
      allowed = min(allowed, cores(quota: quota, period: file.period.flatMap(contents(of:))) ?? allowed)
    }
    return max(allowed, 1)
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

  /// The files that may limit this process: its own group's, and those of all groups around it.
  ///
  /// `membership` is the text of `/proc/self/cgroup`, lines of `number:controllers:path`; version 2 has the number
  /// 0 and no controllers.
  static func quotaFiles(membership: String) -> [(quota: String, period: String?)] {
    var files: [(quota: String, period: String?)] = []
    for line in membership.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let controllers = fields[1].split(separator: ",")
      guard controllers.isEmpty || controllers.contains("cpu") else { continue }
      var components = fields[2].split(separator: "/")
      while true {
        let path = components.map { "/" + $0 }.joined()
        if controllers.isEmpty {
          files.append(("/sys/fs/cgroup\(path)/cpu.max", nil))
        } else {
          let folder = "/sys/fs/cgroup/cpu\(path)"
          files.append((folder + "/cpu.cfs_quota_us", folder + "/cpu.cfs_period_us"))
        }
        if components.popLast() == nil { break }
      }
    }
    return files
  }

  /// The number of cores in the `Cpus_allowed` line of `/proc/self/status`: hexadecimal words with commas between.
  static func coresInAffinityMask(status: String) -> Int? {
    for line in status.split(whereSeparator: \.isNewline) where line.hasPrefix("Cpus_allowed:") {
      return line.dropFirst("Cpus_allowed:".count).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
    }
    return nil
  }

  private static func contents(of path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}
