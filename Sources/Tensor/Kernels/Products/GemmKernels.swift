import CKernels

/// The inner loops of matrix products, for machines whose vectors BLAS may leave half empty.
struct GemmKernels: @unchecked Sendable {
  private let table: UnsafePointer<ckernels_gemm>

  /// `nil` on other machines, where BLAS does as well.
  static let best = ckernels_gemm_best().map(GemmKernels.init(table:))

  /// The columns of a panel.
  @inline(__always)
  func panelWidth<Scalar: TensorScalar>(of _: Scalar.Type) -> Int {
    Scalar.self == Float.self ? table.pointee.width_f32 : table.pointee.width_f64
  }

  /// Stores the first `columns` of `b`, at most a panel's, over `depth` rows as the product reads them.
  @inline(__always)
  func pack<Scalar: TensorScalar>(
    columns: Int, depth: Int, _ b: BLAS.Matrix<Scalar>, into panel: UnsafeMutablePointer<Scalar>
  ) {
    let (from, columnStep, depthStep) = (b.start, b.columnStep, b.rowStep)
    if Scalar.self == Float.self {
      table.pointee.pack_f32(
        columns, depth, BLAS.concrete(from), columnStep, depthStep, BLAS.concrete(panel))
    } else {
      table.pointee.pack_f64(
        columns, depth, BLAS.concrete(from), columnStep, depthStep, BLAS.concrete(panel))
    }
  }

  /// c = a · b, or c + a · b if `adds`, where the panels of b are `panelStep` elements apart. Each element is summed
  /// in an order that depends on `depth` alone.
  @inline(__always)
  func multiply<Scalar: TensorScalar>(
    rows: Int, columns: Int, depth: Int, _ a: BLAS.Matrix<Scalar>, panels: UnsafePointer<Scalar>,
    panelStep: Int, adds: Bool, into c: UnsafeMutablePointer<Scalar>, leadingDimension: Int
  ) {
    if Scalar.self == Float.self {
      table.pointee.multiply_f32(
        rows, columns, depth, BLAS.concrete(a.start), a.rowStep, a.columnStep, BLAS.concrete(panels),
        panelStep, adds, BLAS.concrete(c), leadingDimension)
    } else {
      table.pointee.multiply_f64(
        rows, columns, depth, BLAS.concrete(a.start), a.rowStep, a.columnStep, BLAS.concrete(panels),
        panelStep, adds, BLAS.concrete(c), leadingDimension)
    }
  }
}
