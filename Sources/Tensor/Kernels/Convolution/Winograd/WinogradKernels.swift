import CKernels

/// The inner loops of the convolution, for one instruction set.
struct WinogradKernels: @unchecked Sendable {
  private let table: UnsafePointer<ckernels_winograd>

  /// Those of every instruction set that this machine has, from the plainest up.
  static let available: [WinogradKernels] = {
    var levels: [WinogradKernels] = []
    while let table = ckernels_winograd_level(Int32(levels.count)) {
      levels.append(WinogradKernels(table: table))
    }
    return levels
  }()

  static let best = available.last!

  var name: String { String(cString: table.pointee.name) }

  /// The 36 planes of one patch; `bits` says which channels count.
  @inline(__always)
  func transformInput(
    _ pixels: UnsafePointer<UnsafePointer<Float>?>, bits: UnsafePointer<UnsafePointer<UInt8>?>?,
    channels: Int,
    into planes: UnsafeMutablePointer<Float>, planeStride: Int
  ) {
    table.pointee.transform_input(pixels, bits, channels, planes, planeStride)
  }

  /// What the processor should have at hand when a product is done.
  struct Upcoming {
    /// The floats for the first 64 rows of the next product's second matrix.
    let start: UnsafePointer<Float>
    /// From those for 64 rows to those for the next 64.
    let stride: Int
  }

  /// c = a · b; each element is the sum in the order of `depth`, whatever the other sizes are.
  @inline(__always)
  func multiply(
    rows: Int, depth: Int, columns: Int, _ a: UnsafePointer<Float>, stride aStride: Int,
    _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, stride cStride: Int, upcoming: Upcoming
  ) {
    table.pointee.multiply(rows, depth, columns, a, aStride, b, c, cStride, upcoming.start, upcoming.stride)
  }

  /// The 4×4 outputs of one tile from its 36 planes. If `streams`, all pixels are aligned to 64 bytes and go past
  /// the caches; other threads see them after this one's next atomic operation, such as taking a piece of work.
  @inline(__always)
  func transformOutput(
    _ planes: UnsafePointer<Float>, planeStride: Int, channels: Int, bias: UnsafePointer<Float>?, relu: Bool,
    streams: Bool, into pixels: UnsafePointer<UnsafeMutablePointer<Float>?>,
    bits: UnsafePointer<UnsafeMutablePointer<UInt8>?>?
  ) {
    table.pointee.transform_output(planes, planeStride, channels, bias, relu, streams, pixels, bits)
  }

  /// target[j][i] = source[i][j], with zeros from `rows` to `paddedRows`.
  @inline(__always)
  func transpose(
    _ source: UnsafePointer<Float>, stride sourceStride: Int, rows: Int, paddedRows: Int, columns: Int,
    into target: UnsafeMutablePointer<Float>, stride targetStride: Int
  ) {
    table.pointee.transpose(source, sourceStride, rows, paddedRows, columns, target, targetStride)
  }
}
