import ImpastoPlatform

@testable import Tensor

/// A zip archive of stored entries made by hand.
struct ZipWriter {
  var entries: [(name: String, content: [UInt8])] = []
  var usesZip64 = false
  var method: UInt16 = 0
  var flags: UInt16 = 0
  var disk: UInt16 = 0
  var comment = ""

  func bytes() -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, content) in entries {
      let size = UInt32(content.count)
      let extra = usesZip64 ? little(UInt16(1)) + little(UInt16(24)) + zip64(content.count, file.count) : []
      directory += little(UInt32(0x0201_4b50)) + little(UInt32(0)) + little(flags) + little(method)
      var checksum = CRC32()
      content.withUnsafeBytes { checksum.update($0) }
      directory += little(UInt32(0)) + little(checksum.value)
      directory += little(usesZip64 ? UInt32.max : size) + little(usesZip64 ? UInt32.max : size)
      directory += little(UInt16(name.utf8.count)) + little(UInt16(extra.count)) + little(UInt16(0))
      directory += little(UInt64(0)) + little(usesZip64 ? UInt32.max : UInt32(file.count)) + name.utf8 + extra
      file += little(UInt32(0x0403_4b50)) + [UInt8](repeating: 0, count: 22)
      file += little(UInt16(name.utf8.count)) + little(UInt16(0)) + name.utf8 + content
    }
    return file + directory + end(directory.count, at: file.count)
  }

  private func zip64(_ size: Int, _ offset: Int) -> [UInt8] {
    little(UInt64(size)) + little(UInt64(size)) + little(UInt64(offset))
  }

  private func end(_ size: Int, at offset: Int) -> [UInt8] {
    var record: [UInt8] = []
    if usesZip64 {
      record += little(UInt32(0x0606_4b50)) + [UInt8](repeating: 0, count: 28)
      record += little(UInt64(entries.count)) + little(UInt64(size)) + little(UInt64(offset))
      record +=
        little(UInt32(0x0706_4b50)) + little(UInt32(0)) + little(UInt64(offset + size)) + little(UInt32(1))
    }
    let count = UInt16(entries.count)
    record += little(UInt32(0x0605_4b50)) + little(disk) + little(UInt16(0)) + little(count) + little(count)
    record += little(usesZip64 ? UInt32.max : UInt32(size)) + little(usesZip64 ? UInt32.max : UInt32(offset))
    return record + little(UInt16(comment.utf8.count)) + comment.utf8
  }

  private func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] { PickleWriter.little(number) }
}
