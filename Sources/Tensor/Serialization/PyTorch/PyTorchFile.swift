import ImpastoPlatform

/// The tensors of a file that `torch.save` wrote (`.pth`, `.pt`), in the zip container of today or the stream
/// from before PyTorch 1.6.
///
/// The file is read as data: nothing that it names is ever called. All that PyTorch's own strict reader
/// (`weights_only=True`) takes is taken here, and of the rest no more is left out than is not known: an object of another
/// class, such as `argparse.Namespace` or an array of NumPy, is named in ``TensorArchive/otherContents``, and the tensors
/// beside it are read. Sparse, quantised and other tensors that are no plain numbers are listed, and refused when they
/// are asked for.
///
/// ``TensorArchive/names`` keeps the order of the state dictionary; tensors in nested dictionaries and lists get joined
/// names such as `model.0.weight`, and keys that are no strings are named as Python shows them (`True`, `0.5`,
/// `(0, 1)`); where two tensors would be called the same, as under the keys 0 and "0", the second gets `#2` added. A file
/// that is one single tensor calls it `tensor`. Views and shared storages are honoured; a tensor that repeats elements of
/// its storage may have no more than 1,048,576 of them.
///
/// ```swift
/// let weights = try PyTorchFile(contentsOf: "vgg_normalised.pth")
/// let filter: Tensor<Float> = try weights.tensor("2.weight")
/// ```
public struct PyTorchFile: TensorArchive {
  public let directory: TensorDirectory

  /// Opens and checks the file.
  ///
  /// - Throws: ``SerializationError`` when the file is missing, not PyTorch's, damaged, or holds what is not read.
  public init(contentsOf path: String) throws(SerializationError) {
    try self.init(reading: MappedFile(contentsOf: path))
  }

  /// Reads a file that is already in memory; `name` is what messages call it.
  ///
  /// - Throws: ``SerializationError`` as for a file that is opened.
  public init(bytes: some Collection<UInt8>, name: String = "PyTorch data") throws(SerializationError) {
    try self.init(reading: MappedFile(copying: bytes, name: name))
  }

  /// Whether the bytes begin as a zip archive or a pickle does.
  private static func recognizes(_ file: MappedFile) -> Bool {
    file.bytes.starts(with: ZipDirectory.signature) || ArchiveFormat.beginsAsPickle(file)
  }

  init(reading file: MappedFile) throws(SerializationError) {
    self = try SerializationError.only { try Self(file) }
  }

  private init(_ file: MappedFile) throws {
    guard Self.recognizes(file) else {
      throw file.malformed(at: 0, "the file is neither a zip archive nor a pickle, as PyTorch's are")
    }
    let content =
      file.bytes.starts(with: ZipDirectory.signature)
      ? try PyTorchZipArchive.read(file) : try PyTorchLegacyStream.read(file)
    let machine = content.machine
    let names = try StateDictionary(content.root, machine, pickleBytes: machine.end - machine.start)
    // Where there is nothing to read, the class that is in the way is the reason.
    if names.entries.isEmpty, let stranger = names.firstStranger {
      throw file.unsupported(
        at: stranger.position, "the name \(quoted(stranger.name)) is not one that weights need",
        remedy: "nothing of it was run; save only a state_dict of ordinary tensors")
    }
    directory = TensorDirectory(
      file,
      names.entries.map { name, index in
        (name, Self.content(machine.tensors[index], content.storages, isBigEndian: content.isBigEndian))
      }, others: names.others)
  }

  private static func content(
    _ tensor: PickleTensor, _ storages: [PyTorchStorageBytes], isBigEndian: Bool
  ) -> TensorDirectory.Content {
    switch tensor.content {
    case .unread(let unread): return .unread(unread)
    case .array(let array): return .tensor(array)
    case .stored(let storage, _, let scalarType, let layout, let isNegated):
      let bytes = storages[storage]
      return .tensor(
        StoredTensor(
          scalarType: scalarType, bytes: bytes.range, layout: layout,
          isBigEndian: isBigEndian && scalarType.byteCount > 1, isNegated: isNegated, packedEntry: bytes.entry
        ))
    }
  }
}

/// An unpickled object, and where the bytes of its storages lie.
struct PyTorchContent {
  let machine: PickleMachine
  let root: PickleValue
  let storages: [PyTorchStorageBytes]
  /// Whether the most significant byte of each number comes first.
  var isBigEndian = false
}

/// Where the bytes of a storage lie: in the file, or in an entry of its archive once that is unpacked.
struct PyTorchStorageBytes {
  let range: Range<Int>
  var entry: ZipEntry?
}
