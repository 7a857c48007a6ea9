import Tensor

/// The operations that `small` measures, by name; `peer_small.py` has the same.
enum Subjects {
  typealias Numbers = Tensor<Float>

  /// One operation on a matrix of `count` elements, without derivatives but where the name says so, and in `Float` but
  /// where the name ends so.
  static func elementwise(_ name: String, _ count: Int) -> (() -> Double?)? {
    guard name.hasSuffix("Double") else { return elementwise(name, count, as: Float.self) }
    return elementwise(String(name.dropLast(6)), count, as: Double.self)
  }

  private static func elementwise<S: TensorScalar>(
    _ name: String, _ count: Int, as: S.Type
  ) -> (() -> Double?)? {
    let columns = count > 1000 ? 1000 : 100
    let shape = [count / columns, columns]
    let x = Tensor<S>(Inputs.noise(shape, seed: 1))
    let y = Tensor<S>(Inputs.noise(shape, seed: 2))
    func measured(_ operation: @escaping () -> Tensor<S>) -> () -> Double? {
      {
        _ = operation()
        return nil
      }
    }
    func withGradient(_ operation: @escaping (Tensor<S>) -> Tensor<S>) -> () -> Double? {
      measured { gradient(at: x) { (operation($0) * y).sum() } }
    }
    switch name {
    case "exp": return measured { x.exp() }
    case "tanh": return measured { x.tanh() }
    case "relu": return measured { x.relu() }
    case "add": return measured { x + y }
    case "sum": return measured { x.sum() }
    case "sumLast": return measured { x.sum(axes: [1]) }
    case "sumFirst": return measured { x.sum(axes: [0]) }
    case "max": return measured { x.max() }
    case "softmax": return measured { x.softmax(axis: 1) }
    case "layerNorm": return measured { x.standardized(axes: [1]) }
    case "softmaxGradient": return withGradient { $0.softmax(axis: 1) }
    case "layerNormGradient": return withGradient { $0.standardized(axes: [1]) }
    case "addRow":
      let row = Tensor<S>(Inputs.noise([columns], seed: 2))
      return measured { x + row }
    case "addColumn":
      let column = Tensor<S>(Inputs.noise([shape[0], 1], seed: 2))
      return measured { x + column }
    case "cumulativeSum": return measured { x.cumulativeSum(axis: 1) }
    case "elements", "adding":
      let rows = Tensor<Int64>(integers: (0..<500).map { $0 * 37 % shape[0] })
      if name == "elements" { return measured { x.elements(at: rows, axis: 0) } }
      let added = Tensor<S>(Inputs.noise([500, columns], seed: 3))
      return measured { x.adding(added, at: rows, axis: 0) }
    case "gatherFirst":
      let each = Tensor<Int64>(integers: (0..<count).map { $0 * 37 % shape[0] }).reshaped(to: shape)
      return measured { x.gathered(at: each, axis: 0) }
    case "mask":
      let mask = x .> 0
      return measured { x[where: mask] }
    case "logGamma":
      let positive = 10 * x.abs()
      return measured { positive.logGamma() }
    case "transpose": return measured { x.transposed().reshaped(to: [count]) }
    default: return nil
    }
  }

  /// What layers do with eight pictures of 56 × 56 pixels and `channels` features as a convolution left them, channels-last.
  static func features(_ name: String, _ channels: Int) -> (() -> Double?)? {
    guard ["batchNorm", "batchNormGradient", "instanceNorm"].contains(name) || name.hasPrefix("depthwise")
    else {
      return nil
    }
    let colours = Inputs.noise([8, 3, 56, 56], seed: 1)
    let x = colours.conv2D(Inputs.noise([channels, 3, 1, 1], seed: 2))
    let filter = Inputs.noise([channels, 1, 3, 3], seed: 3)
    let y = x.exp()
    func measured(_ operation: @escaping () -> Numbers) -> () -> Double? {
      {
        _ = operation()
        return nil
      }
    }
    func withGradient(at x: Numbers, _ operation: @escaping (Numbers) -> Numbers) -> () -> Double? {
      measured { gradient(at: x) { (operation($0) * y).sum() } }
    }
    switch name {
    case "batchNorm": return measured { x.standardized(axes: [0, 2, 3]) }
    case "batchNormGradient": return withGradient(at: x) { $0.standardized(axes: [0, 2, 3]) }
    case "instanceNorm": return measured { x.standardized(axes: [2, 3]) }
    case "depthwise": return measured { x.conv2D(filter, padding: 1, groups: channels) }
    case "depthwiseInput": return withGradient(at: x) { $0.conv2D(filter, padding: 1, groups: channels) }
    case "depthwiseFilter": return withGradient(at: filter) { x.conv2D($0, padding: 1, groups: channels) }
    default: return nil
    }
  }

  /// A hundred operations one after the other, on `count` elements, and the gradient of their sum.
  static func chain(_ name: String, _ count: Int) -> (() -> Double?)? {
    let x = Inputs.noise([count], seed: 1)
    let y = Inputs.noise([count], seed: 2)
    let step: (Numbers) -> Numbers
    switch name {
    case "chainAdd": step = { $0 + y }
    case "chainMultiply": step = { $0 * y }
    case "chainExp": step = { $0.exp() }
    case "chainTanh": step = { $0.tanh() }
    case "chainRelu": step = { $0.relu() }
    default: return nil
    }
    return {
      _ = gradient(at: x) { x in
        var x = x
        for _ in 0..<100 { x = step(x) }
        return x.sum()
      }
      return nil
    }
  }

  /// Products and factorisations of matrices of `order` rows.
  static func matrix(_ name: String, _ order: Int) -> (() -> Double?)? {
    func measured(_ operation: @escaping () throws -> Void) -> () -> Double? {
      {
        try! operation()
        return nil
      }
    }
    let batch = name == "batchedProduct" ? [1 << 18 / (order * order) + 16] : []
    let a = Inputs.noise(batch + [order, order], seed: 1)
    switch name {
    case "product", "batchedProduct":
      let b = Inputs.noise(batch + [order, order], seed: 2)
      return measured { _ = a.matrixProduct(b) }
    case "cholesky":
      let diagonal = Numbers(
        (0..<order * order).map { $0 % (order + 1) == 0 ? 1 : 0 }, shape: [order, order])
      let definite = a.selfProduct() + diagonal
      return measured { _ = try definite.cholesky() }
    case "eigh":
      let symmetric = a + a.transposed()
      return measured { _ = try symmetric.eigh() }
    case "svd": return measured { _ = try a.svd() }
    case "qr": return measured { _ = try a.qr() }
    default: return nil
    }
  }
}
