import Tensor

extension VGG19 {
  /// The channels before the first convolution and after each.
  static let channels = [3] + blocks.flatMap { Array(repeating: $0.channels, count: $0.convolutions) }
}

extension VGG19.Weights {
  /// What files call the sixteen convolutions.
  enum Naming: CaseIterable {
    /// Places in Gatys' list, where each convolution has a padding before and a ReLU after it.
    case list
    /// Places in torchvision's `features`.
    case features
    /// By block and place in it.
    case blocks

    /// The names, without what comes before them.
    var keys: [String] {
      switch self {
      case .list: [2, 5, 9, 12, 16, 19, 22, 25, 29, 32, 35, 38, 42, 45, 48, 51].map { "\($0)" }
      case .features: (1...16).map { "\(VGG19.Layer.convolution($0).position)" }
      case .blocks:
        VGG19.blocks.enumerated().flatMap { block, figures in
          (1...figures.convolutions).map { "conv\(block + 1)_\($0)" }
        }
      }
    }

    /// What comes before the names in a file of their own.
    var prefix: String { self == .features ? "features." : "" }

    /// The place of the pre-processing in Gatys' list.
    static let preprocessingKey = "0"

    /// How the convolutions are called in a file, and what comes before their names there.
    ///
    /// - Throws: ``VGG19/UnrecognizedWeights`` when they are not all there, or are there several times.
    static func find(in archive: any TensorArchive) throws -> (Naming, prefix: String) {
      let names = Set(archive.names)
      var found: [(Naming, prefix: String)] = []
      var flaw: String?
      var otherShape: String?
      for naming in allCases {
        let first = naming.keys[0] + ".weight"
        for name in archive.names where name == first || name.hasSuffix("." + first) {
          let prefix = String(name.dropLast(first.count))
          let (shape, wanted) = (try? archive.shape(of: name), [VGG19.channels[1], 3, 3, 3])
          guard shape == wanted else {
            // Any network of a list has a tensor that is called `2.weight`.
            if naming != .list, let shape { otherShape = otherShape ?? naming.flaw(name, shape, wanted) }
            continue
          }
          if let missing = try naming.firstFlaw(prefix, archive, names) {
            flaw = flaw ?? missing
          } else {
            found.append((naming, prefix))
          }
        }
      }
      switch found.count {
      case 1: return found[0]
      case 0:
        throw VGG19.UnrecognizedWeights(
          path: archive.path,
          cause: flaw ?? otherShape ?? "none of its \(names.count) tensors is called as one of VGG-19's")
      default:
        let places = found.map { "'\($0.prefix)'" }.joined(separator: ", ")
        throw VGG19.UnrecognizedWeights(
          path: archive.path,
          cause:
            "it holds \(found.count) networks, under \(places), of which one must be chosen: save it alone")
      }
    }

    /// What is missing or of another shape, or `nil` where all convolutions are there.
    private func firstFlaw(
      _ prefix: String, _ archive: any TensorArchive, _ names: Set<String>
    ) throws -> String? {
      let kind = self == .list ? "normalized" : self == .features ? "torchvision" : "caffe"
      for (index, key) in keys.enumerated() {
        for (part, shape) in [
          ("weight", [VGG19.channels[index + 1], VGG19.channels[index], 3, 3]),
          ("bias", [VGG19.channels[index + 1]]),
        ] {
          let name = "\(prefix)\(key).\(part)"
          guard names.contains(name) else {
            let hint =
              names.contains { $0.hasPrefix(prefix) && $0.hasSuffix("running_mean") }
              ? " (with batch normalisation it is another network)" : ""
            return "it looks like \(kind) weights, but there is no '\(name)'\(hint)"
          }
          let found = try archive.shape(of: name)
          guard found == shape else { return flaw(name, found, shape) }
          let type = try archive.scalarType(of: name)
          guard type.isReadable else {
            return
              "the tensor '\(name)' is of the type \(type.rawValue), not F64, F32, F16 or BF16: convert the weights "
              + "with what wrote them, as with x.float()"
          }
        }
      }
      return nil
    }

    private func flaw(_ name: String, _ found: Shape, _ wanted: Shape) -> String {
      let isTransposed = wanted.count == 4 && found == [wanted[2], wanted[3], wanted[1], wanted[0]]
      let hint = isTransposed ? " (as TensorFlow and JAX keep it: save x.transpose(3, 2, 0, 1))" : ""
      return "the tensor '\(name)' has the shape \(found), not \(wanted)\(hint)"
    }
  }
}
