// Read digits: by logistic regression, written out, then by a network of NN's layers. The pictures are drawn by
// Digits.swift, so nothing has to be fetched.

import NN
import Tensor

var random = RandomGenerator(seed: 3)
let training = Digits(count: 6000, using: &random)
let unseen = Digits(count: 1000, using: &random)
print(unseen.drawing(0..<5))

/// The share of unseen digits for which the largest of the ten scores is that of the right one.
func accuracy(_ scores: Tensor<Float>) -> Double {
  Double((scores.argmax(axis: 1) .== unseen.labels).countTrue().scalar) / Double(unseen.count)
}

/// Goes through the training pictures several times, a hundred at a time, in another order each time.
func train(
  epochs: Int, using random: inout RandomGenerator,
  step: (_ pictures: Tensor<Float>, _ labels: Tensor<Int64>) -> Tensor<Float>
) {
  for epoch in 1...epochs {
    let batches = Batches(of: 100, from: training.count, using: &random)
    let losses = batches.map { rows in step(training.pictures[rows], training.labels[rows]).scalar }
    if epoch % 4 == 0 { print("  epoch \(epoch): loss \(losses.reduce(0, +) / Float(losses.count))") }
  }
}

print("Logistic regression:")
let pixels = training.pictures.shape[1]
var weights = Tensor<Float>.zeros([pixels, 10])
var biases = Tensor<Float>.zeros([10])
train(epochs: 12, using: &random) { pictures, labels in
  let (loss, slopes) = valueWithGradient(at: weights, biases) { weights, biases in
    // −log of the probability that the scores give to the right digit, averaged.
    let logarithms = (pictures.matrixProduct(weights) + biases).logSoftmax(axis: 1)
    return -(logarithms * labels.oneHot(count: 10)).sum(axes: [1]).mean()
  }
  weights -= 0.2 * slopes.0
  biases -= 0.2 * slopes.1
  return loss
}
print("  reads \(100 * accuracy(unseen.pictures.matrixProduct(weights) + biases)) % of unseen digits")

print("A network of 128 hidden units:")
var network = Sequential<Float> {
  Linear(inputs: pixels, outputs: 128, using: &random)
  Apply { $0.relu() }
  Linear(inputs: 128, outputs: 10, using: &random)
}
var optimizer = AdamW<Float>(learningRate: 0.002)
train(epochs: 12, using: &random) { pictures, labels in
  let (loss, slopes) = valueWithGradient(at: network) { Loss.crossEntropy($0(pictures), classes: labels) }
  optimizer.update(&network, along: slopes)
  return loss
}
let scores = network(unseen.pictures)
print("  reads \(100 * accuracy(scores)) % of unseen digits")

let found = scores.argmax(axis: 1).integers
let wanted = unseen.labels.integers
let mistakes = wanted.indices.filter { found[$0] != wanted[$0] }.prefix(5)
print("Among its mistakes: " + mistakes.map { "\(wanted[$0]) read as \(found[$0])" }.joined(separator: ", "))
print(unseen.drawing(mistakes))
