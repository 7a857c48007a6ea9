extension Kernels {
  /// The elements as integers in row-major order, and the first one that is not a whole number, or may be the rounding
  /// of another.
  static func wholeNumbers<Scalar: TensorScalar>(_ x: StridedArray<Scalar>) -> (numbers: [Int], fault: Double?) {
    wholeNumbersLoop(x)
  }

  /// The places of the elements that are not 0, in row-major order.
  static func nonzeroPositions<Scalar: TensorScalar>(_ x: StridedArray<Scalar>) -> [Int] {
    nonzeroLoop(x)
  }

  /// The integers as an array of rank 1.
  static func numbers<Scalar: TensorScalar>(_ integers: [Int]) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(uninitialized: [integers.count])
    numbersLoop(result, integers)
    return result
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func wholeNumbersLoop<S: TensorScalar>(_ x: StridedArray<S>) -> (numbers: [Int], fault: Double?) {
  x.withScalars { source in
    var numbers: [Int] = []
    numbers.reserveCapacity(source.count)
    for scalar in source {
      let number = Double(scalar)
      // From 2²⁴ (`Float`) or 2⁵³ (`Double`) on, a number may be the rounding of its neighbour.
      guard number.magnitude < Double(S.wholeNumberLimit) else { return ([], number) }
      let integer = Int(number)
      if Double(integer) != number { return ([], number) }
      numbers.append(integer)
    }
    return (numbers, nil)
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func nonzeroLoop<S: TensorScalar>(_ x: StridedArray<S>) -> [Int] {
  x.withScalars { source in
    var positions: [Int] = []
    for index in 0..<source.count where source[index] != 0 { positions.append(index) }
    return positions
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func numbersLoop<S: TensorScalar>(_ result: StridedArray<S>, _ integers: [Int]) {
  withExtendedLifetime(result.storage) {
    let target = result.pointer
    for index in 0..<integers.count { target[index] = S(integers[index]) }
  }
}
