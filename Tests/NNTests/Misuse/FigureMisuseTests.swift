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
    misuse(
      "batchNormAlone",
      "BatchNorm: without running statistics it needs two elements of each channel at least; the input [1, 2] has 1"
    ) {
      _ = BatchNorm<Float>(channels: 2, tracksStatistics: false)(Tensor.ones([1, 2]))
    }
    misuse("rmsNorm", "RMSNorm: the input [2, 3] does not end in [4]") {
      _ = RMSNorm<Float>(shape: [4])(Tensor.ones([2, 3]))
    }
    misuse("prelu", "PReLU: the input [2, 3] is not of the form [N, 4, …]") {
      _ = PReLU<Float>(channels: 4)(Tensor.ones([2, 3]))
    }
    misuse("rotaryOdd", "RotaryPositions: 3 features cannot be paired; take an even number") {
      _ = RotaryPositions(features: 3)
    }
    misuse("rotaryInput", "RotaryPositions: the input [2, 3] does not end in [T, 4]") {
      _ = RotaryPositions(features: 4)(Tensor<Float>.ones([2, 3]))
    }
    misuse.drawing("rotaryHeads", "MultiHeadAttention: the rotary positions are for 8 features, a head has 4")
    {
      _ = MultiHeadAttention<Float>(features: 8, heads: 2, rotary: RotaryPositions(features: 8), using: &$0)
    }
    misuse(
      "unaligned",
      "attention: causal attention of 2 queries and 3 keys has two meanings; choose alignment .start"
    ) {
      let (q, k) = (Tensor<Float>.ones([2, 4]), Tensor<Float>.ones([3, 4]))
      _ = scaledDotProductAttention(q, keys: k, values: k, isCausal: true)
    }
    misuse.drawing("cacheNotCausal", "MultiHeadAttention: a cache is for causal attention") {
      var cache = KeyValueCache<Float>()
      _ = MultiHeadAttention<Float>(features: 4, heads: 2, using: &$0)(.ones([1, 1, 4]), cache: &cache)
    }
    misuse.drawing(
      "cacheOther",
      "KeyValueCache: the new keys [2, 2, 1, 2] do not continue those in the cache, [1, 2, 1, 2]"
    ) {
      let attention = MultiHeadAttention<Float>(features: 4, heads: 2, isCausal: true, using: &$0)
      var cache = KeyValueCache<Float>()
      _ = attention(.ones([1, 1, 4]), cache: &cache)
      _ = attention(.ones([2, 1, 4]), cache: &cache)
    }
    misuse.drawing("lstmInput", "LSTM: the input [2, 0, 3] is not of the form [N, T, 3] with a step at least")
    {
      _ = LSTM<Float>(inputs: 3, hidden: 2, using: &$0)(Tensor.zeros([2, 0, 3]))
    }
    misuse.drawing(
      "gruState", "GRU: the state has the shape [1, 3, 2], not [1, 2, 2], for the input [2, 4, 3]"
    ) {
      _ = GRU<Float>(inputs: 3, hidden: 2, using: &$0)(Tensor.zeros([2, 4, 3]), from: .zeros([1, 3, 2]))
    }
    misuse(
      "groupName",
      "ParameterGroups: a group cannot be called 'rest'; take a name without dots that is not in use: 'rest'"
    ) {
      var optimizer = ParameterGroups(AdamW<Float>())
      optimizer.addGroup("rest", where: { _ in true })
    }
    misuse("groupStep", "ParameterGroups: step(_:evaluate:) moves all as one tensor, which knows no groups") {
      var optimizer = ParameterGroups(AdamW<Float>())
      optimizer.addGroup("all", where: { _ in true })
      var x = Tensor<Float>([1])
      _ = optimizer.step(&x) { ($0.sum(), $0) }
    }
    misuse("averageDecay", "ExponentialMovingAverage: the decay 1.5 is not in 0 ... 1") {
      _ = ExponentialMovingAverage(of: Linear(weight: Tensor<Float>.ones([1, 1])), decay: 1.5)
    }
    misuse("plateauFactor", "ReduceOnPlateau: the factor 1.0 is not in 0 ..< 1") {
      _ = ReduceOnPlateau(factor: 1)
    }
    misuse("separator", "CSVTable: the separator \"é\" is not one ASCII character between fields") {
      _ = try CSVTable(contentsOf: "/dev/null", separator: "é")
    }
    misuse("ahead", "PreparedBatches: the number of batches ahead, 0, is not positive") {
      _ = PreparedBatches(Batches(of: 1, from: 2), ahead: 0) { $0 }
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
    #expect(misuse.explains(message), "\(message)")
  }

  @Test("a learning rate of 0, with which schedules end, takes no step")
  func rest() {
    var (optimizer, x) = (AdamW<Float>(), Tensor<Float>([1]))
    optimizer.learningRate = LearningRateSchedule.cosine(1, over: 2)(2)
    optimizer.update(&x, along: x)
    #expect(x.scalars == [1])
  }
}
