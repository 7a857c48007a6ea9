import Tensor

/// The squared 2-Wasserstein distance of two Gaussians, from the means and covariances of features:
///
///     scale · (‖μ − μ*‖² + tr(Σ + Σ* − 2 (Σ*^½ Σ Σ*^½)^½))
///
/// (Olkin and Pukelsheim, 1982.) A multiple of the identity is added to both covariances, since those of
/// fewer pixels than channels are singular, and the root has no slope there.
struct WassersteinDistance<Scalar: TensorScalar>: StyleDistance {
  private let mean: Tensor<Scalar>
  private let trace: Scalar
  /// Σ*^½, [N, C, C].
  private let root: Tensor<Double>
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
    root = rootOfSemidefinite(Tensor(softened(target.covariance, by: softening)))
    ofZeroFeatures = Self.ofZeros(to: self, batch: batch, channels: channels)
  }

  func callAsFunction(_ features: FeatureSums<Scalar>) -> Tensor<Scalar> {
    let found = FeatureStatistics(features)
    let covariance = softened(found.covariance, by: softening)
    let traces = found.variance.sum() + (trace + softening * Scalar(mean.count))
    let spread = traces - 2 * traceOfRoot(covariance, between: root)
    return squaredDistance(found.mean, mean, scale: scale) + spread * Scalar(scale)
  }
}

/// The symmetric matrices, [N, C, C], with `amount` added to their diagonals.
private func softened<Scalar: TensorScalar>(_ x: Tensor<Scalar>, by amount: Scalar) -> Tensor<Scalar> {
  x + .identity(x.shape[2]) * amount
}

/// Σ^½ of symmetric matrices [N, C, C] whose negative eigenvalues, of which single precision leaves some in
/// the covariance of fewer pixels than channels, count as 0; NaN where they are not finite.
private func rootOfSemidefinite(_ matrices: Tensor<Double>) -> Tensor<Double> {
  guard let (values, vectors) = try? matrices.eigh() else {
    return Tensor(repeating: .nan, shape: matrices.shape)
  }
  let fourthRoots = values.clamped(to: 0 ... .infinity).sqrt().sqrt()
  return (vectors * fourthRoots.expanded(axis: -2)).selfProduct()
}

/// tr (R·Σ·R)^½, summed over the pictures, for symmetric Σ and R without negative eigenvalues, [N, C, C].
/// dΣ = ½ R (R·Σ·R)^−½ R. There is no second derivative.
///
/// Worked out in `Double`: the eigenvalues are products of two variances, and the roots of the small ones
/// would drown in single precision's rounding of the large ones.
private func traceOfRoot<Scalar: TensorScalar>(
  _ covariance: Tensor<Scalar>, between root: Tensor<Double>
) -> Tensor<Scalar> {
  let product = root.matrixProduct(Tensor<Double>(covariance)).matrixProduct(root)
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
        let basis = root.matrixProduct(vectors)
        // Below the rounding of the largest there is no telling what an eigenvalue is, nor its root's slope.
        let least = Swift.max(roots.max().scalar * 1e-8, .leastNormalMagnitude)
        let slopes = Tensor.where(roots .> least, 0.5 / roots, Tensor(0)).reshaped(to: [
          -1, 1, roots.shape[1],
        ])
        let slope = Tensor<Scalar>((basis * slopes).matrixProduct(basis, transposingRight: true))
        return g
          * record(
            "traceOfRoot's gradient", slope,
            (covariance, { _ in ShapeCheck.fail("StyleLoss: wasserstein has no second derivative") }))
      }
    ))
}
