import CKernels

/// A way to combine numbers into one: ``finish(_:)`` of the combined ``value(_:)``s. Arithmetic is in `Double`,
/// whatever the array holds, so that sums of `Float` need no compensation; a kernel may combine up to eight numbers
/// of the array before they are converted.
protocol Reduction: Sendable {
  /// The result for no numbers, and where each partial result starts.
  static var identity: Double { get }
  static func combine(_ a: Double, _ b: Double) -> Double
  /// What one number contributes.
  static func value(_ x: Double) -> Double
  /// The result, of what all numbers together give.
  static func finish(_ total: Double) -> Double
  /// The loop of `kernels` for neighbours, if there is one.
  static func kernel(_ kernels: ElementKernels) -> ckernels_combine?
  /// The loop of `kernels` that combines rows with one total for each of their elements, if there is one.
  static func rowsKernel(_ kernels: ElementKernels) -> ckernels_combine_rows?
}

extension Reduction {
  @inline(__always) static func value(_ x: Double) -> Double { x }
  @inline(__always) static func finish(_ total: Double) -> Double { total }
  @inline(__always) static func kernel(_ kernels: ElementKernels) -> ckernels_combine? { nil }
  @inline(__always) static func rowsKernel(_ kernels: ElementKernels) -> ckernels_combine_rows? { nil }
}

/// What ``Kernels/reduce`` can do.
enum Reductions {
  struct Sum: Reduction {
    @inline(__always)
    static func kernel(_ kernels: ElementKernels) -> ckernels_combine? { kernels.pointee.sum }
    @inline(__always)
    static func rowsKernel(_ kernels: ElementKernels) -> ckernels_combine_rows? { kernels.pointee.add_rows }
    @inline(__always) static var identity: Double { 0 }
    @inline(__always) static func combine(_ a: Double, _ b: Double) -> Double { a + b }
  }
  /// The largest number; NaN if there is one.
  struct Max: Reduction {
    @inline(__always)
    static func kernel(_ kernels: ElementKernels) -> ckernels_combine? { kernels.pointee.maximum }
    @inline(__always)
    static func rowsKernel(_ kernels: ElementKernels) -> ckernels_combine_rows? { kernels.pointee.raise_rows }
    @inline(__always) static var identity: Double { -.infinity }
    @inline(__always) static func combine(_ a: Double, _ b: Double) -> Double { a > b || a != a ? a : b }
  }
  /// The smallest number; NaN if there is one.
  struct Min: Reduction {
    @inline(__always)
    static func kernel(_ kernels: ElementKernels) -> ckernels_combine? { kernels.pointee.minimum }
    @inline(__always)
    static func rowsKernel(_ kernels: ElementKernels) -> ckernels_combine_rows? { kernels.pointee.lower_rows }
    @inline(__always) static var identity: Double { .infinity }
    @inline(__always) static func combine(_ a: Double, _ b: Double) -> Double { a < b || a != a ? a : b }
  }
  struct Product: Reduction {
    @inline(__always) static var identity: Double { 1 }
    @inline(__always) static func combine(_ a: Double, _ b: Double) -> Double { a * b }
  }
  /// √Σx². The squares of a `Float` neither overflow nor vanish.
  struct EuclideanNorm: Reduction {
    @inline(__always) static var identity: Double { 0 }
    @inline(__always) static func combine(_ a: Double, _ b: Double) -> Double { a + b }
    @inline(__always) static func value(_ x: Double) -> Double { x * x }
    @inline(__always) static func finish(_ total: Double) -> Double { total.squareRoot() }
  }
  struct SumOfMagnitudes: Reduction {
    @inline(__always) static var identity: Double { 0 }
    @inline(__always) static func combine(_ a: Double, _ b: Double) -> Double { a + b }
    @inline(__always) static func value(_ x: Double) -> Double { x.magnitude }
  }
  /// The largest magnitude; NaN if there is a NaN, 0 of no numbers.
  struct MaxMagnitude: Reduction {
    @inline(__always) static var identity: Double { 0 }
    @inline(__always) static func combine(_ a: Double, _ b: Double) -> Double { a > b || a != a ? a : b }
    @inline(__always) static func value(_ x: Double) -> Double { x.magnitude }
  }
}

extension Reduction {
  /// Combines `count` numbers that lie `stride` apart, in eight chains that the processor works on at a time.
  @inline(never)
  static func run<S: TensorScalar>(_ p: UnsafePointer<S>, _ count: Int, stride: Int) -> Double {
    var a = identity
    if count < 16 {
      for i in 0..<count { a = combine(a, value(Double(p[i &* stride]))) }
      return a
    }
    if stride == 1, let kernel = kernel(Processor.best.elements(S.self)) { return kernel(p, count) }
    if stride != 1 {
      var (b, i) = (identity, 0)
      while i &+ 2 <= count {
        a = combine(a, value(Double(p[i &* stride])))
        b = combine(b, value(Double(p[(i &+ 1) &* stride])))
        i &+= 2
      }
      if i < count { a = combine(a, value(Double(p[i &* stride]))) }
      return combine(a, b)
    }
    var (b, c, d, e, f, g, h) = (a, a, a, a, a, a, a)
    var i = 0
    while i &+ 8 <= count {
      a = combine(a, value(Double(p[i])))
      b = combine(b, value(Double(p[i &+ 1])))
      c = combine(c, value(Double(p[i &+ 2])))
      d = combine(d, value(Double(p[i &+ 3])))
      e = combine(e, value(Double(p[i &+ 4])))
      f = combine(f, value(Double(p[i &+ 5])))
      g = combine(g, value(Double(p[i &+ 6])))
      h = combine(h, value(Double(p[i &+ 7])))
      i &+= 8
    }
    while i < count {
      a = combine(a, value(Double(p[i])))
      i &+= 1
    }
    return combine(combine(combine(a, b), combine(c, d)), combine(combine(e, f), combine(g, h)))
  }

  /// Combines partial results in a balanced tree, so that rounding grows with the logarithm of their number.
  static func tree(_ partials: UnsafePointer<Double>, _ count: Int, stride: Int) -> Double {
    if count <= 8 {
      var total = identity
      for i in 0..<count { total = combine(total, partials[i * stride]) }
      return total
    }
    let half = count / 2
    return combine(
      tree(partials, half, stride: stride), tree(partials + half * stride, count - half, stride: stride))
  }
}
