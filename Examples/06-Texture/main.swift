// A texture in thirty lines: noise is moved until VGG-19 sees in it the statistics of a painting (Gatys, Ecker
// and Bethge, 2015). `swift run -c release Texture [PAINTING.jpg [RESULT.png]]`; `make weights` fetches VGG-19.

import Foundation
import NN
import Tensor

let arguments = CommandLine.arguments.dropFirst()
let painting = arguments.first ?? bundledPicture("starry_night.jpg")
let size = 128
let source = try readPicture(painting).resampled(to: size, axis: 2, method: .lanczos3)
  .resampled(to: size, axis: 3, method: .lanczos3).clamped(to: 0...1)

let network = try VGG19(contentsOf: cachedWeights("vgg_normalised.pth"))
let layers = try ["relu1_1", "relu2_1", "relu3_1", "relu4_1"].map { try VGG19.Layer($0) }
let wanted = try network(source, layers: layers).mapValues { $0.gramMatrix() }

/// How far the Gram matrices of the picture's features are from the painting's, as a part of theirs.
func loss(_ picture: Tensor<Float>) throws -> Tensor<Float> {
  let features = try network(picture, layers: layers)
  return layers.reduce(Tensor(0)) { sum, layer in
    let target = wanted[layer]!
    return sum + (features[layer]!.gramMatrix() - target).square().sum() / target.square().sum()
  }
}

var random = RandomGenerator(seed: 6)
var picture = Tensor<Float>.uniform([1, 3, size, size], in: 0.4..<0.6, using: &random)
var optimizer = LBFGS<Float>(bounds: 0...1)
for iteration in 0...100 {
  let report = try optimizer.step(&picture) { try valueWithGradient(at: $0, in: loss) }
  if iteration % 20 == 0 { print("iteration \(iteration): loss \(report.value)") }
}
try writePicture(picture, to: arguments.dropFirst().first ?? "texture.png")
