import TestSupport
import Testing

@testable import Tensor

@Suite("conv2D")
struct ConvolutionTests {
  struct Sizes: Sendable, CustomTestStringConvertible {
    let batch: Int, inputs: Int, outputs: Int, height: Int, width: Int, padding: Int
    var testDescription: String { "\(batch)×\(inputs)→\(outputs), \(height)×\(width), padding \(padding)" }

    func tensors<Scalar: TensorScalar>(_: Scalar.Type) -> (
      x: Tensor<Scalar>, filter: Tensor<Scalar>, bias: Tensor<Scalar>
    ) {
      func draw(_ seed: Int, _ shape: Shape) -> Tensor<Scalar> {
        let values = DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: -1...1)
        return Tensor(values.map { Scalar($0) }, shape: shape)
      }
      return (draw(1, [batch, inputs, height, width]), draw(2, [outputs, inputs, 3, 3]), draw(3, [outputs]))
    }
  }

  static let sizes = [
    Sizes(batch: 1, inputs: 3, outputs: 64, height: 17, width: 14, padding: 1),
    Sizes(batch: 2, inputs: 16, outputs: 32, height: 8, width: 11, padding: 0),
    Sizes(batch: 1, inputs: 64, outputs: 3, height: 5, width: 6, padding: 2),
    Sizes(batch: 3, inputs: 5, outputs: 7, height: 1, width: 1, padding: 1),
  ]

  /// Winograd's sums are a few times larger than their result, which loses as many units in the last place.
  static let winogradTolerance = 1e-5

  @Test("a frozen filter gives what a tracked one gives, with and without ReLU", arguments: sizes)
  func plansAgree(sizes: Sizes) {
    let (x, filter, bias) = sizes.tensors(Float.self)
    for relu in [false, true] {
      func apply(_ x: Tensor<Float>, _ filter: Tensor<Float>) -> Tensor<Float> {
        x.conv2D(
          filter, bias: bias, padding: sizes.padding, applyingReLU: relu, algorithm: .winograd)
      }
      func slope(_ filter: Tensor<Float>) -> Tensor<Float> {
        gradient(at: x) { x in
          let y = apply(x, filter)
          return (y * Tensor((0..<y.count).map { Float($0 % 13) - 6 }, shape: y.shape)).sum()
        }
      }
      let (frozen, tracked) = (apply(x, filter), apply(x, filter.tracked()))
      #expect(distance(frozen, tracked) < Self.winogradTolerance)
      #expect(distance(slope(filter), slope(filter.tracked())) < Self.winogradTolerance)
    }
  }

  @Test("a fused ReLU is the ReLU of the convolution, with the same gradients, to the bit", arguments: sizes)
  func fusedReLU(sizes: Sizes) {
    let (x, filter, bias) = sizes.tensors(Float.self)
    let fused = valueWithGradient(at: x, bias) { x, bias in
      let y = x.conv2D(
        filter, bias: bias, padding: sizes.padding, applyingReLU: true, algorithm: .winograd)
      return (y * y).sum()
    }
    let separate = valueWithGradient(at: x, bias) { x, bias in
      let y = x.conv2D(filter, bias: bias, padding: sizes.padding, algorithm: .winograd).relu()
      return (y * y).sum()
    }
    #expect(fused.value.scalar == separate.value.scalar)
    #expect(fused.gradient.0.scalars == separate.gradient.0.scalars)
    #expect(fused.gradient.1.scalars == separate.gradient.1.scalars)
    #expect(fused.gradient.0.scalars.contains { $0 != 0 })
  }

  @Test("second derivatives pass through a fused ReLU with a frozen filter", arguments: sizes)
  func fusedSecondDerivative(sizes: Sizes) {
    func product<Scalar: TensorScalar>(_: Scalar.Type) -> Tensor<Double> {
      let (x, filter, bias) = sizes.tensors(Scalar.self)
      let direction = Tensor((0..<x.count).map { Scalar($0 % 5) - 2 }, shape: x.shape)
      return Tensor(
        hessianVectorProduct(at: x, along: direction) { x in
          let y = x.conv2D(
            filter, bias: bias, padding: sizes.padding, applyingReLU: true, algorithm: .winograd)
          return (y * y * y).sum()
        })
    }
    let expected = product(Double.self)
    #expect(expected.scalars.contains { $0 != 0 })
    #expect(distance(product(Float.self), expected) < Self.winogradTolerance)
  }

  @Test("a filter that was written to is transformed again")
  func mutatedFilter() {
    var (x, filter, _) = Self.sizes[0].tensors(Float.self)
    let before = x.conv2D(filter, padding: 1, algorithm: .winograd)
    filter.withUnsafeMutableScalars { for index in $0.indices { $0[index] *= -2 } }
    let after = x.conv2D(filter, padding: 1, algorithm: .winograd)
    #expect(after.scalars == before.scalars.map { $0 * -2 })
  }

  @Test(
    "whole numbers stay whole, in the convolution, its gradient and its transpose", arguments: [3, 16, 64])
  func wholeNumbers(channels: Int) {
    func draw(_ seed: Int, _ shape: Shape) -> [Int] {
      DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: -4...4).map { Int($0) }
    }
    func results<Scalar: TensorScalar>(_: Scalar.Type) -> [[Double]] {
      let (input, window) = ([1, channels, 13, 10], [channels, channels, 3, 3])
      let x = Tensor(draw(1, input).map { Scalar($0) }, shape: input)
      let filter = Tensor(draw(2, window).map { Scalar($0) }, shape: window)
      let y = x.conv2D(filter, padding: 1)
      let slope = gradient(at: x) { ($0.conv2D(filter, padding: 1) * y).sum() }
      return [y, slope, x.transposedConv2D(filter, padding: 1)].map { $0.scalars.map { Double($0) } }
    }
    // Doubles hold them whatever the order of the sums.
    #expect(results(Float.self) == results(Double.self))
  }

  @Test("whole numbers stay whole with strides, dilation and groups, and along one or three axes")
  func wholeNumbersOfOtherForms() {
    func results<Scalar: TensorScalar>(_: Scalar.Type) -> [[Double]] {
      func draw(_ seed: Int, _ shape: Shape) -> Tensor<Scalar> {
        let values = DeterministicValues(seed: seed).uniform(shape.reduce(1, *), in: -4...4)
        return Tensor(values.map { Scalar(Int($0)) }, shape: shape)
      }
      let (x, filter) = (draw(1, [2, 8, 15, 12]), draw(2, [6, 8, 3, 3]))
      let outputs = [
        x.conv2D(filter, stride: 2, padding: 1), x.conv2D(filter, dilation: 2),
        x.conv2D(draw(3, [12, 2, 3, 3]), padding: 1, groups: 4),
        x.conv2D(draw(4, [8, 1, 3, 3]), padding: 1, groups: 8),
        draw(5, [2, 8, 40]).conv1D(draw(6, [6, 8, 3]), padding: 1),
        draw(7, [1, 4, 6, 7, 8]).conv3D(draw(8, [5, 4, 3, 3, 3]), padding: 1),
      ]
      return outputs.map { $0.scalars.map { Double($0) } }
    }
    #expect(results(Float.self) == results(Double.self))
  }

  @Test("neighbours are counted exactly, and Winograd's error is there only where it is asked for")
  func countedNeighbours() {
    let cells = Tensor<Float>(
      DeterministicValues(seed: 6).uniform(64 * 64, in: 0...1).map { $0 < 0.5 ? 0 : 1 },
      shape: [1, 1, 64, 64])
    func count(_ algorithm: ConvolutionAlgorithm) -> [Float] {
      cells.conv2D(.ones([1, 1, 3, 3]), padding: 1, algorithm: algorithm).scalars
    }
    #expect(count(.direct).allSatisfy { $0 >= 0 && $0 == $0.rounded() })
    #expect(count(.winograd).contains { $0 != $0.rounded() })
    #expect(zip(count(.direct), count(.winograd)).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test("filters that are views of one storage have transforms of their own")
  func filterViews() {
    let (x, filter, _) = Self.sizes[1].tensors(Float.self)
    let flipped = filter.transposed(axes: [0, 1, 3, 2])
    func convolved(_ filter: Tensor<Float>) -> [Float] { x.conv2D(filter, algorithm: .winograd).scalars }
    _ = convolved(filter)
    let copy = Tensor(flipped.scalars, shape: flipped.shape)
    #expect(convolved(flipped) == convolved(copy))
    #expect(convolved(flipped) != convolved(filter))
  }

  @Test(
    "results are channels-last, and the gradient lies as the input does",
    arguments: ConvolutionAlgorithm.allCases)
  func layouts(algorithm: ConvolutionAlgorithm) {
    let (x, filter, _) = Self.sizes[1].tensors(Float.self)
    let channelsLast = Tensor(Kernels.channelsLast(x.array))
    let y = x.conv2D(filter, algorithm: algorithm)
    #expect(y.array.layout.isChannelsLast)
    #expect(y.scalars == channelsLast.conv2D(filter, algorithm: algorithm).scalars)
    let slopes = [x, channelsLast].map { x in
      gradient(at: x) { x in
        let y = x.conv2D(filter, algorithm: algorithm)
        return (y * y).sum()
      }
    }
    #expect(slopes[0].array.layout.isContiguous)
    #expect(slopes[1].array.layout.isChannelsLast)
    #expect(slopes[0].scalars == slopes[1].scalars)
  }

  @Test("no bit depends on the number of threads")
  func threads() {
    let previous = Parallelism.threadCount
    defer { Parallelism.threadCount = previous }
    let (x, filter, bias) = Sizes(batch: 2, inputs: 20, outputs: 24, height: 45, width: 37, padding: 1)
      .tensors(Float.self)
    func results(threads: Int, frozen: Bool) -> [[Float]] {
      Parallelism.threadCount = threads
      let (value, slopes) = valueWithGradient(at: [x, filter, bias]) { v in
        let y = v[0].conv2D(frozen ? filter : v[1], bias: v[2], padding: 1, algorithm: .winograd)
        return (y * y).sum()
      }
      return [value.scalars] + slopes.map(\.scalars)
    }
    for frozen in [false, true] {
      let one = results(threads: 1, frozen: frozen)
      for threads in [2, 3, 7] { #expect(results(threads: threads, frozen: frozen) == one) }
    }
  }

  @Test("a row of the self-product is exactly its column, whatever the order in memory", arguments: [7, 700])
  func selfProduct(length: Int) {
    let values = DeterministicValues(seed: 4).uniform(6 * length, in: -1...1).map { Float($0) }
    let rowMajor = Tensor(values, shape: [1, 6, length])
    let channelsLast = Tensor(rowMajor.transposed().array.contiguous()).transposed()
    for features in [rowMajor, channelsLast] {
      let product = features.selfProduct()
      #expect(product.scalars == product.transposed().scalars)
      #expect(distance(product, features.matrixProduct(features, transposingRight: true)) < 1e-5)
      let slope = gradient(at: features) { f in
        let product = f.selfProduct()
        return (product * product).sum()
      }
      #expect(slope.array.layout.strides == features.array.layout.strides)
    }
  }
}

/// The largest difference over the largest magnitude.
private func distance<Scalar: TensorScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Double {
  let largest = b.scalars.map { Double($0.magnitude) }.max() ?? 0
  return zip(a.scalars, b.scalars).map { Double(($0 - $1).magnitude) }.max()! / largest
}
