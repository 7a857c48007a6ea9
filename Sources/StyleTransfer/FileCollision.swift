import Foundation

/// Two of a command's files are one file, so that writing it would destroy what is in it.
package struct FileCollision: Error, Equatable, CustomStringConvertible {
  /// The sentence with both names and the remedy.
  package let description: String

  package init(description: String) { self.description = description }
}

/// The files that a command reads and writes, by the options that name them, compared before anything is done.
///
/// Files are one when they are the same on the disk, however they are called: by `..`, through symbolic links, as hard
/// links (device and inode, as `test -ef` compares), or, where a file is not there yet, by the place where it would be.
package struct FileUse {
  /// A file under the option that names it.
  private struct Named {
    let option: String
    let path: String
    let identity: FileIdentity
  }

  /// Pictures that get a number each: every file of a folder whose name the rule holds for.
  private struct Numbered {
    let option: String
    let folder: String
    let isName: (Substring) -> Bool
  }

  private var inputs: [Named] = []
  private var outputs: [Named] = []
  private var numbered: [Numbered] = []

  package init() {}

  /// Adds a file that is read; nothing for `nil`.
  package mutating func reads(_ path: String?, by option: String) {
    guard let path, let identity = FileIdentity(path) else { return }
    inputs.append(Named(option: option, path: path, identity: identity))
  }

  /// Adds a file that is written; nothing for `nil`.
  package mutating func writes(_ path: String?, by option: String) {
    guard let path, let identity = FileIdentity(path) else { return }
    outputs.append(Named(option: option, path: path, identity: identity))
  }

  /// Adds pictures that are written into `folder`, each called `prefix`, a number of four or more digits that is a
  /// multiple of `step`, and `suffix`.
  package mutating func writes(
    numbered prefix: String, _ suffix: String, step: Int = 1, in folder: String, by option: String
  ) {
    numbered.append(
      Numbered(option: option, folder: folder.isEmpty ? "." : folder) { name in
        guard name.hasPrefix(prefix), name.hasSuffix(suffix), name.count >= prefix.count + suffix.count + 4
        else {
          return false
        }
        let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits) else { return false }
        return number > 0 && number.isMultiple(of: step)
      })
  }

  /// - Throws: ``FileCollision`` when an output is an input, or two outputs are one file.
  package func check() throws(FileCollision) {
    for (index, output) in outputs.enumerated() {
      func path(of other: Named) -> String { other.path == output.path ? "" : " '\(other.path)'" }
      let start = "'\(output.path)' of \(output.option)"
      if let input = inputs.first(where: { $0.identity == output.identity }) {
        throw FileCollision(
          description:
            "\(start) is an input, the file\(path(of: input)) of \(input.option); it would be overwritten, so "
            + "name another for \(output.option)")
      }
      if let other = outputs[..<index].first(where: { $0.identity.meets(output.identity) }) {
        throw FileCollision(
          description:
            "\(start) is the file\(path(of: other)) of \(other.option) too, of which one would overwrite "
            + "the other; give each a name of its own")
      }
    }
    for pictures in numbered { try check(pictures) }
  }

  private func check(_ pictures: Numbered) throws(FileCollision) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: pictures.folder)) ?? []
    let existing = names.filter { pictures.isName($0[...]) }.compactMap {
      FileIdentity("\(pictures.folder)/\($0)")
    }
    let folder = FileIdentity(folder: pictures.folder)
    for (file, isInput) in inputs.map({ ($0, true) }) + outputs.map({ ($0, false) }) {
      let isNumbered = folder.map { file.identity.isNew(in: $0, where: pictures.isName) } ?? false
      guard isNumbered || existing.contains(file.identity) else { continue }
      throw FileCollision(
        description:
          "'\(file.path)' of \(file.option) is \(isInput ? "an input" : "an output") with a name of the "
          + "numbered pictures of \(pictures.option), one of which would overwrite it; give it another name")
    }
  }
}

/// What a path means: a file that is there, or the place of one that is not.
package enum FileIdentity: Hashable {
  case existing(device: UInt64, inode: UInt64)
  indirect case new(name: String, folder: FileIdentity)

  /// `nil` for what cannot be overwritten: a pipe, a device, a folder.
  package init?(_ path: String) {
    guard !path.isEmpty else { return nil }
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else { return nil }
      self = .existing(device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(status.st_ino))
    } else {
      self.init(new: path, links: 40)
    }
  }

  init?(folder path: String) {
    var status = stat()
    if stat(path.isEmpty ? "." : path, &status) == 0 {
      self = .existing(device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(status.st_ino))
    } else {
      self.init(new: path, links: 40)
    }
  }

  /// - Parameter links: How many symbolic links may still be followed.
  private init?(new path: String, links: Int) {
    guard links > 0 else { return nil }
    // A link that points to nothing yet: what is written through it appears at its end.
    if let destination = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
      let folder = Self.split(path).folder
      let isAbsolute = destination.hasPrefix("/") || folder.isEmpty
      self.init(new: isAbsolute ? destination : "\(folder)/\(destination)", links: links - 1)
      return
    }
    let (parent, name) = Self.split(path)
    guard let folder = parent == path ? nil : FileIdentity(folder: parent) else { return nil }
    self = .new(name: name, folder: folder)
  }

  /// The last name of a path and what is before it, which is empty for a name alone.
  ///
  /// By hand, since Foundation's `deletingLastPathComponent` traps on some short names on Linux.
  private static func split(_ path: String) -> (folder: String, name: String) {
    var path = path[...]
    while path.count > 1, path.last == "/" { path.removeLast() }
    guard let slash = path.lastIndex(of: "/") else { return ("", String(path)) }
    let name = String(path[path.index(after: slash)...])
    return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
  }

  /// Whether both are one file, or would be on a disk that does not tell capitals from small letters.
  func meets(_ other: FileIdentity) -> Bool {
    switch (self, other) {
    case (.new(let a, let folder), .new(let b, let otherFolder)):
      folder.meets(otherFolder) && a.lowercased() == b.lowercased()
    default: self == other
    }
  }

  /// Whether there is no such file yet, and it would be one of `folder` with a name that the rule holds for.
  func isNew(in folder: FileIdentity, where rule: (Substring) -> Bool) -> Bool {
    if case .new(let name, folder) = self { rule(name[...]) } else { false }
  }
}
