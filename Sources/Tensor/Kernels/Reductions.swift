/// A way to combine numbers into one. Arithmetic is in `Double`, whatever the array holds, so that sums of `Float`
/// need no compensation; a kernel may combine up to eight numbers of the array before they are converted.
protocol Reduction: Sendable {
  /// The result for no numbers, and where each partial result starts.
  static var identity: Double { get }
  static func combine(_ a: Double, _ b: Double) -> Double
  /// The combination of `count` neighbours by a kernel, if there is one.
  static func combined<S: TensorScalar>(_ p: UnsafePointer<S>, _ count: Int) -> Double?
  /// Combines each element of rows of `count` neighbours, `step` elements apart, with the number in its place in
  /// `tile`, if there is a kernel for that.
  static func accumulate<S: TensorScalar>(
    _ p: UnsafePointer<S>, rows: Int, step: Int, count: Int, into tile: UnsafeMutablePointer<Double>
  ) -> Bool
}

extension Reduction {
  @inline(__always)
  static func combined<S: TensorScalar>(_ p: UnsafePointer<S>, _ count: Int) -> Double? { nil }
  @inline(__always)
  static func accumulate<S: TensorScalar>(
    _ p: UnsafePointer<S>, rows: Int, step: Int, count: Int, into tile: UnsafeMutablePointer<Double>
  ) -> Bool { false }
}

/// What ``Kernels/reduce`` can do.
enum Reductions {
  struct Sum: Reduction {
    @inline(__always) static var identity: Double { 0 }
    @inline(__always) static func combine(_ a: Double, _ b: Double) -> Double { a + b }
  }
  /// The largest number; NaN if there is one.
  struct Max: Reduction {
    @inline(__always) static var identity: Double { -.infinity }
    @inline(__always) static func combine(_ a: Double, _ b: Double) -> Double { a > b || a != a ? a : b }
  }
  /// The smallest number; NaN if there is one.
  struct Min: Reduction {
    @inline(__always) static var identity: Double { .infinity }
    @inline(__always) static func combine(_ a: Double, _ b: Double) -> Double { a < b || a != a ? a : b }
  }
}

extension Reduction {
  /// Combines `count` numbers that lie `stride` apart, in eight chains that the processor works on at a time.
  @inline(__always)
  static func run<S: TensorScalar>(_ p: UnsafePointer<S>, _ count: Int, stride: Int) -> Double {
    var a = identity
    if count < 16 {
      for i in 0..<count { a = combine(a, Double(p[i &* stride])) }
      return a
    }
    if stride == 1, let total = combined(p, count) { return total }
    if stride != 1 {
      var (b, i) = (identity, 0)
      while i &+ 2 <= count {
        a = combine(a, Double(p[i &* stride]))
        b = combine(b, Double(p[(i &+ 1) &* stride]))
        i &+= 2
      }
      if i < count { a = combine(a, Double(p[i &* stride])) }
      return combine(a, b)
    }
    var (b, c, d, e, f, g, h) = (a, a, a, a, a, a, a)
    var i = 0
    while i &+ 8 <= count {
      a = combine(a, Double(p[i]))
      b = combine(b, Double(p[i &+ 1]))
      c = combine(c, Double(p[i &+ 2]))
      d = combine(d, Double(p[i &+ 3]))
      e = combine(e, Double(p[i &+ 4]))
      f = combine(f, Double(p[i &+ 5]))
      g = combine(g, Double(p[i &+ 6]))
      h = combine(h, Double(p[i &+ 7]))
      i &+= 8
    }
    while i < count {
      a = combine(a, Double(p[i]))
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
