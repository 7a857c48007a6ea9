#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The memory that a process may use: what the machine has free, or less where a container or a limit of addresses allows
/// less.
package enum MemoryBudget {
  /// The bytes that may be used now.
  package static func current() -> Double {
    let free = free()
    return addressed().map { min($0, free) } ?? free
  }

  /// Who sets the limit, as a sentence goes on with "has" and the number.
  package static var owner: String {
    guard let addressed = addressed(), addressed < free() else { return "the machine has" }
    return "\(limitLeaves), beside what libraries reserve for --threads \(CoreBudget.threads),"
  }

  /// The bytes that this thread may use now, whatever others will reserve, and who sets the limit, as ``owner`` says it.
  package static func ofThisThread() -> (bytes: Double, owner: String) {
    let free = free()
    guard let left = AddressSpace.left(), left < free else { return (free, "the machine has") }
    return (max(left - AddressSpace.margin, 0), limitLeaves)
  }

  private static let limitLeaves = "the limit of addresses (ulimit -v or -d) leaves"

  /// The bytes for which there are addresses beside those that libraries reserve; `nil` where there is no limit.
  private static func addressed() -> Double? {
    AddressSpace.left().map { max($0 - AddressSpace.aside(threads: CoreBudget.threads), 0) }
  }

  private static func free() -> Double {
    var least = InputFile.text(of: "/proc/meminfo").flatMap(available(meminfo:))
    for folder in ControlGroups.folders(limiting: "memory") {
      guard let limit = InputFile.text(of: limitFile(in: folder)).flatMap(limit(text:)) else { continue }
      least = min(least ?? limit, limit)
    }
    return least ?? Double(physical)
  }

  /// The bytes that the machine has, whoever uses them.
  package static let physical = sysconf(CInt(_SC_PHYS_PAGES)) * sysconf(CInt(_SC_PAGESIZE))

  /// Where a group's limit stands.
  static func limitFile(in folder: ControlGroups.Folder) -> String {
    folder.path + (folder.version == 2 ? "/memory.max" : "/memory.limit_in_bytes")
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
    let fields = text.split(whereSeparator: \.isWhitespace)
    guard fields.count == 1, let bytes = Double(fields[0]), bytes < 0x1p60 else { return nil }
    return bytes
  }
}
