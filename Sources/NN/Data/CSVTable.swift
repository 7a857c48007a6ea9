import ImpastoPlatform
import Tensor

/// A table read from a CSV file: named columns of numbers and texts.
///
/// ```swift
/// let table = try CSVTable(contentsOf: "iris.csv")
/// let x: Tensor<Float> = try table.tensor(["sepal length", "sepal width"])  // [150, 2]
/// let (y, names) = try table.classes("species")                            // [150], and what the numbers stand for
/// ```
///
/// Fields may be quoted, as RFC 4180 has it: a quoted field may contain separators, line ends and, doubled, quotes. Lines
/// end in LF or CRLF; empty lines are passed over. The text is UTF-8.
public struct CSVTable: Sendable {
  /// The file as it was named.
  public let path: String
  /// The columns' names, in order; without a header line "0", "1", ….
  public let columns: [String]
  /// The number of rows, the header not counted.
  public let rowCount: Int
  private let rows: [Row]

  private struct Row: Sendable {
    let line: Int
    let fields: [String]
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - separator: What is between fields, such as "," or ";" or a tabulator: one ASCII character.
  ///   - hasHeader: Whether the first line has the columns' names.
  /// - Throws: `SerializationError` when the file is missing, is not UTF-8, or a row has another number of fields than the
  ///   first line.
  public init(
    contentsOf path: String, separator: Character = ",", hasHeader: Bool = true
  ) throws(SerializationError) {
    let bytes: [UInt8]
    do throws(InputFileError) {
      bytes = try InputFile.bytes(of: path, limit: 1 << 40)
    } catch {
      throw SerializationError(error)
    }
    try self.init(bytes, path, separator: separator, hasHeader: hasHeader)
  }

  /// Reads the bytes of a file that messages call `path`.
  init(
    _ bytes: [UInt8], _ path: String, separator: Character, hasHeader: Bool
  ) throws(SerializationError) {
    self.path = path
    guard let code = separator.asciiValue, !"\"\r\n".contains(separator) else {
      ShapeCheck.fail(
        "CSVTable: the separator \(quoted(String(separator))) is not one ASCII character between fields")
    }
    var rows: [Row] = []
    var parser = CSVParser(bytes[(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)...], separator: code)
    do throws(CSVParser.Fault) {
      while let (line, fields) = try parser.next() {
        rows.append(Row(line: line, fields: fields))
      }
    } catch {
      throw SerializationError(.malformed, file: path, "line \(error.line): \(error.cause)")
    }
    guard let first = rows.first else {
      throw SerializationError(.malformed, file: path, "there is no line in it")
    }
    let count = first.fields.count
    if let odd = rows.first(where: { $0.fields.count != count }) {
      throw SerializationError(
        .malformed, file: path,
        "line \(odd.line) has \(odd.fields.count) fields, the first line has \(count)",
        remedy: "quote fields that contain the separator \(quoted(String(separator))), or name another one")
    }
    columns = hasHeader ? first.fields : (0..<count).map(String.init)
    self.rows = Array(rows.dropFirst(hasHeader ? 1 : 0))
    rowCount = self.rows.count
    if let twice = columns.enumerated().first(where: { columns[..<$0.offset].contains($0.element) }) {
      throw SerializationError(
        .malformed, file: path, "two columns are called \(quoted(twice.element))",
        remedy: "read it without a header, by the columns' numbers")
    }
  }

  /// The fields of a column as they stand.
  ///
  /// - Throws: `SerializationError` when there is no such column.
  public func texts(_ column: String) throws(SerializationError) -> [String] {
    let position = try position(of: column)
    return rows.map { $0.fields[position] }
  }

  /// The numbers of some columns, or of all, [N, C]: N rows, C columns in the order in which they are named.
  ///
  /// - Parameters:
  ///   - columns: The columns; `nil` for all.
  ///   - allowsMissing: Whether fields that are empty or "NA" are NaN. They are an error otherwise.
  ///   - type: The type of the numbers.
  /// - Throws: `SerializationError` when there is no such column, or a field is no number, with its line.
  public func tensor<Scalar: TensorScalar>(
    _ columns: [String]? = nil, allowsMissing: Bool = false, as type: Scalar.Type = Scalar.self
  ) throws(SerializationError) -> Tensor<Scalar> {
    var positions: [Int] = []
    for column in columns ?? self.columns { positions.append(try position(of: column)) }
    var numbers: [Scalar] = []
    numbers.reserveCapacity(rowCount * positions.count)
    for row in rows {
      for position in positions {
        numbers.append(Scalar(try number(row.fields[position], row.line, position, allowsMissing)))
      }
    }
    return Tensor(numbers, shape: [rowCount, positions.count])
  }

  /// A number for each different text of a column, [N], and the texts that the numbers 0, 1, … stand for, in alphabetical
  /// order.
  ///
  /// - Throws: `SerializationError` when there is no such column.
  public func classes(_ column: String) throws(SerializationError) -> (labels: Tensor<Int64>, names: [String])
  {
    let texts = try texts(column)
    let names = Set(texts).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(names, Int64(0)...))
    return (Tensor(texts.map { numbers[$0]! }), names)
  }

  private func position(of column: String) throws(SerializationError) -> Int {
    if let position = columns.firstIndex(of: column) { return position }
    throw SerializationError(
      .malformed, file: path, "there is no column \(quoted(column))", remedy: "it has \(listed(columns))")
  }

  private func number(
    _ field: String, _ line: Int, _ position: Int, _ allowsMissing: Bool
  ) throws(SerializationError) -> Double {
    let text = field.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
    if let number = Double(String(text)) { return number }
    let isMissing = text.isEmpty || String(text) == "NA"
    if isMissing, allowsMissing { return .nan }
    throw SerializationError(
      .malformed, file: path,
      "line \(line): the field \(quoted(field)) of column '\(columns[position])' is \(isMissing ? "missing" : "no number")",
      remedy: isMissing
        ? "allow missing numbers, which become NaN, or leave the row out"
        : "read it with texts(_:) or classes(_:)")
  }
}

/// Takes the bytes of a CSV file apart, row by row.
private struct CSVParser {
  struct Fault: Error {
    let line: Int
    let cause: String
  }

  private var rest: ArraySlice<UInt8>
  private let separator: UInt8
  private var line = 1

  private static let (quote, newline, carriageReturn) = (
    UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r")
  )

  init(_ bytes: ArraySlice<UInt8>, separator: UInt8) {
    rest = bytes
    self.separator = separator
  }

  /// The fields of the next line that is not empty, and its number; `nil` at the end.
  mutating func next() throws(Fault) -> (line: Int, fields: [String])? {
    while let first = rest.first, first == Self.newline || first == Self.carriageReturn {
      rest.removeFirst()
      if first == Self.newline { line += 1 }
    }
    if rest.isEmpty { return nil }
    let start = line
    var fields: [String] = []
    while true {
      fields.append(try field())
      guard let next = rest.popFirst(), next == separator else { break }
    }
    return (start, fields)
  }

  /// The next field, up to what ends it, a separator or the line feed, which stays.
  private mutating func field() throws(Fault) -> String {
    guard rest.first == Self.quote else {
      let end = rest.firstIndex { $0 == separator || $0 == Self.newline } ?? rest.endIndex
      var text = rest[..<end]
      if text.last == Self.carriageReturn, end == rest.endIndex || rest[end] == Self.newline {
        text.removeLast()
      }
      rest = rest[end...]
      if rest.first == Self.newline { line += 1 }
      return try string(text)
    }
    let start = line
    rest.removeFirst()
    var text: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == Self.quote {
        guard rest.first == Self.quote else {
          if rest.first == Self.carriageReturn { rest.removeFirst() }
          if rest.first == Self.newline { line += 1 }
          guard rest.isEmpty || rest.first == separator || rest.first == Self.newline else {
            throw Fault(line: line, cause: "a quoted field does not end where its quotes do")
          }
          return try string(text[...])
        }
        rest.removeFirst()
      } else if byte == Self.newline {
        line += 1
      }
      text.append(byte)
    }
    throw Fault(line: start, cause: "a quoted field has no end")
  }

  private func string(_ bytes: ArraySlice<UInt8>) throws(Fault) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Fault(line: line, cause: "the text is not UTF-8; convert the file")
    }
    return text
  }
}
