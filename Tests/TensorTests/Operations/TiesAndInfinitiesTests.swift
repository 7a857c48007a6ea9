import TestSupport
import Testing

@testable import Tensor

/// What is a choice at ties and infinities, and is written in the documentation.
@Suite("Ties and infinities")
struct TiesAndInfinitiesTests {
  @Test("median and quantile share their derivative evenly among equal elements, as max does")
  func sharedMedian() {
    let x = Tensor<Double>([[1, 2, 2, 2, 5], [3, 3, 3, 3, 3]])
    let median = valueWithGradient(at: x) { $0.median(axes: [1]).sum() }
    #expect(median.value.scalar == 5)
    let third = 1.0 / 3
    let even = [Double](repeating: 0.2, count: 5)
    #expect(median.gradient.scalars == [0, third, third, third, 0] + even)
    let quantile = valueWithGradient(at: x) { $0.quantile(0.125, axes: [1]).sum() }
    let half = third / 2
    #expect(quantile.gradient.allClose(to: Tensor([[0.5, half, half, half, 0], even])))
    let largest = valueWithGradient(at: x[1]) { $0.max() }.gradient
    #expect(largest.scalars == median.gradient[1].scalars)
  }

  @Test("a median of an even number of elements shares between the two in the middle")
  func evenMedian() {
    let slope = valueWithGradient(at: Tensor<Double>([4, 1, 1, 9])) { $0.median() }.gradient
    #expect(slope.scalars == [0.5, 0.25, 0.25, 0])
  }

  @Test("the derivative of a median with a NaN is 0 and no NaN")
  func medianOfNaN() {
    let (value, slope) = valueWithGradient(at: Tensor<Double>([1, .nan, 3])) { $0.median() }
    #expect(value.scalar.isNaN)
    #expect(slope.scalars == [0, 0, 0])
  }

  @Test("remainder modulo an infinity is x, or one step on, with derivatives that fit")
  func infiniteModulus() {
    let x = Tensor<Double>([3, -3, 3, -3])
    let y = Tensor<Double>([.infinity, .infinity, -.infinity, -.infinity])
    let slope = valueWithGradient(at: x, y) { x, y in
      (x.remainder(modulo: y) * Tensor([1, 0.5, 0.5, 1])).sum()
    }.gradient
    #expect(x.remainder(modulo: y).scalars == [3, .infinity, -.infinity, -3])
    // ⌊x/y⌋ is 0, −1, −1, 0.
    #expect(slope.0.scalars == [1, 0.5, 0.5, 1])
    #expect(slope.1.scalars == [0, 0.5, 0.5, 0])
    #expect(x.floorDivided(by: y).scalars == [0, -1, -1, 0])
  }

  @Test("remainder of an infinity is NaN")
  func infiniteDividend() {
    let rest = Tensor<Double>([.infinity, -.infinity]).remainder(modulo: 2)
    #expect(rest.isNaN().all().scalar)
  }

  @Test("floorDivided and remainder go together where the quotient is rounded")
  func wholeSteps() {
    // 1/0.1 is rounded to 10, but ten steps of the number nearest to 0.1 are more than 1.
    let x = Tensor<Double>([1, -1, 7.5, 0.3])
    let y = Tensor<Double>(0.1)
    let steps = x.floorDivided(by: y)
    let sum = steps * y + x.remainder(modulo: y)
    let error = (sum - x).abs().max().scalar
    #expect(error <= 8 * .ulpOfOne)
    #expect(steps.scalars[0] == 9)
  }

  @Test("logAddExp has the derivative of a half each at a tie, and none of a NaN at infinities")
  func logAddExpAtInfinities() {
    let x = Tensor<Double>([-.infinity, 2, -.infinity])
    let y = Tensor<Double>([-.infinity, 2, 3])
    let slope = valueWithGradient(at: x) { Tensor.logAddExp($0, y)[1...].sum() }.gradient
    #expect(slope.scalars == [0, 0.5, 0])
  }

  @Test(
    "at a picture's edge a grid has no derivative where the border keeps it there, and the slope of pixels inside",
    arguments: [GridBorder.border, .reflection], [true, false])
  func gridAtEdges(border: GridBorder, alignCorners: Bool) {
    let picture = Tensor<Double>([1, 2, 4, 8], shape: [1, 1, 1, 4])
    // Pixels 0, 0.75, 1.875 and 3, or 0, 0.5, 2.25 and 3.
    let (x, slopes): ([Double], [Double]) =
      alignCorners ? ([-1, -0.5, 0.25, 1], [0, 1.5, 3, 0]) : ([-0.75, -0.5, 0.375, 0.75], [0, 2, 8, 0])
    let grid = Tensor<Double>(x.flatMap { [$0, 0] }, shape: [1, 1, 4, 2])
    let slope = gradient(at: grid) {
      picture.gridSample($0, border: border, alignCorners: alignCorners).sum()
    }
    #expect(slope[0, 0, 0..., 0].scalars == slopes)
  }

  @Test("logNdtr has its second derivative where the first is 0, in both widths")
  func farProbit() {
    func second<S: TensorScalar>(_ x: Tensor<S>) -> [S] {
      gradient(at: x) { x in gradient(at: x) { $0.logNdtr().sum() }.sum() }.scalars
    }
    #expect(second(Tensor<Double>([37.6, 39, 100, 1e10])).allSatisfy { $0.magnitude < 1e-300 })
    #expect(second(Tensor<Float>([13.5, 20, 1e6])).allSatisfy { $0.magnitude < 1e-35 })
    // −r (x + r), with r = φ/Φ.
    let x = Tensor<Double>([-30, -2, -0.5, 0, 0.5, 3])
    let ratio = gradient(at: x) { $0.logNdtr().sum() }
    let expected = -ratio * (x + ratio)
    #expect((Tensor(second(x)) - expected).abs().max().scalar < 1e-9)
  }

  @Test("erfcx is ∞ wherever it is more than a number can be")
  func farErfcx() {
    #expect(
      Tensor<Double>([-26.64, -26.7, -27, -27.1, -1e10]).erfcx().scalars.allSatisfy { $0 == .infinity })
    #expect(Tensor<Float>([-9.5, -26.7, -27]).erfcx().scalars.allSatisfy { $0 == .infinity })
    #expect(Tensor<Double>([-26.6]).erfcx().scalar.isFinite)
  }

  @Test("a variance of what is not NaN is NaN where the correction takes all that there is")
  func nothingLeft() {
    let x = Tensor<Double>([[1, 2, .nan], [1, 2, 4]])
    let variance = x.nanVariance(axes: [1], correction: 2)
    #expect(variance.scalars[0].isNaN && variance.scalars[1] > 0)
    #expect(x[0].nanVariance(correction: 5).scalar.isNaN)
  }
}
