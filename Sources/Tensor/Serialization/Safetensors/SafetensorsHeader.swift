import Platform

/// Reads and checks the JSON header.
struct SafetensorsHeader {
  private(set) var metadata: [String: String] = [:]
  private(set) var entries: [(name: String, tensor: StoredTensor)] = []

  private let file: MappedFile
  private let dataStart: Int

  init(_ input: ByteReader, dataStart: Int) throws {
    file = input.file
    self.dataStart = dataStart
    guard input.next == UInt8(ascii: "{") else {
      throw file.malformed(at: input.position, "the header does not begin with '{'")
    }
    try read(JSONReader(input))
    try checkCoverage()
  }

  private mutating func read(_ input: JSONReader) throws {
    var json = input
    var metadata: [String: String] = [:]
    var entries: [(name: String, tensor: StoredTensor)] = []
    try json.object { json, key in
      if key == Safetensors.metadataKey {
        try json.object { json, key in metadata[key] = try json.string() }
      } else {
        entries.append((key, try entry(&json, key)))
      }
    }
    try json.finish()
    entries.sort {
      let (a, b) = ($0.tensor.bytes, $1.tensor.bytes)
      return (a.lowerBound, a.upperBound, $0.name) < (b.lowerBound, b.upperBound, $1.name)
    }
    self.metadata = metadata
    self.entries = entries
  }

  private func entry(_ json: inout JSONReader, _ name: String) throws -> StoredTensor {
    var type: StoredScalarType?
    var shape: Shape?
    var offsets: [Int]?
    let start = json.position
    try json.object { json, key in
      switch key {
      case "dtype": type = try scalarType(&json, name)
      case "shape": shape = try counts(&json, limit: StoredTensor.rankLimit)
      case "data_offsets": offsets = try counts(&json, limit: 2)
      default: throw file.unsupported(at: json.position, "the field \(quoted(key)) of \(quoted(name))")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw file.malformed(at: start, "the tensor \(quoted(name)) lacks its dtype, shape or two offsets")
    }
    let available = file.bytes.count - dataStart
    guard offsets[0] <= offsets[1], offsets[1] <= available else {
      throw file.malformed(
        at: start,
        "the tensor \(quoted(name)) lies at \(offsets[0])..<\(offsets[1]) of \(available) bytes of data",
        remedy: "the file is damaged or was not copied whole; get it again")
    }
    guard StoredTensor.byteCount(shape, type) == offsets[1] - offsets[0] else {
      throw file.malformed(
        at: start,
        "the tensor \(quoted(name)) has \(offsets[1] - offsets[0]) bytes, not what "
          + "\(type.rawValue) \(shape) needs")
    }
    return StoredTensor(
      scalarType: type, bytes: dataStart + offsets[0]..<dataStart + offsets[1], layout: Layout(shape))
  }

  private func scalarType(_ json: inout JSONReader, _ name: String) throws -> StoredScalarType {
    let start = json.position
    let text = try json.string()
    guard let type = StoredScalarType(rawValue: text) else {
      throw file.unsupported(at: start, "the tensor \(quoted(name)) is of the unknown dtype \(quoted(text))")
    }
    return type
  }

  private func counts(_ json: inout JSONReader, limit: Int) throws -> [Int] {
    var counts: [Int] = []
    try json.array { json in
      let start = json.position
      counts.append(try json.count())
      guard counts.count <= limit else {
        throw file.malformed(at: start, "more than \(limit) numbers in a list")
      }
    }
    return counts
  }

  private func checkCoverage() throws {
    var end = dataStart
    for (name, tensor) in entries {
      guard tensor.bytes.lowerBound == end else {
        throw file.malformed(
          at: end, "the tensor \(quoted(name)) begins at byte \(tensor.bytes.lowerBound): a gap or an overlap"
        )
      }
      end = tensor.bytes.upperBound
    }
    guard end == file.bytes.count else {
      throw file.malformed(at: end, "\(file.bytes.count - end) bytes belong to no tensor")
    }
  }
}
