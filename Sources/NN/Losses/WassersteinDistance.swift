import Tensor

/// The squared 2-Wasserstein distance of two Gaussians, from the means and covariances of features:
///
///     scale · (‖μ − μ*‖² + tr(Σ + Σ* − 2 (Lᵀ Σ L)^½)),   Σ* = L Lᵀ
///
/// (Olkin and Pukelsheim, 1982, with the symmetric root of Σ*; any factor gives the same eigenvalues, and half of a triangle
/// is zeros.) A multiple of the identity is added to both covariances, since those of
/// fewer pixels than channels are singular, and the root has no slope there.
struct WassersteinDistance<Scalar: TensorScalar>: StyleDistance {
  private let mean: Tensor<Scalar>
  private let trace: Scalar
  /// L, [N, C, C].
  private let factor: LowerTriangle
  private let scale: Double
  private let softening: Scalar
  private(set) var ofZeroFeatures = 0.0

  init(to features: FeatureSums<Scalar>, normalization: LossNormalization) {
    let target = FeatureStatistics(features)
    let (batch, channels) = (features.shape[0], features.shape[1])
    let energy = target.energy
    scale =
      normalization == .relative
      ? NN.scale(StyleStatistic.wasserstein.relativeScale, of: energy) : 1 / Double(channels)
    let trace = target.variance.sum().scalar
    // Outside of `relative` what Crowson's implementation adds.
    softening =
      normalization == .relative && trace > 0 ? 1e-4 * trace / Scalar(batch * channels) : 1e-4
    mean = target.mean
    self.trace = trace + softening * Scalar(batch * channels)
    factor = LowerTriangle(factorOf: Tensor(softened(target.covariance, by: softening)))
    ofZeroFeatures = Self.ofZeros(to: self, batch: batch, channels: channels)
  }

  func callAsFunction(_ features: FeatureSums<Scalar>) -> Tensor<Scalar> {
    let found = FeatureStatistics(features)
    let covariance = softened(found.covariance, by: softening)
    let traces = found.variance.sum() + (trace + softening * Scalar(mean.count))
    let spread = traces - 2 * traceOfRoot(covariance, between: factor)
    return squaredDistance(found.mean, mean, scale: scale) + spread * Scalar(scale)
  }
}

/// The symmetric matrices, [N, C, C], with `amount` added to their diagonals.
private func softened<Scalar: TensorScalar>(_ x: Tensor<Scalar>, by amount: Scalar) -> Tensor<Scalar> {
  x + .identity(x.shape[2]) * amount
}

/// Lower triangles [N, C, C], whose products pass over most of the zeros: they go by blocks of rows.
private struct LowerTriangle {
  private let matrices: Tensor<Double>
  private let blocks: [Range<Int>]

  /// The factor L of symmetric matrices L·Lᵀ whose negative eigenvalues, of which single precision leaves some in the
  /// covariance of fewer pixels than channels, count as 0; NaN where they are not finite.
  init(factorOf symmetric: Tensor<Double>) {
    let count = symmetric.shape[2]
    if let (values, vectors) = try? symmetric.eigh(),
      let triangle = try?
        (values.clamped(to: 0 ... .infinity).sqrt().expanded(axis: -1) * vectors.transposed()).qr().r
    {
      matrices = triangle.transposed()
    } else {
      matrices = Tensor(repeating: .nan, shape: symmetric.shape)
    }
    // Smaller products would not keep two threads busy.
    let length = 128
    blocks = stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
  }

  /// L·X.
  func times(_ x: Tensor<Double>) -> Tensor<Double> {
    .concatenated(
      blocks.map { rows in
        matrices[0..., rows, ..<rows.upperBound].matrixProduct(x[0..., ..<rows.upperBound])
      }, axis: 1)
  }

  /// Lᵀ·X·L.
  func around(_ x: Tensor<Double>) -> Tensor<Double> {
    let right = Tensor.concatenated(
      blocks.map { columns in
        x[0..., 0..., columns.lowerBound...].matrixProduct(matrices[0..., columns.lowerBound..., columns])
      }, axis: 2)
    return .concatenated(
      blocks.map { rows in
        matrices[0..., rows.lowerBound..., rows].transposed().matrixProduct(right[0..., rows.lowerBound...])
      }, axis: 1)
  }
}

/// tr (Lᵀ·Σ·L)^½, summed over the pictures, for symmetric Σ without negative eigenvalues, [N, C, C].
/// dΣ = ½ L (Lᵀ·Σ·L)^−½ Lᵀ. There is no second derivative.
///
/// Worked out in `Double`: the eigenvalues are products of two variances, and the roots of the small ones
/// would drown in single precision's rounding of the large ones.
private func traceOfRoot<Scalar: TensorScalar>(
  _ covariance: Tensor<Scalar>, between factor: LowerTriangle
) -> Tensor<Scalar> {
  let product = factor.around(Tensor<Double>(covariance))
  guard let (values, vectors) = try? product.eigh() else {
    // Not finite: so is the loss, and an optimiser goes back.
    return covariance.sum() * Scalar.nan
  }
  let roots = values.clamped(to: 0 ... .infinity).sqrt()
  let value = Tensor<Scalar>(Scalar(roots.sum().scalar))
  return record(
    "traceOfRoot", value,
    (
      covariance,
      { g in
        let basis = factor.times(vectors)
        // Below the rounding of the largest there is no telling what an eigenvalue is, nor its root's slope.
        let least = Swift.max(roots.max().scalar * 1e-8, .leastNormalMagnitude)
        let slopes = Tensor.where(roots .> least, 0.5 / roots, Tensor(0)).sqrt().expanded(axis: -2)
        let slope = Tensor<Scalar>((basis * slopes).selfProduct())
        return g
          * record(
            "traceOfRoot's gradient", slope,
            (covariance, { _ in ShapeCheck.fail("StyleLoss: wasserstein has no second derivative") }))
      }
    ))
}
