extension Tensor where Scalar: TensorScalar {
  /// How many elements lie in each of `binCount` parts of equal width of a range:
  /// `[binCount]`.
  ///
  /// A part includes its lower bound, the last one its upper bound too. Elements outside the range and NaN
  /// are not counted. PyTorch has it as `histc`.
  ///
  /// - Parameters:
  ///   - binCount: The number of parts.
  ///   - range: `nil` for the smallest to the largest element, or to 1 more and less where they are equal.
  /// - Precondition: `binCount` is positive; the range is finite and not a point.
  public func histogram(binCount: Int, in range: ClosedRange<Scalar>? = nil) -> Tensor<Int64> {
    if isMapped { ShapeCheck.refuseMapped("histogram") }
    ShapeCheck.require(binCount > 0) { "histogram: the number of bins, \(binCount), is not positive" }
    ShapeCheck.memory("histogram", for: binCount, of: Int.self)
    var bounds: (Scalar, Scalar)
    if let range {
      bounds = (range.lowerBound, range.upperBound)
      ShapeCheck.require(bounds.0 < bounds.1) { "histogram: the range \(range) is a point" }
    } else {
      let data = detached()
      bounds = count == 0 ? (0, 0) : (data.min().scalar, data.max().scalar)
      if bounds.0 == bounds.1 { bounds = (bounds.0 - 1, bounds.1 + 1) }
    }
    ShapeCheck.require((bounds.1 - bounds.0).isFinite) {
      "histogram: the range from \(bounds.0) to \(bounds.1) is not finite"
    }
    let counts = Kernels.histogram(array, binCount, from: Double(bounds.0), to: Double(bounds.1))
    return Tensor<Int64>(integers: counts)
  }
}
