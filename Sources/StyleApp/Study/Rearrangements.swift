import NN
import Tensor

/// Pictures with every pixel of another, somewhere else: what tells a loss that knows places from one that does
/// not.
extension Picture {
  /// Moved to the right and down by `pixels`; what leaves at a side comes in at the other.
  func shifted(by pixels: Int) -> Picture {
    rearranged { x, y in ((x - pixels) %% width, (y - pixels) %% height) }
  }

  /// Left and right exchanged.
  var mirrored: Picture { rearranged { x, y in (width - 1 - x, y) } }

  /// Cut into square blocks of `side` pixels that are put together in a random order. What is left at the right and
  /// at the bottom, where no block fits, stays.
  func shuffled(blocksOf side: Int, seed: UInt64) -> Picture {
    let (columns, rows) = (width / side, height / side)
    var generator = RandomGenerator(seed: seed)
    let order = (0..<columns * rows).shuffled(using: &generator)
    return rearranged { x, y in
      let (column, row) = (x / side, y / side)
      guard column < columns, row < rows else { return (x, y) }
      let source = order[row * columns + column]
      return (source % columns * side + x % side, source / columns * side + y % side)
    }
  }

  /// The middle of the picture with sides that the network's poolings halve without a rest, so that a shift by whole
  /// blocks only moves the features of its deepest layers.
  var croppedToWholeBlocks: Picture {
    let block = VGG19.minimumSize(for: LossProbe.layers)
    let (newWidth, newHeight) = (width / block * block, height / block * block)
    let (left, top) = ((width - newWidth) / 2, (height - newHeight) / 2)
    var values: [Float] = []
    for channel in 0..<3 {
      for y in 0..<newHeight {
        let start = channel * width * height + (y + top) * width + left
        values += colour[start..<start + newWidth]
      }
    }
    return Picture(width: newWidth, height: newHeight, colour: values)
  }

  /// - Parameter source: Where the pixel at a place comes from.
  private func rearranged(_ source: (_ x: Int, _ y: Int) -> (x: Int, y: Int)) -> Picture {
    let plane = width * height
    var result = colour
    for y in 0..<height {
      for x in 0..<width {
        let from = source(x, y)
        for channel in 0..<3 {
          result[channel * plane + y * width + x] = colour[channel * plane + from.y * width + from.x]
        }
      }
    }
    return Picture(width: width, height: height, colour: result)
  }
}

infix operator %% : MultiplicationPrecedence

/// The remainder that is never negative.
private func %% (a: Int, b: Int) -> Int { ((a % b) + b) % b }

/// What the losses of all sixteen convolutions want: a picture's features and its Gram matrices.
struct LossProbe {
  private let network: VGG19
  private let targets: [(layer: VGG19.Layer, features: Tensor<Float>, gram: StyleLoss<Float>)]

  static let layers = (1...16).map(VGG19.Layer.convolution)

  /// - Parameter layers: Those whose features the picture is large enough for.
  init(_ picture: Picture, network: VGG19) throws {
    self.network = network
    let side = min(picture.width, picture.height)
    let seen = Self.layers.filter { VGG19.minimumSize(for: [$0]) <= side }
    let features = try network(picture.tensor, layers: seen)
    targets = seen.compactMap { layer in
      features[layer].map { (layer, $0, StyleLoss(targetFeatures: $0)) }
    }
  }

  /// The losses of another picture of the same size.
  func distances(of picture: Picture) throws -> [StudyResults.LayerDistance] {
    let features = try network(picture.tensor, layers: targets.map(\.layer))
    return targets.compactMap { layer, target, gram in
      guard let found = features[layer] else { return nil }
      func content(_ normalization: LossNormalization) -> Double {
        Double(ContentLoss(target: target, normalization: normalization)(found).scalar)
      }
      return StudyResults.LayerDistance(
        layer: layer.name, content: content(.relative),
        // Without the factor that makes it paint strongly, both losses are parts of their target's own size.
        gram: Double(gram(found).scalar) / StyleStatistic.gram.relativeScale,
        contentMean: content(.mean), contentSum: content(.sum))
    }
  }
}
