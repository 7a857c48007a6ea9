/// One bit for each element of an array, in the order in which the elements lie in memory: all that the backward
/// pass of a rectifier needs.
package struct BitMask: @unchecked Sendable {
  /// Of the array whose elements the bits belong to; dense, from offset 0.
  let layout: Layout
  /// Bit `i % 8` of byte `i / 8` belongs to element `i`.
  fileprivate let storage: Storage

  /// A mask for an array of `layout`, whose bits are not yet set.
  fileprivate init(_ layout: Layout) {
    self.layout = layout
    storage = Storage(byteCount: (layout.shape.elementCount + 7) / 8)
  }

  /// A mask for a new [N, C, H, W] array with channels last, whose bits are not yet set.
  init(channelsLast shape: Shape) {
    self.init(Layout(shape: shape, strides: Layout.channelsLastStrides(shape)))
  }

  /// The bits of some rows of a [1, C, H, W] array with channels last, in memory of their own.
  ///
  /// - Precondition: The rows begin at whole bytes, as those of whole vectors of channels do.
  package func rows(_ rows: Range<Int>) -> BitMask {
    let shape = layout.shape
    if rows == 0..<shape[2] { return self }
    let rowBits = shape[1] * shape[3]
    precondition(shape[0] == 1 && rowBits % 8 == 0, "rows of bits do not begin at whole bytes")
    let part = BitMask(channelsLast: [1, shape[1], rows.count, shape[3]])
    withExtendedLifetime((storage, part.storage)) {
      part.bytes.update(from: bytes + rows.lowerBound * rowBits / 8, count: rows.count * rowBits / 8)
    }
    return part
  }

  /// Copies the bits of some rows of another mask of the same width over those from row `place` on.
  ///
  /// - Precondition: Nobody else has seen this mask; the rows begin at whole bytes.
  package func copyRows(_ rows: Range<Int>, of other: BitMask, to place: Int) {
    let rowBits = layout.shape[1] * layout.shape[3]
    precondition(rowBits % 8 == 0, "rows of bits do not begin at whole bytes")
    withExtendedLifetime((storage, other.storage)) {
      (bytes + place * rowBits / 8).update(
        from: other.bytes + rows.lowerBound * rowBits / 8, count: rows.count * rowBits / 8)
    }
  }

  /// Valid while the mask is alive.
  var bytes: UnsafeMutablePointer<UInt8> { storage.bytes.assumingMemoryBound(to: UInt8.self) }
}

extension Kernels {
  /// max(x, 0), and where it is x. NaN stays NaN.
  static func rectifiedWithMask<Scalar: TensorScalar>(_ x: StridedArray<Scalar>) -> (
    StridedArray<Scalar>, BitMask
  ) {
    let x = x.layout.isDense ? x : copy(x)
    let result = StridedArray<Scalar>(uninitialized: x.shape, strides: x.layout.strides)
    let mask = BitMask(result.layout)
    let (r, p, bytes, count) = (result.pointer, x.pointer, mask.bytes, x.count)
    let kernels = Processor.best.rectifiers(Scalar.self)
    withExtendedLifetime((result.storage, mask.storage, x.storage)) {
      forEachByte(ofBits: count) { byte, first, length in
        kernels.pointee.rectify(p + first, length, r + first, bytes + byte)
      }
    }
    return (result, mask)
  }

  /// The elements whose bit is set, and 0 for the others. The result lies as the mask does.
  static func masked<Scalar: TensorScalar>(_ x: StridedArray<Scalar>, by mask: BitMask) -> StridedArray<
    Scalar
  > {
    let x = relaid(x, strides: mask.layout.strides)
    let result = StridedArray<Scalar>(uninitialized: x.shape, strides: x.layout.strides)
    let (r, p, bytes, count) = (result.pointer, x.pointer, mask.bytes, x.count)
    let kernels = Processor.best.rectifiers(Scalar.self)
    withExtendedLifetime((result.storage, mask.storage, x.storage)) {
      forEachByte(ofBits: count) { byte, first, length in
        kernels.pointee.select(p + first, bytes + byte, length, r + first)
      }
    }
    return result
  }

  /// Pieces of `count` elements that begin at whole bytes of their bits.
  private static func forEachByte(
    ofBits count: Int, _ body: (_ byte: Int, _ first: Int, _ length: Int) -> Void
  ) {
    Parallel.forEachRange((count + 7) / 8, grain: elementGrain / 8) { bytes in
      let first = bytes.lowerBound * 8
      body(bytes.lowerBound, first, min(bytes.upperBound * 8, count) - first)
    }
  }
}
