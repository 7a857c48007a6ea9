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

    /// The step from one element to the next along the innermost loop, in the array and in the result.
    var innermostStep: (stride: Int, resultStride: Int) { (strides.last ?? 0, resultStrides.last ?? 0) }

    /// Calls `body` with the offsets of steps `range`, counted in row-major order.
    @inline(__always)
    func forEach(in range: Range<Int>, _ body: (_ step: Int, _ offset: Int, _ resultOffset: Int) -> Void) {
      let (stride, resultStride) = innermostStep
      forEachRow(in: range) { step, offset, resultOffset, count in
        for i in 0..<count { body(step &+ i, offset &+ i &* stride, resultOffset &+ i &* resultStride) }
      }
    }

    /// Calls `body` with the stretches of steps `range` that follow each other along the innermost loop: the offsets of
    /// the first step and how many there are.
    @inline(never)
    func forEachRow(
      in range: Range<Int>, _ body: (_ step: Int, _ offset: Int, _ resultOffset: Int, _ count: Int) -> Void
    ) {
      let (stride, resultStride) = innermostStep
      var step = range.lowerBound
      guard lengths.count > 1 else {
        return body(step, step * stride, step * resultStride, range.count)
      }
      let length = lengths.last!
      while step < range.upperBound {
        let first = step % length
        let count = min(length - first, range.upperBound - step)
        var (offset, resultOffset, rest) = (first * stride, first * resultStride, step / length)
        for axis in (0..<lengths.count - 1).reversed() {
          offset += rest % lengths[axis] * strides[axis]
          resultOffset += rest % lengths[axis] * resultStrides[axis]
          rest /= lengths[axis]
        }
        body(step, offset, resultOffset, count)
        step += count
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
