import Tensor

/// The input that Caffe's VGG-19 was trained with, told by the network's first filters.
///
/// The network is exchanged under torchvision's names, with whose pre-processing it computes something else without a
/// word. What tells them apart is the direction of each first filter: at which of its 27 places it is largest. Neither
/// rescaling a filter, which is what Gatys' normalisation does, nor a narrower type of numbers changes that, and no
/// other training comes to the same places. Over the bias, which is rescaled along, a filter's size then tells how
/// large its inputs are.
struct CaffeInput {
  /// Whether the first channel is red, as when somebody has turned the filters; blue otherwise.
  let isRedFirst: Bool
  /// The whitest input: 255 in Caffe, 1 where the first filters were multiplied by 255.
  let white: Float

  /// What Caffe's tools subtract from blue, green and red, in 0 … 255.
  private static let mean: [Float] = [103.939, 116.779, 123.68]
  /// Where each first filter's largest number is, of [channel, row, column], blue first.
  private static let places = [
    17, 4, 13, 16, 15, 4, 20, 15, 13, 10, 10, 10, 13, 20, 10, 13, 25, 12, 13, 25, 17, 19, 22, 9, 12, 4, 10,
    13, 13, 19,
    18, 6, 10, 22, 11, 14, 22, 16, 10, 13, 13, 16, 11, 16, 12, 11, 22, 9, 14, 21, 22, 14, 13, 10, 11, 14, 12,
    14, 14,
    4, 14, 8, 11, 12,
  ]
  /// How many must agree. Of numbers of eight bits 56 do; of 200 random networks no more than 7 did.
  private static let agreementLimit = 52
  /// The middle of |bias| over the norm of a filter.
  private static let biasRatio: Float = 0.4254
  /// A filter's norm, in the middle, below which no network of inputs around 1 has it: torchvision's are some tenths,
  /// normalised ones 0.06.
  private static let smallNorm: Float = 0.1

  /// - Returns: `nil` when the filters are those of another network.
  /// - Throws: ``VGG19/UnrecognizedWeights`` when the network is Caffe's but its inputs are not known.
  init?(of filter: VGG19.Weights.Filter, _ path: String) throws {
    let numbers = filter.weight.scalars
    let rows = Self.places.indices.map { numbers[$0 * 27..<($0 + 1) * 27] }
    let norms = rows.map { row in row.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let largest = rows.map { row in row.indices.max { abs(row[$0]) < abs(row[$1]) }! - row.startIndex }
    let agreeing = zip(largest, Self.places).count { $0 == $1 }
    let turned = zip(largest, Self.places).count { ($0 + 9 * 2 * (1 - $0 / 9)) == $1 }
    guard max(agreeing, turned) >= Self.agreementLimit else {
      // Somebody's own training on Caffe's inputs.
      let norm = norms.sorted()[norms.count / 2]
      guard norm > 0, norm < Self.smallNorm else { return nil }
      isRedFirst = false
      white = 255
      return
    }
    isRedFirst = turned > agreeing
    let ratios = zip(filter.bias.scalars, norms).map { abs($0) / $1 }.sorted()
    let ratio = ratios[ratios.count / 2] / Self.biasRatio
    guard let white = [Float(255), 1].first(where: { (0.9...1.1).contains(ratio * 255 / $0) }) else {
      throw VGG19.UnrecognizedWeights(
        path: path,
        cause:
          "it is Caffe's network with its first filters rescaled by \(1 / ratio), so that its inputs are not known"
      )
    }
    self.white = white
  }

  /// From red, green and blue in 0 … 1 to the network's inputs, as a 1×1 convolution.
  var preprocessing: VGG19.Weights.Filter {
    let mean = (isRedFirst ? Self.mean.reversed() : Self.mean).map { -$0 * white / 255 }
    var weight = [Float](repeating: 0, count: 9)
    for channel in 0..<3 { weight[3 * channel + (isRedFirst ? channel : 2 - channel)] = white }
    return VGG19.Weights.Filter(weight: Tensor(weight, shape: [3, 3, 1, 1]), bias: Tensor(mean))
  }
}
