extension Tensor where Scalar: TensorScalar {
  /// The error function of every element, (2/√π) ∫₀ˣ e^(−t²) dt. d/dx = (2/√π) e^(−x²).
  public func erf() -> Tensor { elementwise("erf", Kernel { $0.pointee.erf }) { g in g * errorSlope() } }

  /// The complementary error function of every element, 1 − erf(x), accurate also where that is nearly 0.
  /// d/dx = −(2/√π) e^(−x²).
  public func erfc() -> Tensor {
    elementwise("erfc", Kernel { $0.pointee.erfc }) { g in -(g * errorSlope()) }
  }

  private func errorSlope() -> Tensor { (2 / Scalar.pi.squareRoot()) * (-square()).exp() }
}
