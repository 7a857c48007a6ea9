import ArgumentParser
import Foundation
import NN
import Platform
import StyleTransfer

/// Settings that were given, by flags or a file, to be laid over a preset's.
struct SettingsPatch {
  /// Values as JSON has them: strings, numbers, booleans, and arrays of these.
  private(set) var values: [Settings.CodingKeys: Any] = [:]

  /// Adds a setting unless it is `nil`.
  mutating func set(_ key: Settings.CodingKeys, _ value: Any?) {
    if let value { values[key] = value }
  }

  /// What was given of the preset's name, if anything.
  var presetName: String? { values[.preset] as? String }

  /// What the settings make, if they say so.
  var command: Settings.Command? { (values[.command] as? String).flatMap(Settings.Command.init) }

  /// The settings of a file: a JSON object whose keys are named as the flags.
  ///
  /// - Throws: ``StyleTransferError`` that says what the file should hold.
  init(contentsOf path: String) throws {
    let data: Data
    do { data = try Data(contentsOf: URL(filePath: path)) } catch {
      throw StyleTransferError(
        .missingInput, "cannot read the settings '\(path)': \(error.localizedDescription)")
    }
    try self.init(json: data, source: "the settings '\(path)'")
  }

  /// - Parameter source: What errors call the text.
  init(json data: Data, source: String) throws {
    guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw StyleTransferError(.badData, "\(source) are no JSON object; write them as {\"size\": 512, …}")
    }
    for (name, value) in object {
      guard let key = Settings.CodingKeys(rawValue: name) else {
        let nearest = nearestName(to: name, among: Settings.CodingKeys.allCases.map(\.rawValue))!.name
        throw StyleTransferError(
          .badData, "\(source) have a key '\(name)' that is no setting; did you mean '\(nearest)'?")
      }
      if !(value is NSNull) { values[key] = value }
    }
  }

  init() {}

  /// Settings that a given one takes the place of: they belong to a choice that is no longer made.
  private static let displaced: [Settings.CodingKeys: [Settings.CodingKeys]] = [
    .scales: [.iterations, .pyramid],
    .iterations: [.scales],
    .pyramid: [.scales],
    .size: [.scales],
    .balance: [.contentWeight, .styleWeight],
    .contentWeight: [.balance],
    .styleWeight: [.balance],
    .optimizer: [.learningRate, .history, .frequencyFilter],
    .initial: [.noiseAmplitude, .initSHA256],
    .keepColors: [.colorMatching],
    .styles: [.styleBlend, .styleSHA256],
    .content: [.contentSHA256],
  ]

  /// `base` with these settings in place of its own.
  ///
  /// - Throws: `ValidationError` for a value of the wrong kind, and for two settings of this patch that
  ///   contradict each other.
  func applied(to base: Settings) throws -> Settings {
    try checkPairs()
    var object = try JSONSerialization.jsonObject(with: Data(base.json.utf8)) as? [String: Any] ?? [:]
    for key in values.keys {
      for name in Self.displaced[key] ?? [] { object[name.rawValue] = nil }
    }
    for (key, value) in values {
      if let number = value as? Double, !number.isFinite {
        throw ValidationError("--\(key.rawValue) \(number): a finite number is needed")
      }
      object[key.rawValue] = value
    }
    let data = try JSONSerialization.data(withJSONObject: object)
    do {
      var settings = try JSONDecoder().decode(Settings.self, from: data)
      // The last scale is the picture's size, unless a texture's is said by its sides.
      if values[.scales] != nil, values[.size] == nil, settings.width == nil, settings.height == nil {
        settings.size = settings.scales?.finalSide ?? settings.size
      }
      return settings
    } catch let error as DecodingError {
      throw ValidationError(Self.sentence(error, object))
    }
  }

  private func checkPairs() throws {
    func exclude(_ a: Settings.CodingKeys, _ others: Settings.CodingKeys..., because: String) throws {
      for b in others where values[a] != nil && values[b] != nil {
        throw ValidationError("--\(a.rawValue) and --\(b.rawValue) contradict each other: \(because)")
      }
    }
    try exclude(.balance, .contentWeight, .styleWeight, because: "the balance stands for both weights")
    try exclude(
      .scales, .iterations, .pyramid, because: "the scales say every size and its iterations")
  }

  private static func sentence(_ error: DecodingError, _ object: [String: Any]) -> String {
    func name(_ context: DecodingError.Context) -> String { context.codingPath.first?.stringValue ?? "?" }
    func value(_ context: DecodingError.Context) -> String {
      object[name(context)].map { "\($0)" } ?? "nothing"
    }
    switch error {
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      return "--\(name(context)) \(value(context)): \(kind(of: type)) is needed"
    case .dataCorrupted(let context):
      // A list of layers or scales explains itself; a name that is not among those known does not.
      if let cause = context.underlyingError { return "\(cause)" }
      return "--\(name(context)) \(value(context)): \(context.debugDescription)"
    case .keyNotFound(let key, _):
      return "--\(key.stringValue) is missing"
    @unknown default:
      return "\(error)"
    }
  }

  private static func kind(of type: Any.Type) -> String {
    switch type {
    case is Int.Type, is UInt64.Type: "a whole number"
    case is Double.Type: "a number"
    case is Bool.Type: "true or false"
    case is [Any].Type: "a list"
    default: "a text"
    }
  }
}
