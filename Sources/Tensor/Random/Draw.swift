/// The distributions: how the four random words of a block become numbers.
protocol Draw: Sendable {
  func floats(_ block: SIMD4<UInt32>) -> SIMD4<Float>
  func doubles(_ block: SIMD4<UInt32>) -> SIMD2<Double>
  /// Writes the floats of `blockCount` blocks of `generator` from `first` on, if there is a kernel for that.
  func fill(
    _ target: UnsafeMutablePointer<Float>, blockCount: Int, first: UInt64, of generator: RandomGenerator
  ) -> Bool
}

extension Draw {
  @inline(__always)
  func fill(
    _ target: UnsafeMutablePointer<Float>, blockCount: Int, first: UInt64, of generator: RandomGenerator
  ) -> Bool { false }
}

/// The 53 upper bits of each half of a block, as whole numbers.
@inline(__always)
private func halves(_ block: SIMD4<UInt32>) -> (first: Double, second: Double) {
  let first = UInt64(block[0]) | UInt64(block[1]) << 32
  let second = UInt64(block[2]) | UInt64(block[3]) << 32
  return (Double(first >> 11), Double(second >> 11))
}

/// Numbers of `range`, evenly: a multiple of 2⁻²⁴ (`Float`) or 2⁻⁵³ (`Double`) of its length above its start.
struct UniformDraw: Draw {
  let lower: Double
  let upper: Double

  @inline(__always)
  func floats(_ block: SIMD4<UInt32>) -> SIMD4<Float> {
    let unit = SIMD4<Float>(block &>> 8) * 0x1p-24
    let (lower, upper) = (Float(lower), Float(upper))
    // Rounding could reach the upper bound, which does not belong to the range.
    return pointwiseMin(lower + (upper - lower) * unit, SIMD4(repeating: upper.nextDown))
  }

  @inline(__always)
  func doubles(_ block: SIMD4<UInt32>) -> SIMD2<Double> {
    let (first, second) = halves(block)
    let unit = SIMD2(first, second) * 0x1p-53
    return pointwiseMin(lower + (upper - lower) * unit, SIMD2(repeating: upper.nextDown))
  }
}

/// Normal numbers by the method of Box and Muller: for u in (0, 1] and v in [0, 1), √(−2 ln u)·cos 2πv and
/// √(−2 ln u)·sin 2πv are independent and normal. In `Double` for either scalar, rounded once at the end.
///
/// The smallest u is 2⁻³² (`Float`) or 2⁻⁵³ (`Double`), so no number is further than 6.7 or 8.6 deviations out.
struct NormalDraw: Draw {
  let mean: Double
  let deviation: Double

  @inline(__always)
  func floats(_ block: SIMD4<UInt32>) -> SIMD4<Float> {
    let low = pair((Double(block[0]) + 1) * 0x1p-32, Double(block[1]) * 0x1p-32)
    let high = pair((Double(block[2]) + 1) * 0x1p-32, Double(block[3]) * 0x1p-32)
    return SIMD4(Float(low[0]), Float(low[1]), Float(high[0]), Float(high[1]))
  }

  @inline(__always)
  func doubles(_ block: SIMD4<UInt32>) -> SIMD2<Double> {
    let (first, second) = halves(block)
    return pair((first + 1) * 0x1p-53, second * 0x1p-53)
  }

  func fill(
    _ target: UnsafeMutablePointer<Float>, blockCount: Int, first: UInt64, of generator: RandomGenerator
  ) -> Bool {
    Processor.best.fill(target, blockCount: blockCount, first: first, of: generator, self)
    return true
  }

  @inline(__always)
  private func pair(_ u: Double, _ v: Double) -> SIMD2<Double> {
    let radius = (-2 * PortableMath.log(u)).squareRoot()
    let (cosine, sine) = PortableMath.cosineAndSine(turn: v)
    return mean + deviation * (radius * SIMD2(cosine, sine))
  }
}

extension Kernels {
  /// An array of `shape` from the next blocks of `generator`.
  @inline(__always)
  static func draw<Scalar, D: Draw>(
    _ shape: Shape, using generator: inout RandomGenerator, _ draw: D
  ) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(uninitialized: shape)
    // A block has 16 bytes.
    let perBlock = 16 / MemoryLayout<Scalar>.size
    let blockCount = (result.count + perBlock - 1) / perBlock
    let first = generator.takeBlocks(blockCount)
    let (philox, stream, source) = (Philox(seed: generator.seed), generator.stream, generator)
    withExtendedLifetime(result.storage) {
      if Scalar.self == Float.self {
        fill(result.assuming(Float.self)) {
          draw.floats(philox.block(first &+ UInt64($0), stream: stream))
        } many: {
          draw.fill($0, blockCount: $1.count, first: first &+ UInt64($1.lowerBound), of: source)
        }
      } else {
        fill(result.assuming(Double.self)) {
          draw.doubles(philox.block(first &+ UInt64($0), stream: stream))
        } many: { _, _ in
          false
        }
      }
    }
    return result
  }

  /// Writes the numbers of one block after the other, or of `many` at once where that can do it; the last block may
  /// have some to spare.
  @inline(__always)
  private static func fill<Numbers: SIMD>(
    _ result: StridedArray<Numbers.Scalar>, _ numbers: (Int) -> Numbers,
    many: (UnsafeMutablePointer<Numbers.Scalar>, Range<Int>) -> Bool
  ) where Numbers.Scalar: TensorScalar {
    let (target, count) = (result.pointer, result.count)
    let width = Numbers.scalarCount
    Parallel.forEachRange((count + width - 1) / width, grain: elementGrain / 16) { blocks in
      var blocks = blocks
      let whole = blocks.clamped(to: 0..<count / width)
      if many(target + whole.lowerBound * width, whole) { blocks = whole.upperBound..<blocks.upperBound }
      for block in blocks {
        let (values, first) = (numbers(block), block * width)
        if first + width <= count {
          UnsafeMutableRawPointer(target + first).storeBytes(of: values, as: Numbers.self)
        } else {
          for lane in 0..<count - first { target[first + lane] = values[lane] }
        }
      }
    }
  }
}
