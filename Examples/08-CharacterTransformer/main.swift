// A transformer learns to write like the first pages of Alice's Adventures in Wonderland (Lewis Carroll, 1865), a
// character at a time. The model is in CharacterTransformer.swift, the text in alice.txt, both a page or two.

import NN
import Tensor

let text = String(decoding: PackageResources.alice_txt, as: UTF8.self)
let alphabet = Set(text).sorted()
let numbers = Dictionary(uniqueKeysWithValues: zip(alphabet, Int32(0)...))
let tokens = Tensor(text.map { numbers[$0]! })
// The last part is kept for a look at how the model does on what it has not seen.
let seen = tokens.count * 9 / 10
let length = 64

var random = RandomGenerator(seed: 1)
var model = CharacterTransformer(
  characters: alphabet.count, features: 64, heads: 4, depth: 2, using: &random)
print(
  "\(tokens.count) characters, \(alphabet.count) of them different; a model of \(model.parameters.elementCount) numbers"
)

/// The loss of predicting each character from those before it, in excerpts that begin at the given places.
func loss(
  _ model: inout CharacterTransformer, at starts: [Int], _ mode: inout ForwardMode
) -> Tensor<Float> {
  let excerpts = Tensor.stacked(starts.map { tokens[$0...$0 + length] })
  let scores = model.forward(excerpts[0..., ..<length], &mode)
  return Loss.crossEntropy(
    scores.reshaped(to: [-1, alphabet.count]), classes: excerpts[0..., 1...].reshaped(to: [-1]))
}

// Weights decay; biases, norms and vectors of characters do not.
func isPlain(_ name: String) -> Bool {
  !name.hasSuffix("weight") || name.contains("norm") || name.contains("embedding")
}
var optimizer = ParameterGroups(AdamW<Float>(learningRate: 3e-3, betas: (0.9, 0.95), weightDecay: 0.1))
optimizer.addGroup("plain", where: isPlain, configure: { $0.weightDecay = 0 })
let steps = 500
let schedule = LearningRateSchedule.cosine(3e-3, over: steps, warmUp: 30)
var recent: [Float] = []
for step in 0..<steps {
  optimizer.learningRate = schedule(step)
  let starts = (0..<16).map { _ in Int.random(in: 0..<seen - length, using: &random) }
  var (value, slope) = valueWithGradient(at: &model) { model in
    ForwardMode.training(&random) { loss(&model, at: starts, &$0) }
  }
  slope.clipNorm(to: 1)
  optimizer.update(&model, along: slope)
  recent.append(value.scalar)
  if (step + 1).isMultiple(of: 100) {
    print("step \(step + 1): loss \(recent.reduce(0, +) / Float(recent.count))")
    recent = []
  }
}
var mode = ForwardMode.inference
let unseen = stride(from: seen, to: tokens.count - length, by: length / 2)
print("unseen text: loss \(loss(&model, at: Array(unseen), &mode).scalar)")

print("What it writes:")
var caches = Array(repeating: KeyValueCache<Float>(), count: model.blocks.count)
var written = "Alice "
var next = Tensor(written.map { numbers[$0]! })
while written.count < 400 {
  let probabilities = model.probabilities(after: next, temperature: 0.6, &caches)
  next = Tensor<Int32>(Tensor<Float>.categorical(weights: probabilities, count: 1, using: &random))
  written.append(alphabet[Int(next.scalar)])
}
print(written)

/// The words of a text without what is around them; the last may be cut.
func words(_ text: String) -> [String] {
  text.split { !$0.isLetter }.dropLast().map { $0.lowercased() }
}
let known = Set(words(text))
let found = words(written)
print(
  "\(100 * found.count { known.contains($0) } / found.count) % of its \(found.count) words are in the book")
