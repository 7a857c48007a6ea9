import Foundation

/// Files under `Tests/Fixtures`, found from the place of this source file.
public enum FixtureFile {
  /// The folder `Tests/Fixtures`.
  public static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

  /// The root of the package.
  public static let packageRoot = folder.deletingLastPathComponent().deletingLastPathComponent()

  /// A fixture that is a text.
  public static func text(_ path: String) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }

  /// The decoded JSON of a fixture; the strings `nan`, `inf` and `-inf` stand for those numbers.
  public static func json<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) throws -> Value
  {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy =
      .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(type, from: Data(contentsOf: folder.appending(path: path)))
  }
}
