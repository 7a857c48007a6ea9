/// Rounding gives tensors of whole numbers, which are never tracked: their derivative is 0.
extension Tensor where Scalar: TensorScalar {
  /// The largest whole number that is not above x, for every element.
  public func floor() -> Tensor { elementwise(Kernel { $0.pointee.floor }) }

  /// The smallest whole number that is not below x, for every element.
  public func ceil() -> Tensor { elementwise(Kernel { $0.pointee.ceil }) }

  /// The whole number nearest to x, for every element; of two as near the even one, as in PyTorch and NumPy.
  public func round() -> Tensor { elementwise(Kernel { $0.pointee.round }) }

  /// x without what is after the point, for every element.
  public func trunc() -> Tensor { elementwise(Kernel { $0.pointee.trunc }) }
}

extension Tensor where Scalar: TensorScalar {
  /// x − y · ⌊x/y⌋, elementwise: what is left of x after whole steps of y, with the sign of y. Shapes broadcast.
  ///
  /// That is `remainder` of PyTorch and NumPy and `%` of Python; C's `fmod` and Swift's `truncatingRemainder`
  /// have the sign of x (`truncatingRemainder`), C's `remainder` takes the nearest multiple of y.
  /// d/dx = 1, d/dy = −⌊x/y⌋.
  ///
  /// NaN where y is 0 or x infinite. Where y is infinite, the rest is x if the signs agree, and else y, one whole step on,
  /// with the derivatives 1 and 1: as in PyTorch, NumPy and Python.
  public func remainder(modulo y: Tensor) -> Tensor {
    let x = self
    return Tensor.elementwise(
      "remainder", x, y, PairKernel { $0.pointee.remainder }, { g, _ in g },
      { g, _ in -(g * x.floorDivided(by: y)) })
  }

  /// x − y · ⌊x/y⌋ for every element of x, with the sign of y. d/dx = 1.
  public func remainder(modulo y: Scalar) -> Tensor { remainder(modulo: Tensor(y)) }
}
