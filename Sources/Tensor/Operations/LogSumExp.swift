extension Tensor where Scalar: TensorScalar {
  /// log Σeˣ along `axes`, or of all elements: a smooth maximum. d/dx = eˣ / Σeˣ.
  ///
  /// No number overflows: the largest one is taken off first. Elements of −∞ count for nothing, and no elements, or
  /// none but those, give −∞ with the derivative 0. One of +∞ gives +∞.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func logSumExp(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let axes = ShapeCheck.axes("logSumExp", axes, rank: rank)
    if axes.isEmpty { return self }
    if isMapped {
      return throughMapped { x, shift in
        x.logSumExp(axes: axes.map { $0 + shift }, keepingDimensions: keepingDimensions)
      }
    }
    let input = self
    let result = record(
      "logSumExp", Tensor(Kernels.logSumExp(array, axes: axes)),
      (input, { g, y in g * Self.expOfDifference(input, y) }))
    return keepingDimensions ? result : result.squeezed(axes: axes)
  }

  /// eˣ⁻ʸ with y broadcast, 0 where x is −∞. d/dx = eˣ⁻ʸ, d/dy = −eˣ⁻ʸ.
  private static func expOfDifference(_ x: Tensor, _ y: Tensor) -> Tensor {
    elementwise(
      "logSumExp's gradient", x, y, PairKernel { $0.pointee.exp_of_difference }, { g, share in g * share },
      { g, share in -(g * share) })
  }
}
