import NN
import Tensor
import TestSupport
import Testing

/// Misuse traps, and the message names the layer or function and what was wrong.
@Suite("Models: misuse")
struct ModelMisuseTests {
  private func expect(_ message: String, in result: ExitTest.Result?) {
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains(message), "stderr: \(output)")
  }

  @Test("Linear: an input of another width")
  func linear() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(weight: Tensor<Float>.ones([2, 3]))(Tensor.ones([4, 5]))
    }
    expect("Linear: the input [4, 5] does not end in 3, as the weight [2, 3] needs", in: result)
  }

  @Test("Conv2D: groups that do not divide the channels")
  func groups() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = Conv2D<Float>(inputs: 4, outputs: 6, window: 3, groups: 3, using: &generator)
    }
    expect("Conv2D: 3 groups do not divide the 4 input channels and the 6 output channels", in: result)
  }

  @Test("BatchNorm: other channels")
  func channels() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BatchNorm<Float>(channels: 3)(Tensor.ones([2, 4, 5]))
    }
    expect("BatchNorm: the input [2, 4, 5] is not of the form [N, 3, …]", in: result)
  }

  @Test("BatchNorm: a batch of one")
  func oneExample() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      var norm = BatchNorm<Float>(channels: 3)
      _ = norm(Tensor.ones([1, 3]), training: &generator)
    }
    expect(
      "BatchNorm: training needs two elements of each channel at least; the input [1, 3] has 1", in: result)
  }

  @Test("ForwardMode: a random choice in use")
  func randomInUse() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var mode = ForwardMode.inference
      _ = Tensor<Float>.uniform([2], using: &mode.generator)
    }
    expect("ForwardMode: inference has no generator; ask isTraining before a layer draws numbers", in: result)
  }

  @Test("valueWithGradient: a model from outside in place of the one that is given")
  func forgottenModel() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Linear(weight: Tensor<Float>.ones([2, 3]), bias: .zeros([2]))
      _ = valueWithGradient(at: model) { _ in model(Tensor.ones([4, 3])).sum() }
    }
    expect(
      "valueWithGradient: the result depends on none of the 2 parameters; compute it by the model", in: result
    )
  }

  @Test("Residual: ways to two shapes")
  func residualShapes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Residual<Float> { Apply { $0[0..., 0..<1] } }(Tensor.ones([2, 3]))
    }
    expect("Residual: the body makes [2, 1] of the input [2, 3], the shortcut [2, 3]", in: result)
  }

  @Test("a loss of a prediction of another shape than the target")
  func lossShapes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.squaredError(Tensor<Float>.ones([4]), Tensor.ones([4, 1]))
    }
    expect("squaredError: the prediction [4] and the target [4, 1] differ in shape", in: result)
  }

  @Test("crossEntropy: a class that is not there")
  func classes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.crossEntropy(Tensor<Float>.ones([2, 3]), classes: Tensor<Int64>([0, -1]))
    }
    expect(
      "crossEntropy: the class -1 at [1] is not in 0 ..< 3, as [2, 3] needs", in: result)
  }

  @Test(
    "Embedding: a token that has no row",
    arguments: ["-1", "3"])
  func token(token: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [token = token as String] in
      _ = Embedding(weight: Tensor<Float>.ones([3, 2]))(Tensor<Int32>([[0, 1], [2, Int32(token)!]]))
    }
    expect(
      "Embedding: the token \(token) at [1, 1] is not in 0 ..< 3, as the table [3, 2] needs",
      in: result)
  }

  @Test("crossEntropy: one class too few")
  func classCount() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.crossEntropy(Tensor<Float>.ones([2, 3]), classes: Tensor<Int64>([0]))
    }
    expect("crossEntropy: the classes [1] are not one for each example, [2], of [2, 3]", in: result)
  }

  @Test("an optimiser that is used for another model")
  func otherParameters() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var optimizer = AdamW<Float>()
      var (x, y) = (Tensor<Float>([1]), Tensor<Float>([1, 2]))
      optimizer.update(&x, along: x)
      optimizer.update(&y, along: y)
    }
    expect(
      "AdamW: the parameters are not those of the last step; call reset() before it is used for others",
      in: result)
  }

  @Test("a gradient of another model")
  func otherGradient() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var model = Linear(weight: Tensor<Float>.ones([2, 3]))
      var optimizer = SGD<Float>(learningRate: 1)
      optimizer.update(&model, along: NamedTensors(names: ["weight"], tensors: [Tensor.ones([3, 2])]))
    }
    expect("SGD: the gradient: 'weight' was given with the shape [3, 2], the model has [2, 3]", in: result)
  }

  @Test("a gradient of a parameter that the model does not have")
  func unknownGradient() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var model = Linear(weight: Tensor<Float>.ones([2, 3]), bias: Tensor([0, 0]))
      var optimizer = AdamW<Float>()
      optimizer.update(&model, along: NamedTensors(names: ["wieght"], tensors: [Tensor.ones([2, 3])]))
    }
    expect(
      "AdamW: the gradient: 'wieght' was given, which the model does not have; it has 'weight', 'bias'",
      in: result)
  }

  @Test("parameters of which one is missing")
  func missingParameter() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var model = Linear(weight: Tensor<Float>.ones([2, 3]), bias: Tensor([0, 0]))
      model.parameters = NamedTensors(names: ["weight"], tensors: [Tensor.ones([2, 3])])
    }
    expect("Module: 'bias' of the module was not given; given were 'weight'", in: result)
  }

  @Test("a derivative with respect to a part that the model does not have")
  func unknownPart() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Linear(weight: Tensor<Float>.ones([2, 3]), bias: Tensor([0, 0]))
      _ = valueWithGradient(at: model, withRespectTo: ["weight", "foo"]) { $0.weight.sum() }
    }
    expect(
      "valueWithGradient: the model has no parameters under 'foo'; it has 'weight', 'bias'", in: result)
  }

  @Test("attention: a mask of another shape than queries by keys")
  func mask() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor<Float>.ones([2, 5, 4])
      _ = scaledDotProductAttention(x, keys: x, values: x, mask: .zeros([3, 4]))
    }
    expect(
      "attention: the mask [3, 4] does not broadcast to [2, 5, 5], where the last two axes are the queries and the keys",
      in: result)
  }

  @Test("a module that gives a name twice")
  func twice() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      struct Twins: Module {
        var a = Tensor<Float>(1)
        var b = Tensor<Float>(2)
        mutating func visitParts(_ visitor: PartVisitor<Float>) {
          visitor.parameter("x", &a)
          visitor.parameter("x", &b)
        }
      }
      _ = Twins().parameters
    }
    expect("NamedTensors: two tensors are called 'x'", in: result)
  }

  @Test("Optimizer: a gradient of another shape than the point")
  func gradientShape() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var optimizer = LBFGS<Double>()
      var x = Tensor<Double>([1, 2])
      _ = optimizer.step(&x) { x in (x.sum(), Tensor([1])) }
    }
    expect("Optimizer: the gradient has the shape [1], the point [2]", in: result)
  }

  @Test("Batches: more positions than there is memory for", arguments: [false, true])
  func batches(isShuffled: Bool) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [isShuffled = isShuffled as Bool] in
      var generator = RandomGenerator(seed: 0)
      _ = isShuffled ? Batches(of: 1, from: .max, using: &generator) : Batches(of: 1, from: .max)
    }
    expect("Batches: no memory for 73786976294838206456 bytes beside the", in: result)
  }

  @Test("gramMatrix: features that are no picture's")
  func gramMatrix() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([3, 4, 4]).gramMatrix()
    }
    expect("gramMatrix: the features [3, 4, 4] are not of the form [N, C, H, W]", in: result)
  }

  @Test("LPIPS: pictures of two sizes, and too small ones")
  func lpips() async {
    let sizes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let path = FixtureFile.folder.appending(path: "quality/narrow_alexnet.ckpt").path
      _ = try LPIPS(contentsOf: path)(.ones([1, 3, 40, 40]), .ones([1, 3, 40, 41]))
    }
    expect("LPIPS: the pictures [1, 3, 40, 40] and [1, 3, 40, 41] are not both [N, 3, H, W]", in: sizes)
    let small = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let path = FixtureFile.folder.appending(path: "quality/narrow_alexnet.ckpt").path
      _ = try LPIPS(contentsOf: path)(.ones([1, 3, 30, 40]), .ones([1, 3, 30, 40]))
    }
    expect("LPIPS: the pictures [1, 3, 30, 40] are too small; each side needs at least 31 pixels", in: small)
  }
}
