import NN
import Tensor
import TestSupport
import Testing

extension Misuse {
  /// Figures of layers, optimisers and losses with which there are no sensible numbers.
  static let figures = list { misuse in
    misuse("batchNormEpsilon", "BatchNorm: epsilon -1.0 is not a finite number from 0 on") {
      _ = BatchNorm<Float>(channels: 2, epsilon: -1)
    }
    misuse("batchNormMomentum", "BatchNorm: the momentum -0.1 is not in 0 ... 1") {
      _ = BatchNorm<Float>(channels: 2, momentum: -0.1)
    }
    misuse("momentumLater", "BatchNorm: the momentum 5.0 is not in 0 ... 1") {
      var norm = BatchNorm<Float>(channels: 2)
      norm.momentum = 5
    }
    misuse("groupNormEpsilon", "GroupNorm: epsilon nan is not a finite number from 0 on") {
      _ = GroupNorm<Float>(groups: 1, channels: 2, epsilon: .nan)
    }
    misuse("layerNormEpsilon", "LayerNorm: epsilon -1.0 is not a finite number from 0 on") {
      _ = LayerNorm<Float>(shape: [2], epsilon: -1)
    }
    misuse("instanceNormEpsilon", "InstanceNorm: epsilon -1.0 is not a finite number from 0 on") {
      _ = InstanceNorm<Float>(channels: 2, epsilon: -1)
    }
    misuse("epsilonLater", "InstanceNorm: epsilon inf is not a finite number from 0 on") {
      var norm = InstanceNorm<Float>(channels: 2)
      norm.epsilon = .infinity
    }
    misuse("sgdRate", "SGD: the learning rate -1.0 is not a finite number from 0 on") {
      step(SGD<Float>(learningRate: 1)) { $0.learningRate = -1 }
    }
    misuse("sgdMomentum", "SGD: the momentum 1.0 is not in 0 ..< 1") {
      step(SGD<Float>(learningRate: 1)) { $0.momentum = 1 }
    }
    misuse("rmsPropRate", "RMSProp: the learning rate nan is not a finite number from 0 on") {
      step(RMSProp<Float>()) { $0.learningRate = .nan }
    }
    misuse("adamRate", "Adam: the learning rate inf is not a finite number from 0 on") {
      step(Adam<Float>()) { $0.learningRate = .infinity }
    }
    misuse("adamBetas", "Adam: the betas (0.9, 2.0) are not in 0 ..< 1") {
      step(Adam<Float>()) { $0.betas.1 = 2 }
    }
    misuse("adamWRate", "AdamW: the learning rate nan is not a finite number from 0 on") {
      step(AdamW<Float>()) { $0.learningRate = .nan }
    }
    misuse("adamWDecay", "AdamW: the weight decay -1.0 is negative") {
      step(AdamW<Float>()) { $0.weightDecay = -1 }
    }
    misuse("modelRate", "SGD: the learning rate -1.0 is not a finite number from 0 on") {
      var (optimizer, model) = (SGD<Float>(learningRate: 1), Linear(weight: Tensor<Float>.ones([2, 3])))
      optimizer.learningRate = -1
      optimizer.update(&model, along: model.parameters)
    }
    misuse("target", "binaryCrossEntropy: the targets from 0.0 to 2.0 are not all in 0 ... 1") {
      _ = Loss.binaryCrossEntropy(Tensor<Float>([1, 2]), targets: Tensor([0, 2]))
    }
    misuse.drawing("linearInputs", "Linear: the number of inputs, 0, is not positive") {
      _ = Linear<Float>(inputs: 0, outputs: 2, using: &$0)
    }
    misuse.drawing("linearNegative", "Linear: the number of inputs, -3, is not positive") {
      _ = Linear<Float>(inputs: -3, outputs: 2, using: &$0)
    }
    misuse.drawing("linearOutputs", "Linear: the number of outputs, 0, is not positive") {
      _ = Linear<Float>(inputs: 3, outputs: 0, using: &$0)
    }
    misuse.drawing("convolutionWindow", "Conv2D: the length of the window, 0, is not positive") {
      _ = Conv2D<Float>(inputs: 1, outputs: 2, window: 0, using: &$0)
    }
    misuse.drawing("convolutionChannels", "Conv2D: the number of input channels, 0, is not positive") {
      _ = Conv2D<Float>(inputs: 0, outputs: 2, window: 3, using: &$0)
    }
    misuse.drawing("sequenceWindow", "Conv1D: the length of the window, -1, is not positive") {
      _ = Conv1D<Float>(inputs: 1, outputs: 2, window: -1, using: &$0)
    }
    misuse.drawing("transposedWindow", "TransposedConv2D: the length of the window, 0, is not positive") {
      _ = TransposedConv2D<Float>(inputs: 1, outputs: 2, window: (3, 0), using: &$0)
    }
    misuse.drawing("tableCount", "Embedding: the count, 0, is not positive") {
      _ = Embedding<Float>(count: 0, features: 2, using: &$0)
    }
    misuse.drawing("tableFeatures", "Embedding: the number of features, -1, is not positive") {
      _ = Embedding<Float>(count: 2, features: -1, using: &$0)
    }
    misuse.drawing("attentionFeatures", "MultiHeadAttention: the number of features, 0, is not positive") {
      _ = MultiHeadAttention<Float>(features: 0, heads: 1, using: &$0)
    }
    misuse("unknownTarget", "binaryCrossEntropy: the targets from nan to nan are not all in 0 ... 1") {
      _ = Loss.binaryCrossEntropy(Tensor<Float>([1, 2]), targets: Tensor([0, .nan]))
    }
  }
}

/// A step of an optimiser that was changed after it was made.
private func step<Optimizer: FirstOrderOptimizer<Float>>(
  _ optimizer: Optimizer, after change: (inout Optimizer) -> Void
) {
  var (optimizer, x) = (optimizer, Tensor<Float>([1]))
  change(&optimizer)
  optimizer.update(&x, along: x)
}

@Suite("Figures without sense")
struct FigureMisuseTests {
  @Test(
    "trap with a message that says whose figure, which, and what it may be", arguments: Misuse.figures)
  func trap(misuse: Misuse) async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [number = misuse.number as Int] in
      try Misuse.figures[number].commit()
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
