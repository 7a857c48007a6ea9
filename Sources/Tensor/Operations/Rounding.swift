import CKernels

extension Functions {
  struct Floor: UnaryFunction {
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_map? { kernels.pointee.floor }
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x.rounded(.down) }
  }
  struct Ceiling: UnaryFunction {
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_map? { kernels.pointee.ceil }
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x.rounded(.up) }
  }
  struct Round: UnaryFunction {
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_map? { kernels.pointee.round }
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x.rounded(.toNearestOrEven) }
  }
  struct Truncate: UnaryFunction {
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_map? { kernels.pointee.trunc }
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { x.rounded(.towardZero) }
  }
  struct Modulo: BinaryFunction {
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_pairs? { kernels.pointee.remainder }
    @inline(__always)
    func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S {
      let rest = x.truncatingRemainder(dividingBy: y)
      return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest
    }
  }
}

/// Rounding gives tensors of whole numbers, which are never tracked: their derivative is 0.
extension Tensor {
  /// The largest whole number that is not above x, for every element.
  public func floor() -> Tensor { Tensor(Kernels.map(array, Functions.Floor())) }

  /// The smallest whole number that is not below x, for every element.
  public func ceil() -> Tensor { Tensor(Kernels.map(array, Functions.Ceiling())) }

  /// The whole number nearest to x, for every element; of two as near the even one, as in PyTorch and NumPy.
  public func round() -> Tensor { Tensor(Kernels.map(array, Functions.Round())) }

  /// x without what is after the point, for every element.
  public func trunc() -> Tensor { Tensor(Kernels.map(array, Functions.Truncate())) }
}

extension Tensor {
  /// x − y · ⌊x/y⌋, elementwise: what is left of x after whole steps of y, with the sign of y. Shapes broadcast.
  ///
  /// That is `remainder` of PyTorch and NumPy and `%` of Python; C's `fmod` and Swift's `truncatingRemainder`
  /// have the sign of x, C's `remainder` takes the nearest multiple of y. NaN where y is 0 or x infinite.
  /// d/dx = 1, d/dy = −⌊x/y⌋.
  public func remainder(modulo y: Tensor) -> Tensor {
    let shape = ShapeCheck.broadcast("remainder", self.shape, y.shape)
    let value = Tensor(Kernels.zip(array, y.array, shape: shape, Functions.Modulo()))
    let x = self
    return record(
      "remainder", value, (x, { g, _ in g }),
      // x less the rest is a multiple of y but for rounding, which ⌊x/y⌋ itself might take across a whole number.
      (y, { g, rest in -(g * ((x - rest) / y).round()) }))
  }

  /// x − y · ⌊x/y⌋ for every element of x, with the sign of y. d/dx = 1.
  public func remainder(modulo y: Scalar) -> Tensor { remainder(modulo: Tensor(y)) }
}
