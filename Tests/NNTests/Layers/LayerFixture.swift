import NN
import Tensor
import Testing

/// The reference values that Tests/Fixtures/generate_layers.py makes with PyTorch, in double precision.
enum LayerFixture {
  /// Both sides sum at most a few hundred terms of size 1 in double precision, which rounding may move by 1e-14 of
  /// their size; normalisations and quotients of small numbers make up to a hundred times that.
  static let tolerance = 1e-12

  static func file() throws -> SafetensorsFile { try Fixture.file("layers.safetensors") }

  static func tensor(_ name: String) throws -> Tensor<Double> { try file().tensor(name) }

  /// Expects the shape and numbers of the fixture `name`, and that these are not all zero.
  static func expect(_ found: Tensor<Double>, is name: String, _ location: SourceLocation) throws {
    let expected = try tensor(name)
    // NumPy writes a single number as an array of one.
    let shape = found.shape.isEmpty ? [1] : found.shape
    #expect(shape == expected.shape, "\(name)", sourceLocation: location)
    guard shape == expected.shape else { return }
    let distance = relativeDistance(found.scalars, expected.scalars)
    #expect(distance < tolerance, "\(name) is \(distance) away", sourceLocation: location)
  }

  /// Expects a layer with the fixture's state to give the fixture's output, gradients and, in training, buffers.
  static func expectAgreement<L: Layer>(
    _ name: String, _ layer: L, isTraining: Bool = false, location: SourceLocation = #_sourceLocation
  ) throws where L.Scalar == Double {
    try expectAgreement(name, layer, ["input"], isTraining: isTraining, location: location) { layer, x in
      var generator = RandomGenerator(seed: 0)
      return isTraining ? layer(x[0], training: &generator) : layer(x[0])
    }
  }

  /// The same for a module of several inputs, which `call` calls.
  static func expectAgreement<M: Module>(
    _ name: String, _ module: M, _ inputNames: [String], isTraining: Bool = false,
    location: SourceLocation = #_sourceLocation,
    call: (inout M, [Tensor<Double>]) -> Tensor<Double>
  ) throws where M.Scalar == Double {
    var module = module
    try module.load(from: file(), prefix: "\(name).state.")
    let inputs = try inputNames.map { try tensor("\(name).\($0)") }
    let covector = try tensor("\(name).covector")
    let (_, slopes) = valueWithGradient(at: inputs) { inputs in
      var copy = module
      return (call(&copy, inputs) * covector).sum()
    }
    for (inputName, slope) in zip(inputNames, slopes) {
      try expect(slope, is: "\(name).gradient.\(inputName)", location)
    }
    var output = Tensor<Double>(0)
    let (_, slope) = valueWithGradient(at: &module) { module in
      output = call(&module, inputs)
      return (output * covector).sum()
    }
    try expect(output.detached(), is: "\(name).output", location)
    for (parameter, tensor) in slope { try expect(tensor, is: "\(name).gradient.\(parameter)", location) }
    guard isTraining else { return }
    for (buffer, tensor) in module.state where module.parameters[buffer] == nil {
      try expect(tensor, is: "\(name).after.\(buffer)", location)
    }
  }
}
