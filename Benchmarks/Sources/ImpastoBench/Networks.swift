import NN
import Tensor

/// Steps of training that people recognise, with NN's layers; `peer_rows.py` has the same with PyTorch's.
enum Networks {
  static func step(_ name: String, _ size: Int) -> (() -> Double?)? {
    switch name {
    case "stepTransformer": transformer(features: size)
    case "stepResNet": residual(pictures: size)
    case "stepResNetWinograd": residual(pictures: size, algorithm: .winograd)
    case "gradientODE": differentialEquation(units: size)
    default: nil
    }
  }

  /// A model of 96 characters that predicts the next one: four blocks of causal attention, 16 excerpts of 128 characters,
  /// AdamW.
  private static func transformer(features: Int) -> () -> Double? {
    var random = RandomGenerator(seed: 1)
    var model = Transformer(characters: 96, features: features, heads: 8, depth: 4, using: &random)
    let tokens = Tensor<Int64>(integers: (0..<2048).map { $0 * 37 % 96 }).reshaped(to: [16, 128])
    let targets = Tensor<Int64>(integers: (1...2048).map { $0 * 37 % 96 })
    var optimizer = AdamW<Float>(learningRate: 1e-4)
    return {
      let (_, slope) = valueWithGradient(at: &model) { model in
        ForwardMode.training(&random) { mode in
          Loss.crossEntropy(model.forward(tokens, &mode).reshaped(to: [-1, 96]), classes: targets)
        }
      }
      optimizer.update(&model, along: slope)
      return nil
    }
  }

  /// ResNet-18 as it is used for pictures of 32 × 32 pixels: its first convolution is 3×3 and nothing is pooled after it.
  private static func residual(
    pictures count: Int, algorithm: ConvolutionAlgorithm = .direct
  ) -> () -> Double? {
    var random = RandomGenerator(seed: 1)
    func convolution(_ inputs: Int, _ outputs: Int, window: Int = 3, stride: Int = 1) -> Conv2D<Float> {
      var layer = Conv2D<Float>(
        inputs: inputs, outputs: outputs, window: window, stride: stride, padding: window / 2, bias: false,
        using: &random)
      layer.algorithm = algorithm
      return layer
    }
    func block(_ inputs: Int, _ outputs: Int) -> [any Layer<Float>] {
      let stride = inputs == outputs ? 1 : 2
      let body = Sequential<Float>([
        convolution(inputs, outputs, stride: stride), BatchNorm(channels: outputs), Apply { $0.relu() },
        convolution(outputs, outputs), BatchNorm(channels: outputs),
      ])
      let shortcut = Sequential<Float>(
        stride == 1
          ? [] : [convolution(inputs, outputs, window: 1, stride: 2), BatchNorm(channels: outputs)])
      return [Residual({ body }, shortcut: { shortcut }), Apply { $0.relu() }]
    }
    var layers: [any Layer<Float>] = [convolution(3, 64), BatchNorm(channels: 64), Apply { $0.relu() }]
    for (inputs, outputs) in [(64, 64), (64, 128), (128, 256), (256, 512)] {
      layers += block(inputs, outputs) + block(outputs, outputs)
    }
    layers += [Apply { $0.mean(axes: [2, 3]) }, Linear(inputs: 512, outputs: 10, using: &random)]
    var model = Sequential<Float>(layers)
    let pictures = Inputs.noise([count, 3, 32, 32], seed: 1)
    let classes = Tensor<Int64>(integers: (0..<count).map { $0 % 10 })
    var optimizer = SGD<Float>(learningRate: 0.01, momentum: 0.9)
    return {
      let (_, slope) = valueWithGradient(at: &model) { model in
        ForwardMode.training(&random) { mode in
          Loss.crossEntropy(model.forward(pictures, &mode), classes: classes)
        }
      }
      optimizer.update(&model, along: slope)
      return nil
    }
  }

  /// The gradient of a neural differential equation in the plane, in `Double`: 64 points, 20 steps of Runge and Kutta's
  /// method of order 4.
  private static func differentialEquation(units: Int) -> () -> Double? {
    let weights = [
      Tensor<Double>(Inputs.noise([2, units], seed: 1)), Tensor<Double>(Inputs.noise([units, 2], seed: 2)),
    ]
    let x = Tensor<Double>(Inputs.noise([64, 2], seed: 3))
    return {
      _ = valueWithGradient(at: weights) { w in
        func flow(_ x: Tensor<Double>) -> Tensor<Double> { x.matrixProduct(w[0]).tanh().matrixProduct(w[1]) }
        let (h, half) = (0.05, 0.025)
        var y = x
        for _ in 0..<20 {
          let a = flow(y)
          let b = flow(y + half * a)
          let c = flow(y + half * b)
          let d = flow(y + h * c)
          let slope = a + 2 * (b + c) + d
          y = y + (h / 6) * slope
        }
        return y.square().sum()
      }
      return nil
    }
  }

  private struct Transformer: Module {
    var embedding: Embedding<Float>
    var blocks: [TransformerEncoderBlock<Float>]
    var norm: LayerNorm<Float>
    var head: Linear<Float>

    init(characters: Int, features: Int, heads: Int, depth: Int, using random: inout RandomGenerator) {
      embedding = Embedding(count: characters, features: features, using: &random)
      blocks = []
      for _ in 0..<depth {
        blocks.append(
          TransformerEncoderBlock(
            features: features, heads: heads, hidden: 4 * features, isPreNorm: true, isCausal: true,
            activation: { $0.gelu() }, using: &random))
      }
      norm = LayerNorm(shape: [features])
      head = Linear(inputs: features, outputs: characters, using: &random)
    }

    mutating func visitParts(_ visitor: PartVisitor<Float>) {
      visitor.module("embedding", &embedding)
      visitor.modules("blocks", &blocks)
      visitor.module("norm", &norm)
      visitor.module("head", &head)
    }

    mutating func forward(_ tokens: Tensor<Int64>, _ mode: inout ForwardMode) -> Tensor<Float> {
      var x = embedding(tokens)
      for index in blocks.indices { x = blocks[index].forward(x, &mode) }
      return head(norm(x))
    }
  }
}
