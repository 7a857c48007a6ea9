import CKernels

/// The loops over lines of ``LinePlan``, for one instruction set.
struct LineKernels: @unchecked Sendable {
  private let table: UnsafePointer<ckernels_line_loops>

  /// Those of every instruction set that this machine has, from the plainest up.
  static let available: [LineKernels] = {
    var levels: [LineKernels] = []
    while let table = ckernels_line_level(Int32(levels.count)) { levels.append(LineKernels(table: table)) }
    return levels
  }()

  static let best = available.last!

  var name: String { String(cString: table.pointee.name) }

  /// What is made from the numbers of each line: as many numbers, or one.
  enum Function { case softmax, logSoftmax, logSumExp }

  @inline(__always)
  func callAsFunction<S: TensorScalar>(
    _ function: Function, _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, _ lines: ckernels_lines
  ) {
    if S.self == Float.self {
      let (x, y): (UnsafePointer<Float>, UnsafeMutablePointer<Float>) = (BLAS.concrete(x), BLAS.concrete(y))
      switch function {
      case .softmax: table.pointee.softmax_f32(x, y, lines)
      case .logSoftmax: table.pointee.log_softmax_f32(x, y, lines)
      case .logSumExp: table.pointee.log_sum_exp_f32(x, y, lines)
      }
    } else {
      let (x, y): (UnsafePointer<Double>, UnsafeMutablePointer<Double>) = (BLAS.concrete(x), BLAS.concrete(y))
      switch function {
      case .softmax: table.pointee.softmax_f64(x, y, lines)
      case .logSoftmax: table.pointee.log_softmax_f64(x, y, lines)
      case .logSumExp: table.pointee.log_sum_exp_f64(x, y, lines)
      }
    }
  }

  /// y · (g − Σg·y) for each line.
  @inline(__always)
  func softmaxSlope<S: TensorScalar>(
    _ g: UnsafePointer<S>, _ y: UnsafePointer<S>, into z: UnsafeMutablePointer<S>, _ lines: ckernels_lines
  ) {
    if S.self == Float.self {
      table.pointee.softmax_slope_f32(BLAS.concrete(g), BLAS.concrete(y), BLAS.concrete(z), lines)
    } else {
      table.pointee.softmax_slope_f64(BLAS.concrete(g), BLAS.concrete(y), BLAS.concrete(z), lines)
    }
  }

  /// g − eʸ · Σg for each line.
  @inline(__always)
  func logSoftmaxSlope<S: TensorScalar>(
    _ g: UnsafePointer<S>, _ y: UnsafePointer<S>, into z: UnsafeMutablePointer<S>, _ lines: ckernels_lines
  ) {
    if S.self == Float.self {
      table.pointee.log_softmax_slope_f32(BLAS.concrete(g), BLAS.concrete(y), BLAS.concrete(z), lines)
    } else {
      table.pointee.log_softmax_slope_f64(BLAS.concrete(g), BLAS.concrete(y), BLAS.concrete(z), lines)
    }
  }

  /// y = (x − mean) · r with one r = 1 / √(variance + `epsilon`) for each line.
  @inline(__always)
  func standardize<S: TensorScalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, _ r: UnsafeMutablePointer<S>, epsilon: Double,
    _ lines: ckernels_lines
  ) {
    if S.self == Float.self {
      table.pointee.standardize_f32(BLAS.concrete(x), BLAS.concrete(y), BLAS.concrete(r), epsilon, lines)
    } else {
      table.pointee.standardize_f64(BLAS.concrete(x), BLAS.concrete(y), BLAS.concrete(r), epsilon, lines)
    }
  }

  /// r · (g − mean g − y · mean(g·y)) for each line.
  @inline(__always)
  func standardizeSlope<S: TensorScalar>(
    _ g: UnsafePointer<S>, _ y: UnsafePointer<S>, _ r: UnsafePointer<S>, into z: UnsafeMutablePointer<S>,
    _ lines: ckernels_lines
  ) {
    if S.self == Float.self {
      table.pointee.standardize_slope_f32(
        BLAS.concrete(g), BLAS.concrete(y), BLAS.concrete(r), BLAS.concrete(z), lines)
    } else {
      table.pointee.standardize_slope_f64(
        BLAS.concrete(g), BLAS.concrete(y), BLAS.concrete(r), BLAS.concrete(z), lines)
    }
  }
}
