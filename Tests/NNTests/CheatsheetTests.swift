import Foundation
import NN
import Tensor
import TestSupport
import Testing

// What is between `// [` and `// [end]` is an idiom of docs/cheatsheet.md, which Scripts/cheatsheet.py takes from here: it
// stands there as it compiles here.

// [A layer of one's own]
struct Gated: Layer {
  var (value, gate): (Linear<Float>, Linear<Float>)
  var dropout = Dropout<Float>(probability: 0.1)
  mutating func visitParts(_ visitor: PartVisitor<Float>) {  // also modules, parameter, buffer
    visitor.module("value", &value)
    visitor.module("gate", &gate)
  }
  mutating func forward(_ x: Tensor<Float>, _ mode: inout ForwardMode) -> Tensor<Float> {  // hand the mode on
    dropout.forward(value.forward(x, &mode) * gate.forward(x, &mode).sigmoid(), &mode)
  }
}
// [end]

@Suite("Cheatsheet") struct CheatsheetTests {
  @Test("idiom: lowering a function by its gradient")
  func descent() {
    // [Lower a function by its gradient, and by L-BFGS to the end]
    let (x, y) = (Tensor<Double>([[0, 1], [1, 1], [2, 1]]), Tensor<Double>([1, 3, 5]))
    func f(_ w: Tensor<Double>) -> Tensor<Double> { (x.matrixProduct(w) - y).square().mean() }
    var (w, v) = (Tensor<Double>.zeros([2]), Tensor<Double>.zeros([2]))
    for _ in 0..<500 {
      let (loss, slope) = valueWithGradient(at: w, in: f)
      w -= 0.2 * slope
      if loss.scalar < 1e-12 { break }
    }
    var lbfgs = LBFGS<Double>()  // of a model: lbfgs.step(&model) { valueWithGradient(at: $0, in: loss) }
    while !lbfgs.step(&v, evaluate: { valueWithGradient(at: $0, in: f) }).outcome.isFinished {}
    // [end]
    #expect((w - Tensor([2, 1])).abs().max().scalar < 1e-5)
    #expect((v - Tensor([2, 1])).abs().max().scalar < 1e-5)
  }

  @Test("idiom: derivatives of derivatives")
  func nested() {
    // [Derivatives of derivatives, along directions, and for each example of a batch]
    func f(_ x: Tensor<Double>) -> Tensor<Double> { x.pow(3).sum() }
    let (x, v) = (Tensor<Double>([1, 2]), Tensor<Double>([1, 0]))
    let second = gradient(at: x) { gradient(at: $0, in: f).sum() }  // [6, 12]; also hessian
    let pushed = jvp(at: x, along: v) { $0.exp() }.derivative  // [e, 0]; also vjp
    let rows = jacobian(at: x) { $0.square() }  // [[2, 0], [0, 4]]
    let each = vmap(over: rows) { row in gradient(at: x) { f($0 * row) } }  // [2, 2]: one for each row
    let laplacian = vmap(over: rows) { row in hessian(at: row, in: f).trace() }  // [2]
    // [end]
    #expect(laplacian.scalars == [12, 24])
    #expect(second.scalars == [6, 12] && rows.scalars == [2, 0, 0, 4])
    #expect(each.scalars == [24, 0, 0, 768])
    #expect(abs(pushed.scalars[0] - Double.exp(1)) < 1e-15 && pushed.scalars[1] == 0)
  }

  @Test("idiom: parts of tensors")
  func indexing() {
    // [Parts of tensors, and masks]
    var a = Tensor<Float>.arange(to: 12).reshaped(to: [3, 4])
    let (column, rows) = (a[0..., -1], a[[2, 0]])  // [3], a view, and [2, 4], a copy
    let (odd, large) = (a[0..., (1...).strided(by: 2)], a[where: a .> 5])  // [3, 2] and [6]
    let part = Tensor<Float>(a .> 5).mean().scalar  // a mask is no number until it is converted
    a[0, ...] = Tensor([9, 9, 9, 9])  // copies of `a` made before do not change
    // [end]
    #expect(column.scalars == [3, 7, 11] && rows.shape == [2, 4] && odd.scalars == [1, 3, 5, 7, 9, 11])
    #expect(large.count == 6 && part == 0.5 && a[0].scalars == [9, 9, 9, 9])
  }

  @Test("idiom: whole numbers")
  func integers() {
    // [Labels and positions are integers]
    let (scores, labels) = (Tensor<Float>([[0.1, 2, 0.3], [1, 0, 0]]), Tensor<Int64>([1, 2]))
    let right = (scores.argmax(axis: 1) .== labels).countTrue().scalar  // argmax gives Int64
    let loss = Loss.crossEntropy(scores, classes: labels)  // scores, not probabilities
    let picked = scores.gathered(at: labels.expanded(axis: 1), axis: 1)  // [2, 1]
    // [end]
    #expect(right == 1 && loss.scalar > 0 && picked.scalars == [2, 0])
  }

  @Test("idiom: matrices")
  func matrices() throws {
    // [Linear algebra throws for singular matrices; leading axes are a batch]
    let a = Tensor<Double>([[4, 1], [1, 3]])
    let (x, lower, (values, vectors)) = (try a.solve(Tensor([1, 2])), try a.cholesky(), try a.eigh())
    let same = einsum("ik,k,jk->ij", vectors, values, vectors)
    // [end]
    #expect((a.matrixProduct(x) - Tensor([1, 2])).abs().max().scalar < 1e-15)
    #expect((lower.matrixProduct(lower, transposingRight: true) - a).abs().max().scalar < 1e-14)
    #expect((same - a).abs().max().scalar < 1e-14)
  }

  @Test("idiom: training")
  func training() {
    // [Train a network]
    var random = RandomGenerator(seed: 1)  // no global generator: the same seed, the same numbers
    let x = Tensor<Float>.normal([256, 2], using: &random)
    let y = Tensor<Int64>(x[0..., 0] * x[0..., 1] .> 0)
    var model = Sequential<Float> {
      Linear(inputs: 2, outputs: 32, using: &random)
      Apply { $0.relu() }
      Linear(inputs: 32, outputs: 2, using: &random)
    }
    var optimizer = AdamW<Float>(learningRate: 0.01)
    let schedule = LearningRateSchedule.cosine(0.02, over: 30, warmUp: 3)
    for epoch in 0..<30 {
      optimizer.learningRate = schedule(epoch)  // the first step is 0
      for rows in Batches(of: 32, from: 256, using: &random) {
        var (_, slope) = valueWithGradient(at: &model) { model in
          Loss.crossEntropy(model(x[rows], training: &random), classes: y[rows])
        }
        slope.clipNorm(to: 1)
        optimizer.update(&model, along: slope)
      }
    }
    let accuracy = Tensor<Float>(model(x).argmax(axis: 1) .== y).mean().scalar  // model(x) drops nothing
    // [end]
    #expect(accuracy > 0.9)
  }

  @Test("idiom: a layer of one's own")
  func ownLayer() {
    var random = RandomGenerator(seed: 1)
    let layer = Gated(
      value: Linear(inputs: 3, outputs: 2, using: &random),
      gate: Linear(inputs: 3, outputs: 2, using: &random))
    #expect(layer(Tensor.ones([4, 3])).shape == [4, 2])
    #expect(layer.parameters.names == ["value.weight", "value.bias", "gate.weight", "gate.bias"])
  }

  @Test("idiom: tokens")
  func spelling() {
    var random = RandomGenerator(seed: 1)
    let tokens = Tensor<Int32>([[3, 1, 4], [1, 5, 9]])
    // [Tokens: a mode for what is no layer, and the next token by a cache]
    let table = Embedding<Float>(count: 27, features: 16, using: &random)
    let block = TransformerEncoderBlock<Float>(
      features: 16, heads: 2, hidden: 32, isCausal: true, using: &random)
    func scores(_ x: Tensor<Float>) -> Tensor<Float> { x.matrixProduct(table.weight, transposingRight: true) }
    let trained = ForwardMode.training(&random) { mode in scores(block.forward(table(tokens), &mode)) }
    var (next, cache) = (tokens, KeyValueCache<Float>())  // a cache a block
    for _ in 0..<5 {
      let last = scores(block(table(next), cache: &cache))[0..., -1]  // [N, 27]
      let chances = (last / 0.8).softmax(axis: -1)  // 0.8 is the temperature
      next = Tensor<Int32>(Tensor.categorical(weights: chances, count: 1, using: &random))  // [N, 1]
    }
    // [end]
    #expect(trained.shape == [2, 3, 27] && next.shape == [2, 1] && cache.count == 7)
  }

  @Test("idiom: files")
  func files() throws {
    try withTemporaryFolder { url in
      let folder = url.path
      var random = RandomGenerator(seed: 1)
      var model = Linear<Float>(inputs: 2, outputs: 1, using: &random)
      var optimizer = Adam<Float>(learningRate: 0.01)
      optimizer.update(&model, along: model.parameters)
      // [Keep weights, read those of others, and go on another day]
      try model.save(to: folder + "/model.safetensors")  // PyTorch's names
      try model.load(contentsOf: folder + "/model.safetensors")  // also .pth and .npz; all or nothing
      let left = try model.loadMatching(  // what fits; nil passes a tensor over; prefix: takes a part
        contentsOf: folder + "/model.safetensors", renaming: { $0 == "fc" ? "weight" : nil })
      let weight: Tensor<Float> = try openTensorArchive(folder + "/model.safetensors").tensor("weight")
      try optimizer.save(to: folder + "/adam.safetensors")  // not its figures
      let state = try JSONEncoder().encode(random)  // and the generator
      // [end]
      var resumed = Adam<Float>(learningRate: 0.01)
      try resumed.load(contentsOf: folder + "/adam.safetensors")
      #expect(try JSONDecoder().decode(RandomGenerator.self, from: state) == random)
      #expect(left?.missing.map(\.name) == ["weight", "bias"] && weight.scalars == model.weight.scalars)
      #expect(Set(resumed.state.names) == Set(optimizer.state.names) && resumed.state.names.count > 1)
    }
  }

  @Test("idiom: an operation of one's own")
  func operation() {
    // [An operation of one's own, and its check]
    func cube(_ x: Tensor<Double>) -> Tensor<Double> {
      record("cube", x.detached().pow(3), (x, { g in g * 3 * x.square() }))  // the rule takes G to that of x
    }
    let check = GradientCheck.check(at: Tensor<Double>([0.5, -2]), order: .second, in: cube)
    // [end]
    #expect(check.passed)
  }
}
