// Activations that are made of other operations.

extension Tensor where Scalar: TensorScalar {
  /// log σ(x) of every element, exact also where the sigmoid is too small for a number. d/dx = σ(−x).
  public func logSigmoid() -> Tensor { -(-self).softplus() }

  /// x for positive elements, α · (e^(x/α) − 1) for others: an ELU whose slope is 1 at 0. d/dx = 1 or e^(x/α).
  ///
  /// - Parameter alpha: What the negative elements are bounded by; not 0.
  public func celu(alpha: Scalar = 1) -> Tensor {
    ShapeCheck.require(alpha != 0) { "celu: alpha is 0, by which the elements are divided" }
    let isPositive = self .> 0
    let negative = Tensor.where(isPositive, Tensor(0), self)
    return .where(isPositive, self, alpha * (negative / alpha).expm1())
  }

  /// λ · elu(x) with α ≈ 1.6733 and λ ≈ 1.0507, which keep mean 0 and variance 1 from layer to layer (self-normalising
  /// networks). d/dx = λ or λ·α·eˣ.
  public func selu() -> Tensor { 1.0507009873554804934 * elu(alpha: 1.6732632423543772848) }

  /// x moved into [0, 6], for every element. d/dx is 1 inside, the bounds included, and 0 outside.
  public func relu6() -> Tensor { clamped(to: 0...6) }

  /// x nearer to 0 by `threshold`, and 0 where that would go past it. d/dx is 1 where |x| > `threshold`, else 0.
  ///
  /// It solves min ½(y − x)² + threshold · |y|, the step of lasso and of wavelet denoising.
  ///
  /// - Parameter threshold: Not negative.
  public func softShrink(threshold: Scalar = 0.5) -> Tensor {
    ShapeCheck.require(threshold >= 0) { "softShrink: the threshold \(threshold) is negative" }
    return self - clamped(to: -threshold...threshold)
  }

  /// x where |x| > `threshold`, else 0, for every element. d/dx is 1 or 0.
  ///
  /// - Parameter threshold: Not negative.
  public func hardShrink(threshold: Scalar = 0.5) -> Tensor {
    ShapeCheck.require(threshold >= 0) { "hardShrink: the threshold \(threshold) is negative" }
    return .where(detached().abs() .<= threshold, Tensor(0), self)
  }

  /// x − tanh(x) of every element. d/dx = tanh²(x).
  public func tanhShrink() -> Tensor { self - tanh() }

  /// x where it is above `threshold`, else `value`, for every element; NaN stays. d/dx is 1 or 0.
  public func threshold(_ threshold: Scalar, value: Scalar) -> Tensor {
    .where(self .<= threshold, Tensor(value), self)
  }

  /// a · σ(b) of the two halves a and b of the tensor along `axis`: a gated linear unit. da = σ(b), db = a · σ(b) · (1 − σ(b)).
  ///
  /// - Parameter axis: The axis that is halved; negative ones count from the back.
  /// - Precondition: The axis has an even length.
  public func glu(axis: Int = -1) -> Tensor {
    let axis = ShapeCheck.axis("glu", axis, rank: rank)
    let half = shape[axis] / 2
    ShapeCheck.require(shape[axis] == 2 * half) {
      "glu: axis \(axis) of \(shape) has an odd length, which has no halves"
    }
    return sliced(..<half, axis: axis) * sliced(half..., axis: axis).sigmoid()
  }

  /// e⁻ˣ / Σe⁻ˣ, the sum running along `axis`: the ``softmax(axis:)`` of −x, largest where x is smallest.
  /// d/dx of g is −y · (g − Σg·y).
  ///
  /// - Parameter axis: Negative ones count from the back.
  public func softmin(axis: Int = -1) -> Tensor { (-self).softmax(axis: axis) }
}
