/// Questions about the kind of each number. The answers are truth values, which have no derivative.
extension Tensor where Scalar: TensorScalar {
  /// Whether an element is NaN, for every one.
  public func isNaN() -> Tensor<Bool> { self .!= self }

  /// Whether an element is a number and not infinite, for every one.
  public func isFinite() -> Tensor<Bool> { detached().abs() .<= .greatestFiniteMagnitude }

  /// Whether an element is +∞ or −∞, for every one.
  public func isInfinite() -> Tensor<Bool> { detached().abs() .== .infinity }

  /// Whether an element has a minus sign, for every one: −0 has, and a NaN may have.
  public func signBit() -> Tensor<Bool> { signs() .< 0 }

  /// Whether |x − y| ≤ `absolute` + `relative` · |y|, for every pair of elements; shapes broadcast. Equal infinities are
  /// close, and NaN is close to nothing.
  ///
  /// PyTorch and NumPy have it as `isclose`, with the same tolerances.
  ///
  /// - Parameters:
  ///   - y: What is expected.
  ///   - relative: The part of |y| that x may be off by.
  ///   - absolute: By how much x may be off near 0.
  ///   - equalNaN: Whether a NaN is close to a NaN.
  /// - Precondition: The tolerances are not negative.
  public func isClose(
    to y: Tensor, relative: Scalar = 1e-5, absolute: Scalar = 1e-8, equalNaN: Bool = false
  ) -> Tensor<Bool> {
    ShapeCheck.require(relative >= 0 && absolute >= 0) {
      "isClose: the tolerances \(relative) and \(absolute) are not both 0 or above"
    }
    let (x, y) = (detached(), y.detached())
    let within = (x - y).abs() .<= relative * y.abs() + absolute
    // The tolerance of an infinity is infinite.
    let close = (x .== y) .| (within .& y.isFinite())
    return equalNaN ? close .| (x.isNaN() .& y.isNaN()) : close
  }

  /// Whether all pairs of elements are close: ``isClose(to:relative:absolute:equalNaN:)`` of each; shapes broadcast.
  ///
  /// - Parameters:
  ///   - y: What is expected.
  ///   - relative: The part of |y| that x may be off by.
  ///   - absolute: By how much x may be off near 0.
  ///   - equalNaN: Whether a NaN is close to a NaN.
  /// - Precondition: The tolerances are not negative.
  public func allClose(
    to y: Tensor, relative: Scalar = 1e-5, absolute: Scalar = 1e-8, equalNaN: Bool = false
  ) -> Bool {
    isClose(to: y, relative: relative, absolute: absolute, equalNaN: equalNaN).all().scalar
  }

  /// 1 with the sign of every element, zeros and NaN too; not tracked.
  func signs() -> Tensor { elementwise(UnitWithSign()) }
}

private struct UnitWithSign: ElementFormula {
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ x: S) -> S { S(signOf: x, magnitudeOf: 1) }
}
