import CKernels

/// How lines of one length are transformed: by passes of small radices (Stockham's algorithm) where the length has no prime
/// factor above 7, and else by a convolution with a chirp (Bluestein, 1970), whose own length has none above 2.
///
/// A block of lines lies in memory with element j of line l at j · lines + l, real and imaginary parts apart. What comes out
/// for a line does not depend on the lines beside it.
final class FourierPlan<S: TensorScalar>: @unchecked Sendable {
  /// n, at least 1.
  let length: Int
  private var passes: [(radix: Int, groups: Int, span: Int, turns: UnsafeMutablePointer<S>)] = []
  private let chirp: Chirp?
  /// cos and sin of 2π·k/(2n) for k from 0 to n, which transforms of 2n real numbers need.
  let halfSteps: UnsafeMutablePointer<S>
  /// cos and sin of 2πj / radix, for the odd radices.
  private let roots: [Int: UnsafeMutablePointer<S>]

  private static var radices: [Int] { [4, 2, 3, 5, 7] }

  init(length: Int) {
    self.length = length
    halfSteps = Self.numbers((0...length).map { rootOfUnity($0, of: 2 * length) })
    var rest = length
    var factors: [Int] = []
    for radix in Self.radices {
      while rest % radix == 0 {
        factors.append(radix)
        rest /= radix
      }
    }
    guard rest == 1 else {
      (chirp, roots) = (Chirp(length: length), [:])
      return
    }
    chirp = nil
    var roots: [Int: UnsafeMutablePointer<S>] = [:]
    for radix in Set(factors) where radix % 2 == 1 {
      roots[radix] = Self.numbers((0..<radix).map { rootOfUnity($0, of: radix) })
    }
    self.roots = roots
    var (left, span) = (length, 1)
    for radix in factors {
      let groups = left / radix
      let turns = (0..<groups).flatMap { p in
        (1..<radix).map { k in
          let (c, s) = rootOfUnity(p * k, of: left)
          return (c, -s)
        }
      }
      passes.append((radix, groups, span, Self.numbers(turns)))
      (left, span) = (groups, span * radix)
    }
  }

  deinit {
    halfSteps.deallocate()
    for pass in passes { pass.turns.deallocate() }
    for numbers in roots.values { numbers.deallocate() }
  }

  /// The numbers of pairs, one after the other.
  private static func numbers(_ pairs: [(Double, Double)]) -> UnsafeMutablePointer<S> {
    let numbers = UnsafeMutablePointer<S>.allocate(capacity: max(2 * pairs.count, 1))
    for (index, pair) in pairs.enumerated() {
      numbers[2 * index] = S(pair.0)
      numbers[2 * index + 1] = S(pair.1)
    }
    return numbers
  }

  /// How many numbers ``transform(_:_:lines:scratch:)`` needs besides for each line.
  var scratchCount: Int { chirp.map { 4 * $0.plan.length } ?? 2 * length }

  /// Transforms lines in place: y[k] = Σ x[j] · e^(−2πi·jk/n).
  ///
  /// - Parameters:
  ///   - re: n numbers of each line, and `im` likewise; for the inverse, which is not divided by n, exchanged.
  ///   - scratch: ``scratchCount`` numbers for each line.
  func transform(
    _ re: UnsafeMutablePointer<S>, _ im: UnsafeMutablePointer<S>, lines: Int,
    scratch: UnsafeMutablePointer<S>
  ) {
    if let chirp { return chirp.transform(re, im, lines: lines, scratch: scratch) }
    let kernels = Processor.best.fourier(S.self)
    let size = length * lines
    var (from, to) = ((re, im), (scratch, scratch + size))
    for pass in passes {
      var step = ckernels_fourier_pass(
        radix: pass.radix, groups: pass.groups, span: pass.span * lines, turns: pass.turns,
        roots: roots[pass.radix])
      kernels.pointee.pass(&step, from.0, from.1, to.0, to.1)
      swap(&from, &to)
    }
    if from.0 != re {
      re.update(from: from.0, count: size)
      im.update(from: from.1, count: size)
    }
  }

  /// The numbers that the plan keeps.
  var keptCount: Int {
    passes.reduce(2 * length) { $0 + 2 * $1.groups * ($1.radix - 1) }
      + (chirp.map { 2 * ($0.plan.length + length) + $0.plan.keptCount } ?? 0)
  }

  /// Bluestein's way: jk = (j² + k² − (k − j)²) / 2, so that the sum is a convolution with c[j] = e^(πi·j²/n), and that the
  /// product of two transforms of a length which has passes.
  private struct Chirp {
    let plan: FourierPlan<S>
    private let length: Int
    /// The conjugates of c, and the transform of c around 0 divided by the plan's length: cos and sin of each.
    private let (factors, spectrum): ([S], [S])

    init(length: Int) {
      self.length = length
      var size = 1
      while size < 2 * length - 1 { size *= 2 }
      plan = FourierPlan(length: size)
      let chirp = (0..<length).map { rootOfUnity($0 * $0, of: 2 * length) }
      factors = chirp.flatMap { [S($0.0), S(-$0.1)] }
      // In Double, so that what is rounded was right.
      let exact = FourierPlan<Double>.shared(length: size)
      var (re, im) = ([Double](repeating: 0, count: size), [Double](repeating: 0, count: size))
      for (j, c) in chirp.enumerated() {
        (re[j], im[j]) = c
        if j > 0 { (re[size - j], im[size - j]) = c }
      }
      var scratch = [Double](repeating: 0, count: exact.scratchCount)
      exact.transform(&re, &im, lines: 1, scratch: &scratch)
      let scale = Double(size)
      spectrum = zip(re, im).flatMap { (re: Double, im: Double) -> [S] in [S(re / scale), S(im / scale)] }
    }

    func transform(
      _ re: UnsafeMutablePointer<S>, _ im: UnsafeMutablePointer<S>, lines: Int,
      scratch: UnsafeMutablePointer<S>
    ) {
      let (used, whole) = (length * lines, plan.length * lines)
      let (a, b, rest) = (scratch, scratch + whole, scratch + 2 * whole)
      factors.withUnsafeBufferPointer { multiply(re, im, by: $0.baseAddress!, count: length, lines, a, b) }
      a.advanced(by: used).update(repeating: 0, count: whole - used)
      b.advanced(by: used).update(repeating: 0, count: whole - used)
      plan.transform(a, b, lines: lines, scratch: rest)
      spectrum.withUnsafeBufferPointer {
        multiply(a, b, by: $0.baseAddress!, count: plan.length, lines, a, b)
      }
      plan.transform(b, a, lines: lines, scratch: rest)
      factors.withUnsafeBufferPointer { multiply(a, b, by: $0.baseAddress!, count: length, lines, re, im) }
    }
  }
}

/// The products of complex numbers with a factor for each place, which may be written over the numbers.
@specialized(where S == Float)
@specialized(where S == Double)
private func multiply<S: TensorScalar>(
  _ re: UnsafeMutablePointer<S>, _ im: UnsafeMutablePointer<S>, by factors: UnsafePointer<S>, count: Int,
  _ lines: Int, _ toRe: UnsafeMutablePointer<S>, _ toIm: UnsafeMutablePointer<S>
) {
  for place in 0..<count {
    let (c, s) = (factors[2 &* place], factors[2 &* place &+ 1])
    for index in place &* lines..<(place &+ 1) &* lines {
      let (x, y) = (re[index], im[index])
      toRe[index] = x * c - y * s
      toIm[index] = x * s + y * c
    }
  }
}

/// cos and sin of 2π·k/n, right to the last digit or the one before it, and exact at multiples of a quarter turn.
func rootOfUnity(_ k: Int, of n: Int) -> (Double, Double) {
  let (octant, rest) = (8 * (k % n)).quotientAndRemainder(dividingBy: n)
  // What is left of the octant, or what is missing to its end.
  let part = Double(octant % 2 == 0 ? rest : n - rest) / Double(n) * (.pi / 4)
  let (c, s) = (Double.cos(part), Double.sin(part))
  switch octant {
  case 0: return (c, s)
  case 1: return (s, c)
  case 2: return (-s, c)
  case 3: return (-c, s)
  case 4: return (-c, -s)
  case 5: return (-s, -c)
  case 6: return (s, -c)
  default: return (c, -s)
  }
}

// MARK: - Plans that are kept

extension FourierPlan {
  /// The plan of a length, made once for as long as it is not one of many.
  static func shared(length: Int) -> FourierPlan {
    let key = FourierPlans.Key(length: length, isFloat: S.self == Float.self)
    if let known = FourierPlans.shared.withLock({ $0.known[key] }) { return known as! FourierPlan }
    let made = FourierPlan(length: length)
    FourierPlans.shared.withLock { plans in
      if plans.count + made.keptCount > FourierPlans.limit { plans = FourierPlans() }
      if plans.known.updateValue(made, forKey: key) == nil { plans.count += made.keptCount }
    }
    return made
  }
}

private struct FourierPlans {
  struct Key: Hashable {
    let length: Int
    let isFloat: Bool
  }

  /// Numbers in all plans.
  var count = 0
  var known: [Key: AnyObject] = [:]

  /// 32 MB of doubles.
  static let limit = 1 << 22
  static let shared = Guarded(FourierPlans())
}
