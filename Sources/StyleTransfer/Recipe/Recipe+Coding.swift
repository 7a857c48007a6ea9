import Foundation
import NN

extension Recipe: Codable {
  /// Reads settings under the flags' names; what is not there is as in the preset.
  public init(from decoder: any Decoder) throws {
    let changes = try RecipeChanges(from: decoder)
    guard let kind = changes.command else { throw RecipeError("--command is missing: what is made") }
    try self.init(kind, [changes])
  }

  /// Writes every setting under its flag's name. Pictures in memory that come from no file are left out.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: RecipeKey.self)
    try container.encode(kind, forKey: .command)
    try container.encode(version, forKey: .version)
    try container.encode(preset, forKey: .preset)
    try encodePictures(to: &container)
    try encodeRegions(to: &container)
    try encodeSizes(to: &container)
    try encodeLosses(to: &container)
    try encodeMethod(to: &container)
    try encodeFile(to: &container)
  }

  /// One line of JSON with sorted keys.
  package var json: String {
    // Plain strings and numbers always encode.
    String(decoding: (try? JSONEncoder.sorted().encode(self)) ?? Data(), as: UTF8.self)
  }
}

extension VGG19.Pooling: Codable {}
extension VGG19.Padding: Codable {}
extension LossNormalization: Codable {}
extension StyleStatistic: Codable {}
extension ColorMatching: Codable {}
