import Tensor

/// A filter of pictures that weakens each wave by its frequency: a first guess of the inverse Hessian for
/// functions of pictures.
///
///     K = Dᵀ · diag(m / f) · D,    f = max((f_y² + f_x²)^½, 1 / max(H, W))
///
/// D is an orthonormal transform of the columns and of the rows, f_y and f_x its frequencies in cycles a
/// pixel, and m makes the mean of the diagonal 1. K is symmetric positive definite.
///
/// A loss of features is flat along a picture's large shapes and colours, which most of the features do not
/// see, and steep along its grain. A gradient step moves it along the grain; after K it moves along all
/// scales, with the spectrum of a natural picture.
///
/// ```swift
/// let filter = InverseFrequencyFilter<Float>(height: 512, width: 512)
/// let optimizer = LBFGS<Float>(bounds: 0...1, initialInverseHessian: { filter($0) })
/// ```
///
/// - Complexity: four matrix products for a channel, 4 · H · W · (H + W) operations; memory for H² + W² + H · W
///   numbers, where these take more than 64 MB only while it is applied.
public struct InverseFrequencyFilter<Scalar: TensorScalar>: Sendable {
  /// What waves meet at the picture's edges.
  public enum Boundary: String, Sendable, CaseIterable {
    /// Waves meet their mirror image, by the cosine transform (DCT-II).
    case mirrored
    /// The opposite edge, by Hartley's transform, cas t = cos t + sin t: for pictures that are tiles.
    case periodic
  }

  private let height: Int
  private let width: Int
  private let boundary: Boundary
  /// What the filter is made of; `nil` where that is made anew each time.
  private let kept: Factors<Scalar>?

  /// The bytes of D and m / f for pictures of `height` × `width` pixels, and whether they are kept. Those of large pictures are
  /// made again in a part of the time that their products take, and would take as much memory as a picture does.
  package static func factors(height: Int, width: Int) -> (byteCount: Int, areKept: Bool) {
    let byteCount = (height * height + width * width + height * width) * MemoryLayout<Scalar>.stride
    return (byteCount, byteCount <= 1 << 26)
  }

  /// A filter of pictures of `height` × `width` pixels.
  ///
  /// - Precondition: The sides are at least 1.
  public init(height: Int, width: Int, boundary: Boundary = .mirrored) {
    ShapeCheck.require(height >= 1 && width >= 1) {
      "InverseFrequencyFilter: no picture has \(height) × \(width) pixels"
    }
    (self.height, self.width, self.boundary) = (height, width, boundary)
    kept =
      Self.factors(height: height, width: width).areKept
      ? Factors(height, width, boundary, isLasting: true) : nil
  }

  /// K · x for every channel of pictures [N, C, H, W].
  ///
  /// - Precondition: The pictures have the filter's height and width.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    ShapeCheck.require(x.rank == 4 && x.shape[2] == height && x.shape[3] == width) {
      "InverseFrequencyFilter: the pictures \(x.shape) are not of the form [N, C, \(height), \(width)]"
    }
    let factors = kept ?? Factors(height, width, boundary, isLasting: false)
    // From the right alone, so that all channels' rows are one tall matrix: that keeps every thread busy.
    let spectrum = x.matrixProduct(factors.horizontal, transposingRight: true)
      .transposed().matrixProduct(factors.vertical, transposingRight: true)
    return (spectrum * factors.weights).matrixProduct(factors.vertical).transposed()
      .matrixProduct(factors.horizontal)
  }
}

/// D and m / f for one size of pictures.
private struct Factors<Scalar: TensorScalar> {
  /// D's factors: rows are waves, columns pixels.
  let vertical: Tensor<Scalar>
  let horizontal: Tensor<Scalar>
  /// m / f, [W, H].
  let weights: Tensor<Scalar>

  init(_ height: Int, _ width: Int, _ boundary: InverseFrequencyFilter<Scalar>.Boundary, isLasting: Bool) {
    func placed(_ x: Tensor<Scalar>) -> Tensor<Scalar> { isLasting ? x.lasting() : x }
    vertical = placed(boundary.transform(height))
    horizontal = height == width ? vertical : placed(boundary.transform(width))
    let lowest = 1 / Double(max(height, width))
    let (y, x) = (boundary.frequencies(height), boundary.frequencies(width))
    func slowness(_ x: Double, _ y: Double) -> Double { 1 / max((y * y + x * x).squareRoot(), lowest) }
    var sum = 0.0
    for x in x { for y in y { sum += slowness(x, y) } }
    let mean = sum / Double(height * width)
    weights = placed(
      Tensor(shape: [width, height]) { target in
        var place = 0
        for x in x {
          for y in y {
            target[place] = Scalar(slowness(x, y) / mean)
            place += 1
          }
        }
      })
  }
}

extension InverseFrequencyFilter.Boundary {
  /// The orthonormal transform of `count` numbers, [count, count].
  fileprivate func transform(_ count: Int) -> Tensor<Scalar> {
    // From place to place a wave's phase grows by as much, so that all of them run through one table.
    let table = phases(count)
    let plain = Scalar((1 / Double(count)).squareRoot())
    return Tensor(shape: [count, count]) { target in
      for wave in 0..<count {
        let row = wave * count..<(wave + 1) * count
        if wave == 0 {
          for place in row { target[place] = plain }
          continue
        }
        let (start, step) = self == .mirrored ? (wave, 2 * wave) : (0, wave)
        var phase = start
        for place in row {
          target[place] = table[phase]
          phase += step
          if phase >= table.count { phase -= table.count }
        }
      }
    }
  }

  /// What a number adds to that of a wave other than the first, by the phase in which it meets the wave.
  private func phases(_ count: Int) -> [Scalar] {
    let n = Double(count)
    switch self {
    case .mirrored:
      let norm: Double = (2 / n).squareRoot()
      return (0..<4 * count).map { Scalar(norm * Double.cos(.pi * Double($0) / (2 * n))) }
    case .periodic:
      return (0..<count).map {
        let angle: Double = 2 * .pi * Double($0) / n
        return Scalar((Double.cos(angle) + Double.sin(angle)) / n.squareRoot())
      }
    }
  }

  /// The transform's frequencies in cycles a pixel, 0 … ½.
  func frequencies(_ count: Int) -> [Double] {
    (0..<count).map { wave in
      switch self {
      case .mirrored: Double(wave) / Double(2 * count)
      case .periodic: Double(min(wave, count - wave)) / Double(count)
      }
    }
  }
}
