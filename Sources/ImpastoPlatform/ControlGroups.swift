/// The control groups that a process is in, which is where a container's limits show (cgroups of Linux).
enum ControlGroups {
  /// A folder in which a group's limits are files, and which version's names they have.
  struct Folder: Equatable {
    let path: String
    let version: Int
  }

  /// The folders of the groups whose `controller` may limit this process: its own group's, and those of all groups
  /// around it.
  ///
  /// - Parameter membership: The text of `/proc/self/cgroup`, lines of `number:controllers:path`; version 2 has the
  ///   number 0 and no controllers.
  static func folders(
    limiting controller: String, membership: String = InputFile.text(of: "/proc/self/cgroup") ?? ""
  ) -> [Folder] {
    membership.split(whereSeparator: \.isNewline).flatMap { line -> [Folder] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      let controllers = fields[1].split(separator: ",")
      guard controllers.isEmpty || controllers.contains(Substring(controller)) else { return [] }
      let root = "/sys/fs/cgroup" + (controllers.isEmpty ? "" : "/" + controller)
      let groups = fields[2].split(separator: "/")
      return (0...groups.count).reversed().map { depth in
        Folder(
          path: root + groups.prefix(depth).map { "/" + $0 }.joined(), version: controllers.isEmpty ? 2 : 1)
      }
    }
  }
}
