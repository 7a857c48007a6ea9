extension Tensor where Scalar: TensorScalar {
  /// Independent numbers of `range`, all parts of it equally likely; not tracked.
  ///
  /// The same bits for the same generator on every machine and for any number of threads. `Float` numbers are of a
  /// grid of 2²⁴ steps over the range, `Double` ones of 2⁵³.
  ///
  /// - Precondition: The range is not empty, and its length is finite.
  public static func uniform(
    _ shape: Shape, in range: Range<Scalar> = 0..<1, using generator: inout RandomGenerator
  ) -> Tensor {
    ShapeCheck.validShape("uniform", shape)
    ShapeCheck.require(!range.isEmpty && (range.upperBound - range.lowerBound).isFinite) {
      "uniform: the range \(range) is empty or infinite"
    }
    let draw = UniformDraw(lower: Double(range.lowerBound), upper: Double(range.upperBound))
    return Tensor(Kernels.draw(shape, using: &generator, draw))
  }

  /// Independent numbers of the normal distribution; not tracked.
  ///
  /// The same bits for the same generator on every machine and for any number of threads: the logarithm and the
  /// sine that they are made with are the library's own.
  ///
  /// - Parameters:
  ///   - shape: Of the result.
  ///   - mean: The centre of the distribution.
  ///   - standardDeviation: The square root of its variance.
  ///   - generator: Where the numbers come from; it is left behind them.
  /// - Precondition: `standardDeviation` is not negative, and both are finite.
  public static func normal(
    _ shape: Shape, mean: Scalar = 0, standardDeviation: Scalar = 1, using generator: inout RandomGenerator
  ) -> Tensor {
    ShapeCheck.validShape("normal", shape)
    ShapeCheck.require(mean.isFinite && standardDeviation.isFinite && standardDeviation >= 0) {
      "normal: the mean \(mean) and the standard deviation \(standardDeviation) are not those of a distribution"
    }
    let draw = NormalDraw(mean: Double(mean), deviation: Double(standardDeviation))
    return Tensor(Kernels.draw(shape, using: &generator, draw))
  }
}
