import CKernels
import TestSupport
import Testing

@testable import Tensor

@Suite("Fourier transforms")
struct FourierTests {
  /// The sums of the definition, in Double.
  private static func definition(_ re: [Double], _ im: [Double]) -> (re: [Double], im: [Double]) {
    let n = re.count
    var (a, b) = (re, im)
    for k in 0..<n {
      (a[k], b[k]) = (0, 0)
      for j in 0..<n {
        let (c, s) = rootOfUnity(j * k, of: n)
        a[k] += re[j] * c + im[j] * s
        b[k] += im[j] * c - re[j] * s
      }
    }
    return (a, b)
  }

  private static func numbers(_ count: Int, seed: Int) -> [Double] {
    DeterministicValues(seed: seed).uniform(count, in: -1...1)
  }

  /// The root of the mean square of a difference over that of what it should be.
  private static func error(_ found: [Double], _ wanted: [Double]) -> Double {
    let square = wanted.reduce(0) { $0 + $1 * $1 }
    return (zip(found, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / square).squareRoot()
  }

  @Test("roots of unity are exact at quarters and have length 1 elsewhere")
  func roots() {
    for n in [4, 12, 100] {
      #expect(rootOfUnity(n / 4, of: n) == (0, 1))
      #expect(rootOfUnity(n / 2, of: n) == (-1, 0))
      #expect(rootOfUnity(3 * n / 4, of: n) == (0, -1))
    }
    for k in 0..<360 {
      let (c, s) = rootOfUnity(k, of: 360)
      // The angle itself is rounded, near a whole turn by 0.9e-15.
      let angle = Double(k) * .pi / 180
      #expect(abs(c - Double.cos(angle)) < 2e-15 && abs(s - Double.sin(angle)) < 2e-15)
      #expect(abs(c * c + s * s - 1) < 4 * .ulpOfOne)
    }
  }

  @Test("every pass agrees with its formula at every processor", arguments: Processor.available, [1, 3, 40])
  func passes(processor: Processor, span: Int) {
    for radix in [2, 3, 4, 5, 7] {
      let groups = 3
      let count = radix * groups * span
      let (re, im) = (Self.numbers(count, seed: 1), Self.numbers(count, seed: 2))
      let turns = (0..<groups).flatMap { p in
        (1..<radix).flatMap { k -> [Double] in
          let (c, s) = rootOfUnity(p * k, of: radix * groups)
          return [c, -s]
        }
      }
      let roots = (0..<radix).flatMap { j in
        let (c, s) = rootOfUnity(j, of: radix)
        return [c, s]
      }
      var (toRe, toIm) = ([Double](repeating: 7, count: count + 1), [Double](repeating: 7, count: count + 1))
      turns.withUnsafeBufferPointer { turns in
        roots.withUnsafeBufferPointer { roots in
          var pass = ckernels_fourier_pass(
            radix: radix, groups: groups, span: span, turns: turns.baseAddress, roots: roots.baseAddress)
          processor.fourier(Double.self).pointee.pass(&pass, re, im, &toRe, &toIm)
        }
      }
      #expect(toRe.last == 7 && toIm.last == 7, "wrote beyond the end")
      for (p, q) in [(0, 0), (1, span - 1), (2, span / 2)] {
        let places = (0..<radix).map { q + span * (p + groups * $0) }
        let wanted = Self.definition(places.map { re[$0] }, places.map { im[$0] })
        for k in 0..<radix {
          let (c, s) = rootOfUnity(p * k, of: radix * groups)
          let place = q + span * (radix * p + k)
          #expect(abs(toRe[place] - (wanted.re[k] * c + wanted.im[k] * s)) < 1e-14, "radix \(radix)")
          #expect(abs(toIm[place] - (wanted.im[k] * c - wanted.re[k] * s)) < 1e-14, "radix \(radix)")
        }
      }
    }
  }

  @Test(
    "transforms agree with the definition at every kind of length",
    arguments: Array(1...40) + [49, 97, 121, 128, 143, 169, 210, 251, 256, 286, 360])
  func definition(length: Int) {
    func check<S: TensorScalar>(_: S.Type) {
      let (a, b) = (Self.numbers(length, seed: 3), Self.numbers(length, seed: 4))
      let x = ComplexParts(
        real: Tensor<S>(a.map { S($0) }, shape: [length]),
        imaginary: Tensor<S>(b.map { S($0) }, shape: [length]))
      let wanted = Self.definition(x.real.scalars.map { Double($0) }, x.imaginary.scalars.map { Double($0) })
      // NumPy's own transforms are within 2 of these units; a convolution makes three of them.
      let bound = 6 * Double(S.ulpOfOne)
      let found = x.fft()
      #expect(
        Self.error(
          (found.real.scalars + found.imaginary.scalars).map { Double($0) }, wanted.re + wanted.im) < bound)
      let back = found.ifft()
      #expect(
        Self.error((back.real.scalars + back.imaginary.scalars).map { Double($0) }, a + b) < 2 * bound)
      let half = x.real.rfft()
      let whole = x.real.fft()
      let kept = length / 2 + 1
      #expect(half.real.shape == [kept])
      #expect(
        Self.error(
          (half.real.scalars + half.imaginary.scalars).map { Double($0) },
          (whole.real.scalars.prefix(kept) + whole.imaginary.scalars.prefix(kept)).map { Double($0) })
          < 2 * bound)
      #expect(
        Self.error(half.irfft(count: length).scalars.map { Double($0) }, x.real.scalars.map { Double($0) })
          < 2 * bound)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(
    "a long transform finds its waves and nothing else", arguments: [1 << 16, 3 * 5 * 7 * 11 * 13, 65_537])
  func longTransforms(length: Int) {
    let waves = [(3, 1.0), (length / 3, 0.5), (length / 2 - 1, 2.0)]
    let x = (0..<length).map { j in
      waves.reduce(0) { $0 + $1.1 * rootOfUnity($1.0 * j, of: length).0 }
    }
    let y = Tensor<Double>(x, shape: [length]).rfft()
    let sizes = (y.real.square() + y.imaginary.square()).sqrt().scalars
    for (place, size) in waves {
      #expect(abs(sizes[place] - size * Double(length) / 2) < 1e-9 * Double(length), "at \(place)")
    }
    let others = sizes.indices.filter { place in !waves.contains { $0.0 == place } }.map { sizes[$0] }
    #expect(others.max()! < 1e-11 * Double(length))
  }

  @Test("no bit depends on the number of threads, on the layout or on the lines beside a line")
  func bits() {
    for length in [48, 100, 101, 1 << 11, 1 << 12] {
      let x = Tensor<Float>(
        Self.numbers(37 * length, seed: 5).map { Float($0) }, shape: [37, length])
      let one = withThreadCount(1) { x.rfft() }
      let three = withThreadCount(3) { x.rfft() }
      #expect(one.real.scalars == three.real.scalars && one.imaginary.scalars == three.imaginary.scalars)
      let turned = Tensor(x.transposed().scalars, shape: [length, 37])
      let columns = withThreadCount(2) { turned.rfft(axis: 0) }
      #expect(columns.real.transposed().scalars == one.real.scalars)
      #expect(columns.imaginary.transposed().scalars == one.imaginary.scalars)
      #expect(x[5].rfft().real.scalars == one.real[5].scalars)
      let back = withThreadCount(1) { one.irfft(count: length) }
      #expect(withThreadCount(3) { one.irfft(count: length) }.scalars == back.scalars)
    }
  }

  @Test("a NaN stays in its line")
  func notANumber() {
    for length in [8, 9, 17] {
      var x = Tensor<Double>(Self.numbers(3 * length, seed: 6), shape: [3, length])
      x[1, 2] = Tensor(.nan)
      let y = x.rfft()
      #expect(y.real[1].scalars.contains { $0.isNaN })
      #expect(!(y.real[0].scalars + y.real[2].scalars).contains { $0.isNaN })
    }
  }

  @Test("what is convolved by transforms is what is convolved by sums")
  func convolution() {
    let (a, b) = (Self.numbers(30, seed: 7), Self.numbers(30, seed: 8))
    let (x, y) = (Tensor<Double>(a, shape: [5, 6]).rfft2D(), Tensor<Double>(b, shape: [5, 6]).rfft2D())
    let product = ComplexParts(
      real: x.real * y.real - x.imaginary * y.imaginary,
      imaginary: x.real * y.imaginary + x.imaginary * y.real)
    let found = product.irfft2D(width: 6)
    for row in 0..<5 {
      for column in 0..<6 {
        var sum = 0.0
        for i in 0..<5 {
          for j in 0..<6 { sum += a[i * 6 + j] * b[(row - i + 5) % 5 * 6 + (column - j + 6) % 6] }
        }
        #expect(abs(found[row, column].scalar - sum) < 1e-13)
      }
    }
  }
}
