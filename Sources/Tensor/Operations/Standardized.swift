extension Tensor where Scalar: TensorScalar {
  /// (x − mean) / √(variance + ε) along `axes`, or of all elements, the variance being the mean square deviation: the
  /// core of layer, group, instance and batch normalisation.
  ///
  /// d/dx of g is r · (g − mean g − y · mean(g·y)) with r = 1 / √(variance + ε). The rule keeps y and r, not x.
  ///
  /// - Parameters:
  ///   - axes: The axes that a mean runs along, negative ones counted from the back; the others tell groups apart.
  ///     `nil` for all axes.
  ///   - epsilon: ε, which keeps groups of equal numbers finite.
  /// - Precondition: `epsilon` is finite and not negative.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func standardized(axes: [Int]? = nil, epsilon: Scalar = 1e-5) -> Tensor {
    let axes = ShapeCheck.axes("standardized", axes, rank: rank)
    ShapeCheck.require(epsilon >= 0 && epsilon.isFinite) {
      "standardized: epsilon \(epsilon) is not a finite number from 0 on"
    }
    if isMapped {
      return throughMapped { x, shift in x.standardized(axes: axes.map { $0 + shift }, epsilon: epsilon) }
    }
    let (y, r) = Kernels.standardize(array, axes: axes, epsilon: Double(epsilon))
    let (source, scale) = (history, Tensor(r))
    return record(
      "standardized", Tensor(y),
      inputs: [
        (
          self,
          { g, y in
            let r = source.reciprocalDeviation(scale, y, axes: axes)
            return Self.standardizedSlope(g, y, r, axes: axes)
          }
        )
      ], pushing: .symmetric)
  }

  /// The tensor's place in the graph, without its numbers: for rules that lead to it and do not read it.
  private var history: Tensor {
    Tensor(StridedArray(repeating: 0, shape: []).broadcast(to: shape), origin: origin)
  }

  /// `r` as a function of what was standardised to `y`: d/dx = −r² · y / n for n elements.
  private func reciprocalDeviation(_ r: Tensor, _ y: Tensor, axes: [Int]) -> Tensor {
    let count = axes.reduce(1) { $0 * shape[$1] }
    return record("standardized's scale", r, (self, { g, r in g * r.square() * y / Scalar(-count) }))
  }

  /// r · (g − mean g − y · mean(g·y)). It is linear in g and symmetric: d/dg of u is the same of u. d/dy is
  /// −r · (u · mean(g·y) + g · mean(u·y)); d/dr is the value over r.
  private static func standardizedSlope(_ g: Tensor, _ y: Tensor, _ r: Tensor, axes: [Int]) -> Tensor {
    record(
      "standardized's gradient",
      Tensor(Kernels.standardizeSlope(g.array, y.array, r.array, axes: axes)),
      (g, { u, _ in standardizedSlope(u, y, r, axes: axes) }),
      (
        y,
        { u, _ in
          let alongG = (g * y).mean(axes: axes, keepingDimensions: true)
          let alongU = (u * y).mean(axes: axes, keepingDimensions: true)
          return -(r * (u * alongG + g * alongU))
        }
      ), (r, { u, z in u * z / r }))
  }
}
