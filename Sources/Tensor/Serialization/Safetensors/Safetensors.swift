import ImpastoPlatform

/// Writing safetensors files.
public enum Safetensors {
  /// What the format allows a header to have, in bytes.
  static let headerLimit = 100_000_000
  /// The key under which a header holds free-form text, which therefore cannot name a tensor.
  static let metadataKey = "__metadata__"

  /// Writes `tensors` to a file, in their own type and in the order of their names.
  ///
  /// The same tensors and metadata always give the same bytes. The file appears whole or not at all: it is
  /// written beside its place and renamed, so a file of that name is replaced only by a complete one.
  ///
  /// - Throws: ``SerializationError`` when the file cannot be written, or a tensor is called `__metadata__`.
  public static func write<Scalar: TensorElement>(
    _ tensors: [String: Tensor<Scalar>], metadata: [String: String] = [:], to path: String
  ) throws(SerializationError) {
    try write(tensors.mapValues { AnyTensor($0) }, metadata: metadata, to: path)
  }

  /// Writes tensors of several types to a file, in the order of their names.
  ///
  /// - Throws: ``SerializationError`` when the file cannot be written, or a tensor is called `__metadata__`.
  public static func write(
    _ tensors: [String: AnyTensor], metadata: [String: String] = [:], to path: String
  ) throws(SerializationError) {
    let ordered = tensors.sorted { $0.key < $1.key }
    let header = try header(
      ordered.map { ($0.key, $0.value.shape, $0.value.scalarType) }, metadata, path)
    try SerializationError.replacing(path) { file in
      try file.append(header)
      for (_, tensor) in ordered {
        try tensor.withBytes { try file.append($0) }
      }
    }
  }

  /// Writes a file of `Float` tensors that are given some rows at a time, so that none of them need be there as a whole.
  ///
  /// - Parameters:
  ///   - shapes: The shape of each tensor.
  ///   - body: It is given a function that writes a part of a tensor: its name, the part, which has all of the tensor's
  ///     lengths but along the second axis from the back, and where on that axis it begins. What is never written is 0.
  /// - Throws: ``SerializationError`` when the file cannot be written, and what `body` throws.
  package static func write(
    shapes: [String: Shape], metadata: [String: String], to path: String,
    body: ((String, Tensor<Float>, Int) throws -> Void) throws -> Void
  ) throws {
    let ordered = shapes.sorted { $0.key < $1.key }
    let header = try header(ordered.map { ($0.key, $0.value, .float32) }, metadata, path)
    var offsets: [String: Int] = [:]
    var end = header.count
    for (name, shape) in ordered {
      offsets[name] = end
      end += shape.elementCount * MemoryLayout<Float>.stride
    }
    do {
      try AtomicFile.replace(path) { file in
        try file.append(header)
        try body { name, part, first in
          guard let shape = shapes[name], let offset = offsets[name] else {
            ShapeCheck.fail("Safetensors: no tensor is called '\(name)'")
          }
          let (rows, width) = (shape[shape.count - 2], shape[shape.count - 1])
          let count = part.shape[shape.count - 2]
          ShapeCheck.require(part.count * rows == shape.elementCount * count && first + count <= rows) {
            "Safetensors: a part \(part.shape) from \(first) on is none of '\(name)' \(shape)"
          }
          try part.withUnsafeScalars { scalars in
            // Planes lie apart in the file.
            for plane in 0..<(count == 0 ? 0 : part.count / (count * width)) {
              let own = scalars[plane * count * width..<(plane + 1) * count * width]
              try file.write(
                UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: own)),
                at: offset + (plane * rows + first) * width * MemoryLayout<Float>.stride)
            }
          }
        }
      }
    } catch let error as AtomicFileError {
      throw SerializationError(error)
    }
  }

  /// The header's length and JSON, padded with spaces so that the numbers are aligned to 8 bytes.
  private static func header(
    _ tensors: [(name: String, shape: Shape, type: StoredScalarType)], _ metadata: [String: String],
    _ path: String
  ) throws(SerializationError) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(json($0.key)):\(json($0.value))" }
      members.append("\(json(metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for (name, shape, type) in tensors {
      guard name != metadataKey else {
        throw SerializationError(
          .unwritable, file: path, "a tensor is called \(metadataKey)",
          remedy: "safetensors keeps that name for itself; choose another")
      }
      let end = offset + shape.elementCount * type.byteCount
      let lengths = shape.map(String.init).joined(separator: ",")
      members.append(
        "\(json(name)):{\"dtype\":\"\(type.rawValue)\",\"shape\":[\(lengths)],\"data_offsets\":[\(offset),\(end)]}"
      )
      offset = end
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    while !text.count.isMultiple(of: 8) { text.append(UInt8(ascii: " ")) }
    guard text.count <= headerLimit else {
      throw SerializationError(
        .unwritable, file: path,
        "the header needs \(text.count) bytes, more than the format's \(headerLimit)",
        remedy: "write fewer tensors or less metadata")
    }
    return withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init) + text
  }

  private static func json(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
