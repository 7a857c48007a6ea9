import CKernels

// How an elementwise operation says what becomes of an element: in C, where vectors pay, as a `Kernel` or `PairKernel`;
// else in Swift, as a type of its own that is an `ElementFormula` or `PairFormula`. Either is asked for rows of
// neighbours only, so that there is one implementation, whatever the layout: see `Kernels.map` and `Kernels.zip`.

// MARK: - Of one number

/// A function of one number, applied to every element.
protocol ElementFunction: Sendable {
  /// Writes f(x[i]) to y[i] for `count` neighbours; y may be x. What becomes of a number may not depend on its place.
  func apply<S: TensorScalar>(_ x: UnsafePointer<S>, _ count: Int, _ y: UnsafeMutablePointer<S>)
}

/// A loop of CKernels: `Kernel { $0.pointee.tanh }`.
struct Kernel: ElementFunction {
  // A C pointer out of a table that is not copied: Swift would box a closure at each call, which takes as long as the
  // loop does for a hundred elements.
  private let loop: @Sendable (ElementKernels) -> ckernels_map

  /// - Parameter loop: It picks the loop from the table of the scalar.
  @inline(__always)
  init(_ loop: @escaping @Sendable (ElementKernels) -> ckernels_map) { self.loop = loop }

  @inline(__always)
  func apply<S: TensorScalar>(_ x: UnsafePointer<S>, _ count: Int, _ y: UnsafeMutablePointer<S>) {
    loop(Processor.best.elements(S.self))(x, count, y)
  }

  /// Of a single number.
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ x: S) -> S {
    var x = x
    withUnsafeMutablePointer(to: &x) { apply($0, 1, $0) }
    return x
  }
}

/// A function that is written in Swift. Its loop over neighbours is compiled for each scalar, to vectors unless it calls
/// something. Mark it `@inline(__always)`.
protocol ElementFormula: ElementFunction {
  func callAsFunction<S: TensorScalar>(_ x: S) -> S
}

extension ElementFormula {
  @inline(__always)
  func apply<S: TensorScalar>(_ x: UnsafePointer<S>, _ count: Int, _ y: UnsafeMutablePointer<S>) {
    for i in 0..<count { y[i] = self(x[i]) }
  }
}

// MARK: - Of two numbers

/// A function of two numbers, applied to every pair of elements.
protocol PairFunction: Sendable {
  /// Writes f(x[i], y[i]) to z[i] for `count` pairs of neighbours; z may be x or y. A step is 1, or 0 for a number that
  /// all pairs have in common. What becomes of a pair may not depend on its place.
  func apply<S: TensorScalar>(
    _ x: UnsafePointer<S>, _ xStep: Int, _ y: UnsafePointer<S>, _ yStep: Int, _ count: Int,
    _ z: UnsafeMutablePointer<S>)
}

/// A loop of CKernels: `PairKernel { $0.pointee.atan2 }`.
struct PairKernel: PairFunction {
  private let loop: @Sendable (ElementKernels) -> ckernels_pairs

  /// - Parameter loop: It picks the loop from the table of the scalar.
  @inline(__always)
  init(_ loop: @escaping @Sendable (ElementKernels) -> ckernels_pairs) { self.loop = loop }

  @inline(__always)
  func apply<S: TensorScalar>(
    _ x: UnsafePointer<S>, _ xStep: Int, _ y: UnsafePointer<S>, _ yStep: Int, _ count: Int,
    _ z: UnsafeMutablePointer<S>
  ) {
    loop(Processor.best.elements(S.self))(x, xStep, y, yStep, count, z)
  }

  /// Of a single pair.
  @inline(__always)
  func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S {
    var z = x
    withUnsafePointer(to: y) { y in
      withUnsafeMutablePointer(to: &z) { apply($0, 1, y, 1, 1, $0) }
    }
    return z
  }
}

/// A loop of CKernels that is a type of its own: what is called so often, and with so few elements, that a closure's call
/// counts.
protocol PairLoop: PairFunction {
  static func loop(_ kernels: ElementKernels) -> ckernels_pairs
}

extension PairLoop {
  @inline(__always)
  func apply<S: TensorScalar>(
    _ x: UnsafePointer<S>, _ xStep: Int, _ y: UnsafePointer<S>, _ yStep: Int, _ count: Int,
    _ z: UnsafeMutablePointer<S>
  ) {
    Self.loop(Processor.best.elements(S.self))(x, xStep, y, yStep, count, z)
  }
}

/// A function of two numbers that is written in Swift; see ``ElementFormula``.
protocol PairFormula: PairFunction {
  func callAsFunction<S: TensorScalar>(_ x: S, _ y: S) -> S
}

extension PairFormula {
  @inline(__always)
  func apply<S: TensorScalar>(
    _ x: UnsafePointer<S>, _ xStep: Int, _ y: UnsafePointer<S>, _ yStep: Int, _ count: Int,
    _ z: UnsafeMutablePointer<S>
  ) {
    // A step that is known makes a loop of vectors.
    if xStep == 1, yStep == 1 {
      for i in 0..<count { z[i] = self(x[i], y[i]) }
    } else if xStep == 1 {
      let b = y[0]
      for i in 0..<count { z[i] = self(x[i], b) }
    } else {
      let a = x[0]
      for i in 0..<count { z[i] = self(a, y[i &* yStep]) }
    }
  }
}
