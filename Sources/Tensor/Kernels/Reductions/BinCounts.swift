extension Kernels {
  /// The numbers of elements in the bins of equal width between two bounds.
  static func histogram<Scalar: TensorScalar>(
    _ x: StridedArray<Scalar>, _ binCount: Int, from lower: Double, to upper: Double
  ) -> [Int] {
    histogramLoop(x, binCount, lower, upper)
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func histogramLoop<S: TensorScalar>(
  _ x: StridedArray<S>, _ binCount: Int, _ lower: Double, _ upper: Double
) -> [Int] {
  var counts = [Int](repeating: 0, count: binCount)
  let (bins, width) = (Double(binCount), upper - lower)
  let step = width / bins
  counts.withUnsafeMutableBufferPointer { counts in
    x.withScalars { source in
      for scalar in source {
        let number = Double(scalar)
        guard lower <= number, number <= upper else { continue }
        var bin = min(Int((number - lower) / width * bins), binCount - 1)
        // The quotient is rounded; which bin it is is for the bounds to say. Where bins are narrower than rounding,
        // several have one bound, and the quotient says it.
        // Bounds are numbers of the elements' type, as NumPy has them: 0.7 as a Float is in the part from 0.7 on.
        let bound = Double(S(lower + Double(bin) * step))
        let next = Double(S(lower + Double(bin + 1) * step))
        if number < bound {
          bin -= 1
        } else if bin < binCount - 1, number >= next, next > bound {
          bin += 1
        }
        counts[bin] += 1
      }
    }
  }
  return counts
}
