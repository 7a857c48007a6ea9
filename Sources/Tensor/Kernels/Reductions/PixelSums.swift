/// Sums over the pixels of features, added up from bands of whole rows: products of channels, the channels themselves,
/// and the squared distance from other features.
///
/// Rows are taken in groups, whose height depends on the width alone. A group's sums are made at once and added to
/// those of the groups before it, in order and in `Double`. So the sums have the same bits however the rows are
/// handed over, as long as each band but the last is whole groups.
package struct PixelSums<Scalar: TensorScalar>: Sendable {
  private let batch: Int
  private let channels: Int
  private let width: Int
  /// Σ F·Fᵀ of each picture, the upper triangle; empty if it is not wanted.
  private var products: [Double]
  /// Σ F of each picture's channels; empty if it is not wanted.
  private var sums: [Double]
  /// Σ (F − P)².
  package private(set) var squaredDistance = 0.0

  /// A group has this many pixels at least.
  private static var pixelsInGroup: Int { 512 }
  /// So many groups are worked on before they are added up.
  private static var groupsAtOnce: Int { 16 }

  /// The rows of a group: a power of two, whole tiles of a convolution.
  package static func groupHeight(width: Int) -> Int {
    var height = WinogradBasis.outputs
    while height * width < pixelsInGroup { height *= 2 }
    return height
  }

  /// Sums of nothing yet, for features [batch, channels, any height, width].
  package init(batch: Int, channels: Int, width: Int, products: Bool, sums: Bool) {
    (self.batch, self.channels, self.width) = (batch, channels, width)
    self.products = products ? Array(repeating: 0, count: batch * channels * channels) : []
    self.sums = sums ? Array(repeating: 0, count: batch * channels) : []
  }

  /// Adds a band of rows.
  ///
  /// - Parameters:
  ///   - features: F, [N, C, rows, W].
  ///   - target: P, the features that F is compared with, of the same shape; `nil` if it is not.
  ///   - weights: How often each pixel counts, [1, 1, rows, W], not negative; `nil` for once. A group of pixels that do
  ///     not count costs nothing.
  /// - Precondition: The bands before were whole groups.
  package mutating func add(
    _ features: Tensor<Scalar>, target: Tensor<Scalar>? = nil, weights: Tensor<Scalar>? = nil
  ) {
    ShapeCheck.require(
      features.shape[0] == batch && features.shape[1] == channels && features.shape[3] == width
    ) {
      "PixelSums: features \(features.shape) are not of the form [\(batch), \(channels), rows, \(width)]"
    }
    ShapeCheck.require(weights.map { $0.shape == [1, 1, features.shape[2], width] } ?? true) {
      "PixelSums: weights \(weights?.shape ?? []) for features \(features.shape); [1, 1, H, W] is needed"
    }
    let band = FeatureBand(features.array)
    let shares = weights?.scalars
    let other = target.map { FeatureBand($0.array, like: band) }
    let groupHeight = Self.groupHeight(width: width)
    let height = features.shape[2]
    let groups = (height + groupHeight - 1) / groupHeight
    let (atOnce, size) = (min(groups, Self.groupsAtOnce), channels * channels)
    let wantsProducts = !products.isEmpty
    let wantsSums = !sums.isEmpty
    let partialProducts = StridedArray<Scalar>(uninitialized: [wantsProducts ? atOnce * size : 0])
    let partialSums = StridedArray<Double>(uninitialized: [atOnce, channels + 1])
    withExtendedLifetime(
      (band.array.storage, other?.array.storage, partialProducts.storage, partialSums.storage)
    ) {
      for picture in 0..<batch {
        for first in stride(from: 0, to: groups, by: atOnce) {
          let count = min(atOnce, groups - first)
          Parallel.forEach(count) { place in
            let top = (first + place) * groupHeight
            let rows = top..<min(top + groupHeight, height)
            if let shares {
              band.addUp(
                picture, rows, weighedBy: shares[rows.lowerBound * width..<rows.upperBound * width],
                target: other,
                products: wantsProducts ? partialProducts.pointer + place * size : nil,
                totals: partialSums.pointer + place * (channels + 1))
              return
            }
            if wantsProducts {
              BLAS.syrk(
                channels, rows.count * width, band.matrix(picture, row: top),
                partialProducts.pointer + place * size, leadingDimension: channels, lower: false)
            }
            let totals = partialSums.pointer + place * (channels + 1)
            if wantsSums { band.sum(picture, rows, into: totals) }
            totals[channels] = other.map { band.squaredDistance(from: $0, picture, rows) } ?? 0
          }
          addUp(picture, count, partialProducts.pointer, partialSums.pointer)
        }
      }
    }
  }

  private mutating func addUp(
    _ picture: Int, _ count: Int, _ partialProducts: UnsafePointer<Scalar>,
    _ partialSums: UnsafePointer<Double>
  ) {
    let channels = channels
    for place in 0..<count {
      let totals = partialSums + place * (channels + 1)
      squaredDistance += totals[channels]
      if !sums.isEmpty {
        for channel in 0..<channels { sums[picture * channels + channel] += totals[channel] }
      }
    }
    if products.isEmpty { return }
    products.withUnsafeMutableBufferPointer { products in
      let target = products.baseAddress! + picture * channels * channels
      Parallel.forEachRange(channels, grain: max(1, Kernels.elementGrain / (channels * count))) { rows in
        addTriangles(rows, of: channels, partialProducts, count, to: target)
      }
    }
  }

  /// G = F·Fᵀ / M of the M pixels that were added, [N, C, C].
  package func gram(pixels: Int) -> Tensor<Scalar> { gram(weight: Double(pixels)) }

  /// The weighted G = Σ w·F·Fᵀ / `weight`, [N, C, C].
  package func gram(weight: Double) -> Tensor<Scalar> {
    Tensor(
      StridedArray([batch, channels, channels]) { result in
        for picture in 0..<batch {
          let base = picture * channels * channels
          for row in 0..<channels {
            for column in row..<channels {
              let value = Scalar(products[base + row * channels + column] / weight)
              result[base + row * channels + column] = value
              result[base + column * channels + row] = value
            }
          }
        }
      })
  }

  /// μ = F·1 / M of the M pixels that were added, [N, C, 1].
  package func mean(pixels: Int) -> Tensor<Scalar> { mean(weight: Double(pixels)) }

  /// The weighted μ = Σ w·F / `weight`, [N, C, 1].
  package func mean(weight: Double) -> Tensor<Scalar> {
    Tensor(sums.map { Scalar($0 / weight) }, shape: [batch, channels, 1])
  }
}

/// Adds the rows of the upper triangles of `count` matrices to those of `target`, one matrix after the other.
@specialized(where S == Float)
@specialized(where S == Double)
private func addTriangles<S: TensorScalar>(
  _ rows: Range<Int>, of order: Int, _ matrices: UnsafePointer<S>, _ count: Int,
  to target: UnsafeMutablePointer<Double>
) {
  for row in rows {
    let sums = target + row * order
    for place in 0..<count {
      let source = matrices + (place * order + row) * order
      for column in row..<order { sums[column] += Double(source[column]) }
    }
  }
}

/// Features whose pixels are walked group by group: with channels last, or each channel's rows one after the other.
private struct FeatureBand<Scalar: TensorScalar>: @unchecked Sendable {
  let array: StridedArray<Scalar>
  private let channels: Int
  private let width: Int
  private let isChannelsLast: Bool
  private let kernel = ReductionKernel<Scalar>(Reductions.Sum.self)

  init(_ x: StridedArray<Scalar>) {
    let isChannelsLast = x.layout.isChannelsLast && x.shape[1] > 1
    self.init(isChannelsLast ? Kernels.channelsLast(x) : Self.withWholeRows(x), isChannelsLast)
  }

  /// Features that lie in memory as `other` do.
  init(_ x: StridedArray<Scalar>, like other: FeatureBand) {
    self.init(
      other.isChannelsLast ? Kernels.channelsLast(x) : Self.withWholeRows(x), other.isChannelsLast)
  }

  private init(_ array: StridedArray<Scalar>, _ isChannelsLast: Bool) {
    (self.array, self.isChannelsLast) = (array, isChannelsLast)
    (channels, width) = (array.shape[1], array.shape[3])
  }

  private static func withWholeRows(_ x: StridedArray<Scalar>) -> StridedArray<Scalar> {
    let (shape, strides) = (x.shape, x.layout.strides)
    let isWhole =
      (shape[3] == 1 || strides[3] == 1) && (shape[2] == 1 || strides[2] == shape[3])
      && (shape[1] == 1 || strides[1] >= shape[2] * shape[3])
    return isWhole ? x : Kernels.copy(x)
  }

  private func start(_ picture: Int, channel: Int = 0, row: Int) -> UnsafePointer<Scalar> {
    let offset = isChannelsLast ? row * width * channels : channel * channelStep + row * width
    return UnsafePointer(array.pointer) + picture * array.layout.strides[0] + offset
  }

  private var channelStep: Int {
    channels == 1 ? array.shape[2] * width : array.layout.strides[1]
  }

  /// F of the pixels from a row on, C × M.
  func matrix(_ picture: Int, row: Int) -> BLAS.Matrix<Scalar> {
    BLAS.Matrix(
      start: start(picture, row: row), isTransposed: isChannelsLast,
      leadingDimension: isChannelsLast ? channels : channelStep)
  }

  /// The channels' sums over some rows.
  func sum(_ picture: Int, _ rows: Range<Int>, into totals: UnsafeMutablePointer<Double>) {
    let pixels = rows.count * width
    guard isChannelsLast else {
      for channel in 0..<channels {
        totals[channel] = kernel.run(start(picture, channel: channel, row: rows.lowerBound), pixels, 1)
      }
      return
    }
    kernel.clear(totals, channels)
    let first = start(picture, row: rows.lowerBound)
    if kernel.accumulateRows(totals, channels, first, pixels, channels) { return }
    for pixel in 0..<pixels { kernel.accumulate(totals, channels, first + pixel * channels, 1) }
  }

  /// The sums of one group of rows whose pixels are weighted: Σ w·F·Fᵀ from rows √w·F, Σ w·F, and Σ w·(F − P)².
  ///
  /// - Parameters:
  ///   - shares: The weights of the rows' pixels.
  ///   - products: Gets the upper triangle, where it is wanted.
  ///   - totals: Gets the channels' sums and, behind them, the squared distance.
  func addUp(
    _ picture: Int, _ rows: Range<Int>, weighedBy shares: ArraySlice<Scalar>, target: FeatureBand?,
    products: UnsafeMutablePointer<Scalar>?, totals: UnsafeMutablePointer<Double>
  ) {
    totals.update(repeating: 0, count: channels + 1)
    guard shares.contains(where: { $0 != 0 }) else {
      products?.update(repeating: 0, count: channels * channels)
      return
    }
    let pixels = shares.count
    let steps = isChannelsLast ? (pixel: channels, channel: 1) : (pixel: 1, channel: channelStep)
    let weighed = StridedArray<Scalar>(uninitialized: [products == nil ? 0 : pixels * channels])
    let first = start(picture, row: rows.lowerBound)
    shares.withUnsafeBufferPointer { shares in
      weigh(
        first, steps.pixel, steps.channel, pixels: pixels, channels, by: shares.baseAddress!,
        into: products == nil ? nil : weighed.pointer, sums: totals)
      if let target {
        totals[channels] = weightedSquares(
          first, target.start(picture, row: rows.lowerBound), steps.pixel,
          (steps.channel, isChannelsLast ? 1 : target.channelStep), pixels: pixels, channels,
          shares.baseAddress!)
      }
    }
    guard let products else { return }
    BLAS.syrk(
      channels, pixels,
      BLAS.Matrix(start: UnsafePointer(weighed.pointer), isTransposed: true, leadingDimension: channels),
      products, leadingDimension: channels, lower: false)
    withExtendedLifetime(weighed) {}
  }

  /// Σ (x − y)² over some rows.
  func squaredDistance(from other: FeatureBand, _ picture: Int, _ rows: Range<Int>) -> Double {
    let pixels = rows.count * width
    if isChannelsLast {
      let row = rows.lowerBound
      return sumOfSquaredDifferences(
        start(picture, row: row), other.start(picture, row: row), pixels * channels)
    }
    return (0..<channels).reduce(0) { total, channel in
      let row = rows.lowerBound
      return total
        + sumOfSquaredDifferences(
          start(picture, channel: channel, row: row), other.start(picture, channel: channel, row: row), pixels
        )
    }
  }
}

/// Writes √w·F, pixel after pixel, and adds w·F to the channels' sums.
@specialized(where S == Float)
@specialized(where S == Double)
private func weigh<S: TensorScalar>(
  _ features: UnsafePointer<S>, _ pixelStep: Int, _ channelStep: Int, pixels: Int, _ channels: Int,
  by weights: UnsafePointer<S>, into rows: UnsafeMutablePointer<S>?, sums: UnsafeMutablePointer<Double>
) {
  for pixel in 0..<pixels {
    let (weight, root) = (Double(weights[pixel]), weights[pixel].squareRoot())
    let source = features + pixel * pixelStep
    if let rows {
      let target = rows + pixel * channels
      for channel in 0..<channels { target[channel] = root * source[channel * channelStep] }
    }
    if weight == 0 { continue }
    for channel in 0..<channels { sums[channel] += weight * Double(source[channel * channelStep]) }
  }
}

/// Σ w·(x − y)².
@specialized(where S == Float)
@specialized(where S == Double)
private func weightedSquares<S: TensorScalar>(
  _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ pixelStep: Int, _ channelSteps: (a: Int, b: Int),
  pixels: Int, _ channels: Int, _ weights: UnsafePointer<S>
) -> Double {
  var total = 0.0
  for pixel in 0..<pixels where weights[pixel] != 0 {
    var sum = 0.0
    for channel in 0..<channels {
      let difference =
        Double(a[pixel * pixelStep + channel * channelSteps.a])
        - Double(b[pixel * pixelStep + channel * channelSteps.b])
      sum += difference * difference
    }
    total += Double(weights[pixel]) * sum
  }
  return total
}

@specialized(where S == Float)
@specialized(where S == Double)
private func sumOfSquaredDifferences<S: TensorScalar>(
  _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ count: Int
) -> Double {
  // Eight running sums fill vector registers.
  var sums = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
  @inline(__always) func square(_ i: Int) -> Double {
    let difference = Double(a[i]) - Double(b[i])
    return difference * difference
  }
  var i = 0
  while i + 8 <= count {
    sums.0 += square(i)
    sums.1 += square(i + 1)
    sums.2 += square(i + 2)
    sums.3 += square(i + 3)
    sums.4 += square(i + 4)
    sums.5 += square(i + 5)
    sums.6 += square(i + 6)
    sums.7 += square(i + 7)
    i += 8
  }
  var total = ((sums.0 + sums.1) + (sums.2 + sums.3)) + ((sums.4 + sums.5) + (sums.6 + sums.7))
  while i < count {
    total += square(i)
    i += 1
  }
  return total
}

extension Tensor where Scalar: TensorScalar {
  /// S·F for features F, [N, C, H, W] read as C rows of pixels, and symmetric matrices S, [N, C, C]: what pulls the
  /// gradient of products of channels back to them. Each pixel has the same bits in any band of whole groups of rows.
  package func channelsMixed(by symmetric: Tensor) -> Tensor {
    let shape = self.shape
    let group = PixelSums<Scalar>.groupHeight(width: shape[3])
    // The library's own products sum in an order that depends on the channels alone; BLAS's may depend on its cuts.
    if Processor.best.fastGemm(Scalar.self) != nil || shape[2] <= group {
      let flat = reshaped(to: [shape[0], shape[1], shape[2] * shape[3]])
      let strides = array.layout.strides
      let product =
        shape[1] > 1 && strides[1] < strides[3]
        ? flat.transposed().matrixProduct(symmetric).transposed() : symmetric.matrixProduct(flat)
      return product.reshaped(to: shape)
    }
    let bands = stride(from: 0, to: shape[2], by: group).map { row in
      sliced(row..<Swift.min(row + group, shape[2]), axis: 2).channelsMixed(by: symmetric)
    }
    return .concatenated(bands, axis: 2)
  }
}
