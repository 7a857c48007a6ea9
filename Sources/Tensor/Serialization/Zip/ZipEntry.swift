import ImpastoPlatform
import Synchronization

/// An entry of a zip archive: where its bytes lie, packed or as they are, and what they are when unpacked.
final class ZipEntry: Sendable {
  /// How an entry's bytes are kept.
  enum Method: Sendable, Equatable {
    case stored
    case deflated
    /// What is not read, in words.
    case foreign(String)
  }

  let name: String
  /// Where its bytes lie in the file, as they are kept there.
  let packed: Range<Int>
  /// How many bytes it has when unpacked.
  let count: Int
  let method: Method
  private let checksum: UInt32
  private let isConfirmed = Atomic(false)
  /// What was unpacked before, while a tensor still borrows from it.
  private let present = Guarded<Present>(Present())

  private struct Present { weak var file: MappedFile? }

  init(_ name: String, packed: Range<Int>, count: Int, method: Method, checksum: UInt32) {
    self.name = name
    self.packed = packed
    self.count = count
    self.method = method
    self.checksum = checksum
  }

  /// The most bytes that a packed one can stand for: a match of 258 bytes takes two bits at least.
  static let expansionLimit = 1032

  var isStored: Bool { method == .stored }

  /// Compares the bytes of an entry that is stored as it is with its checksum, the first time; reads them all for it.
  ///
  /// - Throws: ``SerializationError`` when they differ.
  func confirm(in file: MappedFile) throws {
    if isConfirmed.load(ordering: .relaxed) { return }
    let content = UnsafeRawBufferPointer(rebasing: file.bytes[packed])
    try compare(content, file)
    // What was looked at for this alone need not stay in memory.
    file.forget(content)
    isConfirmed.store(true, ordering: .relaxed)
  }

  /// The first `limit` bytes of the entry in memory of their own; all of them, compared with the checksum, without one.
  ///
  /// - Throws: ``SerializationError`` when the bytes cannot be unpacked or differ from the checksum.
  func unpacked(from file: MappedFile, limit: Int? = nil) throws -> MappedFile {
    let wanted = min(limit ?? count, count)
    if wanted == count, let present = present.withLock({ $0.file }) { return present }
    let source = UnsafeRawBufferPointer(rebasing: file.bytes[packed])
    switch method {
    case .stored: return MappedFile(copying: source.prefix(wanted), name: file.name)
    case .foreign(let what):
      throw file.unsupported(
        at: packed.lowerBound, "the zip entry \(quoted(name)) is \(what)",
        remedy: "pack the archive again without it, as with zip -9")
    case .deflated: break
    }
    let unpacked: MappedFile
    do {
      unpacked = try MappedFile(byteCount: wanted, name: file.name) {
        try Inflater.unpack(source, into: $0, isPrefix: wanted < count)
      }
    } catch let fault as Inflater.Fault {
      throw file.malformed(
        at: packed.lowerBound, "the packed zip entry \(quoted(name)) \(fault.rawValue)",
        remedy: "the file is damaged; get it again")
    }
    if wanted == count {
      try compare(unpacked.bytes, file)
      present.withLock { $0.file = unpacked }
    }
    return unpacked
  }

  private func compare(_ content: UnsafeRawBufferPointer, _ file: MappedFile) throws {
    var found = CRC32()
    found.update(content)
    guard found.value == checksum else {
      throw file.malformed(
        at: packed.lowerBound,
        "the bytes of the zip entry \(quoted(name)) do not have the checksum that the archive gives for them",
        remedy: "the file is damaged; get it again")
    }
  }
}
