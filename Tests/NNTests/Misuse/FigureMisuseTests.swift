import NN
import Tensor
import Testing

/// A figure of a layer, an optimiser or a loss with which there are no sensible numbers, and the message with which it
/// traps.
private enum FigureMisuse: String, CaseIterable, Codable {
  case batchNormEpsilon, batchNormMomentum, momentumLater, groupNormEpsilon, layerNormEpsilon
  case instanceNormEpsilon, epsilonLater
  case sgdRate, sgdMomentum, rmsPropRate, adamRate, adamBetas, adamWRate, adamWDecay, modelRate
  case target, unknownTarget
  case linearInputs, linearNegative, linearOutputs, convolutionWindow, convolutionChannels, sequenceWindow
  case transposedWindow, tableCount, tableFeatures, attentionFeatures

  var message: String {
    switch self {
    case .batchNormEpsilon: "BatchNorm: epsilon -1.0 is not a finite number from 0 on"
    case .batchNormMomentum: "BatchNorm: the momentum -0.1 is not in 0 ... 1"
    case .momentumLater: "BatchNorm: the momentum 5.0 is not in 0 ... 1"
    case .groupNormEpsilon: "GroupNorm: epsilon nan is not a finite number from 0 on"
    case .layerNormEpsilon: "LayerNorm: epsilon -1.0 is not a finite number from 0 on"
    case .instanceNormEpsilon: "InstanceNorm: epsilon -1.0 is not a finite number from 0 on"
    case .epsilonLater: "InstanceNorm: epsilon inf is not a finite number from 0 on"
    case .sgdRate: "SGD: the learning rate -1.0 is not a finite number from 0 on"
    case .sgdMomentum: "SGD: the momentum 1.0 is not in 0 ..< 1"
    case .rmsPropRate: "RMSProp: the learning rate nan is not a finite number from 0 on"
    case .adamRate: "Adam: the learning rate inf is not a finite number from 0 on"
    case .adamBetas: "Adam: the betas (0.9, 2.0) are not in 0 ..< 1"
    case .adamWRate: "AdamW: the learning rate nan is not a finite number from 0 on"
    case .adamWDecay: "AdamW: the weight decay -1.0 is negative"
    case .modelRate: "SGD: the learning rate -1.0 is not a finite number from 0 on"
    case .target: "binaryCrossEntropy: the targets from 0.0 to 2.0 are not all in 0 ... 1"
    case .linearInputs: "Linear: the number of inputs, 0, is not positive"
    case .linearNegative: "Linear: the number of inputs, -3, is not positive"
    case .linearOutputs: "Linear: the number of outputs, 0, is not positive"
    case .convolutionWindow: "Conv2D: the length of the window, 0, is not positive"
    case .convolutionChannels: "Conv2D: the number of input channels, 0, is not positive"
    case .sequenceWindow: "Conv1D: the length of the window, -1, is not positive"
    case .transposedWindow: "TransposedConv2D: the length of the window, 0, is not positive"
    case .tableCount: "Embedding: the count, 0, is not positive"
    case .tableFeatures: "Embedding: the number of features, -1, is not positive"
    case .attentionFeatures: "MultiHeadAttention: the number of features, 0, is not positive"
    case .unknownTarget: "binaryCrossEntropy: the targets from nan to nan are not all in 0 ... 1"
    }
  }

  func commit() {
    var generator = RandomGenerator(seed: 0)
    switch self {
    case .linearInputs: _ = Linear<Float>(inputs: 0, outputs: 2, using: &generator)
    case .linearNegative: _ = Linear<Float>(inputs: -3, outputs: 2, using: &generator)
    case .linearOutputs: _ = Linear<Float>(inputs: 3, outputs: 0, using: &generator)
    case .convolutionWindow: _ = Conv2D<Float>(inputs: 1, outputs: 2, window: 0, using: &generator)
    case .convolutionChannels: _ = Conv2D<Float>(inputs: 0, outputs: 2, window: 3, using: &generator)
    case .sequenceWindow: _ = Conv1D<Float>(inputs: 1, outputs: 2, window: -1, using: &generator)
    case .transposedWindow:
      _ = TransposedConv2D<Float>(inputs: 1, outputs: 2, window: (3, 0), using: &generator)
    case .tableCount: _ = Embedding<Float>(count: 0, features: 2, using: &generator)
    case .tableFeatures: _ = Embedding<Float>(count: 2, features: -1, using: &generator)
    case .attentionFeatures: _ = MultiHeadAttention<Float>(features: 0, heads: 1, using: &generator)
    case .batchNormEpsilon: _ = BatchNorm<Float>(channels: 2, epsilon: -1)
    case .batchNormMomentum: _ = BatchNorm<Float>(channels: 2, momentum: -0.1)
    case .momentumLater:
      var norm = BatchNorm<Float>(channels: 2)
      norm.momentum = 5
    case .groupNormEpsilon: _ = GroupNorm<Float>(groups: 1, channels: 2, epsilon: .nan)
    case .layerNormEpsilon: _ = LayerNorm<Float>(shape: [2], epsilon: -1)
    case .instanceNormEpsilon: _ = InstanceNorm<Float>(channels: 2, epsilon: -1)
    case .epsilonLater:
      var norm = InstanceNorm<Float>(channels: 2)
      norm.epsilon = .infinity
    case .sgdRate: step(SGD<Float>(learningRate: 1)) { $0.learningRate = -1 }
    case .sgdMomentum: step(SGD<Float>(learningRate: 1)) { $0.momentum = 1 }
    case .rmsPropRate: step(RMSProp<Float>()) { $0.learningRate = .nan }
    case .adamRate: step(Adam<Float>()) { $0.learningRate = .infinity }
    case .adamBetas: step(Adam<Float>()) { $0.betas.1 = 2 }
    case .adamWRate: step(AdamW<Float>()) { $0.learningRate = .nan }
    case .adamWDecay: step(AdamW<Float>()) { $0.weightDecay = -1 }
    case .modelRate:
      var (optimizer, model) = (SGD<Float>(learningRate: 1), Linear(weight: Tensor<Float>.ones([2, 3])))
      optimizer.learningRate = -1
      optimizer.update(&model, along: model.parameters)
    case .target: _ = Loss.binaryCrossEntropy(Tensor<Float>([1, 2]), targets: Tensor([0, 2]))
    case .unknownTarget: _ = Loss.binaryCrossEntropy(Tensor<Float>([1, 2]), targets: Tensor([0, .nan]))
    }
  }

  private func step<Optimizer: FirstOrderOptimizer<Float>>(
    _ optimizer: Optimizer, after change: (inout Optimizer) -> Void
  ) {
    var (optimizer, x) = (optimizer, Tensor<Float>([1]))
    change(&optimizer)
    optimizer.update(&x, along: x)
  }
}

@Suite("Figures without sense")
struct FigureMisuseTests {
  @Test(
    "trap with a message that says whose figure, which, and what it may be", arguments: FigureMisuse.allCases)
  fileprivate func trap(misuse: FigureMisuse) async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [name = misuse.rawValue as String] in
      FigureMisuse(rawValue: name)?.commit()
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains(misuse.message), "\(message)")
  }

  @Test("a learning rate of 0, with which schedules end, takes no step")
  func rest() {
    var (optimizer, x) = (AdamW<Float>(), Tensor<Float>([1]))
    optimizer.learningRate = LearningRateSchedule.cosine(1, over: 2)(2)
    optimizer.update(&x, along: x)
    #expect(x.scalars == [1])
  }
}
