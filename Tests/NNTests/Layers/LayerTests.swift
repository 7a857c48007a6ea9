import NN
import Tensor
import Testing

/// Outputs and gradients are PyTorch's, from a state that has PyTorch's names.
@Suite struct LayerTests {
  private var generator = RandomGenerator(seed: 1)

  @Test("Linear: is PyTorch's, with and without a bias, for any axes before the last")
  mutating func linear() throws {
    try LayerFixture.expectAgreement("linear", Linear(inputs: 5, outputs: 3, using: &generator))
    try LayerFixture.expectAgreement(
      "linear, no bias", Linear(inputs: 5, outputs: 3, bias: false, using: &generator))
  }

  @Test("Conv1D and Conv2D: are PyTorch's, with strides, padding, dilation and groups")
  mutating func convolutions() throws {
    try LayerFixture.expectAgreement(
      "conv1D",
      Conv1D(
        inputs: 4, outputs: 6, window: 3, stride: 2, padding: 1, dilation: 2, groups: 2, using: &generator))
    try LayerFixture.expectAgreement(
      "conv2D",
      Conv2D(
        inputs: 4, outputs: 6, window: (3, 2), stride: (2, 1), padding: (1, 0), dilation: (1, 2), groups: 2,
        using: &generator))
  }

  @Test("transposed convolutions: are PyTorch's, with strides, paddings, dilation and groups")
  mutating func transposedConvolutions() throws {
    try LayerFixture.expectAgreement(
      "transposedConv1D",
      TransposedConv1D(
        inputs: 4, outputs: 6, window: 3, stride: 2, padding: 1, outputPadding: 1, dilation: 2, groups: 2,
        using: &generator))
    try LayerFixture.expectAgreement(
      "transposedConv2D",
      TransposedConv2D(
        inputs: 4, outputs: 6, window: (3, 2), stride: (2, 3), padding: (1, 0), outputPadding: (1, 2),
        dilation: (2, 1), groups: 2, using: &generator))
  }

  @Test("BatchNorm: is PyTorch's in training and in use, and so are its running statistics")
  func batchNorm() throws {
    try LayerFixture.expectAgreement(
      "batchNorm, training", BatchNorm(channels: 3, momentum: 0.2), isTraining: true)
    try LayerFixture.expectAgreement("batchNorm, used", BatchNorm(channels: 3))
    try LayerFixture.expectAgreement(
      "batchNorm, vectors", BatchNorm(channels: 3, isAffine: false), isTraining: true)
  }

  @Test("LayerNorm, GroupNorm and InstanceNorm: are PyTorch's")
  func norms() throws {
    try LayerFixture.expectAgreement("layerNorm", LayerNorm(shape: [3, 4]))
    try LayerFixture.expectAgreement("groupNorm", GroupNorm(groups: 2, channels: 6))
    try LayerFixture.expectAgreement("instanceNorm", InstanceNorm(channels: 3))
    try LayerFixture.expectAgreement("instanceNorm, affine", InstanceNorm(channels: 3, isAffine: true))
    var affine = InstanceNorm<Double>(channels: 2, isAffine: true)
    affine.bias = Tensor([5, 7])
    #expect(affine.parameters.map(\.tensor.scalars) == [[1, 1], [5, 7]])
  }

  @Test("Sequential: applies its layers in order, in training too, under PyTorch's names")
  mutating func sequential() throws {
    let model = Sequential<Double> {
      Linear(inputs: 4, outputs: 6, using: &generator)
      Apply { $0.relu() }
      BatchNorm(channels: 6)
      Linear(inputs: 6, outputs: 2, using: &generator)
    }
    #expect(
      model.state.names == [
        "0.weight", "0.bias", "2.weight", "2.bias", "2.running_mean", "2.running_var", "3.weight", "3.bias",
      ])
    try LayerFixture.expectAgreement("sequential", model, isTraining: true)
  }

  @Test("Sequential: is built with conditions and loops")
  mutating func builder() {
    let (isDeep, isNarrow) = (true, false)
    let model = Sequential<Float> {
      for _ in 0..<2 { Linear(inputs: 4, outputs: 4, using: &generator) }
      if isDeep { Linear(inputs: 4, outputs: 4, using: &generator) }
      if isNarrow { Linear(inputs: 4, outputs: 1, using: &generator) } else { Dropout(probability: 0.1) }
    }
    #expect(model.layers.count == 4)
    #expect(model.layers[3] is Dropout<Float>)
    #expect(model(.ones([2, 4])).shape == [2, 4])
  }

  @Test("MultiHeadAttention: is PyTorch's, also causal and with keys that are hidden")
  mutating func attention() throws {
    let attention = MultiHeadAttention<Double>(features: 6, heads: 2, using: &generator)
    let causal = MultiHeadAttention<Double>(features: 6, heads: 2, isCausal: true, using: &generator)
    try LayerFixture.expectAgreement("attention", attention)
    try LayerFixture.expectAgreement("attention, causal", causal)
    let mask = (Tensor<Double>([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]]) .== 1).reshaped(to: [2, 1, 1, 5])
    try LayerFixture.expectAgreement("attention, masked", attention, ["input", "keys", "values"]) {
      layer, x in
      layer(x[0], keys: x[1], values: x[2], mask: mask)
    }
  }

  @Test("attention: a query that may look nowhere gets finite numbers and gradients")
  mutating func hiddenEverything() {
    let x = Tensor<Double>.normal([3, 4], using: &generator)
    let (value, slope) = valueWithGradient(at: x) { x in
      scaledDotProductAttention(
        x, keys: x, values: x, mask: Tensor([[1, 1, 1], [0, 0, 0], [1, 0, 0]]) .== 1
      ).sum()
    }
    #expect(value.scalar.isFinite && slope.scalars.allSatisfy(\.isFinite))
  }

  @Test("Embedding: is PyTorch's; rows that are looked up twice get the sum of both gradients")
  mutating func embedding() throws {
    var layer = Embedding<Double>(count: 7, features: 3, using: &generator)
    try layer.load(from: LayerFixture.file(), prefix: "embedding.state.")
    let (things, covector) = (
      Tensor<Int64>(try LayerFixture.tensor("embedding.input")), try LayerFixture.tensor("embedding.covector")
    )
    try LayerFixture.expect(layer(things), is: "embedding.output", #_sourceLocation)
    let (_, slope) = valueWithGradient(at: layer) { ($0(things) * covector).sum() }
    try LayerFixture.expect(slope.tensors[0], is: "embedding.gradient.weight", #_sourceLocation)
  }

  @Test("Dropout: drops the part it is told to and keeps the mean, in training alone")
  mutating func dropout() {
    let (count, probability) = (100_000, 0.3)
    var layer = Dropout<Double>(probability: probability)
    let x = Tensor<Double>.ones([count])
    #expect(layer(x).scalars == x.scalars)
    var again = generator
    let y = layer(x, training: &generator).scalars
    #expect(y == layer(x, training: &again).scalars)
    #expect(y.allSatisfy { $0 == 0 || $0 == 1 / (1 - probability) })
    // Five standard deviations of the number of elements that are dropped.
    let deviation = (Double(count) * probability * (1 - probability)).squareRoot()
    #expect(abs(Double(y.count { $0 == 0 }) - Double(count) * probability) < 5 * deviation)
    #expect(layer(x, training: &generator).scalars != y)
  }
}
