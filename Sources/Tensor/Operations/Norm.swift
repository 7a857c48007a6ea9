extension Tensor where Scalar: TensorScalar {
  /// The p-norm along `axes`, or of all elements: (Σ|x|ᵖ)^(1/p), for p = ∞ the largest |x|, for p = 0 the number
  /// of elements that are not 0. The norm of no elements is 0.
  ///
  /// p = 2 is the Euclidean norm, of a matrix the Frobenius norm. d/dx = sign(x) · (|x|/y)ᵖ⁻¹ with the norm y,
  /// and 0 where x or y is 0; for p = ∞ it is the sign of the largest element, shared evenly by all that equal it
  /// in magnitude.
  ///
  /// - Parameters:
  ///   - p: The order, at least 0.
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  public func norm(_ p: Scalar = 2, axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    ShapeCheck.require(p >= 0) { "norm: the order \(p) is not 0 or above" }
    let axes = ShapeCheck.axes("norm", axes, rank: rank)
    if isMapped {
      return throughMapped { x, shift in
        x.norm(p, axes: axes.map { $0 + shift }, keepingDimensions: keepingDimensions)
      }
    }
    let norm: Tensor
    switch p {
    case 0:
      norm = Tensor((self .!= 0).countTrue(axes: axes, keepingDimensions: true))
    case 1:
      norm = record(
        "norm", Tensor(Kernels.reduce(array, axes: axes, Reductions.SumOfMagnitudes())),
        (self, { g in g * self.sign() }))
    case 2:
      norm = record(
        "norm", Tensor(Kernels.reduce(array, axes: axes, Reductions.EuclideanNorm())),
        (self, { g, y in g * (self / Tensor.where(y .== 0, Tensor(1), y)) }))
    case .infinity:
      norm = record(
        "norm", Tensor(Kernels.reduce(array, axes: axes, Reductions.MaxMagnitude())),
        (
          self,
          { g, y in
            let isLargest = self.abs().detached() .== y
            let ties = Tensor(isLargest.countTrue(axes: axes, keepingDimensions: true))
            return g / ties * (Tensor(isLargest) * self.sign())
          }
        ))
    default:
      norm = record(
        "norm", powerNorm(p, axes),
        (
          self,
          { g, y in
            // Zeros are kept out of the power, whose own derivative may be infinite there.
            let size = Tensor.where(self .== 0, Tensor(1), self.abs())
            let ratio = size / Tensor.where(y .== 0, Tensor(1), y)
            return g * (self.sign() * ratio.pow(p - 1))
          }
        ))
    }
    return keepingDimensions ? norm : norm.squeezed(axes: axes)
  }

  /// The norm of an order without a kernel. Elements are divided by the largest first, so that no power overflows.
  private func powerNorm(_ p: Scalar, _ axes: [Int]) -> Tensor {
    let largest = Tensor(Kernels.reduce(array, axes: axes, Reductions.MaxMagnitude()))
    let scale = Tensor.where((largest .> 0) .& (largest .< .infinity), largest, Tensor(1))
    let powers = (detached().abs() / scale).pow(p)
    return scale * powers.sum(axes: axes, keepingDimensions: true).pow(1 / p)
  }
}
