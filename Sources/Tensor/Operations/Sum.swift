extension Tensor where Scalar: TensorScalar {
  /// The sum along `axes`, or of all elements. The sum of no elements is 0. d/dx = 1, broadcast.
  ///
  /// `Float` elements are summed in `Double`, after eight at most in `Float`: the sum of 10⁸ ones is 10⁸.
  ///
  /// - Parameters:
  ///   - axes: The axes to sum over, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether the summed axes stay, with length 1.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let axes = ShapeCheck.axes("sum", axes, rank: rank)
    if axes.isEmpty { return self }
    if isMapped {
      return throughMapped { x, shift in
        x.sum(axes: axes.map { $0 + shift }, keepingDimensions: keepingDimensions)
      }
    }
    let shape = self.shape
    let sum = record(
      "sum", Tensor(Kernels.reduce(array, axes: axes, Reductions.Sum())),
      (self, { g in g.broadcast(to: shape) }), pushing: { $0.sum(axes: axes, keepingDimensions: true) })
    return keepingDimensions ? sum : sum.squeezed(axes: axes)
  }

  /// The arithmetic mean along `axes`, or of all elements; NaN for no elements. d/dx = 1/n for n elements.
  ///
  /// - Parameters:
  ///   - axes: The axes to average over, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func mean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let resolved = ShapeCheck.axes("mean", axes, rank: rank)
    return sum(axes: resolved, keepingDimensions: keepingDimensions) / Scalar(elementCount(along: resolved))
  }

  /// The variance along `axes`, or of all elements: Σ(x − mean)² / (n − correction).
  ///
  /// d/dx = 2 (x − mean) / (n − correction). As in PyTorch the default is the unbiased estimate, with
  /// correction 1; `correction: 0` gives the mean square deviation (NumPy's default). NaN when nothing is left
  /// to divide by.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  ///   - correction: What is taken off the number of elements.
  public func variance(axes: [Int]? = nil, keepingDimensions: Bool = false, correction: Int = 1) -> Tensor {
    let resolved = ShapeCheck.axes("variance", axes, rank: rank)
    let deviation = self - mean(axes: resolved, keepingDimensions: true)
    let divisor = degreesOfFreedom(along: resolved, correction)
    return deviation.square().sum(axes: resolved, keepingDimensions: keepingDimensions) / divisor
  }

  /// The standard deviation along `axes`, or of all elements: √(Σ(x − mean)² / (n − correction)), the root of the
  /// ``variance(axes:keepingDimensions:correction:)``.
  ///
  /// d/dx = (x − mean) / ((n − correction) · y), 0 where all elements are equal.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  ///   - correction: What is taken off the number of elements.
  public func standardDeviation(
    axes: [Int]? = nil, keepingDimensions: Bool = false, correction: Int = 1
  ) -> Tensor {
    let resolved = ShapeCheck.axes("standardDeviation", axes, rank: rank)
    let deviation = self - mean(axes: resolved, keepingDimensions: true)
    let divisor = degreesOfFreedom(along: resolved, correction)
    return deviation.norm(axes: resolved, keepingDimensions: keepingDimensions) / divisor.squareRoot()
  }

  /// The number of elements that a reduction along `axes` combines into one.
  private func elementCount(along axes: [Int]) -> Int { axes.map { shape[$0] }.elementCount }

  /// What is left of that number by the correction, 0 at least.
  private func degreesOfFreedom(along axes: [Int], _ correction: Int) -> Scalar {
    // In numbers that no correction overflows.
    Scalar(Swift.max(Double(elementCount(along: axes)) - Double(correction), 0))
  }
}
