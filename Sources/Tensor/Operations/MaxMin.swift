extension Tensor where Scalar: TensorScalar {
  /// The largest element along `axes`, or of all; NaN if there is one.
  ///
  /// d/dx is 1 for the largest element, shared evenly by all that equal it.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  /// - Precondition: There is at least one element along `axes`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func max(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    extreme("max", axes, keepingDimensions, Reductions.Max())
  }

  /// The smallest element along `axes`, or of all; NaN if there is one.
  ///
  /// d/dx is 1 for the smallest element, shared evenly by all that equal it.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  /// - Precondition: There is at least one element along `axes`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func min(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    extreme("min", axes, keepingDimensions, Reductions.Min())
  }

  private func extreme(
    _ name: StaticString, _ axes: [Int]?, _ keepingDimensions: Bool, _ reduction: some Reduction
  ) -> Tensor {
    let axes = ShapeCheck.axes("\(name)", axes, rank: rank)
    ShapeCheck.require(axes.allSatisfy { shape[$0] > 0 }) {
      "\(name): the shape \(shape) has no elements along the axes \(axes)"
    }
    if axes.isEmpty { return self }
    if isMapped {
      return throughMapped { x, shift in
        x.extreme(name, axes.map { $0 + shift }, keepingDimensions, reduction)
      }
    }
    let input = self
    let result = record(
      name, Tensor(Kernels.reduce(array, axes: axes, reduction)),
      (
        input,
        { g, y in
          let isExtreme = input .== y
          let ties = Tensor(isExtreme.countTrue(axes: axes, keepingDimensions: true))
          return g / ties * Tensor(isExtreme)
        }
      ))
    return keepingDimensions ? result : result.squeezed(axes: axes)
  }
}
