import Platform

/// What `torch.save` wrote before PyTorch 1.6: five pickles (a magic number, a version, facts about the machine,
/// the object, the keys of its storages), then each storage as a count and its numbers.
enum PyTorchLegacyStream {
  /// 0x1950a86a20f9469cfc6c, least significant byte first.
  static let magic: [UInt8] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
  private static let version = 1001

  /// The object's machine, its root, and where each of its storages lies.
  static func read(
    _ file: MappedFile
  ) throws -> (machine: PickleMachine, root: PickleValue, storages: [Range<Int>]) {
    var header = PickleMachine(ByteReader(file))
    guard case .streamMagic = try header.run() else {
      throw file.malformed(at: 0, "the file is a pickle, but not one of PyTorch")
    }
    header = PickleMachine(ByteReader(file, header.end..<file.bytes.count))
    guard case .integer(version) = try header.run() else {
      throw file.unsupported(at: header.position, "the legacy stream is not of version \(version)")
    }
    header = PickleMachine(ByteReader(file, header.end..<file.bytes.count))
    try checkByteOrder(&header)

    var machine = PickleMachine(ByteReader(file, header.end..<file.bytes.count))
    let root = try machine.run()
    let storages = try self.storages(of: machine)
    return (machine, root, storages)
  }

  private static func checkByteOrder(_ machine: inout PickleMachine) throws {
    guard case .dictionary(let index) = try machine.run() else {
      throw machine.malformed("the facts about the machine are not a dictionary")
    }
    let items = machine.containers[index]
    for key in stride(from: 0, to: items.count, by: 2) {
      guard case .text(let text) = items[key], machine.texts[text] == "little_endian" else { continue }
      guard case .bool(true) = items[key + 1] else {
        throw machine.input.file.unsupported(at: machine.position, "the file's numbers are big-endian")
      }
      return
    }
    throw machine.malformed("the byte order is not given")
  }

  private static func storages(of object: PickleMachine) throws -> [Range<Int>] {
    let file = object.input.file
    var machine = PickleMachine(ByteReader(file, object.end..<file.bytes.count))
    guard case .list(let index) = try machine.run() else {
      throw machine.malformed("the keys of the storages are not a list")
    }
    var ranges = [Range<Int>?](repeating: nil, count: object.storages.count)
    var data = ByteReader(file, machine.end..<file.bytes.count)
    for value in machine.containers[index] {
      let key = try machine.text(value, "a storage's key")
      guard let index = object.storageIndices[key], ranges[index] == nil else {
        throw machine.malformed("the storage \(quoted(key)) belongs to no tensor, or comes twice")
      }
      let storage = object.storages[index]
      let start = data.position
      let count = try data.integer(UInt64.self, "the count of the storage \(quoted(key))")
      guard count == UInt64(storage.count) else {
        throw file.malformed(
          at: start, "the storage \(quoted(key)) has \(count) elements, its tensors say \(storage.count)")
      }
      ranges[index] = try data.skip(
        storage.count * storage.scalarType.byteCount, "the storage \(quoted(key))")
    }
    guard data.remaining == 0 else {
      throw file.malformed(at: data.position, "\(data.remaining) bytes follow the last storage")
    }
    return try zip(object.storages, ranges).map { storage, range in
      guard let range else {
        throw file.malformed(at: storage.position, "the storage \(quoted(storage.key)) is missing")
      }
      return range
    }
  }
}
