import Tensor
import Testing

/// What becomes of elements in another type.
@Suite struct ConversionTests {
  @Test("numbers are cut towards zero to be integers, and rounded to nearest to be floating-point numbers")
  func rounding() {
    let x = Tensor<Double>([-2.9, -0.5, 0.5, 2.9, 255.999])
    #expect(
      Tensor<Int32>(x).scalars == [-2, 0, 0, 2, 255] && Tensor<UInt8>(x[1...]).scalars == [0, 0, 2, 255])
    #expect(Tensor<Float>(x).scalars == x.scalars.map { Float($0) })
    // Halfway between two `Float`s, and one more: rounded once, not by way of `Double`.
    let odd = Tensor<Int64>([1 << 54 + 1 << 30, 1 << 54 + 1 << 30 + 1, .max, .min])
    #expect(Tensor<Float>(odd).scalars == odd.scalars.map { Float($0) })
    #expect(Tensor<Double>(odd).scalars == odd.scalars.map { Double($0) })
    #expect(Tensor<Int64>(Tensor<Float>([0x1p62, -0x1p63])).scalars == [1 << 62, .min])
  }

  @Test("a number is true unless it is 0, and truth values are 1 and 0")
  func truth() {
    #expect(
      Tensor<Bool>(Tensor<Float>([0, -0.0, .nan, .leastNonzeroMagnitude, -3])).scalars == [
        false, false, true, true, true,
      ])
    #expect(Tensor<Bool>(Tensor<Int32>([0, 256])).scalars == [false, true])
    let mask = Tensor([true, false])
    #expect(Tensor<Float>(mask).scalars == [1, 0] && Tensor<Double>(mask).scalars == [1, 0])
    #expect(Tensor<UInt8>(mask).scalars == [1, 0] && Tensor<Int64>(mask).scalars == [1, 0])
    #expect(Tensor<BFloat16>(mask).scalars == [1.0, 0.0])
  }

  @Test("BFloat16 rounds once, to even, from every type")
  func brain() {
    // The numbers with their neighbours halfway: 1 + 2⁻⁸ is between 1 and 1 + 2⁻⁷, 1 + 3·2⁻⁸ above the odd one.
    let cases: [(Double, UInt16)] = [
      (1, 0x3f80), (1 + 0x1p-8, 0x3f80), (1 + 0x3p-8, 0x3f82), (1 + 0x1p-8 + 0x1p-40, 0x3f81),
      (-1 - 0x1p-8, 0xbf80),
      (1 + 0x1p-8 - 0x1p-40, 0x3f80), (3.4e38, 0x7f80), (-3.38e38, 0xff7e), (.infinity, 0x7f80),
      (0x1p-133, 1),
      (0x1p-134, 0), (0x1.8p-134, 1), (-0.0, 0x8000),
    ]
    for (number, bits) in cases {
      #expect(BFloat16(number).bitPattern == bits, "\(number)")
      #expect(Tensor<BFloat16>(Tensor(number)).scalar.bitPattern == bits, "\(number)")
      if Double(Float(number)) == number { #expect(BFloat16(Float(number)).bitPattern == bits, "\(number)") }
    }
    #expect(Float(BFloat16(Float.nan)).isNaN && Float(BFloat16(Float(bitPattern: 0x7f80_0001))).isNaN)
    let whole = Tensor<Int64>([257, 259, 1 << 62 + 1 << 54, 1 << 62 + 1 << 54 + 1, -(1 << 62 + 1 << 54 + 1)])
    #expect(Tensor<BFloat16>(whole).scalars.map(\.bitPattern) == [0x4380, 0x4382, 0x5e80, 0x5e81, 0xde81])
    #expect(BFloat16(2.0) < 3.0 && BFloat16(-0.0) == 0.0)
  }

  #if !(os(macOS) && arch(x86_64))
    @Test("Float16 is Swift's own, from every type")
    func half() {
      let x = Tensor<Double>([1, 0.1, 65504, 65520, 1e-8, 1 + 0x1p-11 + 0x1p-40, -0.0])
      #expect(Tensor<Float16>(x).scalars.map(\.bitPattern) == x.scalars.map { Float16($0).bitPattern })
      #expect(Tensor<Double>(Tensor<Float16>(x[..<3])).scalars == x[..<3].scalars.map { Double(Float16($0)) })
      #expect(Tensor<Float16>(Tensor<Int64>([2049, 2051])).scalars == [2048, 2052])
    }
  #endif

  @Test("views are converted in their own order, and keep their strides where they are dense")
  func views() {
    let x = Tensor<Int64>((0..<5000).map { Int64($0) }, shape: [10, 500])
    let view = x.transposed()[(1...).strided(by: 3), 2..<9]
    #expect(Tensor<Float>(view).scalars == view.scalars.map { Float($0) })
    #expect(Tensor<Int32>(x.transposed()).scalars == x.transposed().scalars.map { Int32($0) })
    let row = Tensor<Double>([1.5, 2.5]).broadcast(to: [300, 2])
    #expect(Tensor<UInt8>(row).scalars == (0..<600).map { UInt8($0 % 2 + 1) })
    #expect(Tensor<Bool>(Tensor<Float>.zeros([0, 3])).shape == [0, 3])
  }

  @Test("a conversion is a constant, and one to the same type is no copy")
  func history() {
    let x = Tensor<Float>([1, 2]).tracked()
    #expect(!Tensor<Double>(x).isTracked && !Tensor<Float>(x).isTracked)
    #expect(Tensor<Float>(x).scalars == [1, 2])
  }
}
