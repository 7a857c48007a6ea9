import Tensor

/// An epoch of plain gradient descent on made-up digits, in batches of 128, from the same start each time.
enum Training {
  private typealias Numbers = Tensor<Float>
  private static let batch = 128
  private static let rate: Float = 0.1

  /// The epoch of the network `name` over `count` pictures: a function that trains and returns the last loss.
  static func epoch(_ name: String, _ count: Int) -> (() -> Double?)? {
    let network: ([Numbers], Numbers) -> Numbers
    let shapes: [Shape]
    let pictureShape: Shape
    switch name {
    case "trainMLP":
      (network, shapes, pictureShape) = (perceptron, [[784, 256], [256], [256, 10], [10]], [784])
    case "trainConvolutions":
      network = convolutions
      shapes = [[8, 1, 3, 3], [8], [16, 8, 3, 3], [16], [784, 10], [10]]
      pictureShape = [1, 28, 28]
    default: return nil
    }
    let (pictures, labels) = digits(count, pictureShape)
    return {
      var parameters = shapes.enumerated().map { index, shape in
        Inputs.noise(shape, seed: UInt32(100 + index)) * 0.1
      }
      var loss: Float = 0
      for start in stride(from: 0, to: count, by: batch) {
        let range = start..<min(start + batch, count)
        let (x, target) = (pictures[range], labels[range])
        let (value, slopes) = valueWithGradient(at: parameters) { parameters in
          -(network(parameters, x).logSoftmax(axis: 1) * target).sum() / Float(range.count)
        }
        for (index, slope) in slopes.enumerated() { parameters[index] -= rate * slope }
        loss = value.scalar
      }
      return Double(loss)
    }
  }

  private static func perceptron(_ p: [Numbers], _ x: Numbers) -> Numbers {
    (x.matrixProduct(p[0]) + p[1]).relu().matrixProduct(p[2]) + p[3]
  }

  private static func convolutions(_ p: [Numbers], _ x: Numbers) -> Numbers {
    let small = x.conv2D(p[0], bias: p[1], padding: 1, applyingReLU: true).maxPool2D(window: 2)
    let smaller = small.conv2D(p[2], bias: p[3], padding: 1, applyingReLU: true).maxPool2D(window: 2)
    return smaller.reshaped(to: [x.shape[0], -1]).matrixProduct(p[4]) + p[5]
  }

  /// Ten patterns in turn under noise, and a one where the label is.
  private static func digits(_ count: Int, _ shape: Shape) -> (pictures: Numbers, labels: Numbers) {
    let patterns = Inputs.noise([10, 784], seed: 50)
    let noise = Inputs.noise([count / 10, 10, 784], seed: 51)
    let labels = (0..<count * 10).map { $0 / 10 % 10 == $0 % 10 ? Float(1) : 0 }
    return ((noise + patterns).reshaped(to: [count] + shape), Tensor(labels, shape: [count, 10]))
  }
}
