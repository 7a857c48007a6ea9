// A texture in twenty lines: noise is moved until VGG-19 sees in it the statistics of a painting (Gatys, Ecker
// and Bethge, 2015). `swift run -c release Texture [PAINTING.jpg [RESULT.png]]`; `make weights` fetches VGG-19.

import Foundation
import StyleTransfer

let arguments = CommandLine.arguments.dropFirst()
let bundled = URL(filePath: #filePath).deletingLastPathComponent().appending(
  path: "../Images/starry_night.jpg")
let source = try Picture(contentsOf: arguments.first ?? bundled.standardized.path)
let result = arguments.dropFirst().first ?? "texture.png"

var recipe = Recipe.texture(after: source, width: 128, height: 128)
recipe.size = 128
// The paper's; without these lines Wasserstein distances, which are nearer, and reflections beyond the border, by which
// the texture has no layout of its source's.
recipe.style?.statistic = .gram
recipe.padding = .zero
recipe.scales = .single(iterations: 100)
recipe.stopsWhenSettled = false

var painting = try Painting(recipe, network: VGG19.cached())
while let iteration = try painting.next() {
  if iteration.number % 20 == 0 { print("iteration \(iteration.number): loss \(iteration.total)") }
}
try painting.write(to: result)
print("The texture is \(result).")
