/// A recurrence: each state follows from the one before and from the next numbers. All arithmetic is in `Double`.
protocol Scan: Sendable {
  /// The state before the first number.
  static var start: Double { get }
  static func next(_ state: Double, _ x: Double, _ y: Double) -> Double
}

/// What ``Kernels/scan`` can do.
enum Scans {
  struct Sum: Scan {
    @inline(__always) static var start: Double { 0 }
    @inline(__always) static func next(_ s: Double, _ x: Double, _ y: Double) -> Double { s + x }
  }
  struct Product: Scan {
    @inline(__always) static var start: Double { 1 }
    @inline(__always) static func next(_ s: Double, _ x: Double, _ y: Double) -> Double { s * x }
  }
  struct Linear: Scan {
    @inline(__always) static var start: Double { 0 }
    @inline(__always) static func next(_ s: Double, _ x: Double, _ y: Double) -> Double { s * x + y }
  }
}

extension Kernels {
  /// All states of the recurrence along `axis`, forwards or backwards, for pairs of elements of two arrays of one
  /// shape.
  @inline(__always)
  static func scan<Scalar, F: Scan>(
    _ x: StridedArray<Scalar>, _ y: StridedArray<Scalar>, axis: Int, backwards: Bool, _ scan: F
  ) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(uninitialized: x.shape, strides: x.layout.denseStrides(for: x.shape))
    if result.count == 0 { return result }
    if Scalar.self == Float.self {
      scanLoop(
        result.assuming(Float.self), x.assuming(Float.self), y.assuming(Float.self), axis, backwards, F.self)
    } else {
      scanLoop(
        result.assuming(Double.self), x.assuming(Double.self), y.assuming(Double.self), axis, backwards,
        F.self)
    }
    return result
  }
}

/// The widest stretch of neighbouring lines that are walked together: their states stay in the first cache.
private let linesTogether = 512

private func scanLoop<S: TensorScalar, F: Scan>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ y: StridedArray<S>, _ axis: Int, _ backwards: Bool,
  _: F.Type
) {
  let length = result.shape[axis]
  var layouts = [result.layout, x.layout, y.layout]
  var steps: [Int] = []
  for index in layouts.indices {
    let stride = layouts[index].strides[axis]
    if backwards { layouts[index].offset += (length - 1) * stride }
    steps.append(backwards ? -stride : stride)
    // Without the axis, the views walk the starts of its lines.
    layouts[index].shape[axis] = 1
  }
  let loop = StridedLoop(layouts)
  let tiles = (loop.runLength + linesTogether - 1) / linesTogether
  let (rs, ps, qs) = (loop.runStrides[0], loop.runStrides[1], loop.runStrides[2])
  let (rStep, pStep, qStep) = (steps[0], steps[1], steps[2])
  let linesAreAdjacent = rs == 1 && ps == 1 && qs == 1 && loop.runLength > 1
  let (r, p, q) = (storageStart(result), storageStart(x), storageStart(y))
  let work = min(loop.runLength, linesTogether) * length
  withExtendedLifetime((result.storage, x.storage, y.storage)) {
    Parallel.forEachRange(loop.runCount * tiles, grain: max(1, Kernels.elementGrain / work)) { tasks in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: linesTogether) { states in
        let states = states.baseAddress!
        for task in tasks {
          let run = task / tiles
          let first = task % tiles * linesTogether
          let width = min(linesTogether, loop.runLength - first)
          loop.forEachRun(in: run..<run + 1) { offsets in
            var r = r + offsets[0] + first &* rs
            var p = p + offsets[1] + first &* ps
            var q = q + offsets[2] + first &* qs
            if linesAreAdjacent {
              for line in 0..<width { states[line] = F.start }
              for _ in 0..<length {
                for line in 0..<width {
                  states[line] = F.next(states[line], Double(p[line]), Double(q[line]))
                  r[line] = S(states[line])
                }
                (r, p, q) = (r + rStep, p + pStep, q + qStep)
              }
            } else {
              for _ in 0..<width {
                var state = F.start
                for i in 0..<length {
                  state = F.next(state, Double(p[i &* pStep]), Double(q[i &* qStep]))
                  r[i &* rStep] = S(state)
                }
                (r, p, q) = (r + rs, p + ps, q + qs)
              }
            }
          }
        }
      }
    }
  }
}
