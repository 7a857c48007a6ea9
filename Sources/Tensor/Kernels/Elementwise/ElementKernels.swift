import CKernels

/// The loops over neighbouring elements, for one instruction set.
struct ElementKernels: @unchecked Sendable {
  let table: UnsafePointer<ckernels_elements>

  /// Those of every instruction set that this machine has, from the plainest up.
  static let available: [ElementKernels] = {
    var levels: [ElementKernels] = []
    while let table = ckernels_element_level(Int32(levels.count)) {
      levels.append(ElementKernels(table: table))
    }
    return levels
  }()

  static let best = available.last!

  var name: String { String(cString: table.pointee.name) }

  /// What becomes of each element.
  enum Function { case exp, tanh, sigmoid, floor, ceil, round, trunc, sqrt }

  @inline(__always)
  func map<S: TensorScalar>(
    _ function: Function, _ x: UnsafePointer<S>, count: Int, into y: UnsafeMutablePointer<S>
  ) {
    if S.self == Float.self {
      switch function {
      case .exp: table.pointee.exp_f32(BLAS.concrete(x), count, BLAS.concrete(y))
      case .tanh: table.pointee.tanh_f32(BLAS.concrete(x), count, BLAS.concrete(y))
      case .sigmoid: table.pointee.sigmoid_f32(BLAS.concrete(x), count, BLAS.concrete(y))
      case .floor: table.pointee.floor_f32(BLAS.concrete(x), count, BLAS.concrete(y))
      case .ceil: table.pointee.ceil_f32(BLAS.concrete(x), count, BLAS.concrete(y))
      case .round: table.pointee.round_f32(BLAS.concrete(x), count, BLAS.concrete(y))
      case .trunc: table.pointee.trunc_f32(BLAS.concrete(x), count, BLAS.concrete(y))
      case .sqrt: table.pointee.sqrt_f32(BLAS.concrete(x), count, BLAS.concrete(y))
      }
    } else {
      switch function {
      case .exp: table.pointee.exp_f64(BLAS.concrete(x), count, BLAS.concrete(y))
      case .tanh: table.pointee.tanh_f64(BLAS.concrete(x), count, BLAS.concrete(y))
      case .sigmoid: table.pointee.sigmoid_f64(BLAS.concrete(x), count, BLAS.concrete(y))
      case .floor: table.pointee.floor_f64(BLAS.concrete(x), count, BLAS.concrete(y))
      case .ceil: table.pointee.ceil_f64(BLAS.concrete(x), count, BLAS.concrete(y))
      case .round: table.pointee.round_f64(BLAS.concrete(x), count, BLAS.concrete(y))
      case .trunc: table.pointee.trunc_f64(BLAS.concrete(x), count, BLAS.concrete(y))
      case .sqrt: table.pointee.sqrt_f64(BLAS.concrete(x), count, BLAS.concrete(y))
      }
    }
  }

  /// What becomes of all elements together.
  enum Combination { case sum, maximum, minimum }

  @inline(__always)
  func combine<S: TensorScalar>(_ combination: Combination, _ x: UnsafePointer<S>, count: Int) -> Double {
    if S.self == Float.self {
      switch combination {
      case .sum: table.pointee.sum_f32(BLAS.concrete(x), count)
      case .maximum: table.pointee.maximum_f32(BLAS.concrete(x), count)
      case .minimum: table.pointee.minimum_f32(BLAS.concrete(x), count)
      }
    } else {
      switch combination {
      case .sum: table.pointee.sum_f64(BLAS.concrete(x), count)
      case .maximum: table.pointee.maximum_f64(BLAS.concrete(x), count)
      case .minimum: table.pointee.minimum_f64(BLAS.concrete(x), count)
      }
    }
  }

  /// Combines each element of rows of `count` neighbours, `step` elements apart, with the number in its place in
  /// `total`.
  @inline(__always)
  func accumulate<S: TensorScalar>(
    _ combination: Combination, _ x: UnsafePointer<S>, rows: Int, step: Int, count: Int,
    into total: UnsafeMutablePointer<Double>
  ) {
    if S.self == Float.self {
      switch combination {
      case .sum: table.pointee.add_rows_f32(BLAS.concrete(x), rows, step, count, total)
      case .maximum: table.pointee.raise_rows_f32(BLAS.concrete(x), rows, step, count, total)
      case .minimum: table.pointee.lower_rows_f32(BLAS.concrete(x), rows, step, count, total)
      }
    } else {
      switch combination {
      case .sum: table.pointee.add_rows_f64(BLAS.concrete(x), rows, step, count, total)
      case .maximum: table.pointee.raise_rows_f64(BLAS.concrete(x), rows, step, count, total)
      case .minimum: table.pointee.lower_rows_f64(BLAS.concrete(x), rows, step, count, total)
      }
    }
  }
}

// MARK: - Who has a kernel

extension Functions.Exp {
  @inline(__always) var kernel: ElementKernels.Function? { .exp }
}
extension Functions.Tanh {
  @inline(__always) var kernel: ElementKernels.Function? { .tanh }
}
extension Functions.Sigmoid {
  @inline(__always) var kernel: ElementKernels.Function? { .sigmoid }
}
extension Functions.Floor {
  @inline(__always) var kernel: ElementKernels.Function? { .floor }
}
extension Functions.Ceiling {
  @inline(__always) var kernel: ElementKernels.Function? { .ceil }
}
extension Functions.Round {
  @inline(__always) var kernel: ElementKernels.Function? { .round }
}
extension Functions.Truncate {
  @inline(__always) var kernel: ElementKernels.Function? { .trunc }
}
// Swift's own sets `errno`, and a loop over it has no vectors.
extension Functions.SquareRoot {
  @inline(__always) var kernel: ElementKernels.Function? { .sqrt }
}

extension Reductions.Sum {
  @inline(__always) static var kernel: ElementKernels.Combination? { .sum }
}
extension Reductions.Max {
  @inline(__always) static var kernel: ElementKernels.Combination? { .maximum }
}
extension Reductions.Min {
  @inline(__always) static var kernel: ElementKernels.Combination? { .minimum }
}
