import Tensor

/// How differently the edges of a picture run from those of another: the loss that keeps lines (Li, Xu, Nie and Wang,
/// Laplacian-Steered Neural Style Transfer, 2017).
///
///     mean over the windows of  Σ w (Δ pool(x) − Δ pool(y))² / Σ w (Δ pool(y))²        w = (Δ pool(y))² / ((Δ pool(y))² + m)
///
/// The pictures [1, 3, H, W] are made grey by the mean of their channels and smaller by the mean of windows of p × p
/// pixels; Δ is four times a pixel less its four neighbours, inside of the border. m is the mean of (Δ pool(y))²: where y,
/// the other picture, has lines they stay, and where it is plain x is free. The paper counts all places alike, and a plain
/// wall is then kept so from strokes that grain alone is left to paint it with. y counts as no calmer than steps of one
/// 255th. Where pixels are weighted, a square counts as often as the mean of its window says.
public struct LaplacianLoss<Scalar: TensorScalar>: Sendable {
  /// A window with what the other picture's Laplacian is there.
  private struct Level: Sendable {
    let window: Int
    let target: Tensor<Scalar>
    /// The roots of the weights, [1, 1, H, W] of the Laplacian.
    let roots: Tensor<Scalar>
    let scale: Double
  }

  private let levels: [Level]

  /// The loss of pictures against `image`.
  ///
  /// - Parameters:
  ///   - image: [1, 3, H, W].
  ///   - windows: The sides p; one that leaves fewer than three rows or columns is passed over. Of a 64th and a 16th of the
  ///     longer side, where nothing is said: strokes, which are painted between them, then have the same size against the
  ///     picture however large it is.
  ///   - weights: How often each pixel counts, [1, 1, H, W], not negative; `nil` for once.
  public init(target image: Tensor<Scalar>, windows: [Int]? = nil, weights: Tensor<Scalar>? = nil) {
    ShapeCheck.require(image.rank == 4 && image.shape[0] == 1 && windows?.allSatisfy { $0 > 0 } ?? true) {
      "LaplacianLoss: a picture \(image.shape) with windows \(windows ?? []); [1, C, H, W] and sides above 0 are needed"
    }
    let side = max(image.shape[2], image.shape[3])
    let windows = windows ?? [64, 16].map { max(1, (side + $0 / 2) / $0) }
    ShapeCheck.require(weights.map { $0.shape == [1, 1, image.shape[2], image.shape[3]] } ?? true) {
      "LaplacianLoss: weights \(weights?.shape ?? []) for a picture \(image.shape); [1, 1, H, W] is needed"
    }
    levels = windows.compactMap { window in
      guard min(image.shape[2], image.shape[3]) / window >= 3 else { return nil }
      let own = Self.laplacian(image.detached(), window)
      let pooled = weights.map { Self.inside($0.averagePool2D(window: window)) }
      let counts = pooled ?? Tensor(repeating: 1, shape: own.shape)
      let (squares, count) = (own.square(), Double(counts.sum().scalar))
      let least = 1 / (255.0 * 255.0)
      let mean = max(Double((squares * counts).sum().scalar) / max(count, .leastNormalMagnitude), least)
      let roots = (counts * squares / (squares + Tensor(Scalar(mean)))).sqrt()
      let target = own * roots
      return Level(
        window: window, target: target, roots: roots,
        scale: 1 / max(Vectors.squaredNorm(target), count * least, .leastNormalMagnitude))
    }
  }

  /// The loss of `image`, a tensor of rank 0; 0 where no window fits.
  ///
  /// - Precondition: `image` has the other picture's size.
  public func callAsFunction(_ image: Tensor<Scalar>) -> Tensor<Scalar> {
    var total = Tensor<Scalar>(0)
    for level in levels {
      let own = Self.laplacian(image, level.window)
      total =
        total
        + squaredDistance(own * level.roots, level.target, scale: level.scale / Double(levels.count))
    }
    return total
  }

  private static func laplacian(_ image: Tensor<Scalar>, _ window: Int) -> Tensor<Scalar> {
    let grey = image.mean(axes: [1], keepingDimensions: true)
    let x = window == 1 ? grey : grey.averagePool2D(window: window)
    let (rows, columns) = (1..<x.shape[2] - 1, 1..<x.shape[3] - 1)
    let vertical = x[..., ..<(-2), columns] + x[..., 2..., columns]
    let horizontal = x[..., rows, ..<(-2)] + x[..., rows, 2...]
    return 4 * inside(x) - vertical - horizontal
  }

  /// What has neighbours on all sides.
  private static func inside(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    x[..., 1..<x.shape[2] - 1, 1..<x.shape[3] - 1]
  }
}
