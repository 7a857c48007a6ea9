/// A function of an element and of two others at the same place that gives its new value.
protocol VectorUpdate<S>: Sendable {
  associatedtype S: TensorScalar
  func callAsFunction(_ r: S, _ a: S, _ b: S) -> S
}

/// A term of a sum over pairs of elements.
protocol VectorTerm: Sendable {
  func callAsFunction<S: TensorScalar>(_ a: S, _ b: S) -> Double
}

// The loops of `Vectors`, whose functions are specialised for each scalar and have these inlined.
extension Vectors {
  /// Sets every element r of `target` to `f(r, r, r)`.
  @inline(__always)
  static func updateLoop<F: VectorUpdate>(_ target: inout Tensor<F.S>, _ f: F) {
    target.withUnsafeMutableScalars { r in
      Parallel.forEachRange(r.count, grain: grain) { range in
        for i in range { r[i] = f(r[i], r[i], r[i]) }
      }
    }
  }

  /// Sets every element r of `target` to `f(r, a, b)` with the elements of `a` and `b` at the same place.
  @inline(__always)
  static func updateLoop<F: VectorUpdate>(
    _ target: inout Tensor<F.S>, _ a: Tensor<F.S>, _ b: Tensor<F.S>, _ f: F
  ) {
    requireEqualCounts(target.count, a.count, b.count)
    a.withUnsafeScalars { a in
      b.withUnsafeScalars { b in
        target.withUnsafeMutableScalars { r in
          Parallel.forEachRange(r.count, grain: grain) { range in
            for i in range { r[i] = f(r[i], a[i], b[i]) }
          }
        }
      }
    }
  }

  /// A new tensor of `f(a, a, b)`.
  @inline(__always)
  static func combinedLoop<F: VectorUpdate>(_ a: Tensor<F.S>, _ b: Tensor<F.S>, _ f: F) -> Tensor<F.S> {
    requireEqualCounts(a.count, a.count, b.count)
    return a.withUnsafeScalars { source in
      b.withUnsafeScalars { other in
        Tensor.lasting(shape: a.shape) { result in
          Parallel.forEachRange(result.count, grain: grain) { range in
            for i in range { result[i] = f(source[i], source[i], other[i]) }
          }
        }
      }
    }
  }

  /// The sum of `f(a, b)` over all pairs of elements.
  @inline(__always)
  static func sumLoop<S: TensorScalar, F: VectorTerm>(_ a: Tensor<S>, _ b: Tensor<S>, _ f: F) -> Double {
    a.withUnsafeScalars(pairedWith: b) { a, b in
      let blocks = (a.count + grain - 1) / grain
      return withUnsafeTemporaryAllocation(of: Double.self, capacity: blocks) { partial in
        Parallel.forEachRange(a.count, grain: grain) { range in
          partial[range.lowerBound / grain] = sumOfBlock(a, b, range, f)
        }
        return partial.reduce(0, +)
      }
    }
  }

  /// The sums of `f(s, y)`, `f(s, s)` and `f(y, y)` over all elements of s = a − b and y = c − d.
  @inline(__always)
  static func differenceSumsLoop<S: TensorScalar, F: VectorTerm>(
    _ a: Tensor<S>, _ b: Tensor<S>, _ c: Tensor<S>, _ d: Tensor<S>, _ f: F
  ) -> (both: Double, first: Double, second: Double) {
    requireEqualCounts(a.count, b.count, c.count)
    requireEqualCounts(a.count, d.count, d.count)
    let count = a.count
    let blocks = (count + grain - 1) / grain
    return a.withUnsafeScalars { a in
      b.withUnsafeScalars { b in
        c.withUnsafeScalars { c in
          d.withUnsafeScalars { d in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * blocks) { partial in
              Parallel.forEachRange(count, grain: grain) { range in
                withUnsafeTemporaryAllocation(of: S.self, capacity: 2 * range.count) { differences in
                  let first = UnsafeMutableBufferPointer(rebasing: differences[..<range.count])
                  let second = UnsafeMutableBufferPointer(rebasing: differences[range.count...])
                  for i in 0..<range.count {
                    first[i] = a[range.lowerBound + i] - b[range.lowerBound + i]
                    second[i] = c[range.lowerBound + i] - d[range.lowerBound + i]
                  }
                  let (s, y) = (UnsafeBufferPointer(first), UnsafeBufferPointer(second))
                  let (place, all) = (3 * (range.lowerBound / grain), 0..<range.count)
                  partial[place] = sumOfBlock(s, y, all, f)
                  partial[place + 1] = sumOfBlock(s, s, all, f)
                  partial[place + 2] = sumOfBlock(y, y, all, f)
                }
              }
              return (0..<blocks).reduce(into: (both: 0.0, first: 0.0, second: 0.0)) { sum, block in
                sum.both += partial[3 * block]
                sum.first += partial[3 * block + 1]
                sum.second += partial[3 * block + 2]
              }
            }
          }
        }
      }
    }
  }

  private static func requireEqualCounts(_ r: Int, _ a: Int, _ b: Int) {
    ShapeCheck.require(r == a && r == b) { "Vectors: tensors of \(r), \(a) and \(b) elements do not match" }
  }
}

private func sumOfBlock<S: TensorScalar, F: VectorTerm>(
  _ a: UnsafeBufferPointer<S>, _ b: UnsafeBufferPointer<S>, _ range: Range<Int>, _ f: F
) -> Double {
  // Eight running sums: they fill vector registers, and an error grows with an eighth of the terms.
  var sums = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
  var i = range.lowerBound
  while i + 8 <= range.upperBound {
    sums.0 += f(a[i], b[i])
    sums.1 += f(a[i + 1], b[i + 1])
    sums.2 += f(a[i + 2], b[i + 2])
    sums.3 += f(a[i + 3], b[i + 3])
    sums.4 += f(a[i + 4], b[i + 4])
    sums.5 += f(a[i + 5], b[i + 5])
    sums.6 += f(a[i + 6], b[i + 6])
    sums.7 += f(a[i + 7], b[i + 7])
    i += 8
  }
  var total = ((sums.0 + sums.1) + (sums.2 + sums.3)) + ((sums.4 + sums.5) + (sums.6 + sums.7))
  while i < range.upperBound {
    total += f(a[i], b[i])
    i += 1
  }
  return total
}
