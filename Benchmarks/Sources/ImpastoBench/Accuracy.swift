import ArgumentParser
import Foundation
import NN
import Tensor

struct AccuracyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accuracy",
    abstract: "How far Float is from Double, for each distinct convolution of VGG-19 and the whole gradient.")

  @OptionGroup var common: CommonOptions
  @Option(help: "The picture's side in pixels that gives the layers' sizes.") var size = 256
  @Option(help: "The side of the pictures at which the whole gradient is compared.") var gradientSize = 128
  @Option(
    help: "How exactly the network computes when the whole gradient is compared: full or fast.",
    transform: VGG19.Precision.init(parsing:))
  var precision = VGG19.Precision.full
  @Option(help: "VGG-19's weights.") var weights: String

  private struct LayerErrors: Encodable {
    let layer: String
    let forward, inputGradient: Double
  }
  private struct GradientError: Encodable { let imageGradient: Double }

  func run() throws {
    try common.apply()
    let reference = try ReferenceNetwork(contentsOf: weights)
    for (number, part) in ReferenceNetwork.distinctConvolutions {
      let errors = layerErrors(reference.convolutions[number - 1], size: size / part)
      try answer(
        LayerErrors(layer: "conv_\(number)", forward: errors.forward, inputGradient: errors.inputGradient))
    }
    for error in try gradientErrors(reference) { try answer(GradientError(imageGradient: error)) }
  }

  /// The whole gradient's error at several pictures: ‖g − r‖ / ‖r‖.
  ///
  /// Several, because rounding can turn a ReLU or a pooling's choice the other way, and one such turn outweighs
  /// all other errors: the figure is a matter of luck for a single picture.
  private func gradientErrors(_ reference: ReferenceNetwork) throws -> [Double] {
    let content = Inputs.picture(size: gradientSize, seed: 1)
    let style = Inputs.picture(size: gradientSize, seed: 2)
    let objective = try StyleTransferObjective(
      network: VGG19(contentsOf: weights, precision: precision), content: content, style: style,
      normalization: .study)
    let double = ReferenceObjective(network: reference, content: content, style: style)
    return try Self.gradientSeeds.map { seed in
      let start = Inputs.picture(size: gradientSize, seed: seed)
      let truth = double.gradient(at: start)
      let found = try objective.valueWithGradient(at: start).gradient
      let error = (Tensor<Double>(found) - truth).square().sum().scalar
      return (error / truth.square().sum().scalar).squareRoot()
    }
  }

  private static let gradientSeeds: ClosedRange<UInt32> = 3...11

  /// The largest errors as parts of the largest values.
  private func layerErrors(
    _ layer: ReferenceNetwork.Filter, size: Int
  ) -> (forward: Double, inputGradient: Double) {
    let (outputs, inputs) = (layer.weight.shape[0], layer.weight.shape[1])
    let input = Inputs.noise([1, inputs, size, size], seed: 1, rectified: true) * Tensor(4)
    let direction = Inputs.noise([1, outputs, size, size], seed: 4)
    let single = values(
      input, Tensor(layer.weight), bias: Tensor(layer.bias), direction)
    let double = values(
      Tensor<Double>(input), layer.weight, bias: layer.bias, Tensor(direction))
    return (
      largestError(single.output, double.output), largestError(single.gradient, double.gradient)
    )
  }

  private func values<Scalar: TensorScalar>(
    _ input: Tensor<Scalar>, _ filter: Tensor<Scalar>, bias: Tensor<Scalar>, _ direction: Tensor<Scalar>
  ) -> (output: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    var output: Tensor<Scalar>?
    let slope = gradient(at: input) { input in
      let y = input.conv2D(filter, bias: bias, padding: 1, algorithm: .winograd)
      output = y.detached()
      return (y * direction).sum()
    }
    return (output!, slope)
  }

  private func largestError(_ value: Tensor<Float>, _ reference: Tensor<Double>) -> Double {
    (Tensor<Double>(value) - reference).abs().max().scalar / reference.abs().max().scalar
  }
}
