import ImpastoPlatform

/// What `torch.save` wrote before PyTorch 1.6: five pickles (a magic number, a version, facts about the machine,
/// the object, the keys of its storages), then each storage as a count and its numbers.
enum PyTorchLegacyStream {
  /// 0x1950a86a20f9469cfc6c, least significant byte first.
  static let magic: [UInt8] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
  private static let version = 1001

  static func read(_ file: MappedFile) throws -> PyTorchContent {
    var header = PickleMachine(ByteReader(file))
    guard case .streamMagic = try header.run() else {
      throw file.malformed(at: 0, "the file is a pickle, but not one of PyTorch")
    }
    header = PickleMachine(ByteReader(file, header.end..<file.bytes.count))
    guard case .integer(version) = try header.run() else {
      throw file.unsupported(at: header.position, "the legacy stream is not of version \(version)")
    }
    header = PickleMachine(ByteReader(file, header.end..<file.bytes.count))
    // Among them is the machine's byte order, which is not that of the numbers: PyTorch swaps those that it writes on a
    // big-endian one, and reads them little-endian whatever is said.
    guard case .dictionary = try header.run() else {
      throw header.malformed("the facts about the machine are not a dictionary")
    }

    var machine = PickleMachine(ByteReader(file, header.end..<file.bytes.count))
    let root = try machine.run()
    let storages = try self.storages(of: machine)
    return PyTorchContent(machine: machine, root: root, storages: storages)
  }

  private static func storages(of object: PickleMachine) throws -> [PyTorchStorageBytes] {
    let file = object.input.file
    var machine = PickleMachine(ByteReader(file, object.end..<file.bytes.count))
    guard case .list(let index) = try machine.run() else {
      throw machine.malformed("the keys of the storages are not a list")
    }
    var ranges = [Range<Int>?](repeating: nil, count: object.storages.count)
    var data = ByteReader(file, machine.end..<file.bytes.count)
    for value in machine.containers[index] {
      let key = try machine.text(value, "a storage's key")
      guard let index = object.storageIndices[key], ranges[index] == nil, object.storages[index].part == nil
      else {
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
        storage.count * storage.type.byteCount, "the storage \(quoted(key))")
    }
    guard data.isAtLineEnd else {
      throw file.malformed(
        at: data.position, "\(data.remaining) bytes follow the last storage",
        remedy: "where torch.save wrote several times into one file, save one dictionary of everything")
    }
    return try object.storages.indices.map { index in
      let storage = object.storages[index]
      guard let whole = ranges[storage.part?.whole ?? index] else {
        throw file.malformed(at: storage.position, "the storage \(quoted(storage.key)) is missing")
      }
      guard let part = storage.part else { return PyTorchStorageBytes(range: whole) }
      let start = whole.lowerBound + part.offset * storage.type.byteCount
      return PyTorchStorageBytes(range: start..<start + storage.count * storage.type.byteCount)
    }
  }
}
