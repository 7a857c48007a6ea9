import NN
import Tensor
import Testing

/// Layers for sequences: outputs and gradients are PyTorch's, from a state that has PyTorch's names.
@Suite("SequenceLayer") struct SequenceLayerTests {
  private var generator = RandomGenerator(seed: 1)

  /// What generate_layers.py calls `flat`.
  private static func flat(_ tensors: Tensor<Double>...) -> Tensor<Double> {
    Tensor.concatenated(tensors.map { $0.reshaped(to: [$0.count]) })
  }

  /// Keys 0 … 2 of the first example and all of the second may be looked at.
  private let seen = (Tensor<Double>([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]]) .== 1).reshaped(to: [2, 1, 1, 5])

  @Test("RMSNorm, PReLU and a BatchNorm without running statistics: are PyTorch's")
  func norms() throws {
    try LayerFixture.expectAgreement("rmsNorm", RMSNorm(shape: [3, 4], epsilon: 1e-5))
    try LayerFixture.expectAgreement("rmsNorm, plain", RMSNorm(shape: [4], isAffine: false))
    try LayerFixture.expectAgreement("prelu", PReLU())
    try LayerFixture.expectAgreement("prelu, channels", PReLU(channels: 3))
    let norm = BatchNorm<Double>(channels: 3, tracksStatistics: false)
    #expect(norm.state.names == ["weight", "bias"])
    try LayerFixture.expectAgreement("batchNorm, batch alone", norm)
    // The slope at 0 is that of the negative side.
    #expect(gradient(at: Tensor<Double>([0, 1])) { PReLU()($0).sum() }.scalars == [0.25, 1])
  }

  @Test(
    "LSTM and GRU: are PyTorch's, with states, layers and directions", arguments: ["", ", no bias", ", deep"])
  func recurrent(name: String) throws {
    var generator = RandomGenerator(seed: 1)
    let (layers, bias) = (name == ", deep" ? 2 : 1, name != ", no bias")
    let lstm = LSTM<Double>(
      inputs: 3, hidden: 4, layers: layers, isBidirectional: layers == 2, bias: bias, using: &generator)
    try LayerFixture.expectAgreement("lstm" + name, lstm, ["input"]) { lstm, x in
      let (output, state) = lstm(x[0], from: nil)
      #expect(lstm(x[0]).scalars == output.scalars)
      return Self.flat(output, state.hidden, state.cell)
    }
    let gru = GRU<Double>(
      inputs: 3, hidden: 4, layers: layers, isBidirectional: layers == 2, bias: bias, using: &generator)
    try LayerFixture.expectAgreement("gru" + name, gru, ["input"]) { gru, x in
      let (output, state) = gru(x[0], from: nil)
      return Self.flat(output, state)
    }
  }

  @Test("LSTM and GRU: go on from a state, with its gradient, and a sequence in two parts is the whole")
  mutating func states() throws {
    let lstm = LSTM<Double>(inputs: 3, hidden: 4, using: &generator)
    try LayerFixture.expectAgreement("lstm, from a state", lstm, ["input", "keys", "values"]) { lstm, x in
      let (output, state) = lstm(x[0], from: .init(hidden: x[1], cell: x[2]))
      return Self.flat(output, state.hidden, state.cell)
    }
    let gru = GRU<Double>(inputs: 3, hidden: 4, using: &generator)
    try LayerFixture.expectAgreement("gru, from a state", gru, ["input", "keys"]) { gru, x in
      let (output, state) = gru(x[0], from: x[1])
      return Self.flat(output, state)
    }
    let x = try LayerFixture.tensor("gru.input")
    let (first, state) = lstm(x[0..., 0..<2], from: nil)
    let (second, _) = lstm(x[0..., 2...], from: state)
    #expect(relativeDistance(Tensor.concatenated([first, second], axis: 1).scalars, lstm(x).scalars) < 1e-15)
  }

  @Test("LSTM: drops between layers in training alone, and its second derivatives are right")
  mutating func recurrentTraining() {
    var lstm = LSTM<Double>(inputs: 2, hidden: 3, layers: 2, dropout: 0.5, using: &generator)
    let x = Tensor<Double>.normal([2, 3, 2], using: &generator)
    var again = generator
    let trained = lstm(x, training: &generator)
    #expect(trained.scalars == lstm(x, training: &again).scalars)
    #expect(trained.scalars != lstm(x).scalars && lstm(x).scalars == lstm(x).scalars)
    let used = lstm
    let report = GradientCheck.check(at: x, order: .second) { used($0) }
    #expect(report.passed, "\(report)")
  }

  @Test("TransformerEncoderBlock and TransformerDecoderBlock: are PyTorch's", arguments: ["post", "pre"])
  func transformers(name: String) throws {
    var generator = RandomGenerator(seed: 1)
    let isPreNorm = name == "pre"
    let activation: @Sendable (Tensor<Double>) -> Tensor<Double> = { isPreNorm ? $0.gelu() : $0.relu() }
    let encoder = TransformerEncoderBlock<Double>(
      features: 6, heads: 2, hidden: 5, isPreNorm: isPreNorm, activation: activation, using: &generator)
    let mask = seen
    try LayerFixture.expectAgreement("encoder, \(name)", encoder, ["input"]) { encoder, x in
      var mode = ForwardMode.inference
      return encoder.forward(x[0], mask: mask, &mode)
    }
    let decoder = TransformerDecoderBlock<Double>(
      features: 6, heads: 2, hidden: 5, isPreNorm: isPreNorm, activation: activation, using: &generator)
    try LayerFixture.expectAgreement("decoder, \(name)", decoder, ["input", "keys"]) { decoder, x in
      decoder(x[0], memory: x[1], memoryMask: mask)
    }
  }

  @Test("RotaryPositions: turn pairs as complex numbers do, in both pairings")
  func rotary() throws {
    let x = try LayerFixture.tensor("rotary.input")
    for (name, pairing) in [("halves", RotaryPositions.Pairing.halves), ("neighbours", .neighbours)] {
      let rotary = RotaryPositions(features: 6, base: 100, pairing: pairing)
      try LayerFixture.expect(rotary(x, from: 3), is: "rotary.\(name)", #_sourceLocation)
      // A product of two turned vectors depends on their distance alone.
      func product(_ a: Int, _ b: Int) -> Double {
        (rotary(x[0, 0, 0..<1], from: a) * rotary(x[1, 0, 0..<1], from: b)).sum().scalar
      }
      #expect(abs(product(2, 5) - product(12, 15)) < 1e-13 && abs(product(2, 5) - product(2, 6)) > 1e-3)
      let report = GradientCheck.check(at: x, order: .second) { rotary($0).square() * $0 }
      #expect(report.passed, "\(report)")
    }
  }

  @Test("causal attention of other keys than queries: is PyTorch's for either alignment")
  func alignment() throws {
    let x = try (0..<4).map { try LayerFixture.tensor("aligned.\($0)") }
    for (name, alignment) in [("start", CausalAlignment.start), ("end", .end)] {
      try LayerFixture.expect(
        scaledDotProductAttention(x[0], keys: x[1], values: x[2], isCausal: true, alignment: alignment),
        is: "aligned.more keys.\(name)", #_sourceLocation)
      try LayerFixture.expect(
        scaledDotProductAttention(x[1], keys: x[0], values: x[3], isCausal: true, alignment: alignment),
        is: "aligned.more queries.\(name)", #_sourceLocation)
    }
  }

  @Test("KeyValueCache: token by token or in pieces, the outputs are those of the whole sequence")
  mutating func cache() {
    let rotary = RotaryPositions(features: 4)
    let attention = MultiHeadAttention<Double>(
      features: 8, heads: 2, isCausal: true, rotary: rotary, using: &generator)
    let block = TransformerEncoderBlock<Double>(
      features: 8, heads: 2, hidden: 16, isPreNorm: true, isCausal: true, rotary: rotary, using: &generator)
    let x = Tensor<Double>.normal([3, 40, 8], using: &generator)
    for pieces in [Array(repeating: 1, count: 40), [7, 1, 20, 12]] {
      var (caches, start) = ([KeyValueCache<Double>(), KeyValueCache<Double>()], 0)
      var outputs: [[Tensor<Double>]] = [[], []]
      for length in pieces {
        let part = x[0..., start..<start + length]
        outputs[0].append(attention(part, cache: &caches[0]))
        outputs[1].append(block(part, cache: &caches[1]))
        start += length
      }
      #expect(caches[0].count == 40 && caches[0].keys.shape == [3, 2, 40, 4])
      for (parts, whole) in zip(outputs, [attention(x), block(x)]) {
        // Sums of at most 40 terms in another order.
        #expect(relativeDistance(Tensor.concatenated(parts, axis: 1).scalars, whole.scalars) < 1e-14)
      }
    }
  }

  @Test("KeyValueCache: a copy goes on by itself, and what was cut off is forgotten")
  mutating func cacheCopies() {
    let attention = MultiHeadAttention<Double>(features: 4, heads: 2, isCausal: true, using: &generator)
    let x = Tensor<Double>.normal([1, 6, 4], using: &generator)
    var cache = KeyValueCache<Double>()
    _ = attention(x[0..., 0..<4], cache: &cache)
    var copy = cache
    let one = attention(x[0..., 4..<5], cache: &cache)
    let other = attention(x[0..., 5..<6], cache: &copy)
    #expect(one.scalars != other.scalars && cache.count == 5)
    copy.truncate(to: 4)
    #expect(attention(x[0..., 4..<5], cache: &copy).scalars == one.scalars)
    copy.truncate(to: 0)
    #expect(copy.count == 0 && copy.keys.count == 0)
    #expect(attention(x[0..., 0..<1], cache: &copy).scalars == attention(x[0..., 0..<1]).scalars)
  }

  @Test("MultiHeadAttention: one product for queries, keys and values gives what three give")
  mutating func oneProduct() {
    let attention = MultiHeadAttention<Double>(features: 6, heads: 3, using: &generator)
    let x = Tensor<Double>.normal([2, 4, 6], using: &generator)
    let mask = Tensor<Double>.uniform([2, 1, 4, 4], using: &generator) .> 0.3
    #expect(relativeDistance(attention(x).scalars, attention(x, keys: x, values: x).scalars) < 1e-14)
    #expect(
      relativeDistance(
        attention(x, mask: mask).scalars, attention(x, keys: x, values: x, mask: mask).scalars) < 1e-14)
    #expect(attention(x, mask: mask).scalars != attention(x).scalars)
  }
}
