/// The loops that only `Float` has: its functions are cheap to compute in `Double`, or worth a polynomial of their own.
extension ElementKernels {
  /// What becomes of each element.
  enum FloatFunction {
    case sin, cos, erf, erfc, gelu, geluByTanh
    case power(Int)
  }

  @inline(__always)
  func map(
    _ function: FloatFunction, _ x: UnsafePointer<Float>, count: Int, into y: UnsafeMutablePointer<Float>
  ) {
    switch function {
    case .sin: table.pointee.sin(x, count, y)
    case .cos: table.pointee.cos(x, count, y)
    case .erf: table.pointee.erf(x, count, y)
    case .erfc: table.pointee.erfc(x, count, y)
    case .gelu: table.pointee.gelu(x, count, y)
    case .geluByTanh: table.pointee.gelu_by_tanh(x, count, y)
    case .power(let exponent): table.pointee.power(x, Int32(exponent), count, y)
    }
  }

  /// What becomes of each pair of elements; the slopes are x · f′(y).
  enum FloatPairFunction { case atan2, remainder, geluSlope, geluByTanhSlope }

  /// A step is 1, or 0 for a number that is the same in all pairs.
  @inline(__always)
  func zip(
    _ function: FloatPairFunction, _ x: UnsafePointer<Float>, step xStep: Int, _ y: UnsafePointer<Float>,
    step yStep: Int, count: Int, into z: UnsafeMutablePointer<Float>
  ) {
    switch function {
    case .atan2: table.pointee.atan2(x, xStep, y, yStep, count, z)
    case .remainder: table.pointee.remainder(x, xStep, y, yStep, count, z)
    case .geluSlope: table.pointee.gelu_slope(x, xStep, y, yStep, count, z)
    case .geluByTanhSlope: table.pointee.gelu_by_tanh_slope(x, xStep, y, yStep, count, z)
    }
  }

  /// The numbers that `draw` makes of the blocks from `first` on.
  func fill(
    _ y: UnsafeMutablePointer<Float>, blockCount: Int, first: UInt64, of generator: RandomGenerator,
    _ draw: NormalDraw
  ) {
    table.pointee.normal(generator.seed, generator.stream, first, blockCount, draw.mean, draw.deviation, y)
  }
}
