extension Tensor where Scalar: TensorScalar {
  /// The product along `axes`, or of all elements. The product of no elements is 1.
  ///
  /// d/dx is the product of all others, right at zeros too: with one zero it is not 0 there, with two it is 0
  /// everywhere.
  ///
  /// - Parameters:
  ///   - axes: The axes to multiply over, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  public func product(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let axes = ShapeCheck.axes("product", axes, rank: rank)
    if axes.isEmpty { return self }
    if isMapped {
      return throughMapped { x, shift in
        x.product(axes: axes.map { $0 + shift }, keepingDimensions: keepingDimensions)
      }
    }
    let product = record(
      "product", Tensor(Kernels.reduce(array, axes: axes, Reductions.Product())),
      (
        self,
        { g, y in
          // A quotient says what the others give unless the product is 0, nearly 0 or infinite.
          let size = y.detached().abs()
          let isOrdinary = (size .>= .leastNormalMagnitude) .& (size .<= .greatestFiniteMagnitude)
          return g * (isOrdinary.all().scalar ? y / self : self.productOfOthers(axes: axes))
        }
      ))
    return keepingDimensions ? product : product.squeezed(axes: axes)
  }

  /// For each element the product of the others along `axes`, which are sorted.
  private func productOfOthers(axes: [Int]) -> Tensor {
    let kept = shape.indices.filter { !axes.contains($0) }
    let order = kept + axes
    var inverse = order
    for (axis, source) in order.enumerated() { inverse[source] = axis }
    let lines = transposed(axes: order)
    let merged = kept.map { shape[$0] } + [axes.reduce(1) { $0 * shape[$1] }]
    return lines.reshaped(to: merged).productOfOthers(axis: kept.count).reshaped(to: lines.shape)
      .transposed(axes: inverse)
  }
}
