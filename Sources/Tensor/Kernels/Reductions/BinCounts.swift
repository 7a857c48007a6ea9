extension Kernels {
  /// The numbers of elements in the bins of equal width between two bounds.
  @inline(__always)
  static func histogram<Scalar>(
    _ x: StridedArray<Scalar>, _ binCount: Int, from lower: Double, to upper: Double
  ) -> [Int] {
    Scalar.self == Float.self
      ? histogramLoop(x.assuming(Float.self), binCount, lower, upper)
      : histogramLoop(x.assuming(Double.self), binCount, lower, upper)
  }
}

private func histogramLoop<S: TensorScalar>(
  _ x: StridedArray<S>, _ binCount: Int, _ lower: Double, _ upper: Double
) -> [Int] {
  var counts = [Int](repeating: 0, count: binCount)
  let (bins, width) = (Double(binCount), upper - lower)
  counts.withUnsafeMutableBufferPointer { counts in
    x.withScalars { source in
      for scalar in source {
        let number = Double(scalar)
        guard lower <= number, number <= upper else { continue }
        counts[min(Int((number - lower) / width * bins), binCount - 1)] += 1
      }
    }
  }
  return counts
}
