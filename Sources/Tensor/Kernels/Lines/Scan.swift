/// What ``Kernels/scan`` can do.
enum ScanKind { case sum, product, linear, logSumExp }

/// A recurrence: each state follows from the one before and from the next numbers. All arithmetic is in `Double`.
private protocol Scan {
  /// The state before the first number.
  static var start: Double { get }
  static func next(_ state: Double, _ x: Double, _ y: Double) -> Double
}

private enum Scans {
  struct Sum: Scan {
    @inline(__always) static var start: Double { 0 }
    @inline(__always) static func next(_ s: Double, _ x: Double, _ y: Double) -> Double { s + x }
  }
  struct Product: Scan {
    @inline(__always) static var start: Double { 1 }
    @inline(__always) static func next(_ s: Double, _ x: Double, _ y: Double) -> Double { s * x }
  }
  /// log(eˢ + eˣ).
  struct LogSumExp: Scan {
    @inline(__always) static var start: Double { -.infinity }
    @inline(__always) static func next(_ s: Double, _ x: Double, _ y: Double) -> Double {
      // Also where both are the same infinity, whose distance is no number.
      if s == x { return s + 0.6931471805599453 }
      return max(s, x) + Kernel { $0.pointee.log1p }(Double.exp(-(s - x).magnitude))
    }
  }
  struct Linear: Scan {
    @inline(__always) static var start: Double { 0 }
    @inline(__always) static func next(_ s: Double, _ x: Double, _ y: Double) -> Double { s * x + y }
  }
}

extension Kernels {
  /// All states of the recurrence along `axis`, forwards or backwards, for pairs of elements of two arrays of one
  /// shape.
  static func scan<Scalar: TensorScalar>(
    _ x: StridedArray<Scalar>, _ y: StridedArray<Scalar>, axis: Int, backwards: Bool, _ kind: ScanKind
  ) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(uninitialized: x.shape, strides: x.layout.denseStrides(for: x.shape))
    if result.count == 0 { return result }
    scanLoop(result, x, y, axis, backwards, kind)
    return result
  }
}

/// The widest stretch of neighbouring lines that are walked together: their states stay in the first cache.
private let linesTogether = 512

/// Lines side by side: the numbers that a recurrence walks. It is compiled for each recurrence and scalar; the walk over
/// an array's tiles, once for each scalar.
private struct ScanTile<S: TensorScalar> {
  /// The first numbers of the first line, of the result and of the two arrays.
  var result: UnsafeMutablePointer<S>
  var x: UnsafePointer<S>
  var y: UnsafePointer<S>
  /// The steps along a line, and those from line to line.
  let step: (result: Int, x: Int, y: Int)
  let lineStep: (result: Int, x: Int, y: Int)
  let lines: Int
  let length: Int
  /// Room for a state of each line.
  let states: UnsafeMutablePointer<Double>

  @inline(never)
  func run<F: Scan>(_: F.Type) {
    var (r, p, q) = (result, x, y)
    if lines > 1, lineStep == (1, 1, 1) {
      for line in 0..<lines { states[line] = F.start }
      for _ in 0..<length {
        for line in 0..<lines {
          states[line] = F.next(states[line], Double(p[line]), Double(q[line]))
          r[line] = S(states[line])
        }
        (r, p, q) = (r + step.result, p + step.x, q + step.y)
      }
      return
    }
    // Four lines at a time, since each number waits for the one before it.
    var rest = lines
    while rest >= 4 {
      let (rs, ps, qs) = (lineStep.result, lineStep.x, lineStep.y)
      var (a, b, c, d) = (F.start, F.start, F.start, F.start)
      for i in 0..<length {
        let (target, first, second) = (r + i &* step.result, p + i &* step.x, q + i &* step.y)
        a = F.next(a, Double(first[0]), Double(second[0]))
        b = F.next(b, Double(first[ps]), Double(second[qs]))
        c = F.next(c, Double(first[2 &* ps]), Double(second[2 &* qs]))
        d = F.next(d, Double(first[3 &* ps]), Double(second[3 &* qs]))
        target[0] = S(a)
        target[rs] = S(b)
        target[2 &* rs] = S(c)
        target[3 &* rs] = S(d)
      }
      (r, p, q) = (r + 4 * rs, p + 4 * ps, q + 4 * qs)
      rest -= 4
    }
    for _ in 0..<rest {
      var state = F.start
      for i in 0..<length {
        state = F.next(state, Double(p[i &* step.x]), Double(q[i &* step.y]))
        r[i &* step.result] = S(state)
      }
      (r, p, q) = (r + lineStep.result, p + lineStep.x, q + lineStep.y)
    }
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func scanLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ y: StridedArray<S>, _ axis: Int, _ backwards: Bool,
  _ kind: ScanKind
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
  let step = (steps[0], steps[1], steps[2])
  let lineStep = (loop.runStrides[0], loop.runStrides[1], loop.runStrides[2])
  let (r, p, q) = (storageStart(result), storageStart(x), storageStart(y))
  let work = min(loop.runLength, linesTogether) * length
  defer { withExtendedLifetime((result.storage, x.storage, y.storage)) {} }
  Parallel.forEachRange(loop.runCount * tiles, grain: max(1, Kernels.elementGrain / work)) { tasks in
    withUnsafeTemporaryAllocation(of: Double.self, capacity: linesTogether) { states in
      for task in tasks {
        let first = task % tiles * linesTogether
        loop.forEachRun(in: task / tiles..<task / tiles + 1) { offsets in
          let tile = ScanTile(
            result: r + offsets[0] + first * lineStep.0, x: p + offsets[1] + first * lineStep.1,
            y: q + offsets[2] + first * lineStep.2, step: step, lineStep: lineStep,
            lines: min(linesTogether, loop.runLength - first), length: length, states: states.baseAddress!)
          switch kind {
          case .sum: tile.run(Scans.Sum.self)
          case .product: tile.run(Scans.Product.self)
          case .linear: tile.run(Scans.Linear.self)
          case .logSumExp: tile.run(Scans.LogSumExp.self)
          }
        }
      }
    }
  }
}
