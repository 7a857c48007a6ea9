/// A reduction's loops: the axes of an array in the order of its memory, neighbours that lie evenly merged.
struct ReductionPlan {
  /// Merged axes. `strides` are those of the array, `resultStrides` those of the result.
  struct Loops {
    var lengths: [Int] = []
    var strides: [Int] = []
    var resultStrides: [Int] = []

    var count: Int { lengths.reduce(1, *) }

    fileprivate mutating func append(_ length: Int, _ stride: Int, _ resultStride: Int, merging: Bool) {
      if merging, let last = lengths.indices.last, strides[last] == stride * length,
        resultStrides[last] == resultStride * length
      {
        lengths[last] *= length
        strides[last] = stride
        resultStrides[last] = resultStride
      } else {
        lengths.append(length)
        strides.append(stride)
        resultStrides.append(resultStride)
      }
    }

    /// The innermost loop, which is taken out; a loop of one step when there is none.
    mutating func removeInnermost() -> (length: Int, stride: Int, resultStride: Int) {
      guard let length = lengths.popLast(), let stride = strides.popLast(),
        let other = resultStrides.popLast()
      else { return (1, 1, 1) }
      return (length, stride, other)
    }

    /// Calls `body` with the offsets of steps `range`, counted in row-major order.
    @inline(__always)
    func forEach(in range: Range<Int>, _ body: (_ step: Int, _ offset: Int, _ resultOffset: Int) -> Void) {
      if range.isEmpty { return }
      let rank = lengths.count
      withUnsafeTemporaryAllocation(of: Int.self, capacity: rank) { index in
        var (offset, resultOffset, rest) = (0, 0, range.lowerBound)
        for axis in stride(from: rank - 1, through: 0, by: -1) {
          index[axis] = rest % lengths[axis]
          rest /= lengths[axis]
          offset += index[axis] * strides[axis]
          resultOffset += index[axis] * resultStrides[axis]
        }
        for step in range {
          body(step, offset, resultOffset)
          var axis = rank - 1
          while axis >= 0 {
            index[axis] += 1
            offset += strides[axis]
            resultOffset += resultStrides[axis]
            if index[axis] < lengths[axis] { break }
            offset -= strides[axis] * lengths[axis]
            resultOffset -= resultStrides[axis] * lengths[axis]
            index[axis] = 0
            axis -= 1
          }
        }
      }
    }
  }

  /// The axes that stay and the axes that are combined, each outermost first.
  var kept = Loops()
  var reduced = Loops()
  /// Whether the innermost of all loops is one that stays.
  var keepsInnermost = false

  /// One result of a single run, whose length is told apart.
  init() {}

  /// - Precondition: `x` and `result` have elements; `result` has the shape of `x` but for length 1 along `axes`.
  init(_ x: Layout, reducing axes: [Int], into result: Layout) {
    var previous: Bool?
    for axis in x.axesByStride where x.shape[axis] != 1 {
      let keeps = !axes.contains(axis)
      let (length, stride) = (x.shape[axis], x.strides[axis])
      if keeps {
        kept.append(length, stride, result.strides[axis], merging: previous == true)
      } else {
        reduced.append(length, stride, 0, merging: previous == false)
      }
      previous = keeps
    }
    keepsInnermost = previous ?? false
  }
}
