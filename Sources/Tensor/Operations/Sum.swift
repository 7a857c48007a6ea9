private struct SumReduction: Reduction {
  @inline(__always) func identity<S: TensorScalar>(_: S.Type) -> S { 0 }
  @inline(__always) func combine<S: TensorScalar>(_ a: S, _ b: S) -> S { a + b }
}

extension Tensor {
  /// The sum along `axes`, or of all elements. The sum of no elements is 0. d/dx = 1, broadcast.
  ///
  /// - Parameters:
  ///   - axes: The axes to sum over, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether the summed axes stay, with length 1.
  public func sum(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let axes = ShapeCheck.axes("sum", axes, rank: rank)
    if axes.isEmpty { return self }
    let kept = Tensor(Kernels.reduce(array, axes: axes, SumReduction()))
    let shape = self.shape
    let sum = record("sum", kept, (self, { g in g.broadcast(to: shape) }))
    return keepingDimensions ? sum : sum.squeezed(axes: axes)
  }
}
