extension Tensor where Scalar: TensorScalar {
  /// Independent numbers that are 1 with the given probability and else 0; not tracked.
  ///
  /// The same bits for the same generator on every machine and for any number of threads.
  ///
  /// - Parameters:
  ///   - shape: Of the result.
  ///   - probability: Rounded up to a multiple of 2⁻²⁴ (`Float`) or 2⁻⁵³ (`Double`).
  ///   - generator: Where the numbers come from; it is left behind them.
  /// - Precondition: `probability` is in 0 ... 1.
  public static func bernoulli(
    _ shape: Shape, probability: Scalar = 0.5, using generator: inout RandomGenerator
  ) -> Tensor {
    ShapeCheck.validShape("bernoulli", shape)
    ShapeCheck.probabilities(Tensor(probability))
    return Tensor(uniform(shape, using: &generator) .< probability)
  }

  /// Independent numbers that are 1 with a probability of their own and else 0, of the shape of `probabilities`; not
  /// tracked.
  ///
  /// - Precondition: All probabilities are in 0 ... 1.
  public static func bernoulli(probabilities: Tensor, using generator: inout RandomGenerator) -> Tensor {
    ShapeCheck.probabilities(probabilities)
    return Tensor(uniform(probabilities.shape, using: &generator) .< probabilities)
  }

  /// Independent positions k in 0 ..< K with probabilities in proportion to `weights`, `[…, K]`: the result is
  /// `[…, count]`.
  ///
  /// ```swift
  /// let next = Tensor.categorical(weights: (scores / temperature).softmax(axis: -1), count: 1, using: &generator)
  /// ```
  ///
  /// The same bits for the same generator and weights on every machine and for any number of threads. Of
  /// logarithms of weights take the exponentials, less their maximum.
  ///
  /// - Parameters:
  ///   - weights: Not negative; they need not add up to 1.
  ///   - count: How many positions are drawn for each row of weights, with replacement.
  ///   - generator: Where the numbers come from; it is left behind them.
  /// - Precondition: Every row has a weight above 0 and none that is negative or not finite.
  /// - Complexity: O(K + count·log K) for each row.
  public static func categorical(
    weights: Tensor, count: Int, using generator: inout RandomGenerator
  ) -> Tensor<Int64> {
    ShapeCheck.require(weights.rank > 0 && count >= 0) {
      "categorical: the shape \(weights.shape) of the weights and the count \(count) name no numbers to draw"
    }
    let shape = Array(weights.shape.dropLast()) + [count]
    let draws = Tensor<Double>.uniform(shape, using: &generator)
    return Tensor<Int64>(Kernels.categorical(weights.array.contiguous(), draws.array))
  }

  /// Independent numbers of the gamma distribution, with the density x^(α − 1)·e^(−x/θ) / (Γ(α)·θ^α); not tracked.
  ///
  /// By Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables" (2000). The same bits for the same
  /// generator on every machine and for any number of threads. χ² with ν degrees of freedom has α = ν/2 and θ = 2; a
  /// beta number is a/(a + b) for two gamma numbers.
  ///
  /// - Parameters:
  ///   - shape: Of the result.
  ///   - concentration: α, the shape of the distribution. For a small one many numbers are too near 0 to be told from
  ///     it.
  ///   - scale: θ; the mean is α·θ and the variance α·θ².
  ///   - generator: Where the numbers come from; it is left behind them.
  /// - Precondition: Both are above 0 and finite.
  public static func gamma(
    _ shape: Shape, concentration: Scalar, scale: Scalar = 1, using generator: inout RandomGenerator
  ) -> Tensor {
    ShapeCheck.validShape("gamma", shape)
    ShapeCheck.require(concentration > 0 && scale > 0 && concentration.isFinite && scale.isFinite) {
      "gamma: the concentration \(concentration) and the scale \(scale) are not those of a distribution"
    }
    let draw = GammaDraw(concentration: Double(concentration), scale: Double(scale), generator.split())
    return Tensor(Kernels.gamma(shape, draw))
  }

  /// Vectors of the multivariate normal distribution: `[…, count, N]` for a mean `[…, N]` and covariances
  /// `[…, N, N]`, whose batches broadcast. x = μ + L·z with Σ = L·Lᵀ and standard normal numbers z.
  ///
  /// It has the derivatives of this formula with respect to both, if they are tracked. The z are the same on every
  /// machine; the products with them are BLAS's and may differ in the last bit.
  ///
  /// - Parameters:
  ///   - mean: μ.
  ///   - covariance: Σ, of which the symmetric part is taken.
  ///   - count: How many vectors are drawn for each mean and covariance.
  ///   - generator: Where the numbers come from; it is left behind them.
  /// - Precondition: The lengths N agree, and the batches broadcast.
  /// - Throws: ``LinearAlgebraError`` for the first covariance that is not positive definite.
  public static func multivariateNormal(
    mean: Tensor, covariance: Tensor, count: Int, using generator: inout RandomGenerator
  ) throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.squareMatrices("multivariateNormal", covariance.shape)
    let order = covariance.shape[covariance.rank - 1]
    let batch = Array(mean.shape.dropLast()).broadcast(with: Array(covariance.shape.dropLast(2)))
    ShapeCheck.require(mean.shape.last == order && batch != nil && count >= 0) {
      "multivariateNormal: a mean \(mean.shape) and a covariance \(covariance.shape) do not give \(count) vectors"
    }
    let factor: Tensor
    do throws(LinearAlgebraError) {
      factor = try covariance.cholesky()
    } catch {
      throw LinearAlgebraError("multivariateNormal", error)
    }
    let standard = normal(batch! + [count, order], using: &generator)
    return mean.expanded(axis: -2) + standard.matrixProduct(factor, transposingRight: true)
  }
}

extension ShapeCheck {
  fileprivate static func probabilities<Scalar: TensorScalar>(_ p: Tensor<Scalar>) {
    if p.count == 0 { return }
    let (least, most) = (p.detached().min().scalar, p.detached().max().scalar)
    require(least >= 0 && most <= 1) {
      "bernoulli: probabilities from \(least) to \(most) are not all in 0 ... 1"
    }
  }
}

extension Tensor where Scalar: TensorInteger {
  /// The integers 0 ..< `count` in random order, all orders equally likely.
  ///
  /// The same for the same generator on every machine; the order of ``RandomGenerator/permutation(_:)``.
  ///
  /// - Precondition: `count` is not negative, and `Scalar` holds all of them.
  public static func permutation(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
    Tensor(integers: generator.permutation(count))
  }
}
