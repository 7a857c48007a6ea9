extension Tensor where Scalar: TensorScalar {
  /// Adds y to x, in place when neither is tracked and nobody else sees the memory of x.
  ///
  /// - Precondition: The shape of y broadcasts to that of x.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func += (x: inout Tensor, y: Tensor) {
    if x.canChangeInPlace("+=", y) {
      Kernels.zipInPlace(&x.array, y.array, Arithmetic.Add())
    } else {
      x = x + y
    }
  }

  /// Subtracts y from x, in place when neither is tracked and nobody else sees the memory of x.
  ///
  /// - Precondition: The shape of y broadcasts to that of x.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func -= (x: inout Tensor, y: Tensor) {
    if x.canChangeInPlace("-=", y) {
      Kernels.zipInPlace(&x.array, y.array, Arithmetic.Subtract())
    } else {
      x = x - y
    }
  }

  /// Multiplies x by y, in place when neither is tracked and nobody else sees the memory of x.
  ///
  /// - Precondition: The shape of y broadcasts to that of x.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func *= (x: inout Tensor, y: Tensor) {
    if x.canChangeInPlace("*=", y) {
      Kernels.zipInPlace(&x.array, y.array, Arithmetic.Multiply())
    } else {
      x = x * y
    }
  }

  /// Divides x by y, in place when neither is tracked and nobody else sees the memory of x.
  ///
  /// - Precondition: The shape of y broadcasts to that of x.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func /= (x: inout Tensor, y: Tensor) {
    if x.canChangeInPlace("/=", y) {
      Kernels.zipInPlace(&x.array, y.array, Arithmetic.Divide())
    } else {
      x = x / y
    }
  }

  /// Adds y to every element of x.
  public static func += (x: inout Tensor, y: Scalar) { x += Tensor(y) }
  /// Subtracts y from every element of x.
  public static func -= (x: inout Tensor, y: Scalar) { x -= Tensor(y) }
  /// Multiplies every element of x by y.
  public static func *= (x: inout Tensor, y: Scalar) { x *= Tensor(y) }
  /// Divides every element of x by y.
  public static func /= (x: inout Tensor, y: Scalar) { x /= Tensor(y) }

  private func canChangeInPlace(_ operation: String, _ other: Tensor) -> Bool {
    ShapeCheck.require(shape.broadcast(with: other.shape) == shape) {
      "\(operation): the shape \(other.shape) does not broadcast to \(shape)"
    }
    return !isTracked && !other.isTracked && !isMapped && !other.isMapped
  }
}
