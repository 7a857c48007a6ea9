import Tensor

/// What the losses on a layer see of its features: sums over their pixels and features at some places, and nothing else.
///
/// That is why a picture can be looked at strip by strip, to the same bits: ``PixelSums`` adds the same groups of rows
/// in the same order, and ``Request/gradient(_:at:_:rows:)`` takes each pixel for itself.
struct FeatureSums<Scalar: TensorScalar> {
  /// [N, C, H, W], the shape of the features.
  let shape: Shape
  /// How many pixels the statistics are of: M, or the sum of their weights.
  private(set) var pixels: Double
  /// G = F·Fᵀ / M, [N, C, C]; `nil` if it was not asked for.
  private(set) var gram: Tensor<Scalar>?
  /// μ = F·1 / M, [N, C, 1]; `nil` if it was not asked for.
  private(set) var mean: Tensor<Scalar>?
  /// The squared distance from the content's features times its scale, of rank 0; `nil` if there is no content.
  let content: Tensor<Scalar>?
  /// The mean features of the windows at the places that were asked for, [C, n]; `nil` if there are none.
  let samples: Tensor<Scalar>?
  /// F itself, where it was asked for.
  let features: Tensor<Scalar>?
  /// The weighted statistics that were asked for.
  private var weighted: [(weights: PixelWeights<Scalar>, gram: Tensor<Scalar>?, mean: Tensor<Scalar>?)] = []

  /// Which sums are wanted.
  struct Request: Sendable {
    var gram = false
    var mean = false
    /// P, what the squared distance is multiplied by, and how often each pixel counts in it.
    var content: (target: Tensor<Scalar>, scale: Double, weights: PixelWeights<Scalar>?)?
    var features = false
    /// Statistics of weighted pixels.
    var weighted: [(weights: PixelWeights<Scalar>, gram: Bool, mean: Bool)] = []
    /// The first pixels of the windows, row by row, whose mean features are wanted; in ascending order.
    var places: [Int] = []
    /// How many pixels such a window is wide and high.
    var placeSide = 1

    /// Asks for what another one asks for as well. There is one content at most, and one list of places.
    mutating func formUnion(_ other: Request) {
      gram = gram || other.gram
      mean = mean || other.mean
      content = content ?? other.content
      features = features || other.features
      if places.isEmpty { (places, placeSide) = (other.places, other.placeSide) }
      for new in other.weighted {
        if let index = weighted.firstIndex(where: { $0.weights === new.weights }) {
          weighted[index].gram = weighted[index].gram || new.gram
          weighted[index].mean = weighted[index].mean || new.mean
        } else {
          weighted.append(new)
        }
      }
    }

    /// The same statistics of weighted pixels; as it is for no weights.
    func counting(_ weights: PixelWeights<Scalar>?) -> Request {
      weights.map { Request(weighted: [($0, gram, mean)]) } ?? self
    }

    /// Whether something must be added up.
    var isSum: Bool { gram || mean || content != nil || !weighted.isEmpty || !places.isEmpty }
  }

  /// The sums of features that are there as a whole.
  init(_ features: Tensor<Scalar>, _ request: Request) {
    var outputs: [Tensor<Scalar>] = []
    if request.isSum {
      var sums = LayerSums(request, of: features.shape)
      sums.add(features.detached(), rows: 0..<features.shape[2])
      outputs = record(
        "featureSums", outputs: sums.outputs(features.shape),
        tellingOrder: (
          features,
          { g, isDifferentiable in
            // Of tracked features no part of the gradient could be added to another one in place.
            request.gradient(g, at: isDifferentiable ? features : features.detached(), features.shape)
          }
        ))
    }
    self.init(outputs, request, shape: features.shape, features: request.features ? features : nil)
  }

  /// The sums that ``LayerSums/outputs(_:)`` lists.
  init(_ outputs: [Tensor<Scalar>], _ request: Request, shape: Shape, features: Tensor<Scalar>?) {
    var rest = outputs[...]
    (self.shape, self.features) = (shape, features)
    pixels = Double(shape[2] * shape[3])
    gram = request.gram ? rest.popFirst() : nil
    mean = request.mean ? rest.popFirst() : nil
    content = request.content == nil ? nil : rest.popFirst()
    for (weights, gram, mean) in request.weighted {
      weighted.append((weights, gram ? rest.popFirst() : nil, mean ? rest.popFirst() : nil))
    }
    samples = request.places.isEmpty ? nil : rest.popFirst()
  }

  /// The same features with the statistics of pixels that are weighted, which must have been asked for; as they are for
  /// no weights.
  func counting(_ weights: PixelWeights<Scalar>?) -> FeatureSums {
    guard let weights, let found = weighted.first(where: { $0.weights === weights }) else { return self }
    var sums = self
    (sums.gram, sums.mean, sums.pixels) = (found.gram, found.mean, weights.sum)
    return sums
  }
}

/// The sums of a layer while its features come, band of rows after band of rows.
struct LayerSums<Scalar: TensorScalar>: Sendable {
  private let request: FeatureSums<Scalar>.Request
  private var whole: PixelSums<Scalar>
  /// Of the content, where its pixels are weighted.
  private var content: PixelSums<Scalar>
  private var weighted: [PixelSums<Scalar>]
  /// Of the windows at places, [C, n].
  private var samples: Tensor<Scalar>?

  /// Sums of nothing yet, for features of a shape.
  init(_ request: FeatureSums<Scalar>.Request, of shape: Shape) {
    func sums(_ products: Bool, _ sums: Bool) -> PixelSums<Scalar> {
      PixelSums(batch: shape[0], channels: shape[1], width: shape[3], products: products, sums: sums)
    }
    self.request = request
    whole = sums(request.gram, request.mean)
    content = sums(false, false)
    weighted = request.weighted.map { sums($0.gram, $0.mean) }
    samples = request.places.isEmpty ? nil : .zeros([shape[1], request.places.count])
  }

  /// Adds the band `rows` of the features, which is whole groups of ``PixelSums`` or the last.
  mutating func add(_ features: Tensor<Scalar>, rows: Range<Int>) {
    let target = request.content.map { $0.target.sliced(rows, axis: 2) }
    let weights = request.content?.weights
    if request.gram || request.mean || target != nil && weights == nil {
      whole.add(features, target: weights == nil ? target : nil)
    }
    if let weights { content.add(features, target: target, weights: weights.rows(rows)) }
    for index in weighted.indices {
      weighted[index].add(features, weights: request.weighted[index].weights.rows(rows))
    }
    guard samples != nil else { return }
    let flat = features.reshaped(to: [features.shape[1], rows.count * features.shape[3]])
    for part in request.windowRows(in: rows, width: features.shape[3]) {
      // Row after row, so that the sums are the same however the rows are cut.
      for first in part.pixels {
        samples![0..., part.places] += flat.sliced(first, axis: 1)
      }
    }
  }

  /// The sums over all pixels of features of `shape`, in the order in which they are kept.
  func outputs(_ shape: Shape) -> [Tensor<Scalar>] {
    let pixels = shape[2] * shape[3]
    var outputs: [Tensor<Scalar>] = []
    if request.gram { outputs.append(whole.gram(pixels: pixels)) }
    if request.mean { outputs.append(whole.mean(pixels: pixels)) }
    if let wanted = request.content {
      let distance = wanted.weights == nil ? whole.squaredDistance : content.squaredDistance
      outputs.append(Tensor(Scalar(wanted.scale * distance)))
    }
    for (sums, wanted) in zip(weighted, request.weighted) {
      if wanted.gram { outputs.append(sums.gram(weight: wanted.weights.sum)) }
      if wanted.mean { outputs.append(sums.mean(weight: wanted.weights.sum)) }
    }
    if let samples { outputs.append(samples * Tensor(request.placeShare)) }
    return outputs
  }
}

extension FeatureSums.Request {
  /// How many tensors ``LayerSums/outputs(_:)`` has.
  var outputCount: Int {
    (gram ? 1 : 0) + (mean ? 1 : 0) + (content == nil ? 0 : 1) + (places.isEmpty ? 0 : 1)
      + weighted.reduce(0) { $0 + ($1.gram ? 1 : 0) + ($1.mean ? 1 : 0) }
  }

  /// What a pixel of a window counts in its mean.
  fileprivate var placeShare: Scalar { 1 / Scalar(placeSide * placeSide) }

  /// Of each row of the windows that have it in some rows: which places these are, and their pixels from left to right, counted
  /// from the first of the rows.
  fileprivate func windowRows(in rows: Range<Int>, width: Int) -> [(places: Range<Int>, pixels: [[Int]])] {
    (0..<placeSide).compactMap { row in
      // Places ascend, and so do their rows.
      let first = places.firstIndex { $0 / width + row >= rows.lowerBound } ?? places.count
      let end = places[first...].firstIndex { $0 / width + row >= rows.upperBound } ?? places.count
      guard first < end else { return nil }
      return (
        first..<end,
        (0..<placeSide).map { column in
          places[first..<end].map { $0 + (row - rows.lowerBound) * width + column }
        }
      )
    }
  }

  /// The gradient with respect to features, given those with respect to the outputs:
  ///
  ///     (g_G + g_Gᵀ)·F / M  +  g_μ / M  +  2 · scale · g · (F − P)
  ///
  /// of weighted pixels each times its weight and with Σ w in place of M, and at the wanted places what came to them.
  ///
  /// - Parameters:
  ///   - gradients: One for each output; `nil` for one that was not used.
  ///   - features: All rows of the features, or a band of them.
  ///   - shape: The shape of all.
  ///   - rows: Which rows they are; `nil` for all.
  /// - Returns: `nil` if no output was used.
  func gradient(
    _ gradients: some Collection<Tensor<Scalar>?>, at features: Tensor<Scalar>, _ shape: Shape,
    rows: Range<Int>
  ) -> Tensor<Scalar>? {
    var rest = Array(gradients)[...]
    let share = Tensor(1 / Scalar(shape[2] * shape[3]))
    var sum: Tensor<Scalar>?
    func add(_ part: Tensor<Scalar>) {
      guard var own = sum else {
        sum = part
        return
      }
      // In place, where nobody asks how the sum came about.
      sum = nil
      own += part
      sum = own
    }
    func spread(_ g: Tensor<Scalar>) -> Tensor<Scalar> { g.reshaped(to: [shape[0], shape[1], 1, 1]) }
    if gram, let g = rest.removeFirst() {
      add(features.channelsMixed(by: (g + g.transposed()) * share))
    }
    if mean, let g = rest.removeFirst() {
      let part = spread(g * share)
      add(sum == nil ? part.broadcast(to: features.shape) : part)
    }
    if let content, let g = rest.removeFirst() {
      let target = rows.count == shape[2] ? content.target : content.target.sliced(rows, axis: 2)
      let difference = scaledDifference(features, target, g * Tensor(Scalar(2 * content.scale)))
      add(content.weights.map { difference * $0.rows(rows) } ?? difference)
    }
    for (weights, hasGram, hasMean) in weighted {
      let part = Tensor(1 / Scalar(weights.sum))
      var own: Tensor<Scalar>?
      if hasGram, let g = rest.removeFirst() {
        own = features.channelsMixed(by: (g + g.transposed()) * part)
      }
      if hasMean, let g = rest.removeFirst() {
        let spread = spread(g * part)
        if own == nil { own = spread } else { own! += spread }
      }
      guard var found = own else { continue }
      own = nil
      if found.shape == features.shape {
        found *= weights.rows(rows)
      } else {
        found = found * weights.rows(rows)
      }
      add(found)
    }
    if !places.isEmpty, let g = rest.removeFirst() {
      // Also where there is no place: a sum of zeros has one sign, however the rows are cut.
      let (width, share) = (shape[3], g * Tensor(placeShare))
      var part = Tensor<Scalar>.zeros([shape[1], rows.count * width])
      for windows in windowRows(in: rows, width: width) {
        for pixels in windows.pixels { part[0..., pixels] += share.sliced(windows.places, axis: 1) }
      }
      add(part.reshaped(to: [1, shape[1], rows.count, width]))
    }
    return sum
  }

  fileprivate func gradient(
    _ gradients: [Tensor<Scalar>?], at features: Tensor<Scalar>, _ shape: Shape
  ) -> Tensor<Scalar> {
    gradient(gradients, at: features, shape, rows: 0..<shape[2])!
  }
}

/// s · (x − y) for a number s, without a temporary of the size of x, also where x is tracked.
private func scaledDifference<Scalar: TensorScalar>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, _ s: Tensor<Scalar>
) -> Tensor<Scalar> {
  var value = x.detached() - y
  value *= s.detached()
  return record("scaledDifference", value, (x, { h in h * s }), (s, { h in (h * (x - y)).sum() }))
}
