/// What a transform takes and gives.
enum FourierKind {
  /// n complex numbers of n.
  case complex
  /// The first n/2 + 1 complex numbers of n real ones; the others are their conjugates.
  case ofReal
  /// n real numbers of the first n/2 + 1 complex ones.
  case toReal
}

extension Kernels {
  /// The transforms of all lines along `axis`, not divided by n: Σ x[j] · e^(∓2πi·jk/n), with the upper sign unless it is the
  /// inverse. ``FourierKind/ofReal`` is forward, ``FourierKind/toReal`` inverse.
  ///
  /// - Parameters:
  ///   - re: The real parts, `nil` for zeros; `im` likewise. One of them is there.
  ///   - length: n, at least 1.
  static func fourier<S: TensorScalar>(
    _ re: StridedArray<S>?, _ im: StridedArray<S>?, axis: Int, length: Int, _ kind: FourierKind, inverse: Bool
  ) -> (re: StridedArray<S>, im: StridedArray<S>?) {
    let source = (re ?? im)!
    var shape = source.shape
    shape[axis] = kind == .ofReal ? length / 2 + 1 : length
    let strides = source.layout.denseStrides(for: shape)
    let resultRe = StridedArray<S>(uninitialized: shape, strides: strides)
    let resultIm = kind == .toReal ? nil : StridedArray<S>(uninitialized: shape, strides: strides)
    if resultRe.count > 0 {
      fourierLines(
        FourierWork(
          plan: .shared(length: kind == .complex || length % 2 == 1 ? length : length / 2), length: length,
          kind: kind, inverse: inverse), axis, re, im, resultRe, resultIm)
    }
    return (resultRe, resultIm)
  }
}

/// The walk over an array's lines, a block of neighbours at a time.
@specialized(where S == Float)
@specialized(where S == Double)
private func fourierLines<S: TensorScalar>(
  _ work: FourierWork<S>, _ axis: Int, _ re: StridedArray<S>?, _ im: StridedArray<S>?,
  _ resultRe: StridedArray<S>, _ resultIm: StridedArray<S>?
) {
  let source = (re ?? im)!
  let arrays = [resultRe, resultIm ?? resultRe, re ?? source, im ?? source]
  let steps = arrays.map { $0.layout.strides[axis] }
  let loop = StridedLoop(
    arrays.map {
      var layout = $0.layout
      // Without the axis, the views walk the starts of its lines.
      layout.shape[axis] = 1
      return layout
    })
  let lineSteps = loop.runStrides
  let most = min(loop.runLength, work.linesTogether)
  let tiles = (loop.runLength + most - 1) / most
  let starts = arrays.map { storageStart($0) }
  defer { withExtendedLifetime(arrays.map(\.storage)) {} }
  Parallel.forEachRange(
    loop.runCount * tiles, grain: max(1, Kernels.elementGrain / (most * work.length))
  ) { tasks in
    Workspace.shared.withElements(work.scratchCount * most, of: S.self) { scratch in
      for task in tasks {
        let first = task % tiles * most
        loop.forEachRun(in: task / tiles..<task / tiles + 1) { offsets in
          func view(_ index: Int) -> LineView<S> {
            LineView(
              first: starts[index] + offsets[index] + first * lineSteps[index], step: steps[index],
              lineStep: lineSteps[index])
          }
          work.run(
            from: re == nil ? nil : view(2), im == nil ? nil : view(3), to: view(0),
            resultIm == nil ? nil : view(1), lines: min(most, loop.runLength - first), scratch)
        }
      }
    }
  }
}

/// Lines of an array that lie `lineStep` apart.
private struct LineView<S: TensorScalar> {
  let first: UnsafeMutablePointer<S>
  let step: Int
  let lineStep: Int

  func dropping(_ count: Int) -> LineView {
    LineView(first: first + count * step, step: step, lineStep: lineStep)
  }

  /// Every second element.
  var halved: LineView { LineView(first: first, step: 2 * step, lineStep: lineStep) }
}

/// What is done to each block of lines.
private struct FourierWork<S: TensorScalar> {
  /// Of the lines, or of half their length: real numbers are pairs of complex ones of an even length.
  let plan: FourierPlan<S>
  let length: Int
  let kind: FourierKind
  let inverse: Bool

  /// The lines of a block, which decides no bit: few enough for the second cache.
  var linesTogether: Int { length <= 1 << 11 ? 16 : length <= 1 << 16 ? 8 : 1 }

  var scratchCount: Int { 4 * (length / 2 + 1) + 2 * plan.length + plan.scratchCount }

  func run(
    from re: LineView<S>?, _ im: LineView<S>?, to resultRe: LineView<S>, _ resultIm: LineView<S>?, lines: Int,
    _ scratch: UnsafeMutablePointer<S>
  ) {
    let own = plan.length
    let (a, b) = (scratch, scratch + own * lines)
    let rest = scratch + 2 * own * lines
    func forward() { plan.transform(a, b, lines: lines, scratch: rest) }
    func backward() { plan.transform(b, a, lines: lines, scratch: rest) }
    let isHalved = own != length
    switch kind {
    case .complex:
      gather(re, own, lines, a)
      gather(im, own, lines, b)
      inverse ? backward() : forward()
      scatter(a, own, lines, resultRe)
      scatter(b, own, lines, resultIm!)
    case .ofReal where isHalved:
      gather(re?.halved, own, lines, a)
      gather(re?.dropping(1).halved, own, lines, b)
      forward()
      let (c, d) = (rest, rest + (own + 1) * lines)
      untangle(a, b, plan.halfSteps, own, lines, c, d)
      scatter(c, own + 1, lines, resultRe)
      scatter(d, own + 1, lines, resultIm!)
    case .ofReal:
      gather(re, own, lines, a)
      gather(nil, own, lines, b)
      forward()
      scatter(a, own / 2 + 1, lines, resultRe)
      scatter(b, own / 2 + 1, lines, resultIm!)
    case .toReal where isHalved:
      let (c, d) = (rest, rest + (own + 1) * lines)
      gather(re, own + 1, lines, c)
      gather(im, own + 1, lines, d)
      tangle(c, d, plan.halfSteps, own, lines, a, b)
      backward()
      scatter(a, own, lines, resultRe.halved)
      scatter(b, own, lines, resultRe.dropping(1).halved)
    case .toReal:
      gather(re, own / 2 + 1, lines, a)
      gather(im, own / 2 + 1, lines, b)
      for line in 0..<lines { b[line] = 0 }
      for k in 1..<max(own / 2 + 1, 1) {
        for line in 0..<lines {
          a[(own - k) * lines + line] = a[k * lines + line]
          b[(own - k) * lines + line] = -b[k * lines + line]
        }
      }
      backward()
      scatter(a, own, lines, resultRe)
    }
  }
}

/// Lines into a block; zeros where there are none.
@specialized(where S == Float)
@specialized(where S == Double)
private func gather<S: TensorScalar>(
  _ view: LineView<S>?, _ count: Int, _ lines: Int, _ block: UnsafeMutablePointer<S>
) {
  guard let view else { return block.update(repeating: 0, count: count * lines) }
  let (first, step, lineStep) = (view.first, view.step, view.lineStep)
  if lines > 1, lineStep == 1 {
    for j in 0..<count {
      (block + j &* lines).update(from: first + j &* step, count: lines)
    }
  } else {
    for line in 0..<lines {
      let source = first + line &* lineStep
      for j in 0..<count { block[j &* lines &+ line] = source[j &* step] }
    }
  }
}

/// Lines out of a block.
@specialized(where S == Float)
@specialized(where S == Double)
private func scatter<S: TensorScalar>(
  _ block: UnsafeMutablePointer<S>, _ count: Int, _ lines: Int, _ view: LineView<S>
) {
  let (first, step, lineStep) = (view.first, view.step, view.lineStep)
  if lines > 1, lineStep == 1 {
    for j in 0..<count {
      (first + j &* step).update(from: block + j &* lines, count: lines)
    }
  } else {
    for line in 0..<lines {
      let target = first + line &* lineStep
      for j in 0..<count { target[j &* step] = block[j &* lines &+ line] }
    }
  }
}

/// The first n/2 + 1 results of n real numbers, of the transform Z of n/2 pairs of them: with the conjugates Z̄ of what is as
/// far from the end, ½ (Z + Z̄) − ½ i (Z − Z̄) · e^(−2πi·k/n).
@specialized(where S == Float)
@specialized(where S == Double)
private func untangle<S: TensorScalar>(
  _ a: UnsafeMutablePointer<S>, _ b: UnsafeMutablePointer<S>, _ roots: UnsafeMutablePointer<S>, _ half: Int,
  _ lines: Int, _ re: UnsafeMutablePointer<S>, _ im: UnsafeMutablePointer<S>
) {
  let part: S = 0.5
  for k in 0...half {
    let (c, s) = (roots[2 &* k], -roots[2 &* k &+ 1])
    let (own, other) = (k % half &* lines, (half &- k) % half &* lines)
    for line in 0..<lines {
      let (x, y) = (a[own &+ line], b[own &+ line])
      let (u, v) = (a[other &+ line], b[other &+ line])
      let (evenRe, evenIm) = (part * (x + u), part * (y - v))
      let (oddRe, oddIm) = (part * (y + v), part * (u - x))
      re[k &* lines &+ line] = evenRe + (c * oddRe - s * oddIm)
      im[k &* lines &+ line] = evenIm + (c * oddIm + s * oddRe)
    }
  }
}

/// What ``untangle`` takes, twice, of what it gives: (Y + Ȳ) + i (Y − Ȳ) · e^(2πi·k/n). The imaginary parts of the first and the
/// last, which real numbers have none of, are passed over.
@specialized(where S == Float)
@specialized(where S == Double)
private func tangle<S: TensorScalar>(
  _ re: UnsafeMutablePointer<S>, _ im: UnsafeMutablePointer<S>, _ roots: UnsafeMutablePointer<S>, _ half: Int,
  _ lines: Int, _ a: UnsafeMutablePointer<S>, _ b: UnsafeMutablePointer<S>
) {
  for line in 0..<lines { (im[line], im[half &* lines &+ line]) = (0, 0) }
  for k in 0..<half {
    let (c, s) = (roots[2 &* k], roots[2 &* k &+ 1])
    let (own, other) = (k &* lines, (half &- k) &* lines)
    for line in 0..<lines {
      let (x, y) = (re[own &+ line], im[own &+ line])
      let (u, v) = (re[other &+ line], im[other &+ line])
      let (oddRe, oddIm) = (c * (x - u) - s * (y + v), c * (y + v) + s * (x - u))
      a[own &+ line] = (x + u) - oddIm
      b[own &+ line] = (y - v) + oddRe
    }
  }
}
