// Read digits: by logistic regression, then by a network with one hidden layer. The pictures are drawn by
// Digits.swift, so nothing has to be fetched.

import Tensor

var random = RandomGenerator(seed: 3)
let training = Digits(count: 6000, using: &random)
let unseen = Digits(count: 1000, using: &random)
print(unseen.drawing(0..<5))

/// A model's scores of the ten digits, [N, 10], for pictures, [N, pixels].
typealias Model = (_ parameters: [Tensor<Float>], _ pictures: Tensor<Float>) -> Tensor<Float>

/// −log of the probability that the scores give to the right digit, averaged over the pictures.
func crossEntropy(_ scores: Tensor<Float>, _ wanted: Tensor<Float>) -> Tensor<Float> {
  // Without the largest score nothing overflows; it cancels, so it needs no derivative.
  let scores = scores - scores.max(axes: [1], keepingDimensions: true).detached()
  let logSum = scores.exp().sum(axes: [1], keepingDimensions: true).log()
  return ((logSum - scores) * wanted).sum(axes: [1]).mean()
}

func readings(_ model: Model, _ parameters: [Tensor<Float>], _ digits: Digits) -> [Int] {
  model(parameters, digits.pictures).argmax(axis: 1).scalars.map { Int($0) }
}

func accuracy(_ readings: [Int], _ digits: Digits) -> Double {
  Double(zip(readings, digits.labels).count { $0 == $1 }) / Double(digits.labels.count)
}

/// Follows the gradient of a hundred pictures at a time, with momentum.
func train(
  _ model: Model, _ parameters: inout [Tensor<Float>], epochs: Int, rate: Float,
  using random: inout RandomGenerator
) {
  var velocity = parameters.map { Tensor<Float>.zeros($0.shape) }
  // Row d has its 1 at d.
  let oneHot = Tensor<Float>((0..<100).map { $0 % 11 == 0 ? 1 : 0 }, shape: [10, 10])
  for epoch in 1...epochs {
    var sum: Float = 0
    let order = Array(training.labels.indices).shuffled(using: &random)
    for start in stride(from: 0, to: order.count, by: 100) {
      let batch = order[start..<start + 100]
      let pictures = Tensor<Float>.stacked(batch.map { training.pictures[$0] })
      let wanted = Tensor<Float>.stacked(batch.map { oneHot[training.labels[$0]] })
      let (loss, slopes) = valueWithGradient(at: parameters) { crossEntropy(model($0, pictures), wanted) }
      for index in parameters.indices {
        velocity[index] = 0.9 * velocity[index] - rate * slopes[index]
        parameters[index] += velocity[index]
      }
      sum += loss.scalar
    }
    if epoch % 4 == 0 { print("  epoch \(epoch): loss \(sum / Float(order.count / 100))") }
  }
}

let pixels = Digits.side * Digits.side

print("Logistic regression:")
var weights: [Tensor<Float>] = [.zeros([pixels, 10]), .zeros([10])]
let logistic: Model = { p, x in x.matrixProduct(p[0]) + p[1] }
train(logistic, &weights, epochs: 12, rate: 0.02, using: &random)
print("  reads \(100 * accuracy(readings(logistic, weights, unseen), unseen)) % of unseen digits")

print("A network of 128 hidden units:")
var layers: [Tensor<Float>] = [
  .normal([pixels, 128], standardDeviation: (2 / Float(pixels)).squareRoot(), using: &random), .zeros([128]),
  .normal([128, 10], standardDeviation: 0.1, using: &random), .zeros([10]),
]
let network: Model = { p, x in (x.matrixProduct(p[0]) + p[1]).relu().matrixProduct(p[2]) + p[3] }
train(network, &layers, epochs: 16, rate: 0.05, using: &random)
let found = readings(network, layers, unseen)
print("  reads \(100 * accuracy(found, unseen)) % of unseen digits")

let mistakes = unseen.labels.indices.filter { found[$0] != unseen.labels[$0] }.prefix(5)
print(
  "Among its mistakes: "
    + mistakes.map { "\(unseen.labels[$0]) read as \(found[$0])" }.joined(separator: ", "))
print(unseen.drawing(mistakes))
