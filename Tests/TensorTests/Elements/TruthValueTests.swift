import Tensor
import TestSupport
import Testing

/// Comparisons and what is made of them, for all types and layouts.
@Suite struct TruthValueTests {
  private func expectOrder<Scalar: TensorElement & Comparable>(
    of elements: [Scalar], _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let x = Tensor(elements, shape: [elements.count / 3, 3])
    let views: [(Tensor<Scalar>, Tensor<Scalar>)] = [
      (x, x.flipped()), (x.transposed(), x.flipped(axes: [1]).transposed()), (x, x[0]), (x[0..., 1..<2], x),
      (x[0..., (0...).strided(by: 2)], x[0..., 1..<2]), (x, Tensor(elements[1])), (Tensor(elements[1]), x),
      (x[0..<0], x[0]),
    ]
    for (a, b) in views {
      let shape = (a .== b).shape
      let (p, q) = (a.broadcast(to: shape).scalars, b.broadcast(to: shape).scalars)
      #expect((a .< b).scalars == zip(p, q).map { $0 < $1 }, sourceLocation: sourceLocation)
      #expect((a .<= b).scalars == zip(p, q).map { $0 <= $1 }, sourceLocation: sourceLocation)
      #expect((a .> b).scalars == zip(p, q).map { $0 > $1 }, sourceLocation: sourceLocation)
      #expect((a .>= b).scalars == zip(p, q).map { $0 >= $1 }, sourceLocation: sourceLocation)
      #expect((a .== b).scalars == zip(p, q).map { $0 == $1 }, sourceLocation: sourceLocation)
      #expect((a .!= b).scalars == zip(p, q).map { $0 != $1 }, sourceLocation: sourceLocation)
    }
  }

  @Test("numbers of every type are compared as Swift does, in every layout")
  func comparisons() {
    expectOrder(of: [3, 0, 255, 128, 127, 3, 9, 200, 1] as [UInt8])
    expectOrder(of: [3, .min, .max, -1, 0, 3, 9, -200, 1] as [Int32])
    expectOrder(of: [3, .min, .max, -1, 1 << 53, 1 << 53 + 1, 9, -200, 1] as [Int64])
    expectOrder(of: [3, -.infinity, .nan, -0.0, 0, .leastNonzeroMagnitude, 9, .infinity, 1] as [Float])
    expectOrder(of: [3, -.infinity, .nan, -0.0, 0, .leastNonzeroMagnitude, 9, .infinity, 1] as [Double])
    expectOrder(
      of: ([3, -.infinity, .nan, -0.0, 0, 0x1p-130, 9, .infinity, 1] as [Float]).map { BFloat16($0) })
    #if !(os(macOS) && arch(x86_64))
      expectOrder(of: [3, -.infinity, .nan, -0.0, 0, .leastNonzeroMagnitude, 9, .infinity, 1] as [Float16])
    #endif
  }

  @Test("truth values are equal or not, and are joined")
  func connectives() {
    let (a, b) = (Tensor([[true], [false]]), Tensor([true, false, true]))
    #expect((a .== b).scalars == [true, false, true, false, true, false])
    #expect((a .!= true).scalars == [false, true])
    #expect((a .& b).scalars == [true, false, true, false, false, false])
    #expect((a .| b).scalars == [true, true, true, true, false, true])
    #expect((a .^ b).scalars == [false, true, false, true, false, true])
    #expect((.!b).scalars == [false, true, false])
    #expect((.!(a .& b) .== (.!a .| .!b)).all().scalar)
    let large = (0..<100_000).map { $0 % 7 < 3 }
    let mask = Tensor(large, shape: [100, 1000])
    #expect(
      (mask.transposed() .& mask.transposed().flipped()).countTrue().scalar
        == Int64(zip(large, large.reversed()).count { $0 && $1 }))
  }

  @Test("counts along axes are those of the elements, also of views and of none")
  func counts() {
    let elements = (0..<60).map { $0 * $0 % 7 < 3 }
    let mask = Tensor(elements, shape: [3, 4, 5])
    for axes in [[], [0], [1], [2], [0, 2], [0, 1, 2]] {
      let wanted = Tensor<Double>(mask).sum(axes: axes)
      #expect(Tensor<Double>(mask.countTrue(axes: axes)).scalars == wanted.scalars, "\(axes)")
      let view = mask.transposed(axes: [2, 0, 1]).flipped()
      #expect(
        Tensor<Double>(view.countTrue(axes: axes)).scalars == Tensor<Double>(view).sum(axes: axes).scalars,
        "\(axes)")
    }
    #expect(mask.countTrue(axes: [1], keepingDimensions: true).shape == [3, 1, 5])
    #expect(mask.countTrue().scalar == Int64(elements.count { $0 }))
    let none = Tensor<Bool>.zeros([0, 2])
    #expect(none.any().scalar == false && none.all().scalar && none.countTrue(axes: [0]).scalars == [0, 0])
    #expect(none.all(axes: [1]).shape == [0] && none.any(axes: [0]).scalars == [false, false])
    #expect(Tensor([true, true]).all().scalar && Tensor([false, true]).any().scalar)
    #expect(!Tensor([false, true]).all().scalar && !Tensor([false]).any().scalar)
  }

  @Test("a choice by a view of a mask is that of each element, whatever repeats")
  func choices() {
    let mask = Tensor((0..<12).map { $0 % 5 < 2 }, shape: [4, 3])
    let x = Tensor<Int64>((0..<12).map { Int64($0) }, shape: [3, 4])
    let operands: [(Tensor<Int64>, Tensor<Int64>)] = [
      (x, -x), (x, Tensor(7)), (Tensor(7), x), (x[0], x[0..., 1..<2]), (Tensor(1), Tensor(2)), (x, x[1]),
      (x.transposed().flipped().transposed(), x),
    ]
    for (a, b) in operands {
      let chosen = Tensor.where(mask.transposed(), a, b)
      let (p, q) = (a.broadcast(to: [3, 4]).scalars, b.broadcast(to: [3, 4]).scalars)
      #expect(chosen.scalars == zip(mask.transposed().scalars, zip(p, q)).map { $0 ? $1.0 : $1.1 })
    }
    #expect(
      Tensor.where(Tensor([true, false]), Tensor<Bool>([false, true]), Tensor(true)).scalars == [false, true])
    #expect(Tensor.where(mask[0..<0], Tensor<Float>(1), Tensor(0)).shape == [0, 3])
  }

  @Test("derivatives of any order go by masks as they went by 0 and 1")
  func secondDerivatives() {
    let x = Tensor<Double>([-1.5, -0.5, 0.25, 0.75, 2])
    let functions: [(String, @Sendable (Tensor<Double>) -> Tensor<Double>)] = [
      ("where", { x in Tensor.where(x .> 0, x.pow(3), x.exp() * x).sum() }),
      ("clamped", { x in (x.clamped(to: -1...1) * x.square()).sum() }),
      ("max", { x in x.square().max() * x.sum() }),
      ("norm inf", { x in x.norm(.infinity) * x.square().sum() }),
      ("mask", { x in x[where: x .> 0].pow(3).sum() * x.sum() }),
      ("quantile", { x in x.quantile(0.4).pow(2) * x.sum() }),
      ("maxWithPositions", { x in x.maxWithPositions(axis: 0).values.pow(3) * x.sum() }),
      ("topK", { x in x.topK(2).values.pow(3).sum() * x.sum() }),
    ]
    for (name, function) in functions {
      #expect(GradientCheck.check(at: x, in: function).passed, "\(name)")
      let second = GradientCheck.check(at: x, order: .second, in: function)
      #expect(second.passed && second.inputs.allSatisfy { $0.analytic != 0 }, "\(name): \(second)")
    }
  }
}
