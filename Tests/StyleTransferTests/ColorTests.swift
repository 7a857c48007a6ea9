import StyleTransfer
import Tensor
import TestSupport
import Testing

@Suite struct ColorTests {
  private func picture(_ shape: [Int], seed: Int, _ range: ClosedRange<Double> = 0...1) -> Tensor<Float> {
    let values = DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: range)
    // Channels that go together, as colours do.
    let mixture = Tensor<Float>([0.8, 0.2, 0, 0.3, 0.5, 0.2, 0.1, 0.3, 0.6], shape: [3, 3])
    let colors = Tensor(values.map(Float.init), shape: [3, shape[2] * shape[3]])
    return mixture.matrixProduct(colors).reshaped(to: shape)
  }

  private func luma(_ x: Tensor<Float>) -> [Double] {
    let (r, g, b) = (x[0..., 0].scalars, x[0..., 1].scalars, x[0..., 2].scalars)
    return r.indices.map { 0.299 * Double(r[$0]) + 0.587 * Double(g[$0]) + 0.114 * Double(b[$0]) }
  }

  private func statistics(_ x: [Double]) -> (mean: Double, deviation: Double) {
    let mean = x.reduce(0, +) / Double(x.count)
    let square = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (square / Double(x.count)).squareRoot())
  }

  @Test("ColorStatistics: the mean and the covariance of the pixels")
  func colorStatistics() {
    let image = Tensor<Float>([0, 1, 0, 0.5, 1, 0], shape: [1, 3, 1, 2])
    let found = ColorStatistics(of: image)
    #expect(found.mean.scalars == [0.5, 0.25, 0.5])
    #expect(found.covariance.scalars == [0.25, 0.125, -0.25, 0.125, 0.0625, -0.125, -0.25, -0.125, 0.25])
  }

  @Test(
    "matchingColors: the result has the reference's mean and covariance", arguments: ColorMatching.allCases)
  func matching(method: ColorMatching) {
    let (image, reference) = (picture([1, 3, 9, 7], seed: 1), picture([1, 3, 5, 8], seed: 2, 0.2...0.5))
    let found = ColorStatistics(of: image.matchingColors(of: reference, method: method))
    let wanted = ColorStatistics(of: reference)
    #expect((found.mean - wanted.mean).abs().max().scalar < 1e-6)
    // A millionth is added to variances of a hundredth.
    #expect((found.covariance - wanted.covariance).abs().max().scalar < 1e-5)
    let same = image.matchingColors(of: image, method: method)
    #expect((same - image).abs().max().scalar < 1e-5)
  }

  @Test("matchingColors: the symmetric map moves colours the least")
  func least() {
    let (image, reference) = (picture([1, 3, 9, 7], seed: 1), picture([1, 3, 5, 8], seed: 2, 0.2...0.5))
    func distance(_ method: ColorMatching) -> Float {
      (image.matchingColors(of: reference, method: method) - image).square().sum().scalar
    }
    #expect(distance(.symmetric) < distance(.pca) && distance(.symmetric) < distance(.cholesky))
  }

  @Test(
    "matchingColors: pictures of one pixel, one colour or no colour stay finite and keep to the reference's range",
    arguments: ColorMatching.allCases)
  func degenerate(method: ColorMatching) {
    let color = picture([1, 3, 6, 6], seed: 1)
    let gray = Tensor<Float>.concatenated(
      [color[0..., 0...0], color[0..., 0...0], color[0..., 0...0]], axis: 1)
    let flat = Tensor<Float>(repeating: 0.4, shape: [1, 3, 4, 4])
    let pixel = Tensor<Float>([0.1, 0.5, 0.9], shape: [1, 3, 1, 1])
    let all = [color, gray, flat, pixel]
    for image in all {
      for reference in all {
        let result = image.matchingColors(of: reference, method: method)
        #expect(result.shape == image.shape)
        #expect(result.scalars.allSatisfy { (-1...2).contains($0) })
        let mean = ColorStatistics(of: reference).mean
        #expect((ColorStatistics(of: result).mean - mean).abs().max().scalar < 1e-4)
      }
    }
    // Without a colour there is no colour to spread.
    let matched = color.matchingColors(of: gray, method: method)
    #expect((matched[0..., 0] - matched[0..., 2]).abs().max().scalar < 0.05)
  }

  @Test("replacingLuminance: the luma of the one and the colour differences of the other")
  func luminance() {
    let (colors, bright) = (picture([1, 3, 4, 5], seed: 1), picture([1, 3, 4, 5], seed: 2))
    let result = colors.replacingLuminance(with: bright)
    #expect(zip(luma(result), luma(bright)).allSatisfy { abs($0 - $1) < 1e-6 })
    let (found, wanted) = (result[0..., 0] - result[0..., 2], colors[0..., 0] - colors[0..., 2])
    #expect((found - wanted).abs().max().scalar < 1e-6)
  }

  @Test("matchingLuminance: the content's mean and deviation of luma, the style's colour differences")
  func luminanceStatistics() {
    let (style, content) = (picture([1, 3, 4, 5], seed: 1), picture([1, 3, 6, 6], seed: 2, 0.1...0.4))
    let result = style.matchingLuminance(of: content)
    let (found, wanted) = (statistics(luma(result)), statistics(luma(content)))
    #expect(abs(found.mean - wanted.mean) < 1e-6 && abs(found.deviation - wanted.deviation) < 1e-6)
    let flat = Tensor<Float>(repeating: 0.4, shape: [1, 3, 4, 4])
    let stillFlat = flat.matchingLuminance(of: content)
    #expect(statistics(luma(stillFlat)).deviation < 1e-3)
    #expect(abs(statistics(luma(stillFlat)).mean - wanted.mean) < 1e-3)
  }
}
