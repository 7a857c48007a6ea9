/// Gamma numbers by Marsaglia and Tsang: for a normal x and a uniform u, with d = α − ⅓, c = 1/√(9d) and v = (1 + cx)³,
/// the number d·v is taken if ln u < x²/2 + d − d·v + d·ln v. That is refused in one of twenty tries at most.
///
/// Each number has blocks of its own for every try, so that it depends on no other.
struct GammaDraw: Sendable {
  private let philox: Philox
  private let stream: UInt64
  private let d: Double
  private let c: Double
  private let scale: Double
  /// 1/α for α < 1, where a number for α + 1 is made smaller by u^(1/α).
  private let exponent: Double?

  init(concentration: Double, scale: Double, _ generator: RandomGenerator) {
    philox = Philox(seed: generator.seed)
    stream = generator.stream
    self.scale = scale
    exponent = concentration < 1 ? 1 / concentration : nil
    d = (concentration < 1 ? concentration + 1 : concentration) - 1 / 3.0
    c = 1 / (9 * d).squareRoot()
  }

  func number(_ index: Int) -> Double {
    var attempt = stream
    while true {
      let x = NormalDraw(mean: 0, deviation: 1).doubles(philox.block(UInt64(index), stream: attempt))[0]
      // In (0, 1].
      let u = 1 - UniformDraw(lower: 0, upper: 1).doubles(philox.block(UInt64(index), stream: attempt &+ 1))
      attempt &+= 2
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      guard PortableMath.log(u[0]) < 0.5 * x * x + d - d * v + d * PortableMath.log(v) else { continue }
      let number = d * v * scale
      return exponent.map { number * PortableMath.exp(PortableMath.log(u[1]) * $0) } ?? number
    }
  }
}

extension Kernels {
  /// An array of gamma numbers.
  static func gamma<Scalar: TensorScalar>(_ shape: Shape, _ draw: GammaDraw) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(uninitialized: shape)
    gammaLoop(result, draw)
    return result
  }

  /// For every row of `weights` `[…, K]` the positions to which `draws` `[…, count]`, uniform in 0 ..< 1, belong.
  static func categorical<Scalar: TensorScalar>(
    _ weights: StridedArray<Scalar>, _ draws: StridedArray<Double>
  ) -> StridedArray<Int64> {
    let result = StridedArray<Int64>(uninitialized: draws.shape)
    if result.count == 0 { return result }
    categoricalLoop(result, weights, draws)
    return result
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func gammaLoop<S: TensorScalar>(_ result: StridedArray<S>, _ draw: GammaDraw) {
  let target = result.pointer
  Parallel.forEachRange(result.count, grain: Kernels.elementGrain / 64) { range in
    for index in range { target[index] = S(draw.number(index)) }
  }
  withExtendedLifetime(result.storage) {}
}

@specialized(where S == Float)
@specialized(where S == Double)
private func categoricalLoop<S: TensorScalar>(
  _ result: StridedArray<Int64>, _ weights: StridedArray<S>, _ draws: StridedArray<Double>
) {
  let (choices, count) = (weights.shape.last!, result.shape.last!)
  let (target, source, uniform) = (result.pointer, weights.pointer, draws.pointer)
  let grain = max(1, Kernels.elementGrain / (choices + count))
  Parallel.forEachRange(result.count / count, grain: grain) { rows in
    withUnsafeTemporaryAllocation(of: Double.self, capacity: choices) { sums in
      for row in rows {
        func sum(scale: Double) -> Double {
          var total = 0.0
          for choice in 0..<choices {
            let weight = Double(source[row * choices + choice])
            ShapeCheck.require(weight >= 0 && weight.isFinite) {
              "categorical: weight \(choice) of row \(row) is \(weight), which is not a finite number from 0 on"
            }
            total += weight * scale
            sums[choice] = total
          }
          return total
        }
        var total = sum(scale: 1)
        if total == .infinity { total = sum(scale: 0x1p-64) }
        ShapeCheck.require(total > 0) { "categorical: the weights of row \(row) are all 0" }
        for index in row * count..<(row + 1) * count {
          target[index] = Int64(firstIndex(in: sums, above: uniform[index] * total))
        }
      }
    }
  }
  withExtendedLifetime((result.storage, weights.storage, draws.storage)) {}
}

/// The first of the ascending `sums` that is above `limit`; where rounding has made `limit` the last sum, the first that
/// equals it.
private func firstIndex(in sums: UnsafeMutableBufferPointer<Double>, above limit: Double) -> Int {
  let limit = min(limit, sums[sums.count - 1].nextDown)
  var (low, high) = (0, sums.count - 1)
  while low < high {
    let middle = (low + high) / 2
    if sums[middle] > limit { high = middle } else { low = middle + 1 }
  }
  return low
}
