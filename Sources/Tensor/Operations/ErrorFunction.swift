extension Tensor {
  /// The error function of every element, (2/√π) ∫₀ˣ e^(−t²) dt. d/dx = (2/√π) e^(−x²).
  public func erf() -> Tensor {
    record("erf", Tensor(Kernels.map(array, Functions.Erf())), (self, { g in g * self.errorSlope() }))
  }

  /// The complementary error function of every element, 1 − erf(x), accurate also where that is nearly 0.
  /// d/dx = −(2/√π) e^(−x²).
  public func erfc() -> Tensor {
    record("erfc", Tensor(Kernels.map(array, Functions.Erfc())), (self, { g in -(g * self.errorSlope()) }))
  }

  private func errorSlope() -> Tensor { (2 / Scalar.pi.squareRoot()) * (-square()).exp() }
}
