import ImpastoPlatform

/// What `torch.save` writes since PyTorch 1.6: a zip archive of one folder with the object's pickle, `data.pkl`,
/// and each storage as a file under `data/`.
enum PyTorchZipArchive {
  /// What a pickle of 70,000 tensors takes many times over.
  private static let pickleLimit = 1 << 28

  static func read(_ file: MappedFile) throws -> PyTorchContent {
    let archive = try ZipDirectory(file)
    let pickles = archive.entries.filter { entry in
      entry.name == "data.pkl"
        || entry.name.hasSuffix("/data.pkl") && entry.name.count(where: { $0 == "/" }) == 1
    }
    guard let pickle = pickles.first, pickles.count == 1 else {
      throw file.malformed(
        "the zip archive has \(pickles.count) files data.pkl where PyTorch writes one",
        remedy: "is it a file of torch.save?")
    }
    let folder = String(pickle.name.dropLast("data.pkl".count))
    try checkIsNoProgram(archive, folder)
    let order = try archive[folder + "byteorder"].map { try contents(of: $0, file) }
    let isBigEndian = order.map { $0.elementsEqual("big".utf8) } ?? false
    if let order, !isBigEndian, !order.elementsEqual("little".utf8) {
      throw file.unsupported(
        at: archive[folder + "byteorder"]?.packed.lowerBound,
        "the file's numbers are neither little-endian nor big-endian but \(quoted(String(decoding: order.prefix(80), as: UTF8.self)))",
        remedy: "the file is damaged; get it again")
    }

    var machine = try machine(pickle, archive)
    let root = try machine.run()
    let storages = try machine.storages.map { storage in
      let part = storage.part.map { machine.storages[$0.whole] }
      guard let entry = archive["\(folder)data/\((part ?? storage).key)"] else {
        throw file.malformed(at: storage.position, "the storage \(quoted(storage.key)) is missing")
      }
      let count = (part ?? storage).count
      guard entry.count / storage.type.byteCount == count else {
        throw file.malformed(
          at: entry.packed.lowerBound,
          "the storage \(quoted(storage.key)) has \(entry.count) bytes for \(count) elements")
      }
      let start =
        (entry.isStored ? entry.packed.lowerBound : 0) + (storage.part?.offset ?? 0) * storage.type.byteCount
      let byteCount = storage.part == nil ? entry.count : storage.count * storage.type.byteCount
      return PyTorchStorageBytes(range: start..<start + byteCount, entry: entry.isStored ? nil : entry)
    }
    return PyTorchContent(machine: machine, root: root, storages: storages, isBigEndian: isBigEndian)
  }

  private static func machine(_ pickle: ZipEntry, _ archive: ZipDirectory) throws -> PickleMachine {
    let file = archive.file
    // One that is packed has its offsets in what was unpacked.
    let largest = archive.entries.map(\.count).max() ?? 0
    if pickle.isStored {
      return PickleMachine(
        ByteReader(file, pickle.packed), storageLimit: max(largest, file.bytes.count))
    }
    guard pickle.count <= pickleLimit else {
      throw file.unsupported(
        at: pickle.packed.lowerBound, "a pickle of \(pickle.count) bytes, more than \(pickleLimit)",
        remedy: "save fewer tensors in one file")
    }
    return PickleMachine(ByteReader(try pickle.unpacked(from: file)), storageLimit: largest)
  }

  private static func contents(of entry: ZipEntry, _ file: MappedFile) throws -> [UInt8] {
    let unpacked = try entry.unpacked(from: file, limit: 256)
    return withExtendedLifetime(unpacked) { Array(unpacked.bytes) }
  }

  /// `torch.jit.save` writes its programs to the same container.
  private static func checkIsNoProgram(_ archive: ZipDirectory, _ folder: String) throws {
    let marks = [folder + "constants.pkl", folder + "code/"]
    guard archive.entries.contains(where: { $0.name == marks[0] || $0.name.hasPrefix(marks[1]) }) else {
      return
    }
    throw archive.file.unsupported(
      "the file is a TorchScript program, not one of torch.save",
      remedy: #"save its weights in Python: torch.save(torch.jit.load("m.pt").state_dict(), "weights.pt")"#)
  }
}
