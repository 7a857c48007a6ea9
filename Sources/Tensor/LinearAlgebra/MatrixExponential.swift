extension Tensor where Scalar: TensorScalar {
  /// The exponential 1 + A + A²/2! + A³/3! + … of every matrix in the last two axes: `[…, N, N]` gives `[…, N, N]`.
  ///
  /// By scaling and squaring (Higham, "The Scaling and Squaring Method for the Matrix Exponential Revisited", 2005): the
  /// Padé approximant of order 13 (`Double`) or 7 (`Float`) of A/2ˢ, squared s times, with an s of its own for each
  /// matrix of a batch.
  ///
  /// dA is the derivative of the exponential at Aᵀ along G. It is the upper right block of exp of the matrix with the
  /// blocks Aᵀ, G above 0, Aᵀ, and so has derivatives of every order in turn.
  ///
  /// - Precondition: The last two axes have equal lengths.
  /// - Throws: ``LinearAlgebraError`` for the first matrix with a NaN or an infinity.
  /// - Complexity: About (7 + s)·N³ multiplications, for the largest s of the batch; eight times that for the gradient.
  public func matrixExponential() throws(LinearAlgebraError) -> Tensor {
    ShapeCheck.squareMatrices("matrixExponential", shape)
    if isMapped { return try throughMapped { x, _ throws(LinearAlgebraError) in try x.matrixExponential() } }
    try Kernels.checkFinite("matrixExponential", array)
    return exponential()
  }

  /// The exponential of matrices that are known to be finite.
  private func exponential() -> Tensor {
    record("matrixExponential", detached().squaredPade(), (self, { g in self.exponentialGradient(g) }))
  }

  private func exponentialGradient(_ g: Tensor) -> Tensor {
    if count == 0 { return g }
    // It is linear in G, which is made small: only A should say how often to square.
    let size = g.detached().abs().max().scalar
    guard size.isFinite else { return Tensor(repeating: .nan, shape: shape) }
    let scale = size > 0 ? size : 1
    let a = transposed()
    let above = Tensor.concatenated([a, g / scale], axis: -1)
    let below = Tensor.concatenated([.zeros(shape), a], axis: -1)
    let order = shape[rank - 1]
    return Tensor.concatenated([above, below], axis: -2).exponential()[..., 0..<order, order...] * scale
  }

  private func squaredPade() -> Tensor {
    if count == 0 { return self }
    let isFloat = Scalar.self == Float.self
    // The largest 1-norms for which the approximant's error is below half a unit of the last place.
    let largest: Scalar = isFloat ? 3.925724783138660 : 5.371920351148152
    let norms = abs().sum(axes: [-2]).max(axes: [-1])
    let squarings = norms.scalars.map { norm -> Int in
      let ratio = norm / largest
      return ratio > 1 ? Int(ratio.exponent) + (ratio.significand > 1 ? 1 : 0) : 0
    }
    let perMatrix = norms.shape + [1, 1]
    let scales = Tensor(squarings.map { Scalar.pow(2, -Scalar($0)) }, shape: perMatrix)
    var result = (self * scales).pade(isFloat ? Self.coefficients7 : Self.coefficients13)
    for step in 0..<squarings.max()! {
      let isDue = Tensor<Bool>(squarings.map { $0 > step }, shape: perMatrix)
      result = Tensor.where(isDue, result.matrixProduct(result), result)
    }
    return result
  }

  /// The Padé approximant of the exponential whose numerator has the coefficients `b`: of order 7 or 13.
  private func pade(_ b: [Scalar]) -> Tensor {
    let one = Tensor.identity(shape[rank - 1])
    let square = matrixProduct(self)
    let fourth = square.matrixProduct(square)
    let sixth = fourth.matrixProduct(square)
    var odd = b[7] * sixth + b[5] * fourth + b[3] * square + b[1] * one
    var even = b[6] * sixth + b[4] * fourth + b[2] * square + b[0] * one
    if b.count > 8 {
      odd = odd + sixth.matrixProduct(b[13] * sixth + b[11] * fourth + b[9] * square)
      even = even + sixth.matrixProduct(b[12] * sixth + b[10] * fourth + b[8] * square)
    }
    odd = matrixProduct(odd)
    // The denominator is the numerator at −A. It is far from singular for matrices of these norms.
    return try! (even - odd).solve(even + odd)
  }

  private static var coefficients7: [Scalar] {
    [17_297_280, 8_648_640, 1_995_840, 277_200, 25_200, 1_512, 56, 1]
  }

  private static var coefficients13: [Scalar] {
    [
      64_764_752_532_480_000, 32_382_376_266_240_000, 7_771_770_303_897_600, 1_187_353_796_428_800,
      129_060_195_264_000, 10_559_470_521_600, 670_442_572_800, 33_522_128_640, 1_323_241_920, 40_840_800,
      960_960,
      16_380, 182, 1,
    ]
  }
}
