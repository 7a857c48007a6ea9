// Numbers that lie evenly, the axes of most plots and grids.

extension Tensor where Scalar: TensorScalar {
  /// `start`, `start + step`, … as long as they lie before `end`: NumPy's and PyTorch's `arange`.
  ///
  /// Each number is `start + i · step` computed in `Double` and rounded once, so that errors do not add up. As there, a
  /// step that no binary number equals, such as 0.1, may give one number more or less than expected: `linspace` says
  /// how many there are.
  ///
  /// - Parameters:
  ///   - start: The first number.
  ///   - end: Where the numbers end; it is not one of them.
  ///   - step: From one number to the next; negative to count down.
  /// - Returns: A tensor of one axis; without elements where `end` lies before `start`.
  /// - Precondition: All three are finite, and `step` is not 0.
  /// - Complexity: O(n) for n numbers.
  public static func arange(from start: Scalar = 0, to end: Scalar, by step: Scalar = 1) -> Tensor {
    ShapeCheck.require(start.isFinite && end.isFinite && step.isFinite) {
      "arange: from \(start) to \(end) by \(step): the numbers must be finite"
    }
    ShapeCheck.require(step != 0) { "arange: from \(start) to \(end) by 0 has no end; give a step" }
    let steps = ((Double(end) - Double(start)) / Double(step)).rounded(.up)
    guard let count = Int(exactly: Swift.max(steps, 0)) else {
      ShapeCheck.fail("arange: from \(start) to \(end) by \(step) has more numbers than Int can count")
    }
    return Tensor(shape: [count]) { numbers in
      for i in 0..<count { numbers[i] = Scalar(Double(start) + Double(i) * Double(step)) }
    }
  }

  /// `count` numbers from `start` through `end`, evenly: NumPy's and PyTorch's `linspace`.
  ///
  /// The first and the last are `start` and `end` exactly, and the numbers of a range around 0 lie symmetrically.
  ///
  /// - Returns: A tensor of one axis. One number alone is `start`.
  /// - Precondition: `start` and `end` are finite, and `count` is not negative.
  /// - Complexity: O(`count`)
  public static func linspace(from start: Scalar, through end: Scalar, count: Int) -> Tensor {
    ShapeCheck.require(start.isFinite && end.isFinite) {
      "linspace: from \(start) through \(end): the ends must be finite"
    }
    ShapeCheck.require(count >= 0) { "linspace: a count of \(count) numbers is negative" }
    let (first, last) = (Double(start), Double(end))
    if count == 1 { return Tensor([start]) }
    // Halved first: the difference of two large numbers would be infinite.
    let halfStep = (last / 2 - first / 2) / Double(count - 1)
    return Tensor(shape: [count]) { numbers in
      for i in 0..<count / 2 {
        let distance = 2 * (Double(i) * halfStep)
        numbers[i] = Scalar(first + distance)
        numbers[count - 1 - i] = Scalar(last - distance)
      }
      if count % 2 == 1 { numbers[count / 2] = Scalar(first / 2 + last / 2) }
    }
  }
}
