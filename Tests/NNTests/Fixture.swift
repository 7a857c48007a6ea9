import Foundation
import NN
import Tensor
import TestSupport

/// The reference values that Tests/Fixtures/generate_network.py makes with PyTorch, and the network they belong to.
enum Fixture {
  static func file(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile(contentsOf: FixtureFile.folder.appending(path: "nn/\(name)").path)
  }

  /// A picture, [1, 3, H, W]: `content`, `style`, `image` (the content with noise) or `noise`.
  static func picture(_ name: String) throws -> Tensor<Float> {
    try file("pictures.safetensors").tensor(name)
  }

  static func curves() throws -> [String: Curves] {
    try FixtureFile.json("nn/curves.json")
  }

  struct Curves: Decodable {
    /// The loss before every step.
    let adam: [Double]
    /// [evaluations so far, loss] after every step.
    let lbfgs: [[Double]]
  }

  /// The network with the published normalised weights, read once.
  static func network(_ pooling: VGG19.Pooling = .max) throws -> VGG19 {
    VGG19(weights: try weights.get(), pooling: pooling)
  }

  static let weightsPath = {
    let environment = ProcessInfo.processInfo.environment
    let cache =
      environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory() + "/.cache"
    return cache + "/impasto/vgg_normalised.pth"
  }()

  private static let weights = Result {
    guard FileManager.default.fileExists(atPath: weightsPath) else { throw MissingWeights() }
    return try VGG19.Weights(contentsOf: weightsPath)
  }

  struct MissingWeights: Error, CustomStringConvertible {
    var description: String { "\(weightsPath) is missing: run `make weights`" }
  }

}

/// The elements that generate_network.py stores of a large array: at even steps, the first and the last among them.
func samples(_ tensor: Tensor<Float>, _ count: Int) -> [Double] {
  let flat = tensor.scalars
  return (0..<count).map { Double(flat[$0 * (flat.count - 1) / max(count - 1, 1)]) }
}

/// ‖a − b‖ / ‖b‖.
func relativeDistance(_ a: [Double], _ b: [Double]) -> Double {
  precondition(a.count == b.count)
  let difference = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  return (difference / b.reduce(0) { $0 + $1 * $1 }).squareRoot()
}

func norm(_ a: Tensor<Float>) -> Double { a.scalars.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
