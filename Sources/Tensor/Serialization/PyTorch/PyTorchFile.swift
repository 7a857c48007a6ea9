import Platform

/// The tensors of a file that `torch.save` wrote (`.pth`, `.pt`), in the zip container of today or the stream
/// from before PyTorch 1.6.
///
/// The file is read as data: nothing that it names is ever called, and whatever is not needed for tensors is an
/// error. ``TensorArchive/names`` keeps the order of the state dictionary; tensors in nested
/// dictionaries and lists get joined names such as `model.0.weight`, a file that is one single tensor calls it
/// `tensor`. Views and shared storages are honoured; a tensor that repeats elements of its storage may have no more
/// than 1,048,576 of them.
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
  public init(contentsOf path: String) throws { try self.init(MappedFile(contentsOf: path)) }

  /// Reads a file that is already in memory; `name` is what messages call it.
  ///
  /// - Throws: ``SerializationError`` as ``init(contentsOf:)`` does.
  public init(bytes: some Collection<UInt8>, name: String = "PyTorch data") throws {
    try self.init(MappedFile(copying: bytes, name: name))
  }

  /// Whether the bytes begin as a zip archive or a pickle does.
  private static func recognizes(_ file: MappedFile) -> Bool {
    file.bytes.starts(with: ZipDirectory.signature) || ArchiveFormat.beginsAsPickle(file)
  }

  init(_ file: MappedFile) throws {
    guard Self.recognizes(file) else {
      throw file.malformed(at: 0, "the file is neither a zip archive nor a pickle, as PyTorch's are")
    }
    let content =
      file.bytes.starts(with: ZipDirectory.signature)
      ? try PyTorchZipArchive.read(file) : try PyTorchLegacyStream.read(file)
    let names = try StateDictionary(
      content.root, content.machine, pickleBytes: content.machine.end - content.machine.start)
    directory = TensorDirectory(
      file,
      names.entries.map { name, index in
        let tensor = content.machine.tensors[index]
        let scalarType = content.machine.storages[tensor.storage].scalarType
        return (
          name,
          StoredTensor(
            scalarType: scalarType, bytes: content.storages[tensor.storage], layout: tensor.layout)
        )
      })
  }
}
