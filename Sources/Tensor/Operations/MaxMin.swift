extension Tensor {
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

  /// The position of the largest element along `axis`, the first one of several; the first NaN counts as the
  /// largest. Without an axis, the position among all elements in row-major order.
  ///
  /// The result, whose elements are whole numbers, is not tracked; it lacks `axis`.
  ///
  /// - Precondition: There is at least one element to choose from, and `Scalar` can tell the positions apart:
  ///   no more than 2²⁴ elements along `axis` for `Float`.
  public func argmax(axis: Int? = nil) -> Tensor {
    guard let axis else {
      ShapeCheck.require(count > 0) { "argmax: the tensor of shape \(shape) has no elements to choose from" }
      return Tensor(array.reshaped(to: [count])).argmax(axis: 0)
    }
    let resolved = ShapeCheck.axis("argmax", axis, rank: rank)
    ShapeCheck.require(shape[resolved] > 0) {
      "argmax: axis \(axis) of \(shape) has no elements to choose from"
    }
    ShapeCheck.require(shape[resolved] - 1 <= 1 << (Scalar.significandBitCount + 1)) {
      "argmax: \(Scalar.scalarName) cannot hold all positions along an axis of length \(shape[resolved])"
    }
    return Tensor(Kernels.argmax(array, axis: resolved))
  }

  @inline(__always)
  private func extreme(
    _ name: StaticString, _ axes: [Int]?, _ keepingDimensions: Bool, _ reduction: some Reduction
  ) -> Tensor {
    let axes = ShapeCheck.axes("\(name)", axes, rank: rank)
    ShapeCheck.require(axes.allSatisfy { shape[$0] > 0 }) {
      "\(name): the shape \(shape) has no elements along the axes \(axes)"
    }
    if axes.isEmpty { return self }
    let input = self
    let result = record(
      name, Tensor(Kernels.reduce(array, axes: axes, reduction)),
      (
        input,
        { g, y in
          let isExtreme = input .== y
          return g / isExtreme.sum(axes: axes, keepingDimensions: true) * isExtreme
        }
      ))
    return keepingDimensions ? result : result.squeezed(axes: axes)
  }
}
