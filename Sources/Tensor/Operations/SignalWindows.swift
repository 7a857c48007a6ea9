// Windows of signals: numbers that fall off towards both ends. They are computed in `Double` and rounded once.

extension Tensor where Scalar: TensorScalar {
  /// Hann's window: ½ − ½·cos(2πi/N), `[count]`.
  ///
  /// - Parameters:
  ///   - count: The number of elements.
  ///   - periodic: Whether N is `count`, so that the window repeats, as for Fourier transforms; else it is one less, and
  ///     the window symmetric, as NumPy's is.
  /// - Precondition: `count` is not negative.
  public static func hannWindow(_ count: Int, periodic: Bool = true) -> Tensor {
    window("hannWindow", count, periodic) { 0.5 - 0.5 * Double.cos(2 * .pi * $0) }
  }

  /// Hamming's window: 0.54 − 0.46·cos(2πi/N), `[count]`.
  ///
  /// - Parameters:
  ///   - count: The number of elements.
  ///   - periodic: Whether N is `count`, so that the window repeats; else it is one less, and the window symmetric.
  /// - Precondition: `count` is not negative.
  public static func hammingWindow(_ count: Int, periodic: Bool = true) -> Tensor {
    window("hammingWindow", count, periodic) { 0.54 - 0.46 * Double.cos(2 * .pi * $0) }
  }

  /// Blackman's window: 0.42 − 0.5·cos(2πi/N) + 0.08·cos(4πi/N), `[count]`.
  ///
  /// - Parameters:
  ///   - count: The number of elements.
  ///   - periodic: Whether N is `count`, so that the window repeats; else it is one less, and the window symmetric.
  /// - Precondition: `count` is not negative.
  public static func blackmanWindow(_ count: Int, periodic: Bool = true) -> Tensor {
    window("blackmanWindow", count, periodic) {
      0.42 - 0.5 * Double.cos(2 * .pi * $0) + 0.08 * Double.cos(4 * .pi * $0)
    }
  }

  /// Bartlett's window, a triangle: 1 − |2i/N − 1|, `[count]`.
  ///
  /// - Parameters:
  ///   - count: The number of elements.
  ///   - periodic: Whether N is `count`, so that the window repeats; else it is one less, and the window symmetric.
  /// - Precondition: `count` is not negative.
  public static func bartlettWindow(_ count: Int, periodic: Bool = true) -> Tensor {
    window("bartlettWindow", count, periodic) { 1 - (2 * $0 - 1).magnitude }
  }

  /// Kaiser's window: I₀(β·√(1 − (2i/N − 1)²)) / I₀(β), `[count]`, with the Bessel function of ``i0()``.
  ///
  /// - Parameters:
  ///   - count: The number of elements.
  ///   - beta: How fast it falls off: 0 gives ones, 5 about Hamming's window, 8.6 about Blackman's.
  ///   - periodic: Whether N is `count`, so that the window repeats; else it is one less, and the window symmetric.
  /// - Precondition: `count` is not negative.
  public static func kaiserWindow(_ count: Int, beta: Double = 12, periodic: Bool = true) -> Tensor {
    let places = Tensor<Double>.window("kaiserWindow", count, periodic) { x in
      beta * Swift.max(1 - (2 * x - 1) * (2 * x - 1), 0).squareRoot()
    }
    let peak = Tensor<Double>(beta).i0()
    return Tensor(count == 1 ? .ones([1]) : places.i0() / peak)
  }

  fileprivate static func window(
    _ operation: String, _ count: Int, _ periodic: Bool, _ height: (Double) -> Double
  ) -> Tensor {
    ShapeCheck.require(count >= 0) { "\(operation): a count of \(count) numbers is negative" }
    if count == 1 { return .ones([1]) }
    let period = Double(periodic ? count : count - 1)
    return Tensor(shape: [count]) { numbers in
      for i in 0..<count { numbers[i] = Scalar(height(Double(i) / period)) }
    }
  }

  /// `count` powers of `base`, their exponents evenly from `start` through `end`: NumPy's and PyTorch's `logspace`.
  ///
  /// - Returns: A tensor of one axis.
  /// - Precondition: `start` and `end` are finite, `base` is positive, and `count` is not negative.
  /// - Complexity: O(`count`)
  public static func logspace(
    from start: Scalar, through end: Scalar, count: Int, base: Scalar = 10
  ) -> Tensor {
    ShapeCheck.require(base > 0) { "logspace: the base \(base) is not above 0" }
    ShapeCheck.require(start.isFinite && end.isFinite) {
      "logspace: from \(start) through \(end): the exponents must be finite"
    }
    ShapeCheck.require(count >= 0) { "logspace: a count of \(count) numbers is negative" }
    let exponents = Tensor<Double>.linspace(from: Double(start), through: Double(end), count: count).scalars
    return Tensor(exponents.map { Scalar(Double.pow(Double(base), $0)) })
  }

  /// `count` numbers from `start` through `end`, each the same multiple of the one before: NumPy's `geomspace`. Both ends are
  /// exact.
  ///
  /// - Returns: A tensor of one axis.
  /// - Precondition: `start` and `end` are finite, of one sign, and not 0; `count` is not negative.
  /// - Complexity: O(`count`)
  public static func geomspace(from start: Scalar, through end: Scalar, count: Int) -> Tensor {
    let ratio = Double(end) / Double(start)
    ShapeCheck.require(start.isFinite && end.isFinite && ratio > 0 && ratio.isFinite) {
      "geomspace: from \(start) through \(end): the ends must be finite, of one sign, and not 0"
    }
    ShapeCheck.require(count >= 0) { "geomspace: a count of \(count) numbers is negative" }
    return Tensor(
      (0..<count).map { i in
        if i == 0 { return start }
        return i == count - 1 ? end : Scalar(Double(start) * Double.pow(ratio, Double(i) / Double(count - 1)))
      })
  }
}

extension Tensor<Int64> {
  /// The places of the elements on and below a diagonal of a matrix, in row-major order: `[K, 2]`, rows and columns.
  ///
  /// NumPy has it as `tril_indices`; PyTorch's `tril_indices` is its transpose.
  ///
  /// - Parameters:
  ///   - rows: Of the matrix.
  ///   - columns: Of the matrix; `nil` for as many as rows.
  ///   - offset: 0 is the main diagonal, 1 the one above it, −1 the one below.
  public static func lowerTrianglePlaces(rows: Int, columns: Int? = nil, offset: Int = 0) -> Tensor {
    trianglePlaces("lowerTrianglePlaces", rows, columns) { $1 - $0 <= offset }
  }

  /// The places of the elements on and above a diagonal of a matrix, in row-major order: `[K, 2]`, rows and columns.
  ///
  /// NumPy has it as `triu_indices`; PyTorch's `triu_indices` is its transpose.
  ///
  /// - Parameters:
  ///   - rows: Of the matrix.
  ///   - columns: Of the matrix; `nil` for as many as rows.
  ///   - offset: 0 is the main diagonal, 1 the one above it, −1 the one below.
  public static func upperTrianglePlaces(rows: Int, columns: Int? = nil, offset: Int = 0) -> Tensor {
    trianglePlaces("upperTrianglePlaces", rows, columns) { $1 - $0 >= offset }
  }

  private static func trianglePlaces(
    _ operation: String, _ rows: Int, _ columns: Int?, _ isInside: (Int, Int) -> Bool
  ) -> Tensor {
    let columns = columns ?? rows
    ShapeCheck.require(rows >= 0 && columns >= 0) {
      "\(operation): a matrix of \(rows) × \(columns) has a negative length"
    }
    let places = (0..<rows).flatMap { row in (0..<columns).filter { isInside(row, $0) }.map { [row, $0] } }
    return Tensor(integers: places.flatMap { $0 }, shape: [places.count, 2])
  }
}
