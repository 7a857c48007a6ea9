import ImpastoPlatform

/// Reads and checks the JSON header.
struct SafetensorsHeader {
  private(set) var metadata: [String: String] = [:]
  private(set) var entries: [Entry] = []

  /// A tensor of a type that is known or not, and where in the file its bytes lie.
  struct Entry {
    let name: String
    let bytes: Range<Int>
    let content: TensorDirectory.Content
  }

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
    var entries: [Entry] = []
    try json.object { json, key in
      if key == Safetensors.metadataKey {
        if try json.skipNull() { return }
        try json.object { json, key in metadata[key] = try json.string() }
      } else {
        entries.append(try entry(&json, key))
      }
    }
    try json.finish()
    entries.sort {
      let (a, b) = ($0.bytes, $1.bytes)
      return (a.lowerBound, a.upperBound, $0.name) < (b.lowerBound, b.upperBound, $1.name)
    }
    self.metadata = metadata
    self.entries = entries
  }

  private func entry(_ json: inout JSONReader, _ name: String) throws -> Entry {
    var code: String?
    var shape: Shape?
    var offsets: [Int]?
    let start = json.position
    try json.object { json, key in
      switch key {
      case "dtype": code = try json.string()
      case "shape": shape = try counts(&json, limit: StoredTensor.rankLimit)
      case "data_offsets": offsets = try counts(&json, limit: 2)
      // The format's own reader passes over what it does not know.
      default: try json.skipValue()
      }
    }
    guard let code, let shape, let offsets, offsets.count == 2 else {
      throw file.malformed(at: start, "the tensor \(quoted(name)) lacks its dtype, shape or two offsets")
    }
    let available = file.bytes.count - dataStart
    guard offsets[0] <= offsets[1], offsets[1] <= available else {
      throw file.malformed(
        at: start,
        "the tensor \(quoted(name)) lies at \(offsets[0])..<\(offsets[1]) of \(available) bytes of data",
        remedy: "the file is damaged or was not copied whole; get it again")
    }
    let bytes = dataStart + offsets[0]..<dataStart + offsets[1]
    guard let type = StoredScalarType(safetensors: code) else {
      let unread = UnreadTensor(
        what: "of the unknown dtype \(quoted(code))", shape: shape,
        remedy: "convert it in Python, as with x.float()", offset: start)
      return Entry(name: name, bytes: bytes, content: .unread(unread))
    }
    guard StoredTensor.byteCount(shape, type) == bytes.count else {
      throw file.malformed(
        at: start,
        "the tensor \(quoted(name)) has \(bytes.count) bytes, not what \(type.rawValue) \(shape) needs")
    }
    return Entry(
      name: name, bytes: bytes,
      content: .tensor(StoredTensor(scalarType: type, bytes: bytes, layout: Layout(shape))))
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
    for entry in entries {
      guard entry.bytes.lowerBound == end else {
        throw file.malformed(
          at: end,
          "the tensor \(quoted(entry.name)) begins at byte \(entry.bytes.lowerBound): a gap or an overlap")
      }
      end = entry.bytes.upperBound
    }
    guard end == file.bytes.count else {
      throw file.malformed(at: end, "\(file.bytes.count - end) bytes belong to no tensor")
    }
  }
}

extension StoredScalarType {
  /// The type that a header calls so.
  fileprivate init?(safetensors code: String) {
    // These have names here, but the format does not know them.
    guard code != Self.complex128.rawValue, code != Self.complex32.rawValue else { return nil }
    self.init(rawValue: code)
  }
}
