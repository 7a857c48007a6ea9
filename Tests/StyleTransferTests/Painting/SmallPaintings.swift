import NN
import TestSupport
import Testing

@testable import StyleTransfer

/// What several suites paint small pictures with.
extension Painting {
  /// What is left of the painting: its iterations, without times, and its picture.
  mutating func rest() throws -> (iterations: [Iteration], picture: Picture) {
    var iterations: [Iteration] = []
    while var iteration = try next() {
      #expect(iteration.total.isFinite)
      iteration.seconds = 0
      iterations.append(iteration)
    }
    return (iterations, picture)
  }
}

extension Recipe {
  /// A texture of 32 pixels after a picture of noise, or of stripes under noise, so that there is something that repeats;
  /// some steps of L-BFGS, all of which are made.
  static func smallTexture(
    striped: Bool = false, alpha: [Float]? = nil, statistic: StyleStatistic, layers: [Int] = [1, 3],
    scales: Scales, width: Int? = nil, _ change: (inout Texture) -> Void = { _ in }
  ) -> Recipe {
    let source = Picture.noise(40, 32, seed: 1, alpha: alpha, striped: striped)
    var recipe = Recipe.texture(after: source, width: width)
    if case .texture(var texture) = recipe.subject {
      texture.style.statistic = statistic
      texture.style.layers = LayerList(layers.map { .init(.relu($0)) })
      change(&texture)
      recipe.subject = .texture(texture)
    }
    (recipe.scales, recipe.size) = (scales, 32)
    recipe.method = .lbfgs(history: 3)
    recipe.stopsWhenSettled = false
    return recipe
  }
}

extension Picture {
  /// A picture of noise, half of it in stripes of four columns where it is striped.
  static func noise(
    _ width: Int, _ height: Int, seed: Int, alpha: [Float]? = nil, striped: Bool = false
  ) -> Picture {
    var values = DeterministicValues(seed: seed).uniform(3 * width * height, in: 0...(striped ? 0.5 : 1))
      .map(Float.init)
    if striped { for index in values.indices where index % width % 8 < 4 { values[index] += 0.5 } }
    return Picture(width: width, height: height, colour: values, alpha: alpha)
  }
}
