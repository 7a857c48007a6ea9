// Sums of exponentials and products with logarithms, where the parts overflow or are 0 · ∞.

extension Tensor where Scalar: TensorScalar {
  /// log(eˣ + eʸ) of every pair of elements, without overflow: the sum of two probabilities that are kept as logarithms.
  /// Shapes broadcast. d/dx = σ(x − y), d/dy = σ(y − x).
  public static func logAddExp(_ x: Tensor, _ y: Tensor) -> Tensor {
    _ = ShapeCheck.broadcast("logAddExp", x.shape, y.shape)
    let (a, b) = (x.detached(), y.detached())
    // What is the same infinity twice has the distance 0.
    let isSameInfinity = (a .== b) .& a.isInfinite()
    func distance(_ x: Tensor, _ y: Tensor) -> Tensor { .where(isSameInfinity, Tensor(0), x - y) }
    return record(
      "logAddExp", maximum(a, b) + (-distance(a, b).abs()).exp().log1p(),
      (x, { g in g * distance(x, y).sigmoid() }), (y, { g in g * distance(y, x).sigmoid() }))
  }

  /// log₂(2ˣ + 2ʸ) of every pair of elements, without overflow; shapes broadcast. d/dx = 2ˣ/(2ˣ + 2ʸ), and so for y.
  public static func logAddExp2(_ x: Tensor, _ y: Tensor) -> Tensor {
    _ = ShapeCheck.broadcast("logAddExp2", x.shape, y.shape)
    let log2 = Scalar(Double.log(2))
    return logAddExp(x * log2, y * log2) / log2
  }

  /// x · log(y) of every pair of elements, 0 where x is 0 unless y is NaN; shapes broadcast. d/dx = log(y), 0 where that
  /// limit is taken; d/dy = x/y.
  public static func xlogy(_ x: Tensor, _ y: Tensor) -> Tensor {
    _ = ShapeCheck.broadcast("xlogy", x.shape, y.shape)
    let isLimit = (x .== 0) .& ((y .<= 0) .| (y .== .infinity))
    return x * Tensor.where(isLimit, Tensor(1), y).log()
  }

  /// x · log(1 + y) of every pair of elements, accurate also for small y, 0 where x is 0 unless y is NaN; shapes
  /// broadcast. d/dx = log(1 + y), 0 where that limit is taken; d/dy = x/(1 + y).
  public static func xlog1py(_ x: Tensor, _ y: Tensor) -> Tensor {
    _ = ShapeCheck.broadcast("xlog1py", x.shape, y.shape)
    let isLimit = (x .== 0) .& ((y .<= -1) .| (y .== .infinity))
    return x * Tensor.where(isLimit, Tensor(0), y).log1p()
  }

  /// −x · log(x) of every element, what a probability has a share of entropy: 0 at 0, −∞ below. d/dx = −log(x) − 1 above 0,
  /// and 0 at 0 and below.
  ///
  /// PyTorch has it as `special.entr`.
  public func entr() -> Tensor {
    let isInside = self .> 0
    let inside = Tensor.where(isInside, self, Tensor(1))
    let outside = Tensor.where(
      detached() .== 0, Tensor(0), Tensor.where(isNaN(), self, Tensor(-.infinity)))
    return .where(isInside, -(inside * inside.log()), outside)
  }
}
