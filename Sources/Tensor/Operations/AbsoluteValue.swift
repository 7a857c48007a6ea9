extension Tensor where Scalar: TensorScalar {
  /// |x| of every element. d/dx = sign(x), 0 at 0.
  public func abs() -> Tensor { elementwise("abs", AbsoluteValue()) { g in g * sign() } }

  /// 1 for positive elements, −1 for negative ones, 0 for zeros and, as in PyTorch, for NaN. Its derivative is
  /// 0, so the result is not tracked.
  public func sign() -> Tensor { elementwise(Sign()) }
}

private struct AbsoluteValue: ElementFormula {
  @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x.magnitude }
}

private struct Sign: ElementFormula {
  @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x > 0 ? 1 : x < 0 ? -1 : 0 }
}
