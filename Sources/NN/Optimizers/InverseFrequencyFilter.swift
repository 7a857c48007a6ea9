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
///   numbers.
public struct InverseFrequencyFilter<Scalar: TensorScalar>: Sendable {
  /// What waves meet at the picture's edges.
  public enum Boundary: String, Sendable, CaseIterable {
    /// Waves meet their mirror image, by the cosine transform (DCT-II).
    case mirrored
    /// The opposite edge, by Hartley's transform, cas t = cos t + sin t: for pictures that are tiles.
    case periodic
  }

  /// D's factors: rows are waves, columns pixels.
  private let vertical: Tensor<Scalar>
  private let horizontal: Tensor<Scalar>
  /// m / f, [W, H].
  private let weights: Tensor<Scalar>

  /// A filter of pictures of `height` × `width` pixels.
  ///
  /// - Precondition: The sides are at least 1.
  public init(height: Int, width: Int, boundary: Boundary = .mirrored) {
    ShapeCheck.require(height >= 1 && width >= 1) {
      "InverseFrequencyFilter: no picture has \(height) × \(width) pixels"
    }
    vertical = Tensor(boundary.transform(height)).lasting()
    horizontal = height == width ? vertical : Tensor(boundary.transform(width)).lasting()
    let lowest = 1 / Double(max(height, width))
    let (y, x) = (boundary.frequencies(height), boundary.frequencies(width))
    let slowness = x.flatMap { x in y.map { y in 1 / max((y * y + x * x).squareRoot(), lowest) } }
    let mean = slowness.reduce(0, +) / Double(height * width)
    weights = Tensor(slowness.map { Scalar($0 / mean) }, shape: [width, height]).lasting()
  }

  /// K · x for every channel of pictures [N, C, H, W].
  ///
  /// - Precondition: The pictures have the filter's height and width.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    ShapeCheck.require(x.rank == 4 && x.shape[2] == weights.shape[1] && x.shape[3] == weights.shape[0]) {
      "InverseFrequencyFilter: the pictures \(x.shape) are not of the form [N, C, \(weights.shape[1]), "
        + "\(weights.shape[0])]"
    }
    // From the right alone, so that all channels' rows are one tall matrix: that keeps every thread busy.
    let spectrum = x.matrixProduct(horizontal, transposingRight: true)
      .transposed().matrixProduct(vertical, transposingRight: true)
    return (spectrum * weights).matrixProduct(vertical).transposed().matrixProduct(horizontal)
  }
}

extension InverseFrequencyFilter.Boundary {
  /// The orthonormal transform of `count` numbers.
  fileprivate func transform(_ count: Int) -> Tensor<Double> {
    var elements: [Double] = []
    elements.reserveCapacity(count * count)
    for wave in 0..<count {
      for place in 0..<count { elements.append(element(wave: wave, place: place, of: count)) }
    }
    return Tensor(elements, shape: [count, count])
  }

  /// What the number at `place` adds to that of `wave`.
  private func element(wave: Int, place: Int, of count: Int) -> Double {
    let n = Double(count)
    switch self {
    case .mirrored:
      let norm: Double = ((wave == 0 ? 1 : 2) / n).squareRoot()
      let phase = Double(wave * (2 * place + 1) % (4 * count))
      return norm * Double.cos(.pi * phase / (2 * n))
    case .periodic:
      let angle: Double = 2 * .pi * Double(wave * place % count) / n
      return (Double.cos(angle) + Double.sin(angle)) / n.squareRoot()
    }
  }

  /// The transform's frequencies in cycles a pixel, 0 … ½.
  fileprivate func frequencies(_ count: Int) -> [Double] {
    (0..<count).map { wave in
      switch self {
      case .mirrored: Double(wave) / Double(2 * count)
      case .periodic: Double(min(wave, count - wave)) / Double(count)
      }
    }
  }
}
