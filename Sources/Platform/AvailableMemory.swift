import Foundation

/// The memory that a process may use: what the machine has free, or less where a container allows less.
enum AvailableMemory {
  static func current() -> ByteCount {
    var least = contents(of: "/proc/meminfo").flatMap(available(meminfo:))
    for file in limitFiles(membership: contents(of: "/proc/self/cgroup") ?? "") {
      guard let limit = contents(of: file).flatMap(limit(text:)) else { continue }
      least = min(least ?? limit, limit)
    }
    return ByteCount(least ?? Double(ProcessInfo.processInfo.physicalMemory))
  }

  /// The `MemAvailable` line of `/proc/meminfo`, in bytes.
  static func available(meminfo: String) -> Double? {
    for line in meminfo.split(whereSeparator: \.isNewline) where line.hasPrefix("MemAvailable:") {
      let fields = line.split(whereSeparator: \.isWhitespace)
      return fields.count >= 2 ? Double(fields[1]).map { $0 * 1024 } : nil
    }
    return nil
  }

  /// A group's limit in bytes; `nil` for "max" and for version 1's way to say that there is none, a number
  /// beyond any memory.
  static func limit(text: String) -> Double? {
    guard let bytes = Double(text.trimmingCharacters(in: .whitespacesAndNewlines)), bytes < 0x1p60 else {
      return nil
    }
    return bytes
  }

  /// The files that may limit this process: its own group's, and those of all groups around it.
  ///
  /// - Parameter membership: The text of `/proc/self/cgroup`, lines of `number:controllers:path`; version 2 has no
  ///   controllers.
  static func limitFiles(membership: String) -> [String] {
    membership.split(whereSeparator: \.isNewline).flatMap { line -> [String] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      let controllers = fields[1].split(separator: ",")
      guard controllers.isEmpty || controllers.contains("memory") else { return [] }
      let components = fields[2].split(separator: "/")
      return (0...components.count).reversed().map { count in
        let path = components.prefix(count).map { "/" + $0 }.joined()
        return controllers.isEmpty
          ? "/sys/fs/cgroup\(path)/memory.max" : "/sys/fs/cgroup/memory\(path)/memory.limit_in_bytes"
      }
    }
  }

  private static func contents(of path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}
