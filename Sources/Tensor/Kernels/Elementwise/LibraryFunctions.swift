import CKernels

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A function of one number of which the C library has one for each precision.
protocol LibraryFunction: UnaryFunction {
  static func float(_ x: Float) -> Float
  static func double(_ x: Double) -> Double
}

extension LibraryFunction {
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ x: S) -> S {
    if S.self == Float.self {
      return unsafeBitCast(Self.float(unsafeBitCast(x, to: Float.self)), to: S.self)
    }
    return unsafeBitCast(Self.double(unsafeBitCast(x, to: Double.self)), to: S.self)
  }
}

/// The C library's functions under the names of ``Functions``. Those that activations are made of have a `Float`
/// version of our own, which compiles to vector instructions.
extension Functions {
  struct Tan: LibraryFunction {
    @inline(__always) static func float(_ x: Float) -> Float { tanf(x) }
    @inline(__always) static func double(_ x: Double) -> Double { tan(x) }
  }
  struct Asin: LibraryFunction {
    @inline(__always) static func float(_ x: Float) -> Float { asinf(x) }
    @inline(__always) static func double(_ x: Double) -> Double { asin(x) }
  }
  struct Acos: LibraryFunction {
    @inline(__always) static func float(_ x: Float) -> Float { acosf(x) }
    @inline(__always) static func double(_ x: Double) -> Double { acos(x) }
  }
  struct Atan: LibraryFunction {
    @inline(__always) static func float(_ x: Float) -> Float { atanf(x) }
    @inline(__always) static func double(_ x: Double) -> Double { atan(x) }
  }
  struct Sinh: LibraryFunction {
    @inline(__always) static func float(_ x: Float) -> Float { sinhf(x) }
    @inline(__always) static func double(_ x: Double) -> Double { sinh(x) }
  }
  struct Cosh: LibraryFunction {
    @inline(__always) static func float(_ x: Float) -> Float { coshf(x) }
    @inline(__always) static func double(_ x: Double) -> Double { cosh(x) }
  }
  struct Asinh: LibraryFunction {
    @inline(__always) static func float(_ x: Float) -> Float { asinhf(x) }
    @inline(__always) static func double(_ x: Double) -> Double { asinh(x) }
  }
  struct Acosh: LibraryFunction {
    @inline(__always) static func float(_ x: Float) -> Float { acoshf(x) }
    @inline(__always) static func double(_ x: Double) -> Double { acosh(x) }
  }
  struct Atanh: LibraryFunction {
    @inline(__always) static func float(_ x: Float) -> Float { atanhf(x) }
    @inline(__always) static func double(_ x: Double) -> Double { atanh(x) }
  }
  struct Exp2: LibraryFunction {
    @inline(__always) static func float(_ x: Float) -> Float { exp2f(x) }
    @inline(__always) static func double(_ x: Double) -> Double { exp2(x) }
  }
  struct Log2: LibraryFunction {
    @inline(__always) static func float(_ x: Float) -> Float { log2f(x) }
    @inline(__always) static func double(_ x: Double) -> Double { log2(x) }
  }
  struct Log10: LibraryFunction {
    @inline(__always) static func float(_ x: Float) -> Float { log10f(x) }
    @inline(__always) static func double(_ x: Double) -> Double { log10(x) }
  }
  struct Expm1: LibraryFunction {
    @inline(__always) static func float(_ x: Float) -> Float { FloatFunctions.expm1(x) }
    @inline(__always) static func double(_ x: Double) -> Double { expm1(x) }
  }
  struct Log1p: LibraryFunction {
    @inline(__always) static func float(_ x: Float) -> Float { FloatFunctions.log1p(x) }
    @inline(__always) static func double(_ x: Double) -> Double { log1p(x) }
  }
  struct Erf: LibraryFunction {
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_map? { kernels.pointee.erf }
    @inline(__always) static func float(_ x: Float) -> Float { FloatFunctions.erf(x) }
    @inline(__always) static func double(_ x: Double) -> Double { erf(x) }
  }
  struct Erfc: LibraryFunction {
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_map? { kernels.pointee.erfc }
    @inline(__always) static func float(_ x: Float) -> Float { FloatFunctions.erfc(x) }
    @inline(__always) static func double(_ x: Double) -> Double { erfc(x) }
  }
  struct CubeRoot: LibraryFunction {
    @inline(__always) static func float(_ x: Float) -> Float { cbrtf(x) }
    @inline(__always) static func double(_ x: Double) -> Double { cbrt(x) }
  }
  /// By `lgamma_r`: plain `lgamma` writes the sign of Γ to a variable that all threads share.
  struct LogGamma: LibraryFunction {
    @inline(__always)
    static func float(_ x: Float) -> Float {
      var sign: Int32 = 0
      return lgammaf_r(x, &sign)
    }
    @inline(__always)
    static func double(_ x: Double) -> Double {
      var sign: Int32 = 0
      return lgamma_r(x, &sign)
    }
  }
  /// The angle of the point (x, y).
  struct Atan2: BinaryFunction {
    @inline(__always) func kernel(_ kernels: ElementKernels) -> ckernels_pairs? { kernels.pointee.atan2 }
    @inline(__always)
    func callAsFunction<S: TensorScalar>(_ y: S, _ x: S) -> S {
      if S.self == Float.self { return S(atan2f(Float(y), Float(x))) }
      return S(atan2(Double(y), Double(x)))
    }
  }
  /// √(x² + y²). The squares of a `Float` neither overflow nor vanish in `Double`.
  struct Hypot: BinaryFunction {
    @inline(__always)
    func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S {
      let (a, b) = (Double(x), Double(y))
      if S.self == Double.self { return S(hypot(a, b)) }
      let isInfinite = a.magnitude == .infinity || b.magnitude == .infinity
      return isInfinite ? .infinity : S((a * a + b * b).squareRoot())
    }
  }
}
