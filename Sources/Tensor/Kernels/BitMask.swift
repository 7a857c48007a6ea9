/// One bit for each element of an array, in the order in which the elements lie in memory: all that the backward
/// pass of a rectifier needs.
struct BitMask: @unchecked Sendable {
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

  /// Valid while the mask is alive.
  var bytes: UnsafeMutablePointer<UInt8> { storage.bytes.assumingMemoryBound(to: UInt8.self) }
}

extension Kernels {
  /// max(x, 0), and where it is x. NaN stays NaN.
  static func rectifiedWithMask<Scalar>(_ x: StridedArray<Scalar>) -> (StridedArray<Scalar>, BitMask) {
    let x = x.layout.isDense ? x : copy(x)
    let result = StridedArray<Scalar>(uninitialized: x.shape, strides: x.layout.strides)
    let mask = BitMask(result.layout)
    if Scalar.self == Float.self {
      rectifyLoop(result.assuming(Float.self), mask, x.assuming(Float.self))
    } else {
      rectifyLoop(result.assuming(Double.self), mask, x.assuming(Double.self))
    }
    return (result, mask)
  }

  /// The elements whose bit is set, and 0 for the others. The result lies as the mask does.
  static func masked<Scalar>(_ x: StridedArray<Scalar>, by mask: BitMask) -> StridedArray<Scalar> {
    let x = relaid(x, strides: mask.layout.strides)
    let result = StridedArray<Scalar>(uninitialized: x.shape, strides: x.layout.strides)
    if Scalar.self == Float.self {
      maskLoop(result.assuming(Float.self), mask, x.assuming(Float.self))
    } else {
      maskLoop(result.assuming(Double.self), mask, x.assuming(Double.self))
    }
    return result
  }
}

private func rectifyLoop<S: TensorScalar>(_ result: StridedArray<S>, _ mask: BitMask, _ x: StridedArray<S>) {
  let count = x.count
  let (r, p, bytes) = (result.pointer, x.pointer, mask.bytes)
  withExtendedLifetime((result.storage, mask.storage, x.storage)) {
    Parallel.forEachRange((count + 7) / 8, grain: Kernels.elementGrain / 8) { range in
      for byte in range {
        let first = byte &* 8
        if first &+ 8 <= count {
          var bits: UInt8 = 0
          for bit in 0..<8 {
            let value = p[first &+ bit]
            let isZeroed = value <= 0
            r[first &+ bit] = isZeroed ? 0 : value
            bits |= (isZeroed ? 0 : 1) &<< UInt8(truncatingIfNeeded: bit)
          }
          bytes[byte] = bits
        } else {
          var bits: UInt8 = 0
          for index in first..<count {
            r[index] = p[index] <= 0 ? 0 : p[index]
            bits |= (p[index] <= 0 ? 0 : 1) << UInt8(index - first)
          }
          bytes[byte] = bits
        }
      }
    }
  }
}

private func maskLoop<S: TensorScalar>(_ result: StridedArray<S>, _ mask: BitMask, _ x: StridedArray<S>) {
  let count = x.count
  let (r, p, bytes) = (result.pointer, x.pointer, mask.bytes)
  withExtendedLifetime((result.storage, mask.storage, x.storage)) {
    Parallel.forEachRange((count + 7) / 8, grain: Kernels.elementGrain / 8) { range in
      for byte in range {
        let bits = bytes[byte]
        let first = byte &* 8
        for bit in 0..<min(8, count &- first) {
          r[first &+ bit] = bits & (1 &<< UInt8(truncatingIfNeeded: bit)) != 0 ? p[first &+ bit] : 0
        }
      }
    }
  }
}
