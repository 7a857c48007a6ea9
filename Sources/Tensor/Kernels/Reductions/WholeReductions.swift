import CKernels

// Reductions of truth values and integers, of matrices along their rows. Numbers with a point have ``Kernels/reduce``.

extension Kernels {
  /// How many elements of each row are true.
  static func countTrue(_ x: StridedArray<Bool>) -> StridedArray<Int64> {
    let (rows, length) = (x.shape[0], x.shape[1])
    return x.withScalars { source in
      StridedArray<Int64>([rows]) { counts in
        UnsafeRawBufferPointer(source).withMemoryRebound(to: UInt8.self) { source in
          for row in 0..<rows {
            var count = 0
            for byte in source[row * length..<(row + 1) * length] { count &+= Int(byte) }
            counts[row] = Int64(count)
          }
        }
      }
    }
  }

  /// The elements of each row combined by `combine`, from `start` on, or from the first.
  @inline(__always)
  static func reduceRows<Scalar: TensorInteger>(
    _ x: StridedArray<Scalar>, from start: Scalar?, _ combine: (Scalar, Scalar) -> Scalar
  ) -> StridedArray<Scalar> {
    let (rows, length) = (x.shape[0], x.shape[1])
    return x.withScalars { source in
      StridedArray([rows]) { results in
        for row in 0..<rows {
          let elements = source[row * length..<(row + 1) * length]
          results[row] = elements.dropFirst(start == nil ? 1 : 0).reduce(start ?? elements.first!, combine)
        }
      }
    }
  }

  /// The positions of the elements that are true, in row-major order.
  static func truePositions(_ x: StridedArray<Bool>) -> [Int] {
    x.withScalars { source in
      // One number more is written than there are.
      let found = ckernels_count_true(source.baseAddress, source.count)
      return [Int](unsafeUninitializedCapacity: found + 1) { places, count in
        count = places.withMemoryRebound(to: Int64.self) {
          ckernels_true_places(source.baseAddress, source.count, $0.baseAddress)
        }
      }
    }
  }
}
