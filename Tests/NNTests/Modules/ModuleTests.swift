import Foundation
import NN
import Tensor
import Testing

/// A model of several parts, one of them in an array and one that may be missing.
private struct Tower: Module {
  var blocks: [Linear<Double>]
  var head: Linear<Double>?
  var scale = Tensor<Double>([2])
  var seen = Tensor<Double>(0)

  init(hasHead: Bool = true, bias: Bool = true, width: Int = 3) {
    var generator = RandomGenerator(seed: 5)
    blocks = (0..<2).map { _ in Linear(inputs: width, outputs: width, bias: bias, using: &generator) }
    head = hasHead ? Linear(inputs: width, outputs: 1, using: &generator) : nil
  }

  mutating func visitParts(_ visitor: PartVisitor<Double>) {
    visitor.modules("blocks", &blocks)
    visitor.module("head", &head)
    visitor.parameter("scale", &scale)
    visitor.buffer("seen", &seen)
  }

  mutating func callAsFunction(_ x: Tensor<Double>) -> Tensor<Double> {
    seen = seen + 1
    let y = blocks.reduce(x) { x, block in block(x).tanh() } * scale
    return head.map { $0(y) } ?? y
  }
}

@Suite struct ModuleTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "impasto-\(UUID().uuidString)")

  private func path(_ name: String) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.appending(path: name).path
  }

  @Test("Module: names nest with dots, in the order of the visit; absent parts have none")
  func names() {
    let tower = Tower()
    #expect(
      tower.parameters.names == [
        "blocks.0.weight", "blocks.0.bias", "blocks.1.weight", "blocks.1.bias", "head.weight", "head.bias",
        "scale",
      ])
    #expect(tower.state.names == tower.parameters.names + ["seen"])
    #expect(
      Tower(hasHead: false, bias: false).state.names == [
        "blocks.0.weight", "blocks.1.weight", "scale", "seen",
      ])
    #expect(tower.parameters["head.weight"]?.shape == [1, 3])
    #expect(
      Tower(hasHead: false, bias: false).parameters.description == """
        blocks.0.weight [3, 3]
        blocks.1.weight [3, 3]
        scale [1]
        """)
    #expect(tower.parameters.elementCount == 2 * (9 + 3) + 3 + 1 + 1)
  }

  @Test("valueWithGradient: the gradient has the parameters' names and shapes, and is the derivative of each")
  func gradient() {
    let x = FirstOrderOptimizerTests.numbers([4, 3], seed: 1)
    var tower = Tower()
    let start = tower
    let (_, slope) = valueWithGradient(at: &tower) { tower in tower(x).square().sum() }
    #expect(slope.names == tower.parameters.names)
    let check = GradientCheck.check(at: start.parameters.tensors) { tensors in
      var tower = start
      tower.parameters = NamedTensors(names: slope.names, tensors: tensors)
      return tower(x).square().sum()
    }
    #expect(check.passed, "\(check)")
    let byHand = NN.valueWithGradient(at: start) { tower in
      var copy = tower
      return copy(x).square().sum()
    }
    #expect(zip(slope, byHand.gradient).allSatisfy { $0.tensor.scalars == $1.tensor.scalars })
  }

  @Test(
    "valueWithGradient: what the function did to the model stays, without its history; a throw changes nothing"
  )
  func buffers() {
    struct Refusal: Error {}
    var tower = Tower()
    let before = tower.parameters
    _ = valueWithGradient(at: &tower) { tower in tower(.ones([1, 3])).sum() }
    #expect(tower.seen.scalar == 1)
    #expect(tower.state.allSatisfy { !$0.tensor.isTracked })
    #expect(zip(tower.parameters, before).allSatisfy { $0.tensor.scalars == $1.tensor.scalars })
    #expect(throws: Refusal.self) {
      _ = try valueWithGradient(at: &tower) { tower in
        _ = tower(.ones([1, 3]))
        throw Refusal()
      }
    }
    #expect(tower.seen.scalar == 1 && tower.state.allSatisfy { !$0.tensor.isTracked })
  }

  @Test("valueWithGradient: parameters that are not chosen are constants, and updates leave them alone")
  func frozen() {
    var tower = Tower()
    let before = tower
    let (_, slope) = valueWithGradient(at: &tower, withRespectTo: ["head"]) { tower in
      tower(.ones([1, 3])).sum()
    }
    #expect(slope.names == ["head.weight", "head.bias"])
    var optimizer = AdamW<Double>()
    optimizer.update(&tower, along: slope)
    for (name, tensor) in tower.parameters {
      #expect((tensor.scalars == before.parameters[name]!.scalars) == !name.hasPrefix("head."))
    }
  }

  @Test("save and load: all of the state comes back, to the bit")
  func roundTrip() throws {
    var tower = Tower()
    _ = tower(.ones([1, 3]))
    let file = try path("tower.safetensors")
    defer { try? FileManager.default.removeItem(at: folder) }
    try tower.save(to: file, metadata: ["epoch": "3"])
    var other = Tower()
    for (index, tensor) in other.state.tensors.enumerated() { other.state.tensors[index] = 0 * tensor }
    try other.load(contentsOf: file)
    #expect(other.state.names == tower.state.names)
    #expect(zip(other.state, tower.state).allSatisfy { $0.tensor.scalars == $1.tensor.scalars })
    #expect(try SafetensorsFile(contentsOf: file).metadata == ["epoch": "3"])
    // Its tensors borrow the file's memory, and must be written to all the same.
    var optimizer = SGD<Double>(learningRate: 1)
    optimizer.update(&other, along: other.parameters)
    #expect(other.parameters.allSatisfy { $0.tensor.scalars.allSatisfy { $0 == 0 } })
    #expect(try SafetensorsFile(contentsOf: file).tensor("scale", as: Double.self).scalars == [2])
  }

  @Test("load: what is missing, not known or misshapen is listed with the nearest name, and nothing changes")
  func mismatch() throws {
    let file = try path("other.safetensors")
    defer { try? FileManager.default.removeItem(at: folder) }
    var tensors = Dictionary(uniqueKeysWithValues: Tower().state.map { ("model.\($0.name)", $0.tensor) })
    tensors["model.heads.weight"] = tensors.removeValue(forKey: "model.head.weight")
    tensors["model.scale"] = Tensor([1, 2])
    tensors["model.norm.num_batches_tracked"] = Tensor(7)
    tensors["elsewhere"] = Tensor(1)
    try Safetensors.write(tensors, to: file)
    var tower = Tower()
    let before = tower.state
    let error = #expect(throws: StateMismatch.self) { try tower.load(contentsOf: file, prefix: "model.") }
    #expect(
      error?.description == """
        \(file) (under 'model.'): the tensors are not the module's
          missing: 'head.weight' [1, 3]; is it 'heads.weight' in the file?
          not in the module: 'heads.weight'
          misshapen: 'scale' is [2] in the file, [1] in the module
        """)
    #expect(zip(tower.state, before).allSatisfy { $0.tensor.scalars == $1.tensor.scalars })
  }

  @Test("load: names are those that renaming makes of the file's, and nil passes a tensor over")
  func renamed() throws {
    let file = try path("renamed.safetensors")
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = Tower()
    var tensors = Dictionary(
      uniqueKeysWithValues: source.state.map {
        ("old." + $0.name.replacing("blocks.", with: "layer"), $0.tensor)
      })
    tensors["old.optimizer"] = Tensor([1, 2])
    try Safetensors.write(tensors, to: file)
    var tower = Tower()
    tower.state = NamedTensors(names: tower.state.names, tensors: tower.state.tensors.map { 0 * $0 })
    let rename = { (name: String) in
      name == "optimizer" ? nil : name.replacing("layer", with: "blocks.")
    }
    try tower.load(contentsOf: file, prefix: "old.", renaming: rename)
    #expect(zip(tower.state, source.state).allSatisfy { $0.tensor.scalars == $1.tensor.scalars })
    #expect(throws: StateMismatch.self) { try tower.load(contentsOf: file, prefix: "old.") }
  }

  @Test("loadMatching: takes what fits, leaves the rest as it was, and says all that was left out")
  func loadMatching() throws {
    let file = try path("part.safetensors")
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = Tower()
    var tensors = Dictionary(uniqueKeysWithValues: source.state.map { ($0.name, 2 * $0.tensor) })
    tensors["head.wight"] = tensors.removeValue(forKey: "head.weight")
    tensors["scale"] = Tensor([1, 2])
    try Safetensors.write(tensors, to: file)
    var tower = source
    let left = try #require(try tower.loadMatching(contentsOf: file))
    #expect(left.missing.map(\.name) == ["head.weight"] && left.extra == ["head.wight"])
    #expect(left.misshapen.map(\.name) == ["scale"])
    for (name, tensor) in tower.state {
      let factor: Double = ["head.weight", "scale"].contains(name) ? 1 : 2
      #expect(tensor.scalars == source.state[name]!.scalars.map { factor * $0 }, "\(name)")
    }
    try source.save(to: file)
    #expect(try tower.loadMatching(contentsOf: file) == nil)
    #expect(zip(tower.state, source.state).allSatisfy { $0.tensor.scalars == $1.tensor.scalars })
  }

  @Test("load: a long list of differences is cut, with their number")
  func longMismatch() throws {
    let file = try path("empty.safetensors")
    defer { try? FileManager.default.removeItem(at: folder) }
    try Safetensors.write([String: Tensor<Double>](), to: file)
    var generator = RandomGenerator(seed: 0)
    var model = Sequential<Double> {
      for _ in 0..<10 { Linear(inputs: 1, outputs: 1, using: &generator) }
    }
    let error = #expect(throws: StateMismatch.self) { try model.load(contentsOf: file) }
    #expect(error?.missing.count == 20)
    #expect(error?.description.hasSuffix("  … and 12 more of this kind") == true)
  }
}
