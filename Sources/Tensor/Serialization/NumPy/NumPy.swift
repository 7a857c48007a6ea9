import ImpastoPlatform

/// Writing NumPy's files, which `np.load` reads.
public enum NumPy {
  /// How the numbers of an array follow each other in a file.
  public enum Order: Sendable {
    /// The last axis is innermost, as in C.
    case rowMajor
    /// The first axis is innermost, as in Fortran.
    case columnMajor
  }

  /// Writes one array to a `.npy` file.
  ///
  /// The file appears whole or not at all: it is written beside its place and renamed, so a file of that name is
  /// replaced only by a complete one.
  ///
  /// - Throws: ``SerializationError`` when the file cannot be written, or the array has more than 64 axes.
  public static func write(_ array: AnyTensor, order: Order = .rowMajor, to path: String)
    throws(SerializationError)
  {
    try check(array, path)
    try SerializationError.replacing(path) { file in
      try array.withParts(order) { for part in $0 { try file.append(part) } }
    }
  }

  /// Writes one tensor to a `.npy` file, in its own type.
  ///
  /// `BFloat16`, which NumPy has not, is written as two bytes of no type, as the package ml_dtypes does.
  ///
  /// - Throws: ``SerializationError`` when the file cannot be written, or the tensor has more than 64 axes.
  public static func write<Scalar: TensorElement>(
    _ tensor: Tensor<Scalar>, order: Order = .rowMajor, to path: String
  ) throws(SerializationError) {
    try write(AnyTensor(tensor), order: order, to: path)
  }

  /// Writes arrays of any types to a `.npz` file, uncompressed, in the order of their names.
  ///
  /// ```swift
  /// try NumPy.write(["pictures": AnyTensor(pictures), "labels": AnyTensor(labels)], to: "digits.npz")
  /// ```
  ///
  /// The same arrays always give the same bytes, and the file appears whole or not at all.
  ///
  /// - Throws: ``SerializationError`` when the file cannot be written, an array has more than 64 axes, or a name
  ///   is longer than the format allows.
  public static func write(
    _ arrays: [String: AnyTensor], order: Order = .rowMajor, to path: String
  ) throws(SerializationError) {
    let ordered = arrays.sorted { $0.key < $1.key }
    for (name, array) in ordered {
      try check(array, path)
      guard name.utf8.count + NumPyFile.extensionOfArrays.utf8.count <= ZipStream.nameLimit else {
        throw SerializationError(
          .unwritable, file: path,
          "the name \(quoted(name)) has \(name.utf8.count) bytes, more than zip archives hold",
          remedy: "choose a shorter one")
      }
    }
    try SerializationError.replacing(path) { file in
      var archive = ZipStream()
      for (name, array) in ordered {
        try array.withParts(order) {
          try archive.append(name + NumPyFile.extensionOfArrays, $0, to: file)
        }
      }
      try archive.finish(file)
    }
  }

  /// Writes tensors to a `.npz` file, in their own type and in the order of their names.
  ///
  /// - Throws: ``SerializationError`` as for arrays.
  public static func write<Scalar: TensorElement>(
    _ tensors: [String: Tensor<Scalar>], order: Order = .rowMajor, to path: String
  ) throws(SerializationError) {
    try write(tensors.mapValues { AnyTensor($0) }, order: order, to: path)
  }

  private static func check(_ array: AnyTensor, _ path: String) throws(SerializationError) {
    guard array.shape.count <= StoredTensor.rankLimit else {
      throw SerializationError(
        .unwritable, file: path, "an array of \(array.shape.count) axes, more than NumPy has",
        remedy: "reshape it to \(StoredTensor.rankLimit) axes or fewer")
    }
    guard array.scalarType.numPyCode != nil else {
      throw SerializationError(
        .unwritable, file: path, "NumPy has no numbers of the type \(array.scalarType.rawValue)",
        remedy: "write their bytes as UInt8, or to a safetensors file")
    }
  }

}
