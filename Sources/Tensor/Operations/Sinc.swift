extension Tensor where Scalar: TensorScalar {
  /// sin(πx)/(πx) of every element, 1 at 0: the interpolation of signals that are sampled at whole numbers.
  /// d/dx = (cos(πx) − y)/x with the result y, 0 at 0.
  ///
  /// NumPy and PyTorch have the same `sinc`, with π.
  public func sinc() -> Tensor {
    let t = self * .pi
    // Near 0 the series, whose derivatives of every order are accurate there.
    let isNear = t.detached().abs() .< 0.5
    let square = Tensor.where(isNear, t, Tensor(0)).square()
    var series = Tensor(0)
    var term = 1.0
    let coefficients = (0..<8).map { k -> Double in
      defer { term /= -Double((2 * k + 2) * (2 * k + 3)) }
      return term
    }
    for coefficient in coefficients.reversed() { series = series * square + Scalar(coefficient) }
    let far = Tensor.where(isNear, Tensor(1), t)
    return .where(isNear, series, far.sin() / far)
  }

  /// Degrees as radians, for every element: x · π/180. d/dx = π/180.
  public func deg2rad() -> Tensor { self * (.pi / 180) }

  /// Radians as degrees, for every element: x · 180/π. d/dx = 180/π.
  public func rad2deg() -> Tensor { self * (180 / .pi) }

  /// log of the gamma function of `dimension` dimensions, for every element: Σⱼ log Γ(x − j/2) over j below `dimension`, and
  /// d(d − 1)/4 · log π. d/dx is the sum of digamma at the same places.
  ///
  /// Wishart's distribution is normalised by it. PyTorch has it as `mvlgamma`.
  ///
  /// - Parameter dimension: At least 1.
  /// - Precondition: All elements are above (`dimension` − 1)/2, where it is defined, or NaN.
  public func multivariateLogGamma(dimension: Int) -> Tensor {
    ShapeCheck.require(dimension >= 1) {
      "multivariateLogGamma: the dimension \(dimension) is not at least 1"
    }
    let least = Scalar(dimension - 1) / 2
    ShapeCheck.require(!(self .<= least).any().scalar) {
      "multivariateLogGamma: in \(dimension) dimensions each element must be above \(least); the least is "
        + "\(detached().min().scalar)"
    }
    let d = Double(dimension)
    var sum = Tensor(Scalar(d * (d - 1) / 4 * Double.log(.pi)))
    for j in 0..<dimension { sum = sum + (self - Scalar(j) / 2).logGamma() }
    return sum
  }
}
