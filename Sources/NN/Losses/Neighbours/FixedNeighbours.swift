import Tensor

/// The columns of features that a picture is to have: for each of its own the most similar one of the styles, found once.
///
///     Σ w (1 − cos(F[i], T[i])) / Σ w
///
/// F[i] is the picture's column at a place of the grid, T[i] the one that was found for it.
struct FixedNeighbours: Sendable {
  let columns: FeatureColumns
  private let grid: (height: Int, width: Int)
  /// T, layer by layer, [1, C, h, w].
  private let targets: [VGG19.Layer: Tensor<Float>]
  /// ‖T‖², [1, 1, h, w].
  private let squares: Tensor<Float>
  private let weights: Tensor<Float>?
  private let wholeWeight: Float

  /// No more columns of styles than these are looked through for a part of the picture; of more, these are drawn.
  static let candidateLimit = 1 << 15

  /// Finds the neighbours of a picture.
  ///
  /// - Parameters:
  ///   - queries: What looks for neighbours: columns of each place, [h·w, ΣC].
  ///   - places: Which of them belong to which part.
  ///   - coherence: How much farther a column may be that continues another; see ``CoherentNeighbours``.
  ///   - seed: Of the columns that are drawn where there are too many.
  init(
    _ columns: FeatureColumns, of queries: Tensor<Float>, _ places: NeighbourPlaces,
    in parts: [NeighbourPart], grid: (height: Int, width: Int), network: VGG19, coherence: Float = 0,
    seed: UInt64
  ) throws(VGG19.ImageTooSmall) {
    (self.columns, self.grid) = (columns, grid)
    var found = Tensor<Float>.zeros(queries.shape)
    for (part, pixels) in zip(parts, places.parts) where !pixels.isEmpty {
      let (candidates, layout) = try Self.candidates(columns, part, network, seed)
      let isWhole = pixels.count == queries.shape[0]
      let asked = (isWhole ? queries : queries.sliced(pixels, axis: 0)).centredRows
      let offered = candidates.centredRows
      let positions = CoherentNeighbours(tolerance: coherence, grid: grid, places: pixels).positions(
        of: asked, in: offered, layout,
        nearest: asked.nearestRows(in: offered).positions.scalars.map(Int.init))
      let own = candidates.sliced(positions, axis: 0)
      if isWhole { found = own } else { found[pixels] = own }
    }
    var targets: [VGG19.Layer: Tensor<Float>] = [:]
    var squares = Tensor<Float>.zeros([1, 1, grid.height, grid.width])
    var first = 0
    for (layer, width) in zip(columns.layers, columns.widths) {
      let rows = found.sliced(first..<first + width, axis: 1)
      let target = rows.reshaped(to: [1, grid.height, grid.width, width]).transposed(axes: [0, 3, 1, 2])
      targets[layer] = target.lasting()
      squares = squares + target.square().sum(axes: [1], keepingDimensions: true)
      first += width
    }
    (self.targets, self.squares) = (targets, squares)
    weights = places.weights
    wholeWeight = places.weights?.sum().scalar ?? Float(grid.height * grid.width)
  }

  /// The columns in which a part looks, [N, ΣC], and where they are.
  private static func candidates(
    _ columns: FeatureColumns, _ part: NeighbourPart, _ network: VGG19, _ seed: UInt64
  ) throws(VGG19.ImageTooSmall) -> (rows: Tensor<Float>, layout: CoherentNeighbours.Layout) {
    var (all, layout) = ([Tensor<Float>](), CoherentNeighbours.Layout())
    for (index, source) in part.sources.enumerated() {
      let rows = try columns.rows(of: source.image, network)
      let grid = FeatureColumns.grid(height: source.image.shape[2], width: source.image.shape[3])
      let limit = max(1, candidateLimit / part.sources.count)
      let region = RegionMaps(opacity: nil, regions: [source.region])
        .weights(poolings: FeatureColumns.poolings)[0]
      let kept = drawn(grid, region?.scalars, atMost: limit, seed: seed &+ UInt64(index))
      all.append(kept.count == rows.shape[0] ? rows : rows.sliced(kept, axis: 0))
      layout.append(grid, kept: kept)
    }
    return (all.count == 1 ? all[0] : .concatenated(all, axis: 0), layout)
  }

  /// Which part of a style's shorter side is left out at its borders: what the network sees there is a border, and the
  /// borders of a picture would all be painted like it.
  private static let margin = 16

  /// Places of a grid, ascending: those that a region has for the most part, or else what it has the most of.
  static func drawn(
    _ grid: (height: Int, width: Int), _ region: [Float]?, atMost limit: Int, seed: UInt64
  ) -> [Int] {
    let margin = min(grid.height, grid.width) / Self.margin
    let (rows, columns) = (margin..<grid.height - margin, margin..<grid.width - margin)
    let places = SelfSimilarityLoss<Float>.places(
      height: rows.count, width: columns.count, count: limit, seed: seed
    ).map { ($0 / columns.count + margin) * grid.width + $0 % columns.count + margin }
    guard let region else { return places }
    let most = region.max() ?? 0
    func inside(_ places: [Int]) -> [Int] { places.filter { region[$0] >= min(0.5, most) } }
    let kept = inside(places)
    return kept.isEmpty ? inside(Array(region.indices)) : kept
  }

  /// What is added up layer by layer.
  struct Sums {
    var products: Tensor<Float>?
    var squares: Tensor<Float>?
  }

  /// Adds a layer of the picture; one that does not see is left out.
  func add(_ layer: VGG19.Layer, _ features: Tensor<Float>?, to sums: inout Sums) {
    guard let target = targets[layer], let features else { return }
    let part = columns.part(layer, of: features, grid: grid)
    let product = (part * target).sum(axes: [1], keepingDimensions: true)
    let square = part.square().sum(axes: [1], keepingDimensions: true)
    sums.products = sums.products.map { $0 + product } ?? product
    sums.squares = sums.squares.map { $0 + square } ?? square
  }

  /// The loss of a picture all of whose layers have been added.
  func loss(_ sums: Sums) -> Tensor<Float> {
    let cosines = sums.products! / (sums.squares! * squares + 1e-12).sqrt()
    let distances = 1 - cosines
    return (weights.map { distances * $0 } ?? distances).sum()
      * Tensor(1 / max(wholeWeight, .leastNormalMagnitude))
  }
}
