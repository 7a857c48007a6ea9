/// What becomes of every pair of integers.
enum IntegerOperation {
  case add, subtract, multiply, divide, remainder
  case wrappingAdd, wrappingSubtract, wrappingMultiply
  case and, or, exclusiveOr, shiftUp, shiftDown
  case greatestCommonDivisor, leastCommonMultiple
}

extension Kernels {
  /// `operation` of every pair of integers after broadcasting; traps, as the operation `name`, where the type cannot hold
  /// a result. The caller has checked that the shapes agree.
  static func integers<Scalar: TensorInteger>(
    _ x: StridedArray<Scalar>, _ y: StridedArray<Scalar>, shape: Shape, _ operation: IntegerOperation,
    _ name: StaticString
  ) -> StridedArray<Scalar> {
    let strides = Layout.elementwiseStrides(for: shape, x.layout, y.layout)
    let result = StridedArray<Scalar>(uninitialized: shape, strides: strides)
    if Scalar.self == Int64.self {
      integerLoop(Rows<Int64>(result), Rows(x), Rows(y), operation, name)
    } else if Scalar.self == Int32.self {
      integerLoop(Rows<Int32>(result), Rows(x), Rows(y), operation, name)
    } else {
      integerLoop(Rows<UInt8>(result), Rows(x), Rows(y), operation, name)
    }
    withExtendedLifetime((result.storage, x.storage, y.storage)) {}
    return result
  }
}

private func integerLoop<S: TensorInteger>(
  _ result: Rows<S>, _ x: Rows<S>, _ y: Rows<S>, _ operation: IntegerOperation, _ name: StaticString
) {
  forEachPairRow(result, x, y) { row in
    switch operation {
    case .add: row.set(name) { $0.addingReportingOverflow($1) }
    case .subtract: row.set(name) { $0.subtractingReportingOverflow($1) }
    case .multiply: row.set(name) { $0.multipliedReportingOverflow(by: $1) }
    case .divide: row.set(name) { $0.dividedReportingOverflow(by: $1) }
    case .remainder: row.set(name) { $0.remainderReportingOverflow(dividingBy: $1) }
    case .wrappingAdd: row.set(name) { ($0 &+ $1, false) }
    case .wrappingSubtract: row.set(name) { ($0 &- $1, false) }
    case .wrappingMultiply: row.set(name) { ($0 &* $1, false) }
    case .and: row.set(name) { ($0 & $1, false) }
    case .or: row.set(name) { ($0 | $1, false) }
    case .exclusiveOr: row.set(name) { ($0 ^ $1, false) }
    case .shiftUp: row.set(name) { ($0 << $1, false) }
    case .shiftDown: row.set(name) { ($0 >> $1, false) }
    case .greatestCommonDivisor: row.set(name) { exactly(commonDivisor($0, $1), $0) }
    case .leastCommonMultiple:
      row.set(name) { a, b in
        if a == 0 || b == 0 { return (0, false) }
        let (product, overflow) = (a.magnitude / commonDivisor(a, b)).multipliedReportingOverflow(
          by: b.magnitude)
        let (value, isTooLarge) = exactly(product, a)
        return (value, overflow || isTooLarge)
      }
    }
  }
}

/// The greatest common divisor, by Euclid.
private func commonDivisor<S: TensorInteger>(_ a: S, _ b: S) -> S.Magnitude {
  var (a, b) = (a.magnitude, b.magnitude)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}

/// A magnitude as the type of `example`, and whether that cannot hold it.
private func exactly<S: TensorInteger>(_ magnitude: S.Magnitude, _ example: S) -> (S, Bool) {
  let value = S(exactly: magnitude)
  return (value ?? 0, value == nil)
}

extension PairRow where S: TensorInteger, R == S {
  /// Sets all results, and traps afterwards if one of them overflowed.
  @inline(__always)
  fileprivate func set(_ name: StaticString, _ f: (S, S) -> (S, Bool)) {
    var overflows = false
    for i in 0..<count {
      let (value, overflow) = f(p[i &* step.p], q[i &* step.q])
      overflows = overflows || overflow
      r[i &* step.r] = value
    }
    if !overflows { return }
    for i in 0..<count where f(p[i &* step.p], q[i &* step.q]).1 {
      let (a, b) = (p[i &* step.p], q[i &* step.q])
      ShapeCheck.fail(
        b == 0 && (name.description == "/" || name.description == "%")
          ? "\(name): the element \(a) is divided by 0"
          : "\(name): of \(a) and \(b) the result is no \(S.scalarName), which holds \(S.min) to \(S.max); convert to a "
            + "wider type first")
    }
  }
}
