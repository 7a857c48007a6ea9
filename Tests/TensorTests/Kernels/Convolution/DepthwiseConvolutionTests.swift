import TestSupport
import Testing

@testable import Tensor

/// A convolution with a filter for each channel, against as many convolutions of one channel, which are products of
/// matrices.
@Suite("Depthwise convolution")
struct DepthwiseConvolutionTests {
  struct Setting: CustomTestStringConvertible {
    let channels: Int
    var window = (3, 3)
    var stride = (1, 1)
    var padding = (1, 1)
    var dilation = (1, 1)
    var testDescription: String { "\(channels) channels, \(window), \(stride), \(padding), \(dilation)" }
  }

  static let settings = [
    Setting(channels: 4), Setting(channels: 16), Setting(channels: 19), Setting(channels: 37, stride: (2, 2)),
    Setting(channels: 20, window: (3, 1), padding: (1, 3)),
    Setting(channels: 17, window: (1, 2), dilation: (1, 3)),
    Setting(channels: 8, window: (2, 5), stride: (3, 1), padding: (0, 4), dilation: (2, 1)),
    Setting(channels: 33, window: (5, 1), stride: (1, 4), padding: (7, 0)),
    Setting(channels: 5, window: (1, 3), stride: (2, 3), padding: (0, 2), dilation: (1, 4)),
  ]

  private static func draw<S: TensorScalar>(_: S.Type, _ seed: Int, _ shape: Shape) -> Tensor<S> {
    Tensor<S>(
      Tensor<Double>(DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: -1...1), shape: shape))
  }

  /// Results and gradients in the order of value, picture, filter and bias; `tolerance` for sums of up to 300 products
  /// near 1 in different orders.
  private func check<S: TensorScalar>(_: S.Type, _ s: Setting, isChannelsLast: Bool, tolerance: S) {
    let values = Self.draw(S.self, 1, [2, s.channels, 9, 11])
    // What a convolution gives is channels-last; by an unit filter for each channel it is the values themselves.
    let x =
      isChannelsLast
      ? values.conv2D(Tensor.identity(s.channels).reshaped(to: [s.channels, s.channels, 1, 1])) : values
    let filter = Self.draw(S.self, 2, [s.channels, 1, s.window.0, s.window.1])
    let bias = Self.draw(S.self, 3, [s.channels])
    func convolution(_ x: Tensor<S>, _ w: Tensor<S>, _ b: Tensor<S>, groups: Int) -> Tensor<S> {
      x.conv2D(w, bias: b, stride: s.stride, padding: s.padding, dilation: s.dilation, groups: groups)
    }
    let whole = convolution(x, filter, bias, groups: s.channels)
    let slope = Self.draw(S.self, 4, whole.shape)
    func gradients(_ v: [Tensor<S>], _ slope: Tensor<S>, groups: Int) -> [Tensor<S>] {
      let v = v.map { $0.tracked() }
      return gradient(
        of: (convolution(v[0], v[1], v[2], groups: groups) * slope).sum(), withRespectTo: v)
    }
    let found = gradients([x, filter, bias], slope, groups: s.channels)
    for channel in 0..<s.channels {
      let own = channel..<channel + 1
      let (part, one, shift) = (x[0..., own], filter[own], bias[own])
      let value = convolution(part, one, shift, groups: 1)
      let expected = gradients([part, one, shift], slope[0..., own], groups: 1)
      func compare(_ found: Tensor<S>, _ expected: Tensor<S>, _ name: String) {
        let difference = (found - expected).abs().max().scalar
        #expect(difference <= tolerance, "\(name) of channel \(channel)")
      }
      compare(whole[0..., own], value, "value")
      compare(found[0][0..., own], expected[0], "picture")
      compare(found[1][own], expected[1], "filter")
      compare(found[2][own], expected[2], "bias")
      #expect(value.abs().max().scalar > 0.1)
    }
  }

  @Test("each channel is as it would be by itself", arguments: settings, [false, true])
  func values(_ setting: Setting, isChannelsLast: Bool) {
    check(Float.self, setting, isChannelsLast: isChannelsLast, tolerance: 3e-5)
    check(Double.self, setting, isChannelsLast: isChannelsLast, tolerance: 5e-14)
  }

  @Test("long sequences are summed in short runs")
  func longSequence() {
    let x = Tensor<Float>(repeating: 0.1, shape: [1, 4, 1 << 17])
    let slope = gradient(at: Tensor<Float>.ones([4, 1, 1])) { filter in
      x.conv1D(filter, groups: 4).sum()
    }
    // One run of so many tenths in `Float` is off by more than a hundred thousandth.
    let expected = Double(Float(0.1)) * Double(1 << 17)
    for sum in slope.scalars { #expect(abs(Double(sum) / expected - 1) < 1e-6) }
  }
}
