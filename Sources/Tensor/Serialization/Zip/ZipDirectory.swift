import ImpastoPlatform

/// The table of contents of a zip archive: where in the file each entry's bytes lie, and how they are kept.
///
/// Sizes come from the central directory, which must lie within the file: those before an entry's bytes may be left
/// open, as `numpy.savez` leaves them. Split archives are refused; an entry that is encrypted, or packed in another way
/// than by DEFLATE, is refused when it is asked for. Opening compares no checksum, since that would read every byte of
/// a file that is otherwise read on demand: `NumPyFile` compares that of an array when its numbers are first asked
/// for, as NumPy does, and ``PyTorchFile``, as PyTorch does, none but that of a packed entry, all of whose bytes are
/// looked at anyhow.
struct ZipDirectory {
  static let signature: [UInt8] = [0x50, 0x4b, 0x03, 0x04]
  /// What the end record begins with, which is all there is of an archive without entries.
  static let endSignature: [UInt8] = [0x50, 0x4b, 0x05, 0x06]
  static let endSignature64: [UInt8] = [0x50, 0x4b, 0x06, 0x06]

  /// Whose rules hold where programs differ.
  enum Dialect {
    /// PyTorch's own reader: names differ, and offsets are from the file's beginning.
    case pyTorch
    /// Python's `zipfile`, with which NumPy reads: of entries of one name the last one counts, since archives are added to
    /// so, and where other bytes come before an archive its offsets are from where it begins.
    case python
  }

  let file: MappedFile
  private var places: [ExactName: ZipEntry] = [:]

  /// The entries, in no order.
  var entries: some Collection<ZipEntry> { places.values }

  subscript(name: String) -> ZipEntry? { places[ExactName(name)] }

  init(_ file: MappedFile, _ dialect: Dialect = .pyTorch) throws {
    self.file = file
    let directory = try Self.locateDirectory(file, dialect)
    var reader = ByteReader(file, directory.bytes)
    for _ in 0..<directory.count {
      let start = reader.position
      let entry = try Self.readEntry(&reader, from: directory.beginning)
      guard places.updateValue(entry, forKey: ExactName(entry.name)) == nil || dialect == .python else {
        throw file.malformed(at: start, "the zip entry \(quoted(entry.name)) comes twice")
      }
    }
    guard reader.remaining == 0 else {
      throw file.malformed(at: reader.position, "the zip directory has more entries than it says")
    }
  }

  /// The names of all entries, of whichever kind: what tells whose archive it is, before anything in it is judged.
  ///
  /// - Throws: ``SerializationError`` when the directory is damaged.
  static func names(in file: MappedFile) throws -> [String] {
    let directory = try locateDirectory(file, .python)
    let what = "an entry of the zip directory"
    var reader = ByteReader(file, directory.bytes)
    var names: [String] = []
    while reader.remaining > 0 {
      try reader.skip(28, what)
      let nameLength = try reader.integer(UInt16.self, what)
      let extraLength = try reader.integer(UInt16.self, what)
      let commentLength = try reader.integer(UInt16.self, what)
      try reader.skip(12, what)
      names.append(name(file.bytes[try reader.skip(nameLength, what)]))
      try reader.skip(Int(extraLength) + Int(commentLength), what)
    }
    return names
  }

  /// Where the directory lies, how many entries it has, and from where in the file its offsets count.
  private struct Place {
    let bytes: Range<Int>
    let count: UInt64
    let beginning: UInt64
  }

  /// The end record lies at the end of the file, before a comment of up to 65,535 bytes. Behind it there may be more,
  /// such as a line feed that a transfer has added: then the last record is taken that the directory ends at.
  private static func locateDirectory(_ file: MappedFile, _ dialect: Dialect) throws -> Place {
    let size = file.bytes.count
    let recordSize = 22
    var start = size - recordSize
    let first = max(0, start - Int(UInt16.max))
    var other: Place?
    while start >= first {
      if file.bytes[start] == endSignature[0], file.bytes[start..<start + 4].elementsEqual(endSignature) {
        if let directory = try endRecord(file, at: start, isExact: true, dialect) { return directory }
        if other == nil { other = try endRecord(file, at: start, isExact: false, dialect) }
      }
      start -= 1
    }
    if let other { return other }
    throw file.malformed(
      "the zip archive has no end record",
      remedy: "the file is damaged or was not copied whole; get it again")
  }

  /// `nil` where the signature was part of other data: where the comment does not reach to the end of the file or, if
  /// that is not demanded, where the directory does not end at the record.
  private static func endRecord(
    _ file: MappedFile, at start: Int, isExact: Bool, _ dialect: Dialect
  ) throws -> Place? {
    let what = "the zip end record"
    var reader = ByteReader(file, start + endSignature.count..<file.bytes.count)
    let disks = (try reader.integer(UInt16.self, what), try reader.integer(UInt16.self, what))
    let counts = (try reader.integer(UInt16.self, what), try reader.integer(UInt16.self, what))
    var size = UInt64(try reader.integer(UInt32.self, what))
    var offset = UInt64(try reader.integer(UInt32.self, what))
    let commentLength = Int(try reader.integer(UInt16.self, what))
    // Between the directory and this record there is nothing, or those of zip64.
    guard isExact ? commentLength == reader.remaining : commentLength < reader.remaining,
      isExact || offset + size == start || offset + size + UInt64(locatorSize64 + recordSize64) == start
    else { return nil }
    guard disks == (0, 0), counts.0 == counts.1 else {
      throw file.unsupported(at: start, "the zip archive is split into several files")
    }
    var count = UInt64(counts.0)
    var end = UInt64(start)
    let isZip64 = count == UInt64(UInt16.max) || size == UInt64(UInt32.max) || offset == UInt64(UInt32.max)
    if isZip64 || dialect == .python && hasZip64Locator(file, before: start) {
      let record = try zip64Record(file, before: start, dialect)
      (count, size, offset) = (record.count, record.size, record.offset)
      end = UInt64(record.position)
    }
    guard offset <= end, size <= end - offset else {
      throw file.malformed(at: start, "the zip directory lies outside of the file")
    }
    let beginning = dialect == .python ? end - offset - size : 0
    let first = Int(beginning + offset)
    return Place(bytes: first..<first + Int(size), count: count, beginning: beginning)
  }

  /// The bytes of zip64's records at the end of an archive: what tells where the other lies, and the other.
  private static let (locatorSize64, recordSize64) = (20, 56)

  /// Whether a record of zip64 is told of; PyTorch's archives have one where they need none.
  private static func hasZip64Locator(_ file: MappedFile, before end: Int) -> Bool {
    let start = end - locatorSize64
    return start >= 0 && file.bytes[start..<end].starts(with: [0x50, 0x4b, 0x06, 0x07])
  }

  private static func zip64Record(
    _ file: MappedFile, before end: Int, _ dialect: Dialect
  ) throws -> (count: UInt64, size: UInt64, offset: UInt64, position: Int) {
    let what = "the zip64 end record"
    guard end >= locatorSize64 else { throw file.malformed(at: end, "\(what) is missing") }
    var locator = ByteReader(file, end - locatorSize64..<end)
    guard try locator.integer(UInt32.self, what) == 0x0706_4b50 else {
      throw file.malformed(at: end - locatorSize64, "\(what) is missing")
    }
    try locator.skip(4, what)
    var offset = try locator.integer(UInt64.self, what)
    // Python looks for it where it is written, whatever offset is given.
    if dialect == .python { offset = UInt64(max(0, end - locatorSize64 - recordSize64)) }
    guard offset <= UInt64(end) else { throw file.malformed(at: end, "\(what) lies outside of the file") }
    var record = ByteReader(file, Int(offset)..<end)
    guard try record.integer(UInt32.self, what) == 0x0606_4b50 else {
      throw file.malformed(at: Int(offset), "\(what) is missing")
    }
    try record.skip(28, what)
    let count = try record.integer(UInt64.self, what)
    let size = try record.integer(UInt64.self, what)
    return (count, size, try record.integer(UInt64.self, what), Int(offset))
  }

  private static func readEntry(_ reader: inout ByteReader, from beginning: UInt64) throws -> ZipEntry {
    let what = "an entry of the zip directory"
    let file = reader.file
    let start = reader.position
    guard try reader.integer(UInt32.self, what) == 0x0201_4b50 else {
      throw file.malformed(at: start, "\(what) does not begin as one")
    }
    try reader.skip(4, what)
    let flags = try reader.integer(UInt16.self, what)
    let method = try reader.integer(UInt16.self, what)
    try reader.skip(4, what)
    let checksum = try reader.integer(UInt32.self, what)
    var stored = UInt64(try reader.integer(UInt32.self, what))
    var size = UInt64(try reader.integer(UInt32.self, what))
    let nameLength = try reader.integer(UInt16.self, what)
    let extraLength = try reader.integer(UInt16.self, what)
    let commentLength = try reader.integer(UInt16.self, what)
    try reader.skip(8, what)
    var offset = UInt64(try reader.integer(UInt32.self, what))
    let name = Self.name(file.bytes[try reader.skip(nameLength, "the name of \(what)")])
    var extra = ByteReader(file, try reader.skip(extraLength, what))
    try reader.skip(commentLength, what)
    try widen(&extra, &size, &stored, &offset)
    let (place, overflow) = beginning.addingReportingOverflow(offset)
    let bytes = try data(of: name, file, localHeader: overflow ? .max : place, size: stored)
    let kind = Self.method(method, flags)
    let limit = kind == .stored ? bytes.count : (bytes.count + 1) * ZipEntry.expansionLimit
    guard size <= UInt64(limit), kind != .stored || size == stored else {
      throw file.malformed(
        at: start, "the zip entry \(quoted(name)) is said to have \(size) bytes, kept in \(stored)",
        remedy: "the file is damaged; get it again")
    }
    return ZipEntry(name, packed: bytes, count: Int(size), method: kind, checksum: checksum)
  }

  private static func method(_ number: UInt16, _ flags: UInt16) -> ZipEntry.Method {
    if flags & 1 != 0 { return .foreign("encrypted") }
    switch number {
    case 0: return .stored
    case 8: return .deflated
    default: return .foreign("compressed by the method \(number)")
    }
  }

  /// Names are in UTF-8, or were written on a system that had none, where the format has the letters of IBM's first PC.
  private static func name(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
    if let name = String(validating: bytes, as: UTF8.self) { return name }
    let upper = Array(
      "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
        + "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}")
    return String(bytes.map { $0 < 0x80 ? Character(Unicode.Scalar($0)) : upper[Int($0) - 0x80] })
  }

  /// Sizes that do not fit 32 bits are in the extra field 1, in this order, where their place says 0xffffffff.
  private static func widen(
    _ extra: inout ByteReader, _ size: inout UInt64, _ stored: inout UInt64, _ offset: inout UInt64
  ) throws {
    let what = "a zip64 field"
    while extra.remaining >= 4 {
      let identifier = try extra.integer(UInt16.self, what)
      let length = try extra.integer(UInt16.self, what)
      var field = ByteReader(extra.file, try extra.skip(length, what))
      guard identifier == 1 else { continue }
      if size == UInt64(UInt32.max) { size = try field.integer(UInt64.self, what) }
      if stored == UInt64(UInt32.max) { stored = try field.integer(UInt64.self, what) }
      if offset == UInt64(UInt32.max) { offset = try field.integer(UInt64.self, what) }
    }
  }

  private static func data(
    of name: String, _ file: MappedFile, localHeader offset: UInt64, size: UInt64
  ) throws -> Range<Int> {
    let what = "the zip entry \(quoted(name))"
    guard offset <= UInt64(file.bytes.count) else { throw file.malformed("\(what) lies outside of the file") }
    var header = ByteReader(file, Int(offset)..<file.bytes.count)
    guard try header.integer(UInt32.self, what) == 0x0403_4b50 else {
      throw file.malformed(at: Int(offset), "\(what) has no header")
    }
    try header.skip(22, what)
    let nameLength = try header.integer(UInt16.self, what)
    let extraLength = try header.integer(UInt16.self, what)
    try header.skip(Int(nameLength) + Int(extraLength), what)
    return try header.skip(size, what)
  }
}
