import ArgumentParser
import Foundation
import NN

/// Layers with a weight each, as `conv_2,conv_4:0.5` says them; a layer without a number weighs 1.
struct LayerList: CustomStringConvertible, Sendable {
  let layers: [StyleTransferObjective.WeightedLayer]

  init(_ layers: [StyleTransferObjective.WeightedLayer]) { self.layers = layers }

  /// The layers of the reference study.
  static let studyContent = LayerList(StyleTransferObjective.studyContentLayers)
  static let studyStyle = LayerList(StyleTransferObjective.studyStyleLayers)

  /// - Throws: `ValidationError` that names the entry at fault.
  init(parsing text: String) throws {
    var layers: [StyleTransferObjective.WeightedLayer] = []
    for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard !parts[0].isEmpty, parts.count <= 2 else {
        throw ValidationError(
          "'\(text)' is no list of layers; write names with commas between, such as conv_2,conv_4:0.5")
      }
      let layer: VGG19.Layer
      do { layer = try VGG19.Layer(parts[0]) } catch { throw ValidationError("\(error)") }
      if layers.contains(where: { $0.layer == layer }) {
        throw ValidationError("the layer '\(parts[0])' is listed twice in '\(text)'")
      }
      var weight = 1.0
      if parts.count == 2 {
        guard let number = Double(parts[1]), number >= 0, number.isFinite else {
          throw ValidationError("the weight '\(parts[1])' of '\(parts[0])' is not a number of 0 or more")
        }
        weight = number
      }
      layers.append(.init(layer, weight: weight))
    }
    if layers.allSatisfy({ $0.weight == 0 }) {
      throw ValidationError("all layers of '\(text)' weigh 0; give one a weight")
    }
    self.layers = layers
  }

  /// The list as it would be typed.
  var description: String {
    layers.map { $0.weight == 1 ? "\($0.layer)" : "\($0.layer):\($0.weight)" }.joined(separator: ",")
  }
}
