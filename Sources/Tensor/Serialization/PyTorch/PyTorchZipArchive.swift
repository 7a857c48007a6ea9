import Platform

/// What `torch.save` writes since PyTorch 1.6: a zip archive of one folder with the object's pickle, `data.pkl`,
/// and each storage as a file under `data/`.
enum PyTorchZipArchive {
  /// The object's machine, its root, and where each of its storages lies.
  static func read(
    _ file: MappedFile
  ) throws -> (machine: PickleMachine, root: PickleValue, storages: [Range<Int>]) {
    let archive = try ZipDirectory(
      file, remedy: "PyTorch writes neither; unpack the file and save it again with torch.save")
    let pickles = archive.entries.filter { name, _ in
      name.hasSuffix("/data.pkl") && name.count(where: { $0 == "/" }) == 1
    }
    guard let pickle = pickles.first, pickles.count == 1 else {
      throw file.malformed(
        "the zip archive has \(pickles.count) files data.pkl where PyTorch writes one",
        remedy: "is it a file of torch.save?")
    }
    let folder = pickle.key.dropLast("data.pkl".count)
    if let order = archive.entries[folder + "byteorder"]?.bytes,
      !file.bytes[order].elementsEqual("little".utf8)
    {
      throw file.unsupported(at: order.lowerBound, "the file's numbers are not little-endian")
    }
    var machine = PickleMachine(ByteReader(file, pickle.value.bytes))
    let root = try machine.run()
    let storages = try machine.storages.map { storage in
      guard let bytes = archive.entries["\(folder)data/\(storage.key)"]?.bytes else {
        throw file.malformed(at: storage.position, "the storage \(quoted(storage.key)) is missing")
      }
      guard bytes.count / storage.scalarType.byteCount == storage.count else {
        throw file.malformed(
          at: bytes.lowerBound,
          "the storage \(quoted(storage.key)) has \(bytes.count) bytes for \(storage.count) elements")
      }
      return bytes
    }
    return (machine, root, storages)
  }
}
