import Tensor

/// Adam over the levels of a Laplacian pyramid of a picture: what moves are not the pixels, but pictures of the whole, half,
/// a quarter … of the side, whose sum the picture is.
///
///     x = l₀ + U(l₁ + U(l₂ + …))          lₖ ← lₖ − rate · Adam's step for ∂f/∂lₖ
///
/// U doubles the sides by bilinear interpolation. Adam gives each number of each level a step of about the same length, so
/// that large areas change as fast as single pixels (Kolkin et al., 2019 and 2022, paint so). Adam does not ask where it
/// stands, and the sum of the levels is all that a function sees: only the picture and the running means are kept, and
/// the picture may be clamped to bounds.
public struct PyramidAdam<Scalar: TensorScalar>: FirstOrderOptimizer {
  /// The learning rate: about how far a number of a level moves in a step, in units of `x`.
  public var learningRate: Double
  /// β₁ and β₂ of ``Adam``.
  public var betas: (Double, Double)
  /// ε of ``Adam``, not negative.
  public var epsilon: Double
  /// The most levels; there are fewer where a side would have less than 4 pixels.
  public let levelCount: Int
  /// The bounds that elements of `x` are clamped to after each step; `nil` for none.
  public var bounds: ClosedRange<Scalar>?
  public var descentGuard = DescentGuard<Scalar>()

  private let isPeriodic: Bool
  private var means = AdamMeans<Scalar>()

  /// An optimiser that has learned nothing.
  ///
  /// - Parameters:
  ///   - learningRate: About how far a number of a level moves in a step.
  ///   - betas: How much of the running means is kept in a step.
  ///   - epsilon: What keeps the division from being one by zero.
  ///   - levelCount: The most levels.
  ///   - bounds: Where the picture is kept.
  ///   - isPeriodic: Whether the picture is a tile, whose edges meet.
  /// - Precondition: `learningRate` > 0, both `betas` in 0 ..< 1, `epsilon` ≥ 0, `levelCount` ≥ 1.
  public init(
    learningRate: Double = 0.002, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    levelCount: Int = 5, bounds: ClosedRange<Scalar>? = nil, isPeriodic: Bool = false
  ) {
    ShapeCheck.require(learningRate > 0) { "PyramidAdam: the learning rate \(learningRate) is not positive" }
    requireAdamFigures("PyramidAdam", learningRate, betas, epsilon)
    ShapeCheck.require(levelCount >= 1) { "PyramidAdam: \(levelCount) levels; at least 1 is needed" }
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.levelCount = levelCount
    self.bounds = bounds
    self.isPeriodic = isPeriodic
  }

  public mutating func reset() { (means, descentGuard) = (AdamMeans(), DescentGuard()) }

  public var state: NamedTensors<Scalar> { means.state(with: descentGuard) }

  public mutating func restore(_ state: NamedTensors<Scalar>) throws(OptimizerStateError) {
    (means, descentGuard) = try AdamMeans.restored(from: state, of: "PyramidAdam")
  }

  /// Moves pictures, [N, C, H, W], one step against their gradients.
  ///
  /// - Precondition: As the protocol says, and each has four axes.
  public mutating func update(_ parameters: inout NamedTensors<Scalar>, along gradients: NamedTensors<Scalar>)
  {
    requireAdamFigures("PyramidAdam", learningRate, betas, epsilon)
    gradients.requireGradients(of: parameters, "PyramidAdam")
    var (names, steps, slopes): ([String], [Tensor<Scalar>], [Tensor<Scalar>]) = ([], [], [])
    for (_, picture) in parameters {
      ShapeCheck.require(picture.rank == 4 && picture.count > 0) {
        "PyramidAdam: the picture \(picture.shape) is not of the form [N, C, H, W], or is empty"
      }
    }
    for (name, slope) in gradients {
      let levels = levelSlopes(slope.detached())
      names += levels.indices.map { "\(name).\($0)" }
      slopes += levels
      steps += levels.map { .zeros($0.shape) }
    }
    var moved = NamedTensors(names: names, tensors: steps)
    steps = []
    means.advance(
      &moved, along: NamedTensors(names: names, tensors: slopes), rate: learningRate, betas: betas,
      epsilon: epsilon, bounds: nil, "PyramidAdam")
    var rest = moved.tensors[...]
    for index in parameters.indices {
      let count = Self.sizes(parameters.tensors[index].shape, levelCount).count
      let step = picture(ofLevels: Array(rest.prefix(count)))
      rest.removeFirst(count)
      let x = parameters.tensors[index] + step
      parameters.tensors[index] = bounds.map { x.clamped(to: $0) } ?? x
    }
  }

  /// The heights and widths of the levels, from the largest.
  private static func sizes(_ shape: Shape, _ most: Int) -> [(height: Int, width: Int)] {
    var sizes = [(height: shape[2], width: shape[3])]
    while sizes.count < most, case let last = sizes[sizes.count - 1], min(last.height, last.width) >= 8 {
      sizes.append(((last.height + 1) / 2, (last.width + 1) / 2))
    }
    return sizes
  }

  /// The sum of the levels.
  private func picture(ofLevels levels: [Tensor<Scalar>]) -> Tensor<Scalar> {
    var sum = levels[levels.count - 1]
    for level in levels.dropLast().reversed() {
      sum =
        level
        + sum.resampled(to: level.shape[2], axis: 2, method: .bilinear, isPeriodic: isPeriodic)
        .resampled(to: level.shape[3], axis: 3, method: .bilinear, isPeriodic: isPeriodic)
    }
    return sum
  }

  /// The gradients to the levels, from that to the picture.
  private func levelSlopes(_ slope: Tensor<Scalar>) -> [Tensor<Scalar>] {
    let sizes = Self.sizes(slope.shape, levelCount)
    let levels = sizes.map {
      Tensor<Scalar>.zeros([slope.shape[0], slope.shape[1], $0.height, $0.width]).tracked()
    }
    return gradient(of: (picture(ofLevels: levels) * slope).sum(), withRespectTo: levels)
  }
}
