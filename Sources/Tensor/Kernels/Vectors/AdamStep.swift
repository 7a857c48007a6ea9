import CKernels

/// A step of Adam over all elements of tensors of equal shape, in place and reading memory once.
///
/// The running means move first, m ← `betas.0` · m + (1 − `betas.0`) · g and v ← `betas.1` · v + (1 − `betas.1`) · g²;
/// then x ← `keep` · x − `rate` · m / (√v / `rootCorrection` + `epsilon`), which is clamped to `bounds`.
package struct AdamStep: Sendable {
  package var betas: (Double, Double)
  package var keep: Double
  package var rate: Double
  package var rootCorrection: Double
  package var epsilon: Double
  package var bounds: ClosedRange<Double>

  package init(
    betas: (Double, Double), keep: Double, rate: Double, rootCorrection: Double, epsilon: Double,
    bounds: ClosedRange<Double>
  ) {
    (self.betas, self.keep, self.rate) = (betas, keep, rate)
    (self.rootCorrection, self.epsilon, self.bounds) = (rootCorrection, epsilon, bounds)
  }

  package func callAsFunction<S: TensorScalar>(
    _ x: inout Tensor<S>, mean: inout Tensor<S>, meanSquare: inout Tensor<S>, along gradient: Tensor<S>
  ) {
    ShapeCheck.require(x.shape == gradient.shape && x.shape == mean.shape && x.shape == meanSquare.shape) {
      "AdamStep: tensors of the shapes \(x.shape), \(mean.shape), \(meanSquare.shape) and \(gradient.shape)"
    }
    gradient.withUnsafeScalars { g in
      mean.withUnsafeMutableScalars { mean in
        meanSquare.withUnsafeMutableScalars { square in
          x.withUnsafeMutableScalars { x in
            guard let g = g.baseAddress, let m = mean.baseAddress, let v = square.baseAddress,
              let p = x.baseAddress
            else { return }
            Parallel.forEachEvenRange(x.count, atMost: Kernels.elementGrain) { range in
              let i = range.lowerBound
              self(
                p + i, mean: m + i, square: v + i, along: g + i, count: range.count,
                kernels: Processor.best.elements(S.self))
            }
          }
        }
      }
    }
  }
}

extension AdamStep {
  /// The step over `count` neighbours, by a loop of `kernels` for their scalar.
  @inline(__always)
  func callAsFunction<S: TensorScalar>(
    _ x: UnsafeMutablePointer<S>, mean: UnsafeMutablePointer<S>, square: UnsafeMutablePointer<S>,
    along gradient: UnsafePointer<S>, count: Int, kernels: ElementKernels
  ) {
    var step = ckernels_adam(
      mean_keep: betas.0, square_keep: betas.1, keep: keep, rate: rate, root_correction: rootCorrection,
      epsilon: epsilon, lowest: bounds.lowerBound, highest: bounds.upperBound)
    kernels.pointee.adam(&step, gradient, count, x, mean, square)
  }
}
