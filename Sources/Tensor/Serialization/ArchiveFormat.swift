import ImpastoPlatform

/// Which format a file of tensors has: the one place that decides it, by what its bytes say and never by its name.
///
/// First bytes alone do not tell. A safetensors file begins with the length of its header, which is any number: every
/// 256th length begins with the byte that begins a pickle, and three in a hundred million with the letters of a zip
/// archive. NumPy's archives and PyTorch's are both zip archives. So a format is what all of its marks agree on.
enum ArchiveFormat: Sendable, CaseIterable {
  case safetensors
  /// One array of `np.save`.
  case numPyArray
  /// A zip archive of arrays, of `np.savez`.
  case numPyArchive
  /// A zip archive with a pickle, of `torch.save`.
  case pyTorchArchive
  /// The pickles in a row that `torch.save` wrote before PyTorch 1.6.
  case pyTorchStream
  /// A pickle without PyTorch's mark, as of a dictionary of NumPy's arrays.
  case numPyPickle

  /// The format of a file; `nil` when it has none of them. A damaged file has the format that it had when it was whole,
  /// as far as its beginning tells, so that whoever reads it can say where the damage is.
  init?(of file: MappedFile) {
    if Self.beginsAsSafetensors(file) {
      self = .safetensors
    } else if file.bytes.starts(with: NumPyHeader.magic) {
      self = .numPyArray
    } else if Self.beginsAsPickle(file) {
      self = Self.hasStreamMagic(file) ? .pyTorchStream : .numPyPickle
    } else if let names = Self.zipEntries(file) {
      // Names of records that `torch.save` was told to add may end in anything, so its pickle comes first.
      if names.contains(where: { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }) {
        self = .pyTorchArchive
      } else if names.isEmpty || names.contains(where: { $0.hasSuffix(NumPyFile.extensionOfArrays) })
        || NumPyFile.hasArrays(file)
      {
        self = .numPyArchive
      } else {
        return nil
      }
    } else {
      return nil
    }
  }

  /// Whether a length that a header may have is followed by a header's first byte.
  ///
  /// No other format has both: a pickle's or a zip archive's bytes from 4 to 7 are not all zero before a brace, and the
  /// first eight letters of a text are a number above 2³².
  private static func beginsAsSafetensors(_ file: MappedFile) -> Bool {
    let count = MemoryLayout<UInt64>.size
    guard file.bytes.count > count, file.bytes[count] == UInt8(ascii: "{") else { return false }
    return UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self)) <= UInt64(UInt32.max)
  }

  /// Whether the first instruction is that of a pickle's protocol, which PyTorch's legacy streams begin with.
  static func beginsAsPickle(_ file: MappedFile) -> Bool {
    file.bytes.count > 1 && file.bytes[0] == PickleOpcode.proto.rawValue && (2...5).contains(file.bytes[1])
      && !beginsAsSafetensors(file)
  }

  /// Whether a pickle's first value is the number that begins PyTorch's streams, of which at least a byte must be there.
  private static func hasStreamMagic(_ file: MappedFile) -> Bool {
    // The protocol and its number, from protocol 4 on a frame's length, then an integer and the count of its bytes.
    let hasFrame = file.bytes.count > 2 && file.bytes[2] == PickleOpcode.frame.rawValue
    let value = file.bytes.dropFirst(hasFrame ? 11 : 2)
    let mark =
      [PickleOpcode.long1.rawValue, UInt8(PyTorchLegacyStream.magic.count)] + PyTorchLegacyStream.magic
    return value.isEmpty || value.prefix(mark.count).elementsEqual(mark.prefix(value.count))
  }

  /// The names of a zip archive's entries, or that of its first one alone where the directory at its end is lost;
  /// `nil` when the bytes do not begin as an archive's.
  private static func zipEntries(_ file: MappedFile) -> [String]? {
    let bytes = file.bytes
    if bytes.starts(with: ZipDirectory.endSignature) || bytes.starts(with: ZipDirectory.endSignature64) {
      return []
    }
    guard bytes.starts(with: ZipDirectory.signature) else { return nil }
    if let names = try? ZipDirectory.names(in: file) { return names }
    // An entry's header has 30 bytes, of which those at 26 are the length of the name that follows.
    guard bytes.count > 30 else { return nil }
    let length = Int(bytes[26]) | Int(bytes[27]) << 8
    return [String(decoding: bytes.dropFirst(30).prefix(length), as: UTF8.self)]
  }
}

extension ArchiveFormat {
  /// The error for a file of no format: what it is instead, where its first bytes tell.
  static func unrecognized(_ file: MappedFile) -> SerializationError {
    let names = zipEntries(file) ?? []
    if names.contains(where: { $0.hasSuffix("/archive_format") }) {
      return file.unsupported(
        "the file is a program of torch.export, not one of torch.save",
        remedy:
          #"save its weights in Python: torch.save(torch.export.load("m.pt2").state_dict, "weights.pt")"#)
    }
    if names.contains(where: { $0.hasSuffix("/.data/serialization_id") }) {
      return file.malformed(
        "the file is one of torch.save without the data.pkl that tells what is in it",
        remedy: "torch.save ended with an error while it wrote the file; save it again")
    }
    let stranger = strangers.first { file.bytes.dropFirst($0.offset).starts(with: $0.mark) }
    return file.malformed(
      at: 0, "the file is neither safetensors nor PyTorch's nor NumPy's",
      remedy: stranger.map { "it is \($0.name); \($0.remedy)" }
        ?? "is it the file itself, and not a web page about it or a pointer to it?")
  }

  private typealias Stranger = (offset: Int, mark: [UInt8], name: String, remedy: String)

  private static let strangers: [Stranger] = [
    (
      0, Array("version https://git-lfs".utf8), "a pointer of Git LFS",
      "fetch the file itself, as with git lfs pull"
    ),
    (0, Array("<".utf8), "a web page", "download the file itself"),
    (
      0, ZipDirectory.signature, "a zip archive of other things", "unpack it; a file of tensors may be inside"
    ),
    (1, Array("HDF\r\n".utf8), "HDF5, as Keras writes it", "save its arrays with np.savez"),
    (0, Array("GGUF".utf8), "GGUF", "convert it to safetensors"),
    (0, Array("MATLAB 5.0".utf8), "MATLAB's", "save its arrays with np.savez, as after scipy.io.loadmat"),
    (0, [0x1f, 0x8b], "packed by gzip", "unpack it with gunzip"),
    (0, [0x78, 0x9c], "packed by zlib, as joblib does", "save its arrays with np.savez"),
    (
      0, Array("{".utf8), "JSON",
      "if it is the index of a model in parts, give one of the files that it names"
    ),
    (
      257, Array("ustar".utf8), "a tar archive",
      "unpack it; a file of torch.save from before PyTorch 0.1.10 is saved anew"
    ),
  ]
}
