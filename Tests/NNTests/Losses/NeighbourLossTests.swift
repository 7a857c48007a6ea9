import Tensor
import Testing

@testable import NN

/// Neighbours that are found against those that comparing every pair finds, on the real network.
@Suite struct NeighbourLossTests {
  private typealias Objective = StyleTransferObjective

  /// A layer before each number of poolings, with weights of their own.
  private static let layers = zip([1, 3, 5, 9], [1.0, 2, 0.5, 1]).map {
    Objective.WeightedLayer(.relu($0), weight: $1)
  }

  private static func drawn(_ height: Int, _ width: Int, seed: UInt64) -> Tensor<Float> {
    var generator = RandomGenerator(seed: seed)
    return .uniform([1, 3, height, width], in: 0..<1, using: &generator)
  }

  private static func objective(_ content: Tensor<Float>) throws -> Objective {
    try Objective(
      network: Fixture.network(), content: content, styles: [], weights: .init(content: 0, style: 0))
  }

  /// Columns of a picture's features, one a row, as the documentation has them.
  private static func columns(_ image: Tensor<Float>) throws -> [[Double]] {
    let features = try Fixture.network()(image, layers: layers.map(\.layer))
    let (height, width) = (image.shape[2] / 4, image.shape[3] / 4)
    var columns = [[Double]](repeating: [], count: height * width)
    for layer in layers {
      var x = features[layer.layer]!
      let factor = layer.weight / Double(layer.layer.channelCount)
      if x.shape[2] < height {
        x = x.resampled(to: width, axis: 3, method: .bilinear).resampled(
          to: height, axis: 2, method: .bilinear)
      }
      let side = x.shape[2] / height
      for channel in 0..<x.shape[1] {
        for place in columns.indices {
          var sum = 0.0
          for y in 0..<side {
            for column in 0..<side {
              sum += Double(x[0, channel, place / width * side + y, place % width * side + column].scalar)
            }
          }
          columns[place].append(sum / Double(side * side) * factor)
        }
      }
    }
    return columns
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
  private static func cosine(_ a: [Double], _ b: [Double]) -> Double {
    dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
  }
  private static func centred(_ rows: [[Double]], at mean: [Double]? = nil) -> [[Double]] {
    let mean = mean ?? Self.mean(rows)
    return rows.map { zip($0, mean).map { $0 - $1 } }
  }
  private static func mean(_ rows: [[Double]]) -> [Double] {
    rows[0].indices.map { index in rows.reduce(0) { $0 + $1[index] } / Double(rows.count) }
  }

  @Test(
    "fixed neighbours: each place is compared with the style's column that is the most like its own, by alpha"
  )
  func fixed() throws {
    let (content, painted) = (Self.drawn(16, 20, seed: 1), Self.drawn(16, 20, seed: 2))
    let (style, image) = (Self.drawn(24, 16, seed: 3), Self.drawn(16, 20, seed: 4))
    let objective = try Self.objective(content).findingNeighbours(
      of: content, painted: painted, alpha: 0.25, in: [.init(style)], .init(layers: Self.layers),
      opacity: nil,
      weight: 2)
    let (total, terms) = try objective(image)
    let queries = zip(try Self.columns(content), try Self.columns(painted)).map {
      zip($0, $1).map { 0.75 * $0 + 0.25 * $1 }
    }
    let candidates = try Self.columns(style)
    let (asked, offered) = (Self.centred(queries), Self.centred(candidates))
    let found = asked.map { query in
      offered.indices.max { Self.cosine(query, offered[$0]) < Self.cosine(query, offered[$1]) }!
    }
    #expect(Set(found).count > 4)
    let own = try Self.columns(image)
    let expected =
      own.indices.reduce(0) { $0 + 1 - Self.cosine(own[$1], candidates[found[$1]]) } / Double(own.count)
    // Sums of some hundred numbers in single precision.
    #expect(abs(terms.style - expected) < 1e-5)
    #expect(abs(Double(total.scalar) - 2 * expected) < 2e-5)
  }

  @Test(
    "fresh neighbours: each layer is compared with the places of the style that are the most like its own")
  func fresh() throws {
    let (style, image) = (Self.drawn(24, 16, seed: 3), Self.drawn(16, 20, seed: 4))
    let objective = try Self.objective(image).findingFreshNeighbours(
      size: (16, 20), in: [.init(style)], .init(layers: Self.layers), opacity: nil, weight: 1)
    let network = try Fixture.network()
    let (offered, own) = (
      try network(style, layers: Self.layers.map(\.layer)),
      try network(image, layers: Self.layers.map(\.layer))
    )
    var (expected, whole) = (0.0, 0.0)
    func rows(_ x: Tensor<Float>) -> [[Double]] {
      let plane = x.reshaped(to: [x.shape[1], x.shape[2] * x.shape[3]]).transposed()
      return (0..<plane.shape[0]).map { plane[$0].scalars.map(Double.init) }
    }
    for layer in Self.layers {
      let features = offered[layer.layer]!
      let (height, width) = (features.shape[2], features.shape[3])
      // Without the styles' borders.
      let margin = min(height, width) / 16
      let candidates = rows(features).enumerated().filter { place, _ in
        (margin..<height - margin).contains(place / width)
          && (margin..<width - margin).contains(place % width)
      }.map(\.element)
      let middle = Self.mean(candidates)
      let directions = Self.centred(candidates, at: middle)
      let asked = Self.centred(rows(own[layer.layer]!), at: middle)
      let distances = asked.map { row in 1 - directions.map { Self.cosine(row, $0) }.max()! }
      expected += layer.weight * distances.reduce(0, +) / Double(distances.count)
      whole += layer.weight
    }
    #expect(abs(try objective(image).terms.style - expected / whole) < 1e-5)
  }

  @Test(
    "fresh neighbours: other places are looked at in each iteration of a large picture, and the same in the same one"
  )
  func iterations() throws {
    let (style, image) = (Self.drawn(32, 32, seed: 3), Self.drawn(80, 72, seed: 4))
    var objective = try Self.objective(image).findingFreshNeighbours(
      size: (80, 72), in: [.init(style)], .init(layers: [.init(.relu(1))]), opacity: nil, weight: 1)
    func value(_ iteration: Int) throws -> Double {
      objective.iteration = iteration
      return try objective(image).terms.style
    }
    let first = try value(1)
    #expect(try value(2) != first)
    #expect(try value(1) == first)
  }

  @Test("neighbours: the gradient is that of differences", arguments: [false, true])
  func gradient(isFresh: Bool) throws {
    let (style, image) = (Self.drawn(24, 16, seed: 3), Self.drawn(16, 20, seed: 4))
    let search = Objective.NeighbourSearch(layers: Self.layers, turnsStyles: true)
    var objective = try Self.objective(image)
    objective =
      isFresh
      ? try objective.findingFreshNeighbours(
        size: (16, 20), in: [.init(style)], search, opacity: nil, weight: 1)
      : try objective.findingNeighbours(
        of: image, painted: nil, alpha: 0, in: [.init(style)], search, opacity: nil, weight: 1)
    let gradient = try objective.valueWithGradient(at: image).gradient
    let slope = Vectors.squaredNorm(gradient)
    // Along the gradient the function changes the most against its rounding.
    let step = Float(2e-3 / slope.squareRoot())
    let ahead = try objective(image + gradient * Tensor(step)).total.scalar
    let behind = try objective(image - gradient * Tensor(step)).total.scalar
    let found = Double(ahead - behind) / Double(2 * step)
    // ReLUs and poolings turn, and neighbours change, within the step.
    #expect(slope > 0 && abs(found / slope - 1) < 0.05)
  }

  @Test("neighbours: a style with a place is looked in by that place alone")
  func places() throws {
    let image = Self.drawn(16, 32, seed: 5)
    let (a, b) = (Self.drawn(16, 16, seed: 6), Self.drawn(24, 16, seed: 7))
    func half(_ isLeft: Bool) -> Tensor<Float> {
      Tensor((0..<16 * 32).map { ($0 % 32 < 16) == isLeft ? 1 : 0 }, shape: [1, 1, 16, 32])
    }
    func value(_ styles: [Objective.Style]) throws -> Double {
      try Self.objective(image).findingNeighbours(
        of: image, painted: nil, alpha: 0, in: styles, .init(layers: [.init(.relu(5))]), opacity: nil,
        weight: 1
      )(image).terms.style
    }
    let both = try value([.init(a, place: half(true)), .init(b, place: half(false))])
    #expect(try value([.init(b, place: half(true)), .init(a, place: half(false))]) != both)
    // Together they offer more: without places each half may look in both.
    #expect(try value([.init(a), .init(b)]) < both)
  }
}
