import ImpastoPlatform

/// The arrays of a file that Python's `pickle.dump` wrote of a dictionary of NumPy's, as parameters of JAX are often
/// kept; nested dictionaries and lists give joined names, such as `VGG16_0.Conv_0.kernel`.
///
/// The file is read as data: nothing that it names is ever called. Arrays in C and in Fortran order and of either byte
/// order are read, as ``NumPyFile`` reads them. An object of any other class is named in
/// ``TensorArchive/otherContents``, and the arrays beside it are read. Protocols 3 to 5 are read, and protocol 2 as Python 2
/// wrote it; Python 3 writes numbers as text there, and such arrays are listed and refused. A file that is one array calls
/// it `tensor`.
///
/// ```swift
/// let parameters = try NumPyPickleFile(contentsOf: "parameters.pickle")
/// let kernel: Tensor<Float> = try parameters.tensor("Dense_0.kernel")
/// ```
public struct NumPyPickleFile: TensorArchive {
  public let directory: TensorDirectory

  /// Opens and checks the file.
  ///
  /// - Throws: ``SerializationError`` when the file is missing, no pickle, damaged, or has no array in it.
  public init(contentsOf path: String) throws(SerializationError) {
    try self.init(reading: MappedFile(contentsOf: path))
  }

  /// Reads a file that is already in memory; `name` is what messages call it.
  ///
  /// - Throws: ``SerializationError`` as for a file that is opened.
  public init(bytes: some Collection<UInt8>, name: String = "NumPy data") throws(SerializationError) {
    try self.init(reading: MappedFile(copying: bytes, name: name))
  }

  init(reading file: MappedFile) throws(SerializationError) {
    self = try SerializationError.only { try Self(file) }
  }

  private init(_ file: MappedFile) throws {
    guard ArchiveFormat.beginsAsPickle(file) else {
      throw file.malformed(at: 0, "the file is no pickle")
    }
    var machine = PickleMachine(ByteReader(file), readsArrays: true)
    let root = try machine.run()
    guard ByteReader(file, machine.end..<file.bytes.count).isAtLineEnd else {
      throw file.malformed(
        at: machine.end, "\(file.bytes.count - machine.end) bytes follow the pickle",
        remedy: "where several were dumped into one file, dump one dictionary of all arrays")
    }
    // The numbers are a part of the pickle, and no budget for names.
    let numbers = machine.bytesObjects.reduce(0) { $0 + $1.count }
    let names = try StateDictionary(root, machine, pickleBytes: machine.end - machine.start - numbers)
    if names.entries.isEmpty {
      if let stranger = names.firstStranger {
        throw file.unsupported(
          at: stranger.position, "the name \(quoted(stranger.name)) is not one that arrays need",
          remedy: "nothing of it was run; save a dictionary of arrays, as with np.savez")
      }
      throw file.malformed(at: 0, "the file is a pickle, but neither PyTorch's nor of NumPy's arrays")
    }
    directory = TensorDirectory(
      file,
      try names.entries.map { name, index in
        switch machine.tensors[index].content {
        case .array(let array): (name, .tensor(array))
        case .unread(let unread): (name, .unread(unread))
        case .stored: throw file.unsupported("\(quoted(name)) is a tensor of PyTorch's outside of its file")
        }
      }, others: names.others)
  }
}
