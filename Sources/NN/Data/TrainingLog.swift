import Tensor

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file that a training writes its figures to, a line at a time, and a line in the terminal that shows the last.
///
/// ```swift
/// let log = try TrainingLog(path: "run.csv", showsLiveLine: true)
/// for step in 0..<1000 {
///   // … a training step
///   try log.write(["step": Double(step), "loss": Double(loss.scalar)])
/// }
/// ```
///
/// A name that ends in `.csv` makes a table with the figures' names as its header; any other, as `.jsonl`, a JSON object a
/// line. Each line is in the file when ``write(_:)`` returns, so that an interrupted run has all figures up to its end.
/// Numbers are written so that they are read back to the bit; what is not finite is `nan`, `inf` or `-inf` in a table and
/// `null` in JSON.
public final class TrainingLog {
  private let path: String
  private let isTable: Bool
  private let showsLiveLine: Bool
  private var file: UnsafeMutablePointer<FILE>
  /// The table's header, once there is one.
  private var header: [String]?
  private var isLineOpen = false

  /// Opens a file for figures.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - appending: Whether lines are added to a file that is there. It is an error otherwise if there is one, so that no
  ///     run's figures are lost.
  ///   - showsLiveLine: Whether the last figures stand in a line on the error stream, written over again and again, where
  ///     that is a terminal.
  /// - Throws: `SerializationError` when the file cannot be written, or is there already.
  public init(path: String, appending: Bool = false, showsLiveLine: Bool = false) throws(SerializationError) {
    self.path = path
    isTable = path.lowercased().hasSuffix(".csv")
    self.showsLiveLine = showsLiveLine && isatty(2) == 1
    if isTable, appending {
      header = Self.firstLine(of: path).map { $0.split(separator: ",").map(String.init) }
    }
    guard let file = fopen(path, appending ? "a" : "wx") else {
      let code = errno
      throw SerializationError(
        .unwritable, file: path,
        code == EEXIST
          ? "the file is there already" : "it cannot be written: \(String(cString: strerror(code)))",
        remedy: code == EEXIST
          ? "go on in it with appending: true, or choose another name"
          : "choose a place that you may write to")
    }
    self.file = file
  }

  deinit {
    if isLineOpen { Self.show("\n") }
    fclose(file)
  }

  /// Writes a line of figures.
  ///
  /// - Parameter figures: Names and values, in the order of the columns.
  /// - Throws: `SerializationError` when the line cannot be written, as on a full disk.
  /// - Precondition: In a table the names are those of the first line, and contain neither commas, quotes nor line ends.
  public func write(_ figures: KeyValuePairs<String, Double>) throws(SerializationError) {
    let names = figures.map(\.key)
    if isTable {
      ShapeCheck.require(names.allSatisfy { !$0.contains { ",\"\r\n".contains($0) } }) {
        "TrainingLog: the names \(names) cannot be a table's header; leave out commas, quotes and line ends"
      }
      ShapeCheck.require(header == nil || header == names) {
        "TrainingLog: the figures \(names) are not those of \(path), which has \(header ?? [])"
      }
      if header == nil { try put(names.joined(separator: ",")) }
      header = names
      try put(figures.map { Self.text($0.value) }.joined(separator: ","))
    } else {
      let members = figures.map { name, value in
        "\(Self.json(name)):\(value.isFinite ? Self.text(value) : "null")"
      }
      try put("{" + members.joined(separator: ",") + "}")
    }
    if showsLiveLine {
      // The rest of an earlier, longer line is cleared.
      Self.show(
        "\r" + figures.map { "\($0.key) \(Self.short($0.value))" }.joined(separator: "  ") + "\u{1B}[K")
      isLineOpen = true
    }
  }

  /// Writes to the error stream; a terminal that is gone is no reason to end a training.
  private static func show(_ text: String) { _ = text.withCString { systemWrite(2, $0, strlen($0)) } }

  private func put(_ line: String) throws(SerializationError) {
    guard fputs(line + "\n", file) >= 0, fflush(file) == 0 else {
      throw SerializationError(
        .unwritable, file: path, "a line cannot be written: \(String(cString: strerror(errno)))",
        remedy: "free some space")
    }
  }

  /// The shortest digits that give the number back; whole numbers without a point.
  private static func text(_ value: Double) -> String {
    Int64(exactly: value).flatMap { $0.magnitude < 1 << 53 ? String($0) : nil } ?? "\(value)"
  }

  /// About four digits, for people.
  private static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0, Int64(exactly: value) == nil else { return text(value) }
    let scale = Double.pow(10, (3 - Double.log(value.magnitude) / Double.log(10)).rounded(.down))
    let rounded = (value * scale).rounded() / scale
    return "\(rounded.isFinite ? rounded : value)"
  }

  private static func json(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// The first line of a file that has one.
  private static func firstLine(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var line: [UInt8] = []
    while case let byte = fgetc(file), byte >= 0, byte != 10 { line.append(UInt8(byte)) }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }
}

/// The system's call, whose name a member of the type hides.
private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(file, bytes, count)
}
