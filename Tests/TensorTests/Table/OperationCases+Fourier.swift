import Tensor

extension OperationCases {
  /// Fourier transforms; the parts of complex results are stacked.
  @OperationCaseList<Scalar>
  static var fourier: [Case] {
    // Radices 2 to 7 and products of them, and lengths that need a convolution, such as 17 and 34 of real numbers.
    let lengths = [1, 2, 3, 4, 5, 7, 8, 11, 12, 13, 17, 30, 34, 64]
    let lines: [(String, Shape, Int)] =
      [
        ("", [2, 3, 4], 1), (", last axis", [2, 3, 6], -1), (", first axis", [5, 2], 0),
        (", empty", [0, 3], 1),
      ] + lengths.map { (", \($0) numbers", [2, $0], -1) }
    for (suffix, shape, axis) in lines {
      let (one, two) = ([CaseInput.uniform(shape)], [CaseInput.uniform(shape), .uniform(shape)])
      let count = 2 * (shape[axis < 0 ? axis + shape.count : axis] - 1)
      Case("fft", "fft" + suffix, one) { parts($0[0].fft(axis: axis)) }
      Case("fft", "fft, complex" + suffix, two) { parts(complex($0).fft(axis: axis)) }
      Case("ifft", "ifft" + suffix, two) { parts(complex($0).ifft(axis: axis)) }
      Case("rfft", "rfft" + suffix, one) { parts($0[0].rfft(axis: axis)) }
      for count in [count, count + 1] where count > 0 {
        Case(
          "irfft", (count % 2 == 0 ? "irfft" : "irfft, odd") + suffix, two, derivatives: real(shape, count)
        ) {
          complex($0).irfft(count: count, axis: axis)
        }
      }
    }
    for (suffix, shape) in [
      ("", [2, 3, 4]), (", odd width", [4, 5]), (", empty", [0, 3, 4]), (", single", [1, 1]),
    ] as [(String, Shape)] {
      let (one, two) = ([CaseInput.uniform(shape)], [CaseInput.uniform(shape), .uniform(shape)])
      let width = 2 * shape[shape.count - 1] - 1
      Case("fft2D", "fft2D" + suffix, one) { parts($0[0].fft2D()) }
      Case("fft2D", "fft2D, complex" + suffix, two) { parts(complex($0).fft2D()) }
      Case("ifft2D", "ifft2D" + suffix, two) { parts(complex($0).ifft2D()) }
      Case("rfft2D", "rfft2D" + suffix, one) { parts($0[0].rfft2D()) }
      Case("irfft2D", "irfft2D" + suffix, two, derivatives: real(shape, width)) {
        complex($0).irfft2D(width: width)
      }
    }
  }

  private static func complex(_ x: [Tensor<Scalar>]) -> ComplexParts<Scalar> {
    ComplexParts(real: x[0], imaginary: x[1])
  }

  private static func parts(_ x: ComplexParts<Scalar>) -> Tensor<Scalar> { .stacked([x.real, x.imaginary]) }

  /// One or two numbers have no imaginary parts that real ones could come from.
  private static func real(_ shape: Shape, _ count: Int) -> Case.Derivatives? {
    count <= 2 && !shape.contains(0) ? .unchecked(because: "there is none of an imaginary part") : nil
  }
}
