extension Functions {
  struct Add: BinaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x + y }
  }
  struct Subtract: BinaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x - y }
  }
  struct Multiply: BinaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x * y }
  }
  struct Divide: BinaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x / y }
  }
  struct Negate: UnaryFunction {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { -x }
  }
}

extension Tensor {
  /// x + y, elementwise; shapes broadcast by NumPy's rule. d/dx = d/dy = 1.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func + (x: Tensor, y: Tensor) -> Tensor {
    let shape = ShapeCheck.broadcast("+", x.shape, y.shape)
    return record(
      "+", Tensor(Kernels.zip(x.array, y.array, shape: shape, Functions.Add())), (x, { $0 }), (y, { $0 }))
  }

  /// x − y, elementwise; shapes broadcast. d/dx = 1, d/dy = −1.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func - (x: Tensor, y: Tensor) -> Tensor {
    let shape = ShapeCheck.broadcast("-", x.shape, y.shape)
    return record(
      "-", Tensor(Kernels.zip(x.array, y.array, shape: shape, Functions.Subtract())), (x, { $0 }),
      (y, { -$0 }))
  }

  /// x · y, elementwise; shapes broadcast. d/dx = y, d/dy = x.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func * (x: Tensor, y: Tensor) -> Tensor {
    let shape = ShapeCheck.broadcast("*", x.shape, y.shape)
    return record(
      "*", Tensor(Kernels.zip(x.array, y.array, shape: shape, Functions.Multiply())),
      (x, { g in g * y }), (y, { g in g * x }))
  }

  /// x / y, elementwise; shapes broadcast. d/dx = 1/y, d/dy = −x/y².
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func / (x: Tensor, y: Tensor) -> Tensor {
    let shape = ShapeCheck.broadcast("/", x.shape, y.shape)
    return record(
      "/", Tensor(Kernels.zip(x.array, y.array, shape: shape, Functions.Divide())),
      (x, { g in g / y }), (y, { g in -(g * x / y / y) }))
  }

  /// −x. d/dx = −1.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static prefix func - (x: Tensor) -> Tensor {
    record("-", Tensor(Kernels.map(x.array, Functions.Negate())), (x, { -$0 }))
  }
}

// MARK: - With a number

extension Tensor {
  /// x + y for every element of x. d/dx = 1.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func + (x: Tensor, y: Scalar) -> Tensor { x + Tensor(y) }
  /// x + y for every element of y. d/dy = 1.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func + (x: Scalar, y: Tensor) -> Tensor { Tensor(x) + y }
  /// x − y for every element of x. d/dx = 1.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func - (x: Tensor, y: Scalar) -> Tensor { x - Tensor(y) }
  /// x − y for every element of y. d/dy = −1.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func - (x: Scalar, y: Tensor) -> Tensor { Tensor(x) - y }
  /// x · y for every element of x. d/dx = y.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func * (x: Tensor, y: Scalar) -> Tensor { x * Tensor(y) }
  /// x · y for every element of y. d/dy = x.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func * (x: Scalar, y: Tensor) -> Tensor { Tensor(x) * y }
  /// x / y for every element of x. d/dx = 1/y.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func / (x: Tensor, y: Scalar) -> Tensor { x / Tensor(y) }
  /// x / y for every element of y. d/dy = −x/y².
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func / (x: Scalar, y: Tensor) -> Tensor { Tensor(x) / y }
}
