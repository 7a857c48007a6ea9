import CKernels

/// The tables of CKernels' loops, whose slots CKernels.h describes. Where both scalars have a table of one type, its
/// loops take untyped pointers to elements of the scalar that ``Processor`` was asked for.
typealias ElementKernels = UnsafePointer<ckernels_elements>
typealias LineKernels = UnsafePointer<ckernels_lines>
typealias DepthwiseKernels = UnsafePointer<ckernels_depthwise>
typealias RectifierKernels = UnsafePointer<ckernels_rectifiers>
typealias FourierKernels = UnsafePointer<ckernels_fourier>
typealias WinogradKernels = UnsafePointer<ckernels_winograd>
typealias GemmKernels = UnsafePointer<ckernels_gemm>

/// A kind of processor, with the C loops that are compiled for it.
struct Processor: @unchecked Sendable {
  private let table: UnsafePointer<ckernels>

  /// Every kind that this machine is, from the plainest up.
  static let available: [Processor] = {
    var processors: [Processor] = []
    while let table = ckernels_for_processor(Int32(processors.count)) {
      processors.append(Processor(table: table))
    }
    return processors
  }()

  /// The kind with the widest vectors that this machine is.
  static let best = available.last!

  /// The instruction set, such as `x86-64-v4`.
  var name: String { String(cString: table.pointee.name) }

  // MARK: - Loops of both scalars

  /// The loops over elements.
  @inline(__always)
  func elements<S: TensorScalar>(_: S.Type) -> ElementKernels { Self.choose(S.self, table.pointee.elements)! }

  /// The loops over the lines of ``LinePlan``.
  @inline(__always)
  func lines<S: TensorScalar>(_: S.Type) -> LineKernels { Self.choose(S.self, table.pointee.lines)! }

  /// The loops of convolutions with a filter for each channel.
  @inline(__always)
  func depthwise<S: TensorScalar>(_: S.Type) -> DepthwiseKernels {
    Self.choose(S.self, table.pointee.depthwise)!
  }

  /// The loops of rectifiers and of 2×2 pooling.
  @inline(__always)
  func rectifiers<S: TensorScalar>(_: S.Type) -> RectifierKernels {
    Self.choose(S.self, table.pointee.rectifiers)!
  }

  /// The passes of Fourier transforms.
  @inline(__always)
  func fourier<S: TensorScalar>(_: S.Type) -> FourierKernels { Self.choose(S.self, table.pointee.fourier)! }

  /// The loops of matrix products; `nil` where BLAS does as well.
  @inline(__always)
  func gemm<S: TensorScalar>(_: S.Type) -> GemmKernels? { Self.choose(S.self, table.pointee.gemm) }

  /// The same for the operations: `nil` in a debug build as well, where C is not optimised, and BLAS is.
  @inline(__always)
  func fastGemm<S: TensorScalar>(_: S.Type) -> GemmKernels? {
    #if DEBUG
      nil
    #else
      gemm(S.self)
    #endif
  }

  /// A C array's element for a scalar: the index is `ckernels_scalar`. No other place asks for it.
  @inline(__always)
  private static func choose<S: TensorScalar, Table>(_: S.Type, _ tables: (Table, Table)) -> Table {
    S.self == Float.self ? tables.0 : tables.1
  }

  // MARK: - Loops of `Float` alone

  /// The loops of Winograd's convolution with operands in single precision.
  @inline(__always)
  var winograd: WinogradKernels { table.pointee.winograd.0! }

  /// The loops of Winograd's convolution with operands in a precision; `nil` where the processor has no products of
  /// them.
  func winograd(_ precision: ProductPrecision) -> WinogradKernels? {
    switch precision {
    case .single: table.pointee.winograd.0
    case .bfloat16: table.pointee.winograd.1
    }
  }

  /// Fills `y` with the normal numbers that `draw` makes of `generator`'s blocks from `first` on, four of each.
  func fill(
    _ y: UnsafeMutablePointer<Float>, blockCount: Int, first: UInt64, of generator: RandomGenerator,
    _ draw: NormalDraw
  ) {
    table.pointee.normal(generator.seed, generator.stream, first, blockCount, draw.mean, draw.deviation, y)
  }
}

extension ckernels_scalar {
  /// What C calls a scalar.
  @inline(__always)
  init<S: TensorScalar>(_: S.Type) { self = S.self == Float.self ? CKERNELS_FLOAT : CKERNELS_DOUBLE }
}
