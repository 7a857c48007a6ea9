// Reductions that leave NaN out, as where a measurement is missing.

extension Tensor where Scalar: TensorScalar {
  /// The sum along `axes`, or of all elements, NaN counted as 0. d/dx = 1, broadcast, and 0 for NaN.
  ///
  /// - Parameters:
  ///   - axes: The axes to sum over, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether the summed axes stay, with length 1.
  public func nanSum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    replacingNaN(by: 0).sum(axes: axes, keepingDimensions: keepingDimensions)
  }

  /// The mean along `axes`, or of all elements, of those that are not NaN; NaN where there are none. d/dx = 1/n for the n
  /// elements that count, and 0 for NaN.
  ///
  /// - Parameters:
  ///   - axes: The axes to average over, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  public func nanMean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    nanSum(axes: axes, keepingDimensions: keepingDimensions) / numberCount(axes, keepingDimensions)
  }

  /// The variance along `axes`, or of all elements, of those that are not NaN: Σ(x − mean)² / (n − correction); NaN where
  /// nothing is left to divide by. d/dx = 2 (x − mean) / (n − correction), and 0 for NaN.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  ///   - correction: What is taken off the number of elements.
  public func nanVariance(axes: [Int]? = nil, keepingDimensions: Bool = false, correction: Int = 1) -> Tensor
  {
    deviations(axes).square().sum(axes: axes, keepingDimensions: keepingDimensions)
      / degreesOfFreedom(axes, keepingDimensions, correction)
  }

  /// The standard deviation along `axes`, or of all elements, of those that are not NaN: the root of ``nanVariance(axes:keepingDimensions:correction:)``.
  /// d/dx = (x − mean) / ((n − correction) · y), and 0 for NaN and where y is 0.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  ///   - correction: What is taken off the number of elements.
  public func nanStandardDeviation(
    axes: [Int]? = nil, keepingDimensions: Bool = false, correction: Int = 1
  ) -> Tensor {
    // Not the root of the variance, whose squares leave the range of numbers, and whose slope at 0 is infinite.
    deviations(axes).norm(axes: axes, keepingDimensions: keepingDimensions)
      / degreesOfFreedom(axes, keepingDimensions, correction).sqrt()
  }

  /// The largest element along `axes`, or of all, that is not NaN; NaN where there is none. d/dx is that of
  /// `max`.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  /// - Precondition: There is at least one element along `axes`.
  public func nanMax(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let largest = replacingNaN(by: -.infinity).max(axes: axes, keepingDimensions: keepingDimensions)
    return .where(hasNumbers(axes, keepingDimensions), largest, Tensor(.nan))
  }

  /// The smallest element along `axes`, or of all, that is not NaN; NaN where there is none. d/dx is that of
  /// `min`.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  /// - Precondition: There is at least one element along `axes`.
  public func nanMin(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let smallest = replacingNaN(by: .infinity).min(axes: axes, keepingDimensions: keepingDimensions)
    return .where(hasNumbers(axes, keepingDimensions), smallest, Tensor(.nan))
  }

  private func replacingNaN(by value: Scalar, where isNaN: Tensor<Bool>? = nil) -> Tensor {
    .where(isNaN ?? self.isNaN(), Tensor(value), self)
  }

  /// How far each element is from the mean of its line; 0 for NaN.
  private func deviations(_ axes: [Int]?) -> Tensor {
    (self - nanMean(axes: axes, keepingDimensions: true)).replacingNaN(by: 0, where: isNaN())
  }

  /// How many numbers a line has, less the correction; NaN where that is not above 0.
  private func degreesOfFreedom(_ axes: [Int]?, _ keepingDimensions: Bool, _ correction: Int) -> Tensor {
    let freedom = numberCount(axes, keepingDimensions) - Scalar(correction)
    return .where(freedom .> 0, freedom, Tensor(.nan))
  }

  private func hasNumbers(_ axes: [Int]?, _ keepingDimensions: Bool) -> Tensor<Bool> {
    (self .== self).any(axes: axes, keepingDimensions: keepingDimensions)
  }

  private func numberCount(_ axes: [Int]?, _ keepingDimensions: Bool) -> Tensor {
    Tensor((self .== self).countTrue(axes: axes, keepingDimensions: keepingDimensions))
  }
}
