import NN
import Tensor
import Testing

@Suite("ModelGradient") struct ModelGradientTests {
  private var random = RandomGenerator(seed: 9)

  @Test("valueWithGradient: gives what a function of a model gives beside the value, without its history")
  mutating func auxiliary() {
    var model = Sequential<Double> { Linear(inputs: 3, outputs: 2, using: &random) }
    let x = Tensor<Double>.normal([4, 3], using: &random)
    let (loss, scores, slope) = valueWithGradient(at: &model) { model in
      let scores = model(x)
      return (scores.square().sum(), scores)
    }
    #expect(scores.scalars == model(x).scalars && !scores.isTracked && !loss.isTracked)
    let plain = valueWithGradient(at: &model) { $0(x).square().sum() }
    #expect(zip(slope, plain.gradient).allSatisfy { $0.tensor.scalars == $1.tensor.scalars })
  }

  @Test("valueWithGradient: gradients with respect to parameters and an input come from one pass")
  mutating func input() {
    var model = Sequential<Double> {
      Linear(inputs: 3, outputs: 4, using: &random)
      Apply { $0.tanh() }
      BatchNorm(channels: 4)
    }
    let start = model
    let x = Tensor<Double>.normal([5, 3], using: &random)
    let weights = Tensor<Double>.normal([5, 4], using: &random)
    var generator = random
    let (value, slope, inputSlope) = valueWithGradient(at: &model, x, withRespectTo: ["0"]) { model, x in
      (model(x, training: &generator) * weights).sum()
    }
    #expect(slope.names == ["0.weight", "0.bias"] && !value.isTracked && !inputSlope.isTracked)
    var copy = start
    let other = valueWithGradient(at: x) { x in (copy(x, training: &generator) * weights).sum() }
    #expect(inputSlope.scalars == other.gradient.scalars)
    // What the pass did to the running statistics stays.
    #expect(model.state["2.running_mean"]!.scalars != start.state["2.running_mean"]!.scalars)
    #expect(model.state.allSatisfy { !$0.tensor.isTracked })
  }

  @Test("valueWithGradient: of a model and an input nests in a gradient around it")
  func nested() {
    let model = Linear(weight: Tensor<Double>([[2]]))
    // The loss a·w²·x² has the slopes 2a·w·x² and 2a·w²·x; their sum is differentiated by a and by x.
    let slopes = valueWithGradient(at: Tensor<Double>([3]), Tensor<Double>([[5]])) { a, x in
      var copy = model
      let result = valueWithGradient(at: &copy, x) { model, x in (a * model(x).square()).sum() }
      return result.gradient.tensors[0].sum() + result.inputGradient.sum()
    }.gradient
    #expect(slopes.0.scalars == [2 * 2 * 25 + 2 * 4 * 5] && slopes.1.scalars == [3 * (4 * 2 * 5 + 2 * 4)])
  }
}
