import Foundation
import NN

/// Layers with a weight each, as `conv_2,conv_4:0.5` says them; a layer without a number weighs 1.
///
/// `conv_5...conv_8` stands for all layers of that kind from one to the other, `all` for conv_1 to conv_16; a
/// weight after either is that of each of its layers.
public struct LayerList: CustomStringConvertible, Sendable {
  /// The layers, each with its weight.
  public let layers: [StyleTransferObjective.WeightedLayer]
  /// What each layer was called; layers of a range have their own names.
  package let names: [String]

  /// A list of layers, each under its own name.
  public init(_ layers: [StyleTransferObjective.WeightedLayer]) {
    self.layers = layers
    names = layers.map(\.layer.name)
  }

  /// The layers of the reference study.
  package static let studyContent = LayerList(StyleTransferObjective.studyContentLayers)
  package static let studyStyle = LayerList(StyleTransferObjective.studyStyleLayers)

  /// Every convolution, conv_1 to conv_16.
  public static let all = LayerList(convolutions.map { .init($0) })

  /// The list that a text says.
  ///
  /// - Throws: ``RecipeError`` that names the entry at fault.
  public init(parsing text: String) throws {
    var layers: [StyleTransferObjective.WeightedLayer] = []
    var names: [String] = []
    for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard !parts[0].isEmpty, parts.count <= 2 else {
        throw RecipeError(
          "'\(text)' is no list of layers; write names with commas between, such as conv_2,conv_4:0.5 or "
            + "conv_5...conv_8")
      }
      var weight = 1.0
      if parts.count == 2 {
        guard let number = Double(parts[1]), number >= 0, number.isFinite else {
          throw RecipeError("the weight '\(parts[1])' of '\(parts[0])' is not a number of 0 or more")
        }
        weight = number
      }
      for (name, layer) in try Self.named(parts[0]) {
        if layers.contains(where: { $0.layer == layer }) {
          let place = name == parts[0] ? "" : " of '\(parts[0])'"
          throw RecipeError("the layer '\(name)'\(place) is listed twice in '\(text)'")
        }
        layers.append(.init(layer, weight: weight))
        names.append(name)
      }
    }
    if layers.allSatisfy({ $0.weight == 0 }) {
      throw RecipeError("all layers of '\(text)' weigh 0; give one a weight")
    }
    self.layers = layers
    self.names = names
  }

  /// Refuses weights where they would be ignored.
  ///
  /// - Parameter what: What has no weight.
  /// - Throws: ``RecipeError``.
  package func checkUnweighted(for what: String) throws {
    guard let weighed = layers.first(where: { $0.weight != 1 }) else { return }
    throw RecipeError(
      "--layers: \(what) have no weight; write \(weighed.layer) without :\(weighed.weight)")
  }

  /// The list in its shortest form: neighbours of one kind and weight are a range, from three on.
  public var description: String {
    var entries: [String] = []
    var rest = layers[...]
    while let first = rest.first {
      let run = Self.run(at: rest).map(\.layer)
      let name = run.count == 1 ? first.layer.name : Self.rangeName(run)
      entries.append(first.weight == 1 ? name : "\(name):\(first.weight)")
      rest = rest.dropFirst(run.count)
    }
    return entries.joined(separator: ",")
  }
}

// MARK: - Names

extension LayerList {
  /// The longest beginning that a range can stand for, or the first layer alone.
  private static func run(
    at layers: ArraySlice<StyleTransferObjective.WeightedLayer>
  ) -> ArraySlice<StyleTransferObjective.WeightedLayer> {
    let follows = zip(layers.dropFirst(), layers).prefix {
      $0.weight == $1.weight && $0.layer == $1.layer.successor
    }
    return layers.prefix(follows.count < 2 ? 1 : follows.count + 1)
  }

  private static func rangeName(_ layers: [VGG19.Layer]) -> String {
    layers == convolutions ? allName : "\(layers[0])\(rangeMark)\(layers[layers.count - 1])"
  }

  private static let allName = "all"
  private static let rangeMark = "..."
  private static let convolutions = VGG19.Layer.all.filter { $0.kind == .convolution }

  /// The layers that an entry names, with what to call each.
  private static func named(_ entry: String) throws -> [(name: String, layer: VGG19.Layer)] {
    if entry == allName { return convolutions.map { ($0.name, $0) } }
    guard let mark = entry.range(of: rangeMark) else { return [(entry, try layer(entry))] }
    let ends = [entry[..<mark.lowerBound], entry[mark.upperBound...]]
      .map { $0.trimmingCharacters(in: .whitespaces) }
    if ends.contains("") {
      throw RecipeError("the range '\(entry)' lacks an end; write it as conv_5...conv_8")
    }
    let (first, last) = (try layer(ends[0], of: entry), try layer(ends[1], of: entry))
    guard first.kind == last.kind else {
      throw RecipeError(
        "the range '\(entry)' mixes kinds; both its ends must be \(first.kind) or \(last.kind)")
    }
    guard first <= last else {
      throw RecipeError("the range '\(entry)' is reversed; write \(ends[1])...\(ends[0])")
    }
    return VGG19.Layer.all.filter { $0.kind == first.kind && first <= $0 && $0 <= last }.map { ($0.name, $0) }
  }

  private static func layer(_ name: String, of range: String? = nil) throws -> VGG19.Layer {
    do { return try VGG19.Layer(name) } catch {
      throw RecipeError((range.map { "in the range '\($0)': " } ?? "") + "\(error)")
    }
  }
}

extension VGG19.Layer {
  /// The next layer of the kind.
  fileprivate var successor: Self? { Self.all[(position + 1)...].first { $0.kind == kind } }
}
