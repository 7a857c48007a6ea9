import Foundation
import ImpastoPlatform
import NN

/// The names of settings in files and pictures, which are also the flags' names.
package enum RecipeKey: String, CodingKey, CaseIterable {
  case command, version, preset, content
  case styles = "style"
  case styleBlend = "style-blend"
  case styleScale = "style-scale"
  case mask
  case regions = "region"
  case keepShapes = "keep-shapes"
  case initial = "init"
  case noiseAmplitude = "noise-amplitude"
  case keepColors = "keep-colors"
  case colorMatching = "color-matching"
  case size, width, height, tileable, scales, iterations, pyramid
  case contentLayers = "content-layers"
  case styleLayers = "style-layers"
  case contentWeight = "content-weight"
  case styleWeight = "style-weight"
  case balance
  case tvWeight = "tv-weight"
  case spectrumWeight = "spectrum-weight"
  case styleLoss = "style-loss"
  case alpha
  case styleRotations = "style-rotations"
  case normalization, pooling, padding, precision, optimizer
  case learningRate = "learning-rate"
  case history
  case frequencyFilter = "frequency-filter"
  case stopWhenSettled = "stop-when-settled"
  case seed
  case bitDepth = "bit-depth"
  case quality, metadata
  case keepProfile = "keep-profile"
  case weightsSHA256 = "weights-sha256"
  case contentSHA256 = "content-sha256"
  case styleSHA256 = "style-sha256"
  case initSHA256 = "init-sha256"
  case maskSHA256 = "mask-sha256"
  case regionSHA256 = "region-sha256"
  case stoppedAtIteration = "stopped-at-iteration"
  case wasChanged = "changed-in-flight"
}

/// The settings that flags, a file or a picture give: what is `nil` was not given, and stays as a recipe has it.
///
/// A list of changes is laid over a preset by ``Recipe/init(_:_:)``; what a setting does to a recipe, and how it is
/// written, is said in the file of its subject, such as RecipeChanges+Sizes.swift.
package struct RecipeChanges: Equatable, Sendable {
  package var command: Recipe.Kind?
  package var version: String?
  package var preset: String?
  package var content: String?
  package var styles: [String]?
  package var styleBlend: [Double]?
  package var styleScale: Double?
  package var mask: String?
  package var regions: [String]?
  package var keepShapes: Double?
  package var initial: String?
  package var noiseAmplitude: Double?
  package var keepColors: Recipe.ColourKeeping.Name?
  package var colorMatching: ColorMatching?
  package var size: Int?
  package var width: Int?
  package var height: Int?
  package var tileable: Bool?
  package var scales: ScaleList?
  package var iterations: Int?
  package var pyramid: Bool?
  package var contentLayers: LayerList?
  package var styleLayers: LayerList?
  package var contentWeight: Double?
  package var styleWeight: Double?
  package var balance: Double?
  package var tvWeight: Double?
  package var spectrumWeight: Double?
  package var styleLoss: Recipe.StyleLossName?
  package var alpha: Double?
  package var styleRotations: Bool?
  package var normalization: LossNormalization?
  package var pooling: VGG19.Pooling?
  package var padding: VGG19.Padding?
  package var precision: Recipe.Precision?
  package var optimizer: Recipe.Method.Name?
  package var learningRate: Double?
  package var history: Int?
  package var frequencyFilter: Bool?
  package var stopWhenSettled: Bool?
  package var seed: UInt64?
  package var bitDepth: Int?
  package var quality: Int?
  package var metadata: Bool?
  package var keepProfile: Bool?
  package var weightsSHA256: String?
  package var contentSHA256: String?
  package var styleSHA256: [String]?
  package var initSHA256: String?
  package var maskSHA256: String?
  package var regionSHA256: [String]?
  package var stoppedAtIteration: Int?
  package var wasChanged: Bool?

  package init() {}
}

extension RecipeChanges: Decodable {
  /// Reads the settings of a JSON object, each under its name.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    let others = decoder.userInfo[Self.otherKeys] as? Set<String> ?? []
    for key in container.allKeys
    where RecipeKey(rawValue: key.stringValue) == nil && !others.contains(key.stringValue) {
      throw UnknownSetting(name: key.stringValue)
    }
    let values = FlatValues(container: try decoder.container(keyedBy: RecipeKey.self))
    command = try values[.command]
    version = try values[.version]
    preset = try values[.preset]
    content = try values[.content]
    styles = try values[.styles]
    styleBlend = try values[.styleBlend]
    styleScale = try values[.styleScale]
    mask = try values[.mask]
    regions = try values[.regions]
    keepShapes = try values[.keepShapes]
    initial = try values[.initial]
    noiseAmplitude = try values[.noiseAmplitude]
    keepColors = try values[.keepColors]
    colorMatching = try values[.colorMatching]
    size = try values[.size]
    width = try values[.width]
    height = try values[.height]
    tileable = try values[.tileable]
    scales = try values[.scales]
    iterations = try values[.iterations]
    pyramid = try values[.pyramid]
    contentLayers = try values[.contentLayers]
    styleLayers = try values[.styleLayers]
    contentWeight = try values[.contentWeight]
    styleWeight = try values[.styleWeight]
    balance = try values[.balance]
    tvWeight = try values[.tvWeight]
    spectrumWeight = try values[.spectrumWeight]
    styleLoss = try values[.styleLoss]
    alpha = try values[.alpha]
    styleRotations = try values[.styleRotations]
    normalization = try values[.normalization]
    pooling = try values[.pooling]
    padding = try values[.padding]
    precision = try values[.precision]
    optimizer = try values[.optimizer]
    learningRate = try values[.learningRate]
    history = try values[.history]
    frequencyFilter = try values[.frequencyFilter]
    stopWhenSettled = try values[.stopWhenSettled]
    seed = try values[.seed]
    bitDepth = try values[.bitDepth]
    quality = try values[.quality]
    metadata = try values[.metadata]
    keepProfile = try values[.keepProfile]
    weightsSHA256 = try values[.weightsSHA256]
    if weightsSHA256 != nil { preset = preset.map(Preset.successor) }
    contentSHA256 = try values[.contentSHA256]
    styleSHA256 = try values[.styleSHA256]
    initSHA256 = try values[.initSHA256]
    maskSHA256 = try values[.maskSHA256]
    regionSHA256 = try values[.regionSHA256]
    stoppedAtIteration = try values[.stoppedAtIteration]
    wasChanged = try values[.wasChanged]
  }

  /// The settings of a file: a JSON object whose keys are named as the flags.
  ///
  /// - Throws: ``StyleTransferError`` that says what the file should hold.
  package init(contentsOf path: String) throws {
    let data: Data
    do { data = Data(try InputFile.bytes(of: path, limit: 1 << 24)) } catch {
      let reason =
        switch error.cause {
        case .missing: "there is no such file"
        case .folder: "it is a folder"
        case .system(let code): systemMessage(code)
        default: "it is too long"
        }
      throw StyleTransferError(.missingInput, "cannot read the settings '\(path)': \(reason)")
    }
    try self.init(json: data, source: "the settings '\(path)'")
  }

  /// The settings in a text.
  ///
  /// - Parameters:
  ///   - source: What errors call the text.
  ///   - others: Keys that mean something to whoever asks, and are no settings.
  package init(json data: Data, source: String, besides others: Set<String> = []) throws {
    do {
      let decoder = JSONDecoder()
      decoder.userInfo[Self.otherKeys] = others
      self = try decoder.decode(RecipeChanges.self, from: data)
    } catch let unknown as UnknownSetting {
      throw StyleTransferError(.badData, "\(source) have \(unknown)")
    } catch is DecodingError {
      let place = Self.placeOfTrouble(in: data).map { ", from line \($0.line), column \($0.column) on" } ?? ""
      throw StyleTransferError(
        .badData, "\(source) are not a JSON object\(place); write them as {\"size\": 512, …}")
    }
  }

  private static let otherKeys = CodingUserInfoKey(rawValue: "other keys")!

  /// Where a text stops being JSON, counted from 1; `nil` for JSON that is no object.
  private static func placeOfTrouble(in data: Data) -> (line: Int, column: Int)? {
    do {
      _ = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
      return nil
    } catch {
      // Foundation tells the place in the text of its error alone.
      let text = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String ?? ""
      // Without one it is the end that came too early.
      let told = text.firstMatch(of: /character (\d+)/).flatMap { Int($0.1) }
      let offset = min(told ?? data.count, data.count)
      let lines = data.prefix(offset).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      return (lines.count, String(decoding: lines.last ?? Data(), as: UTF8.self).count + 1)
    }
  }
}

/// A key that is the name of no setting.
private struct UnknownSetting: Error, CustomStringConvertible {
  let name: String

  var description: String {
    let nearest = nearestName(to: name, among: RecipeKey.allCases.map(\.rawValue))?.name ?? ""
    return "a key '\(name)' that is no setting; did you mean '\(nearest)'?"
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

/// The values of a flat object; one of the wrong kind is told by its name, its value and what it should be.
private struct FlatValues {
  let container: KeyedDecodingContainer<RecipeKey>

  subscript<Value: Decodable>(_ key: RecipeKey) -> Value? {
    get throws {
      do {
        return try container.decodeIfPresent(Value.self, forKey: key)
      } catch let error as RecipeError {
        throw error
      } catch {
        // A number that the type does not hold is no DecodingError here, but one that Foundation keeps to itself.
        var problem = "\(Self.kind(of: Value.self)) is needed"
        if Value.self is any Numeric.Type {
          if Value.self != Double.self, let number = try? container.decode(Double.self, forKey: key),
            number == number.rounded()
          {
            problem = "a number of at most 64 bits is needed"
          }
        } else if case DecodingError.dataCorrupted(let context) = error {
          // A name that is not among those known.
          problem = context.debugDescription
        }
        throw RecipeError("--\(key.rawValue) \(text(of: key, isName: Self.isName(Value.self))): \(problem)")
      }
    }
  }

  private static func isName(_ type: Any.Type) -> Bool { !(type is any Numeric.Type || type == Bool.self) }

  private func text(of key: RecipeKey, isName: Bool) -> String {
    // In quotes, which are the trouble, where a number is needed.
    if let text = try? container.decode(String.self, forKey: key) { return isName ? text : "\"\(text)\"" }
    if let flag = try? container.decode(Bool.self, forKey: key) { return "\(flag)" }
    if let whole = try? container.decode(Int.self, forKey: key) { return "\(whole)" }
    if let number = try? container.decode(Decimal.self, forKey: key) { return "\(number)" }
    if let number = try? container.decode(Double.self, forKey: key) { return "\(number)" }
    if (try? container.decodeNil(forKey: key)) == true { return "null" }
    if (try? container.nestedUnkeyedContainer(forKey: key)) != nil { return "[…]" }
    if (try? container.nestedContainer(keyedBy: AnyKey.self, forKey: key)) != nil { return "{…}" }
    return "of so many digits"
  }

  private static func kind(of type: Any.Type) -> String {
    switch type {
    case is Int.Type, is UInt64.Type: "a whole number"
    case is Double.Type: "a number"
    case is Bool.Type: "true or false"
    case is [String].Type: #"a list such as ["one", "two"]"#
    case is [Double].Type: "a list such as [1, 2]"
    default: "a text"
    }
  }
}
