import CKernels

/// The inner loops of rectifiers and of 2×2 pooling, for one instruction set.
struct RectifierKernels: @unchecked Sendable {
  private let table: UnsafePointer<ckernels_rectifier>

  /// Those of every instruction set that this machine has, from the plainest up.
  static let available: [RectifierKernels] = {
    var levels: [RectifierKernels] = []
    while let table = ckernels_rectifier_level(Int32(levels.count)) {
      levels.append(RectifierKernels(table: table))
    }
    return levels
  }()

  static let best = available.last!

  var name: String { String(cString: table.pointee.name) }

  /// y = max(x, 0), NaN staying NaN, and a bit for each element: 0 where y was set to 0.
  @inline(__always)
  func rectify<S: TensorScalar>(
    _ x: UnsafePointer<S>, count: Int, into y: UnsafeMutablePointer<S>, bits: UnsafeMutablePointer<UInt8>
  ) {
    if S.self == Float.self {
      table.pointee.rectify_f32(concrete(x), count, concrete(y), bits)
    } else {
      table.pointee.rectify_f64(concrete(x), count, concrete(y), bits)
    }
  }

  /// y = x where the bit is set, else 0.
  @inline(__always)
  func select<S: TensorScalar>(
    _ x: UnsafePointer<S>, bits: UnsafePointer<UInt8>, count: Int, into y: UnsafeMutablePointer<S>
  ) {
    if S.self == Float.self {
      table.pointee.select_f32(concrete(x), bits, count, concrete(y))
    } else {
      table.pointee.select_f64(concrete(x), bits, count, concrete(y))
    }
  }

  /// The largest of each 2×2 window of two rows of pixels, and in `right` and `lower` where it came from.
  ///
  /// - Precondition: `channels` is a multiple of 16.
  @inline(__always)
  func pool<S: TensorScalar>(
    _ top: UnsafePointer<S>, _ bottom: UnsafePointer<S>, channels: Int, windows: Int,
    into y: UnsafeMutablePointer<S>, right: UnsafeMutablePointer<UInt8>?, lower: UnsafeMutablePointer<UInt8>?
  ) {
    if S.self == Float.self {
      table.pointee.pool_f32(concrete(top), concrete(bottom), channels, windows, concrete(y), right, lower)
    } else {
      table.pointee.pool_f64(concrete(top), concrete(bottom), channels, windows, concrete(y), right, lower)
    }
  }

  /// `x` at the place of its window that the bits name, 0 at the other three.
  ///
  /// - Precondition: `channels` is a multiple of 16.
  @inline(__always)
  func unpool<S: TensorScalar>(
    _ x: UnsafePointer<S>, right: UnsafePointer<UInt8>, lower: UnsafePointer<UInt8>, channels: Int,
    windows: Int,
    into top: UnsafeMutablePointer<S>, _ bottom: UnsafeMutablePointer<S>
  ) {
    if S.self == Float.self {
      table.pointee.unpool_f32(concrete(x), right, lower, channels, windows, concrete(top), concrete(bottom))
    } else {
      table.pointee.unpool_f64(concrete(x), right, lower, channels, windows, concrete(top), concrete(bottom))
    }
  }

  /// A quarter of the sum of each 2×2 window of two rows of pixels.
  ///
  /// - Precondition: `channels` is a multiple of 16.
  @inline(__always)
  func average<S: TensorScalar>(
    _ top: UnsafePointer<S>, _ bottom: UnsafePointer<S>, channels: Int, windows: Int,
    into y: UnsafeMutablePointer<S>
  ) {
    if S.self == Float.self {
      table.pointee.average_f32(concrete(top), concrete(bottom), channels, windows, concrete(y))
    } else {
      table.pointee.average_f64(concrete(top), concrete(bottom), channels, windows, concrete(y))
    }
  }

  /// A quarter of `x` at all four places of its window.
  ///
  /// - Precondition: `channels` is a multiple of 16.
  @inline(__always)
  func spread<S: TensorScalar>(
    _ x: UnsafePointer<S>, channels: Int, windows: Int, into top: UnsafeMutablePointer<S>,
    _ bottom: UnsafeMutablePointer<S>
  ) {
    if S.self == Float.self {
      table.pointee.spread_f32(concrete(x), channels, windows, concrete(top), concrete(bottom))
    } else {
      table.pointee.spread_f64(concrete(x), channels, windows, concrete(top), concrete(bottom))
    }
  }
}

/// The same address under the element type that the caller has checked.
@inline(__always)
private func concrete<S, Other>(_ pointer: UnsafePointer<S>) -> UnsafePointer<Other> {
  UnsafeRawPointer(pointer).assumingMemoryBound(to: Other.self)
}

@inline(__always)
private func concrete<S, Other>(_ pointer: UnsafeMutablePointer<S>) -> UnsafeMutablePointer<Other> {
  UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Other.self)
}
