import Tensor

/// The squared 2-Wasserstein distance of two Gaussians, from the means and covariances of features:
///
///     scale · (‖μ − μ*‖² + tr(Σ + Σ* − 2 (Lᵀ Σ L)^½)),   Σ* = L Lᵀ
///
/// (Olkin and Pukelsheim, 1982, with the symmetric root of Σ*; any factor gives the same eigenvalues, and half of a triangle
/// is zeros.) A multiple of the identity is added to both covariances, since those of fewer pixels than channels are singular,
/// and the root has no slope there.
///
/// Where losses are relative, directions in which the target varies less than that are left out of L and of what is added: to
/// have nothing there is as near as can be. The deep layers of small pictures have fewer pixels than channels and leave a
/// matrix of as many rows as the target has pixels, whose eigenvectors are found in a fraction of the time.
struct WassersteinDistance<Scalar: TensorScalar>: StyleDistance {
  private let mean: Tensor<Scalar>
  /// tr Σ*, with what is added to it and to Σ.
  private let trace: Scalar
  /// L, [N, C, R].
  private let factor: LowerTrapezoid
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
    factor = LowerTrapezoid(
      factorOf: Tensor(target.covariance), softenedBy: Double(softening),
      above: normalization == .relative ? Double(softening) : -.infinity)
    self.trace = trace + 2 * softening * Scalar(batch * factor.rank)
    ofZeroFeatures = Self.ofZeros(to: self, batch: batch, channels: channels)
  }

  func callAsFunction(_ features: FeatureSums<Scalar>) -> Tensor<Scalar> {
    let found = FeatureStatistics(features)
    let covariance = found.covariance + .identity(mean.shape[1]) * softening
    let spread = found.variance.sum() + trace - 2 * traceOfRoot(covariance, between: factor)
    return squaredDistance(found.mean, mean, scale: scale) + spread * Scalar(scale)
  }
}

/// Matrices [N, C, R] of no more columns than rows with zeros above the diagonal, whose products pass over most of those: they
/// go by blocks of rows.
private struct LowerTrapezoid {
  private let matrices: Tensor<Double>
  /// Blocks of them.
  private let rows: [Range<Int>]
  private let columns: [Range<Int>]

  /// R.
  var rank: Int { matrices.shape[2] }

  /// The factor L of symmetric matrices with `amount` added to their diagonals, L·Lᵀ, in the directions in which one of them is
  /// larger than `least`, and in one at least; NaN where they are not finite.
  init(factorOf symmetric: Tensor<Double>, softenedBy amount: Double, above least: Double) {
    let (batch, count) = (symmetric.shape[0], symmetric.shape[2])
    var matrices = Tensor<Double>(repeating: .nan, shape: [batch, count, 1])
    if let (values, vectors) = try? symmetric.eigh() {
      // In ascending order.
      let first = (0..<count - 1).first { place in
        (0..<batch).contains { values[$0, place].scalar > least }
      }
      let places = (first ?? count - 1)...
      // Single precision leaves some below 0.
      let roots = (values[0..., places].clamped(to: 0 ... .infinity) + amount).sqrt().expanded(axis: -1)
      if let factor = try? (roots * vectors[0..., 0..., places].transposed()).qr().r {
        matrices = factor.transposed()
      }
    }
    self.matrices = matrices
    // Smaller products would not keep two threads busy.
    let length = 128
    func blocks(_ count: Int) -> [Range<Int>] {
      stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
    }
    rows = blocks(count)
    columns = blocks(matrices.shape[2])
  }

  /// L·X.
  func times(_ x: Tensor<Double>) -> Tensor<Double> {
    .concatenated(
      rows.map { rows in
        let filled = ..<min(rows.upperBound, rank)
        return matrices[0..., rows, filled].matrixProduct(x[0..., filled])
      }, axis: 1)
  }

  /// Lᵀ·X·L.
  func around(_ x: Tensor<Double>) -> Tensor<Double> {
    let right = Tensor.concatenated(
      columns.map { columns in
        x[0..., 0..., columns.lowerBound...].matrixProduct(matrices[0..., columns.lowerBound..., columns])
      }, axis: 2)
    return .concatenated(
      columns.map { columns in
        matrices[0..., columns.lowerBound..., columns].transposed()
          .matrixProduct(right[0..., columns.lowerBound...])
      }, axis: 1)
  }
}

/// tr (Lᵀ·Σ·L)^½, summed over the pictures, for symmetric Σ without negative eigenvalues, [N, C, C].
/// dΣ = ½ L (Lᵀ·Σ·L)^−½ Lᵀ. There is no second derivative.
///
/// Worked out in `Double`: the eigenvalues are products of two variances, and the roots of the small ones
/// would drown in single precision's rounding of the large ones.
private func traceOfRoot<Scalar: TensorScalar>(
  _ covariance: Tensor<Scalar>, between factor: LowerTrapezoid
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
