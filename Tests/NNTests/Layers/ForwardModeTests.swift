import NN
import Tensor
import Testing

/// A layer as a user writes it: one pass, which hands the mode on.
private struct Noisy: Layer {
  var linear: Linear<Double>
  var norm = BatchNorm<Double>(channels: 4)
  var dropout = Dropout<Double>(probability: 0.5)

  mutating func visitParts(_ visitor: PartVisitor<Double>) {
    visitor.module("linear", &linear)
    visitor.module("norm", &norm)
  }

  mutating func forward(_ x: Tensor<Double>, _ mode: inout ForwardMode) -> Tensor<Double> {
    dropout.forward(norm.forward(linear.forward(x, &mode), &mode), &mode)
  }
}

@Suite("ForwardMode") struct ForwardModeTests {
  private var generator = RandomGenerator(seed: 11)

  @Test("a layer of one's own drops out and adapts its statistics in training, alone and inside of others")
  mutating func ownLayer() {
    let x = Tensor<Double>.normal([64, 4], using: &generator)
    let own = Noisy(linear: Linear(inputs: 4, outputs: 4, using: &generator))
    var wrappers: [any Layer<Double>] = [
      own, Sequential { own }, Residual { own }, Parallel(joinedAlong: 1) { own },
      Sequential { Residual { Sequential { own } } },
    ]
    for index in wrappers.indices {
      func buffers() -> [[Double]] {
        wrappers[index].state.filter { $0.name.contains("running") }.map(\.tensor.scalars)
      }
      let (before, used) = (buffers(), wrappers[index](x))
      #expect(used.scalars == wrappers[index](x).scalars && buffers() == before)
      var again = generator
      var copy = wrappers[index]
      let trained = wrappers[index](x, training: &generator)
      #expect(trained.scalars == copy(x, training: &again).scalars && again == generator)
      #expect(trained.scalars != wrappers[index](x, training: &generator).scalars)
      #expect(before.count == 2 && zip(before, buffers()).allSatisfy(!=))
    }
  }

  @Test("Residual and Parallel: are the sum and the list of what their parts make, under the parts' names")
  mutating func branches() {
    let (a, b) = (
      Linear<Double>(inputs: 3, outputs: 3, using: &generator),
      Linear<Double>(inputs: 3, outputs: 2, using: &generator)
    )
    let x = Tensor<Double>.normal([5, 3], using: &generator)
    #expect(Residual { a }(x).scalars == (x + a(x)).scalars)
    let projected = Residual<Double> {
      b
    } shortcut: {
      b
    }
    #expect(projected(x).scalars == (b(x) + b(x)).scalars)
    #expect(
      projected.state.names == ["body.0.weight", "body.0.bias", "shortcut.0.weight", "shortcut.0.bias"])
    let side = Parallel<Double>(joinedAlong: -1) {
      a
      Sequential { b }
    }
    #expect(side(x).scalars == Tensor.concatenated([a(x), b(x)], axis: 1).scalars)
    #expect(side.state.names == ["0.weight", "0.bias", "1.0.weight", "1.0.bias"])
  }

  @Test("training: the generator that comes back is the one that was used, also when the pass throws")
  mutating func generatorReturns() throws {
    struct Stopped: Error {}
    var expected = generator
    _ = expected.next()
    #expect(throws: Stopped.self) {
      try ForwardMode.training(&generator) { mode in
        _ = mode.generator.next()
        throw Stopped()
      }
    }
    #expect(generator == expected && !ForwardMode.inference.isTraining)
  }
}
