import Platform
import Synchronization

/// The checksum that a zip archive gives for an entry, and whether its bytes were found to have it.
final class ZipChecksum: Sendable {
  private let entry: String
  private let bytes: Range<Int>
  private let expected: UInt32
  private let isConfirmed = Atomic(false)

  init(_ entry: String, _ bytes: Range<Int>, _ expected: UInt32) {
    self.entry = entry
    self.bytes = bytes
    self.expected = expected
  }

  /// Compares the bytes with the checksum, the first time; reads them all for it.
  ///
  /// - Throws: ``SerializationError`` when they differ.
  func confirm(in file: MappedFile) throws {
    if isConfirmed.load(ordering: .relaxed) { return }
    let content = UnsafeRawBufferPointer(rebasing: file.bytes[bytes])
    var checksum = CRC32()
    checksum.update(content)
    // What was looked at for this alone need not stay in memory.
    file.forget(content)
    guard checksum.value == expected else {
      throw file.malformed(
        at: bytes.lowerBound,
        "the bytes of the zip entry \(quoted(entry)) do not have the checksum that the archive gives for them",
        remedy: "the file is damaged; get it again")
    }
    isConfirmed.store(true, ordering: .relaxed)
  }
}
