// What has to do with signs, whole steps, and what is left of them.

extension Tensor where Scalar: TensorScalar {
  /// |x| with the sign of y, for every pair of elements; shapes broadcast. d/dx = ±1, 0 at 0; y has no derivative.
  public static func copysign(_ x: Tensor, _ y: Tensor) -> Tensor {
    // The message of shapes that do not broadcast names this operation.
    _ = ShapeCheck.broadcast("copysign", x.shape, y.shape)
    return x.abs() * y.signs()
  }

  /// 0 below 0, 1 above, and `value` at 0, for every element: Heaviside's step. NaN gives 0, as in PyTorch. Its
  /// derivative is 0, so the result is not tracked.
  public func heaviside(_ value: Scalar) -> Tensor {
    elementwise(Heaviside(value: Double(value)))
  }

  /// What is after the point of every element, with its sign: x less ``trunc()`` of it. NaN where x is infinite.
  /// d/dx = 1.
  public func frac() -> Tensor { self - trunc() }

  /// The number of `decimals` digits after the point that is nearest to x, for every element; of two as near the even
  /// one. Its derivative is 0, so the result is not tracked.
  ///
  /// x is multiplied by 10ᵈ, rounded, and divided again, as in NumPy and PyTorch; with a negative number of digits it is
  /// rounded to tens, hundreds …
  public func round(decimals: Int) -> Tensor {
    let factor = Scalar(Double.pow(10, Double(decimals.magnitude)))
    return decimals < 0 ? (detached() / factor).round() * factor : (detached() * factor).round() / factor
  }

  /// x − y · trunc(x/y), elementwise: what is left of x after whole steps of y, with the sign of x. Shapes broadcast.
  ///
  /// That is `fmod` of PyTorch, NumPy and C, and exact; `remainder` has the sign of y. NaN where
  /// y is 0 or x infinite; x itself where y is infinite. d/dx = 1, d/dy = −trunc(x/y).
  public func truncatingRemainder(dividingBy y: Tensor) -> Tensor {
    let x = self
    return Tensor.elementwise(
      "truncatingRemainder", x, y, TruncatingRemainder(), { g, _ in g },
      { g, rest in -(g * ((x - rest) / y).round().detached()) })
  }

  /// x − y · trunc(x/y) for every element of x, with the sign of x. d/dx = 1.
  public func truncatingRemainder(dividingBy y: Scalar) -> Tensor {
    truncatingRemainder(dividingBy: Tensor(y))
  }

  /// ⌊x/y⌋, elementwise: how many whole steps of y lead to x or below it, Python's `//`. Shapes broadcast. Its derivative is
  /// 0, so the result is not tracked.
  ///
  /// It goes with `remainder`: x is the quotient times y plus the remainder, but for rounding, also
  /// where x/y itself would be rounded to the next whole number. By 0 it is x/0, and by an infinity 0 or −1.
  public func floorDivided(by y: Tensor) -> Tensor {
    Tensor.elementwise("floorDivided", self, y, FloorDivision())
  }

  /// ⌊x/y⌋ for every element of x; not tracked.
  public func floorDivided(by y: Scalar) -> Tensor { floorDivided(by: Tensor(y)) }
}

private struct Heaviside: ElementFormula {
  let value: Double
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ x: S) -> S { x > 0 ? 1 : x == 0 ? S(value) : 0 }
}

private struct TruncatingRemainder: PairFormula {
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x.truncatingRemainder(dividingBy: y) }
}

private struct FloorDivision: PairFormula {
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S {
    if y == 0 { return x / y }
    let rest = x.truncatingRemainder(dividingBy: y)
    // A whole number but for rounding; one less where cutting went up.
    let steps = ((x - rest) / y).rounded()
    if rest != 0, (rest < 0) != (y < 0) { return steps - 1 }
    return steps == 0 ? S(signOf: x / y, magnitudeOf: 0) : steps
  }
}
