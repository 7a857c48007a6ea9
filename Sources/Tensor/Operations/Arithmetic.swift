import CKernels

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
  public static prefix func - (x: Tensor) -> Tensor {
    x.elementwise("-", Kernel { $0.pointee.negate }) { g in -g }
  }
}

/// What becomes of pairs of elements, also in kernels that add up. Each is a type of its own: the table is asked for the loop
/// where it is known which one.
enum Arithmetic {
  struct Add: PairLoop {
    @inline(__always) static func loop(_ kernels: ElementKernels) -> ckernels_pairs { kernels.pointee.add }
  }
  struct Subtract: PairLoop {
    @inline(__always) static func loop(_ kernels: ElementKernels) -> ckernels_pairs {
      kernels.pointee.subtract
    }
  }
  struct Multiply: PairLoop {
    @inline(__always) static func loop(_ kernels: ElementKernels) -> ckernels_pairs {
      kernels.pointee.multiply
    }
  }
  struct Divide: PairLoop {
    @inline(__always) static func loop(_ kernels: ElementKernels) -> ckernels_pairs { kernels.pointee.divide }
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
