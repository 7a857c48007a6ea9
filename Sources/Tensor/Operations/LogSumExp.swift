extension Functions {
  /// eˣ⁻ʸ, also where both are −∞: a number of −∞ has no share.
  fileprivate struct ExpOfDifference: BinaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S {
      let value = S.exp(x - y)
      return x == -.infinity ? 0 : value
    }
  }
}

extension Tensor {
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
    let input = self
    let result = record(
      "logSumExp", Tensor(Kernels.logSumExp(array, axes: axes)),
      (input, { g, y in g * Self.expOfDifference(input, y) }))
    return keepingDimensions ? result : result.squeezed(axes: axes)
  }

  /// eˣ⁻ʸ with y broadcast. d/dx = eˣ⁻ʸ, d/dy = −eˣ⁻ʸ.
  private static func expOfDifference(_ x: Tensor, _ y: Tensor) -> Tensor {
    record(
      "logSumExp's gradient",
      Tensor(Kernels.zip(x.array, y.array, shape: x.shape, Functions.ExpOfDifference())),
      (x, { g, share in g * share }), (y, { g, share in -(g * share) }))
  }
}
