import TestSupport
import Testing

@testable import Tensor

/// Convolutions as products with windows that are read where they lie, where this machine has them, against their
/// definition.
@Suite("Convolution: windows", .enabled(if: Processor.best.gemm(Float.self) != nil))
struct WindowProductTests {
  struct Setting: CustomTestStringConvertible {
    /// Of the input and of the output, over all groups.
    let channels: (Int, Int)
    var groups = 1
    var batch = 2
    var size = (9, 11)
    var window = (3, 3)
    var stride = (1, 1)
    var padding = (1, 1)
    var dilation = (1, 1)
    var testDescription: String {
      "\(channels), \(groups) groups, \(batch) of \(size), \(window), \(stride), \(padding), \(dilation)"
    }
  }

  static let settings = [
    Setting(channels: (8, 5)), Setting(channels: (16, 32)), Setting(channels: (19, 37)),
    // Several pieces of the depth, of the pixels and of the channels, all with rests.
    Setting(channels: (33, 34), batch: 3, size: (23, 17)),
    Setting(channels: (70, 6), batch: 3, size: (13, 17)),
    Setting(channels: (64, 64), batch: 1, size: (7, 7)),
    Setting(channels: (21, 33), size: (10, 9), stride: (2, 2)),
    Setting(channels: (20, 9), window: (1, 1), padding: (0, 0)),
    Setting(channels: (20, 9), size: (8, 7), window: (1, 1), stride: (2, 3), padding: (0, 0)),
    Setting(channels: (12, 10), size: (40, 1), window: (13, 1), padding: (6, 0)),
    Setting(channels: (17, 6), window: (5, 2), stride: (3, 1), padding: (4, 0), dilation: (2, 3)),
    Setting(channels: (30, 24), groups: 3, stride: (1, 2)),
    // Few channels, whose rows of taps are read as one.
    Setting(channels: (3, 16), size: (23, 21), window: (7, 7), stride: (2, 2), padding: (3, 3)),
    Setting(channels: (1, 9), window: (2, 8), stride: (1, 3), padding: (0, 5)),
    Setting(channels: (5, 40), window: (3, 2), padding: (4, 0), dilation: (3, 1)),
    Setting(channels: (7, 6), batch: 1, size: (1, 19), window: (1, 5), stride: (1, 4), padding: (0, 0)),
    // Rows in several patches, with a rest; windows that are read where they lie; rows of taps far apart.
    Setting(channels: (8, 6), batch: 1, size: (3, 601)),
    Setting(channels: (16, 20), size: (12, 33), padding: (0, 0)),
    Setting(channels: (9, 6), size: (30, 12), padding: (12, 0), dilation: (12, 1)),
    // Pixels that would push each other out of a cache.
    Setting(channels: (512, 5), batch: 1, size: (4, 5), window: (1, 1), padding: (0, 0)),
    Setting(channels: (256, 6), batch: 1, size: (5, 9), window: (1, 1), stride: (1, 2), padding: (0, 0)),
    // Few pixels and many panels, which threads share.
    Setting(channels: (10, 200), batch: 1, size: (5, 5)),
    // Small pictures, of which a patch has several.
    Setting(channels: (10, 40), batch: 7, size: (4, 5)),
    Setting(channels: (9, 6), batch: 5, size: (3, 3), window: (3, 1), padding: (4, 0), dilation: (4, 1)),
    Setting(channels: (9, 7), batch: 0), Setting(channels: (9, 7), size: (2, 2), padding: (5, 5)),
  ]

  private static func draw<S: TensorScalar>(_: S.Type, _ seed: Int, _ shape: Shape) -> Tensor<S> {
    Tensor<S>(
      Tensor<Double>(DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: -1...1), shape: shape))
  }

  private static func geometry(_ s: Setting) -> ConvolutionGeometry {
    ConvolutionGeometry(
      batch: s.batch, inputChannels: s.channels.0, outputChannels: s.channels.1, groups: s.groups,
      axes: [
        WindowAxis(
          size: s.size.0, window: s.window.0, stride: s.stride.0, padding: s.padding.0, dilation: s.dilation.0
        ),
        WindowAxis(
          size: s.size.1, window: s.window.1, stride: s.stride.1, padding: s.padding.1, dilation: s.dilation.1
        ),
      ])
  }

  /// Calls `body` with the places in x, in the filter and in y, row-major, of every product that a convolution adds up.
  private static func forEachProduct(_ s: Setting, _ g: ConvolutionGeometry, _ body: (Int, Int, Int) -> Void)
  {
    let (inputs, outputs) = (s.channels.0 / s.groups, s.channels.1 / s.groups)
    for image in 0..<s.batch {
      for output in 0..<s.channels.1 {
        for row in 0..<g.vertical.outputSize {
          for column in 0..<g.horizontal.outputSize {
            let y =
              ((image * s.channels.1 + output) * g.vertical.outputSize + row) * g.horizontal.outputSize
              + column
            for k in 0..<s.window.0 {
              for l in 0..<s.window.1 {
                let i = row * s.stride.0 + g.vertical.offset(ofTap: k)
                let j = column * s.stride.1 + g.horizontal.offset(ofTap: l)
                guard 0..<s.size.0 ~= i, 0..<s.size.1 ~= j else { continue }
                for channel in 0..<inputs {
                  let source = output / outputs * inputs + channel
                  body(
                    ((image * s.channels.0 + source) * s.size.0 + i) * s.size.1 + j,
                    ((output * inputs + channel) * s.window.0 + k) * s.window.1 + l, y)
                }
              }
            }
          }
        }
      }
    }
  }

  private func check<S: TensorScalar>(_: S.Type, _ s: Setting, tolerance: Double) {
    let geometry = Self.geometry(s)
    let x = Self.draw(S.self, 1, geometry.inputShape)
    let filter = Self.draw(S.self, 2, geometry.filterShape)
    let bias = Self.draw(S.self, 3, [s.channels.1])
    let slope = Self.draw(S.self, 4, geometry.outputShape)
    let (xs, fs, gs) = (
      x.scalars.map(Double.init), filter.scalars.map(Double.init), slope.scalars.map(Double.init)
    )
    let pixels = geometry.vertical.outputSize * geometry.horizontal.outputSize
    var value =
      bias.scalars.isEmpty || s.batch == 0
      ? [Double]()
      : (0..<slope.count).map { Double(bias.scalars[$0 / pixels % s.channels.1]) }
    var inputSlope = [Double](repeating: 0, count: x.count)
    var filterSlope = [Double](repeating: 0, count: filter.count)
    Self.forEachProduct(s, geometry) { i, f, o in
      value[o] += xs[i] * fs[f]
      inputSlope[i] += gs[o] * fs[f]
      filterSlope[f] += gs[o] * xs[i]
    }
    func compare(_ found: Tensor<S>, _ expected: [Double], _ name: String) {
      let largest = expected.map(abs).max() ?? 0
      for (a, b) in zip(found.scalars, expected) where !(abs(Double(a) - b) <= tolerance * largest) {
        // A pixel without taps was not written.
        if a.isNaN, b == 0 { continue }
        Issue.record("\(name): \(a) in place of \(b)")
        return
      }
      #expect(found.count == expected.count)
    }
    let kernels = Processor.best.gemm(S.self)!
    let plan = GatherPlan.forward(geometry)
    if let narrow = NarrowWindows(plan) {
      let shape = geometry.outputShape
      let found = StridedArray<S>(repeating: .nan, shape: shape, strides: Layout.channelsLastStrides(shape))
      let padded = narrow.padded(Kernels.channelsLast(x.array))
      Kernels.windowProducts(
        found, padded, narrow.filter(filter.array), bias: bias.array, narrow.plan, narrow.plan.phases[0],
        kernels)
      compare(Tensor(found), value, "value")
      let turned = StridedArray<S>(repeating: .nan, shape: narrow.turnedShape(filter.shape))
      let gradient = StridedArray<S>(repeating: .nan, shape: filter.shape)
      Kernels.windowFilterGradient(turned, padded, Kernels.channelsLast(slope.array), narrow.plan, kernels)
      narrow.write(turned, over: gradient)
      return compare(Tensor(gradient), filterSlope, "filter's gradient")
    }
    func windows(_ source: Tensor<S>, _ bias: Tensor<S>?, _ plan: GatherPlan, _ shape: Shape) -> Tensor<S> {
      let result = StridedArray<S>(repeating: .nan, shape: shape, strides: Layout.channelsLastStrides(shape))
      for phase in plan.phases where result.count > 0 {
        // Pixels that no tap falls on are the other way's.
        guard phase.hasTaps else { continue }
        Kernels.windowProducts(
          result, Kernels.channelsLast(source.array), filter.array, bias: bias?.array, plan, phase, kernels)
      }
      return Tensor(result)
    }
    compare(windows(x, bias, .forward(geometry), geometry.outputShape), value, "value")
    compare(
      windows(slope, nil, .inputGradient(geometry), geometry.inputShape), inputSlope, "input's gradient")
    let result = StridedArray<S>(repeating: .nan, shape: geometry.filterShape)
    Kernels.windowFilterGradient(
      result, Kernels.channelsLast(x.array), Kernels.channelsLast(slope.array), .forward(geometry), kernels)
    compare(Tensor(result), filterSlope, "filter's gradient")
  }

  /// Sums of up to 2,000 products near 1, of which the largest is tens.
  @Test("values and gradients are those of the definition", arguments: settings)
  func values(_ setting: Setting) {
    check(Float.self, setting, tolerance: 1e-5)
    check(Double.self, setting, tolerance: 2e-14)
  }

  @Test("no bit depends on the threads")
  func threads() {
    let setting = Setting(channels: (40, 48), batch: 3, size: (31, 29), stride: (2, 1))
    let geometry = Self.geometry(setting)
    let x = Kernels.channelsLast(Self.draw(Float.self, 1, geometry.inputShape).array)
    let slope = Kernels.channelsLast(Self.draw(Float.self, 4, geometry.outputShape).array)
    let filter = Self.draw(Float.self, 2, geometry.filterShape).array
    let kernels = Processor.best.gemm(Float.self)!
    func results(_ threads: Int) -> [[Float]] {
      withThreadCount(threads) {
        let plan = GatherPlan.forward(geometry)
        let shape = geometry.outputShape
        let value = StridedArray<Float>(uninitialized: shape, strides: Layout.channelsLastStrides(shape))
        Kernels.windowProducts(value, x, filter, bias: nil, plan, plan.phases[0], kernels)
        let gradient = StridedArray<Float>(uninitialized: geometry.filterShape)
        Kernels.windowFilterGradient(gradient, x, slope, plan, kernels)
        return [Tensor(value).scalars, Tensor(gradient).scalars]
      }
    }
    let one = results(1)
    #expect(one[0].contains { $0 != 0 })
    for threads in 2...4 { #expect(results(threads) == one, "\(threads) threads") }
  }
}
