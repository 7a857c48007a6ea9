extension Tensor where Scalar: TensorScalar {
  /// x + y, elementwise; shapes broadcast by NumPy's rule. d/dx = d/dy = 1.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func + (x: Tensor, y: Tensor) -> Tensor {
    elementwise("+", x, y, Arithmetic.Add(), { $0 }, { $0 })
  }

  /// x − y, elementwise; shapes broadcast. d/dx = 1, d/dy = −1.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func - (x: Tensor, y: Tensor) -> Tensor {
    elementwise("-", x, y, Arithmetic.Subtract(), { $0 }, { -$0 })
  }

  /// x · y, elementwise; shapes broadcast. d/dx = y, d/dy = x.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func * (x: Tensor, y: Tensor) -> Tensor {
    elementwise("*", x, y, Arithmetic.Multiply(), { g in g * y }, { g in g * x })
  }

  /// x / y, elementwise; shapes broadcast. d/dx = 1/y, d/dy = −x/y².
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func / (x: Tensor, y: Tensor) -> Tensor {
    elementwise("/", x, y, Arithmetic.Divide(), { g in g / y }, { g in -(g * x / y / y) })
  }

  /// The negative, −x. d/dx = −1.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static prefix func - (x: Tensor) -> Tensor { x.elementwise("-", Arithmetic.Negate()) { g in -g } }
}

/// What becomes of pairs of elements, also in kernels that add up.
enum Arithmetic {
  struct Add: PairFormula {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x + y }
  }
  struct Subtract: PairFormula {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x - y }
  }
  struct Multiply: PairFormula {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x * y }
  }
  struct Divide: PairFormula {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S { x / y }
  }
  struct Negate: ElementFormula {
    @inline(__always) func callAsFunction<S: TensorScalar>(_ x: S) -> S { -x }
  }
}

// MARK: - With a number

extension Tensor where Scalar: TensorScalar {
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
