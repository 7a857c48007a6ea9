// Discrete Fourier transforms. Those of complex numbers are the functions of `ComplexParts`, whose parts are tensors.

extension Tensor where Scalar: TensorScalar {
  /// The discrete Fourier transform of real numbers along `axis`, n complex numbers of n: y[k] = Σ x[j] · e^(−2πi·jk/n). The
  /// derivative is the real part of the transform of the gradient with the other sign.
  ///
  /// ``rfft(axis:)`` leaves out the half that real numbers say twice, and takes half of the time.
  ///
  /// - Parameter axis: Negative ones count from the back.
  /// - Precondition: The axis is not empty.
  /// - Complexity: O(n log n) for each line of any length n; best where n has no prime factor above 7.
  public func fft(axis: Int = -1) -> ComplexParts<Scalar> {
    Fourier.complex("fft", self, nil, Fourier.axis("fft", axis, shape), inverse: false)
  }

  /// The first n/2 + 1 of the n numbers that the discrete Fourier transform gives of n real numbers along `axis`; the others
  /// are conjugates of these: y[n − k] = ȳ[k]. The derivative is a sum over these numbers alone,
  /// dx[j] = Re Σ G[k] · e^(2πi·jk/n).
  ///
  /// - Parameter axis: Negative ones count from the back.
  /// - Precondition: The axis is not empty.
  /// - Complexity: O(n log n) for each line.
  public func rfft(axis: Int = -1) -> ComplexParts<Scalar> {
    Fourier.ofReal(self, Fourier.axis("rfft", axis, shape))
  }

  /// The discrete Fourier transform of real numbers over the last two axes, `[…, H, W]` complex numbers of `[…, H, W]`. The
  /// derivative is that of ``fft(axis:)`` along both.
  ///
  /// - Precondition: There are two axes at least, and the last two are not empty.
  public func fft2D() -> ComplexParts<Scalar> {
    Fourier.planes("fft2D", shape)
    return fft().fft(axis: -2)
  }

  /// The discrete Fourier transform of real numbers over the last two axes, without the half that they say twice:
  /// `[…, H, W]` gives `[…, H, W/2 + 1]`. The derivative is that of ``rfft(axis:)`` and of `fft` in turn.
  ///
  /// - Precondition: There are two axes at least, and the last two are not empty.
  public func rfft2D() -> ComplexParts<Scalar> {
    Fourier.planes("rfft2D", shape)
    return rfft().fft(axis: -2)
  }
}

extension ComplexParts {
  /// The discrete Fourier transform along `axis`: y[k] = Σ x[j] · e^(−2πi·jk/n). The derivative is the transform of the
  /// gradient with the other sign.
  ///
  /// - Parameter axis: Negative ones count from the back.
  /// - Precondition: The axis is not empty.
  /// - Complexity: O(n log n) for each line of any length n; best where n has no prime factor above 7.
  public func fft(axis: Int = -1) -> ComplexParts {
    Fourier.complex("fft", real, imaginary, Fourier.axis("fft", axis, real.shape), inverse: false)
  }

  /// What ``fft(axis:)`` has made along `axis`, as it was before: x[j] = Σ y[k] · e^(2πi·jk/n) / n. The derivative is the
  /// transform of the gradient divided by n.
  ///
  /// - Parameter axis: Negative ones count from the back.
  /// - Precondition: The axis is not empty.
  public func ifft(axis: Int = -1) -> ComplexParts {
    let axis = Fourier.axis("ifft", axis, real.shape)
    return Fourier.complex("ifft", real, imaginary, axis, inverse: true).scaled(by: real.shape[axis])
  }

  /// The n real numbers of which `Tensor.rfft` has made these along `axis`. The first and, of an even n, the last are taken
  /// for real, whatever their imaginary parts. The derivative is the transform of the gradient divided by n, twice that
  /// where a number stands for two.
  ///
  /// - Parameters:
  ///   - count: n, of which there are n/2 + 1; `nil` for the even one.
  ///   - axis: Negative ones count from the back.
  /// - Precondition: n is above 0, and n/2 + 1 the length of the axis.
  public func irfft(count: Int? = nil, axis: Int = -1) -> Tensor<Scalar> {
    let axis = Fourier.axis("irfft", axis, real.shape)
    let count = Fourier.count("irfft", "count", count, of: real.shape[axis])
    return Fourier.toReal(real, imaginary, axis, count) / Scalar(count)
  }

  /// The discrete Fourier transform over the last two axes. The derivative is that of `fft` along both.
  ///
  /// - Precondition: There are two axes at least, and the last two are not empty.
  public func fft2D() -> ComplexParts {
    Fourier.planes("fft2D", real.shape)
    return fft().fft(axis: -2)
  }

  /// What ``fft2D()`` has made over the last two axes, as it was before. The derivative is that of ``ifft(axis:)`` along both.
  ///
  /// - Precondition: There are two axes at least, and the last two are not empty.
  public func ifft2D() -> ComplexParts {
    Fourier.planes("ifft2D", real.shape)
    return ifft(axis: -2).ifft()
  }

  /// The real numbers `[…, H, W]` of which `Tensor.rfft2D` has made these `[…, H, W/2 + 1]`. The derivative is that of
  /// `ifft` and ``irfft(count:axis:)`` in turn.
  ///
  /// - Parameter width: W; `nil` for the even one.
  /// - Precondition: There are two axes at least, W is above 0, and W/2 + 1 the length of the last axis.
  public func irfft2D(width: Int? = nil) -> Tensor<Scalar> {
    Fourier.planes("irfft2D", real.shape)
    let width = Fourier.count("irfft2D", "width", width, of: real.shape[real.rank - 1])
    return ifft(axis: -2).irfft(count: width)
  }

  private func scaled(by count: Int) -> ComplexParts {
    ComplexParts(real: real / Scalar(count), imaginary: imaginary / Scalar(count))
  }
}

/// Transforms that are not divided by n, with their derivatives: each is linear, and its transpose is another one.
private enum Fourier {
  // MARK: Checks

  static func axis(_ operation: String, _ axis: Int, _ shape: Shape) -> Int {
    let axis = ShapeCheck.axis(operation, axis, rank: shape.count)
    ShapeCheck.require(shape[axis] > 0) {
      "\(operation): axis \(axis) of the shape \(shape) is empty, and nothing has no transform; give it a length above 0"
    }
    return axis
  }

  static func planes(_ operation: String, _ shape: Shape) {
    ShapeCheck.require(shape.count >= 2) {
      "\(operation): the shape \(shape) has no two axes; give it the form […, H, W]"
    }
  }

  static func count(_ operation: String, _ name: String, _ asked: Int?, of length: Int) -> Int {
    let count = asked ?? 2 * (length - 1)
    ShapeCheck.require(count > 0 && count / 2 + 1 == length) {
      "\(operation): \(length) numbers are not the half of \(count); a \(name) of \(max(2 * length - 2, 1)) or "
        + "\(2 * length - 1) is needed"
    }
    return count
  }

  // MARK: Transforms

  /// Of complex numbers with these parts, `nil` for zeros.
  static func complex<S: TensorScalar>(
    _ name: StaticString, _ re: Tensor<S>?, _ im: Tensor<S>?, _ axis: Int, inverse: Bool
  ) -> ComplexParts<S> {
    if let scope = mappingScope(re, im) {
      return complex(
        name, re?.lifted(to: scope), im?.lifted(to: scope), axis + scope.lengths.count, inverse: inverse
      ).asMapped(scope.axes)
    }
    let found = Kernels.fourier(
      re?.array, im?.array, axis: axis, length: (re ?? im)!.shape[axis], .complex, inverse: inverse)
    func pulledBack(_ g: [Tensor<S>?]) -> ComplexParts<S> {
      complex(name, g[0], g[1], axis, inverse: !inverse)
    }
    var inputs: [(Tensor<S>, ([Tensor<S>?]) -> Tensor<S>)] = []
    if let re { inputs.append((re, { g in pulledBack(g).real })) }
    if let im { inputs.append((im, { g in pulledBack(g).imaginary })) }
    let parts = record(name, outputs: [Tensor(found.re), Tensor(found.im!)], inputs: inputs)
    return ComplexParts(real: parts[0], imaginary: parts[1])
  }

  /// The first half of the transform of real numbers.
  static func ofReal<S: TensorScalar>(_ x: Tensor<S>, _ axis: Int) -> ComplexParts<S> {
    let length = x.shape[axis]
    if x.isMapped { return ofReal(x.plain, axis + x.mappedCount).asMapped(x.mapped) }
    let found = Kernels.fourier(x.array, nil, axis: axis, length: length, .ofReal, inverse: false)
    let parts = record(
      "rfft", outputs: [Tensor(found.re), Tensor(found.im!)],
      (
        x,
        { g in
          // Each number counts once here, where the inverse takes most of them twice.
          let shares = 1 / multiplicities(S.self, length, axis, rank: (g[0] ?? g[1])!.rank)
          return toReal(g[0].map { $0 * shares }, g[1].map { $0 * shares }, axis, length)
        }
      ))
    return ComplexParts(real: parts[0], imaginary: parts[1])
  }

  /// The `length` real numbers of which these are the first half of the transform, times `length`.
  static func toReal<S: TensorScalar>(
    _ re: Tensor<S>?, _ im: Tensor<S>?, _ axis: Int, _ length: Int
  ) -> Tensor<S> {
    if let scope = mappingScope(re, im) {
      return toReal(re?.lifted(to: scope), im?.lifted(to: scope), axis + scope.lengths.count, length)
        .asMapped(scope.axes)
    }
    let value = Tensor(
      Kernels.fourier(re?.array, im?.array, axis: axis, length: length, .toReal, inverse: true).re)
    func pulledBack(_ g: Tensor<S>, _ part: (ComplexParts<S>) -> Tensor<S>) -> Tensor<S> {
      part(ofReal(g, axis)) * multiplicities(S.self, length, axis, rank: g.rank)
    }
    var inputs: [(Tensor<S>, (Tensor<S>) -> Tensor<S>)] = []
    if let re { inputs.append((re, { g in pulledBack(g, \.real) })) }
    if let im { inputs.append((im, { g in pulledBack(g, \.imaginary) })) }
    return record("irfft", value, inputs: inputs)
  }

  /// The scope of the parts, if one of them is mapped.
  private static func mappingScope<S: TensorScalar>(_ re: Tensor<S>?, _ im: Tensor<S>?) -> MappingScope? {
    let axes = deepest(re?.mapped ?? .none, im?.mapped ?? .none)
    return axes == .none ? nil : .open(axes)
  }

  /// How many of n numbers each of the first half stands for: 1 or 2, with as many axes as an array has.
  private static func multiplicities<S: TensorScalar>(
    _: S.Type, _ length: Int, _ axis: Int, rank: Int
  ) -> Tensor<S> {
    var shape = [Int](repeating: 1, count: rank)
    shape[axis] = length / 2 + 1
    return Tensor((0...length / 2).map { $0 == 0 || 2 * $0 == length ? 1 : 2 }, shape: shape)
  }
}
