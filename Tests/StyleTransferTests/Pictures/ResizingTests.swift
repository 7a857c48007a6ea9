import Tensor
import Testing

@testable import StyleTransfer

@Suite("Resizing pictures")
struct ResizingTests {
  /// A picture of made-up colours, and of made-up opacities where asked for.
  private func picture(_ width: Int, _ height: Int, isClear: Bool) -> Picture {
    var generator = RandomGenerator(seed: 7)
    let alpha = isClear ? Tensor<Float>.uniform([height * width], in: 0..<1, using: &generator).scalars : nil
    return Picture(Tensor<Float>.uniform([1, 3, height, width], in: 0..<1, using: &generator), alpha: alpha)
  }

  @Test(
    "resizing by bands gives the numbers of resampling whole axes, to the bit",
    arguments: [
      (40, 300, 9000, 250), (300, 40, 9000, 250), (9001, 700, 9000, 180), (50, 500, 50, 333),
      (120, 90, 30, 20),
    ])
  func equalsWholeAxes(width: Int, height: Int, newWidth: Int, newHeight: Int) {
    func whole(_ x: Tensor<Float>) -> Tensor<Float> {
      x.resampled(to: newWidth, axis: 3, method: .lanczos3).resampled(
        to: newHeight, axis: 2, method: .lanczos3)
    }
    let opaque = picture(width, height, isClear: false)
    #expect(
      opaque.resized(width: newWidth, height: newHeight).colour
        == whole(opaque.tensor).clamped(to: 0...1).scalars)

    let clear = picture(width, height, isClear: true)
    let opacity = Tensor(clear.alpha!, shape: [1, 1, height, width])
    let newOpacity = whole(opacity).clamped(to: 0...1)
    let expected = (whole(clear.tensor * opacity) / (newOpacity + 1e-6)).clamped(to: 0...1)
    let resized = clear.resized(width: newWidth, height: newHeight)
    #expect(resized.colour == expected.scalars)
    #expect(resized.alpha == newOpacity.scalars)
  }
}
