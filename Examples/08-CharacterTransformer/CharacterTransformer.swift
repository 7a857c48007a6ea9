import NN
import Tensor

/// A language model of characters: vectors for them, blocks of causal attention that know positions by rotation, and
/// scores for the character that comes next.
struct CharacterTransformer: Module {
  var embedding: Embedding<Float>
  var blocks: [TransformerEncoderBlock<Float>]
  var norm: LayerNorm<Float>
  var head: Linear<Float>

  init(characters: Int, features: Int, heads: Int, depth: Int, using random: inout RandomGenerator) {
    embedding = Embedding(
      count: characters, features: features, initializer: .normal(standardDeviation: 0.1), using: &random)
    blocks = []
    for _ in 0..<depth {
      blocks.append(
        TransformerEncoderBlock(
          features: features, heads: heads, hidden: 4 * features, dropout: 0.1, isPreNorm: true,
          isCausal: true,
          rotary: RotaryPositions(features: features / heads), activation: { $0.gelu() }, using: &random))
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

  /// Scores for what follows each of the characters [N, T]: [N, T, characters].
  mutating func forward(_ tokens: Tensor<Int32>, _ mode: inout ForwardMode) -> Tensor<Float> {
    var x = embedding(tokens)
    for index in blocks.indices { x = blocks[index].forward(x, &mode) }
    return head(norm(x))
  }

  /// The probabilities of what follows the last of the characters [T], of which `caches` has seen all others.
  ///
  /// - Parameter temperature: What scores are divided by: below 1 likely characters become likelier.
  func probabilities(
    after tokens: Tensor<Int32>, temperature: Float, _ caches: inout [KeyValueCache<Float>]
  ) -> Tensor<Float> {
    var x = embedding(tokens.expanded(axis: 0))
    for index in blocks.indices { x = blocks[index](x, cache: &caches[index]) }
    return (head(norm(x[0, -1])) / temperature).softmax(axis: -1)
  }
}
