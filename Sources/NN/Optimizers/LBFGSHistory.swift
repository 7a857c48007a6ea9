import Tensor

/// The pairs of steps and gradient changes that stand for an inverse Hessian.
struct LBFGSHistory<Scalar: TensorScalar> {
  private struct Pair {
    let step: Tensor<Scalar>
    let change: Tensor<Scalar>
    /// step · change, positive.
    let curvature: Double
  }

  let capacity: Int
  /// Oldest first.
  private var pairs: [Pair] = []
  /// What the first guess of the inverse Hessian is multiplied by.
  private var scale = 1.0

  init(capacity: Int) { self.capacity = capacity }

  /// The pairs that ``write(to:)`` named, for an `x` of `shape`.
  init(
    capacity: Int, from reader: inout StateReader<Scalar>, shape: Shape,
    initialInverseHessian: ((Tensor<Scalar>) -> Tensor<Scalar>)?
  ) throws(OptimizerStateError) {
    self.init(capacity: capacity)
    var index = 0
    while reader.has("step.\(index)") {
      insert(
        step: try reader.tensor("step.\(index)", shape: shape),
        change: try reader.tensor("change.\(index)", shape: shape),
        initialInverseHessian: initialInverseHessian)
      index += 1
    }
  }

  func write(to writer: inout StateWriter<Scalar>) {
    for (index, pair) in pairs.enumerated() {
      writer.add("step.\(index)", pair.step)
      writer.add("change.\(index)", pair.change)
    }
  }

  var isEmpty: Bool { pairs.isEmpty }

  mutating func removeAll() {
    pairs.removeAll(keepingCapacity: true)
    scale = 1
  }

  /// Adds a pair, unless its curvature is not clearly positive: within the rounding of the scalar type it
  /// could have either sign, and the inverse Hessian would no longer be positive definite.
  mutating func insert(
    step: Tensor<Scalar>, change: Tensor<Scalar>, initialInverseHessian: ((Tensor<Scalar>) -> Tensor<Scalar>)?
  ) {
    let curvature = Vectors.dot(step, change)
    let changeSquare = Vectors.squaredNorm(change)
    let threshold = Double(Scalar.ulpOfOne) * (Vectors.squaredNorm(step) * changeSquare).squareRoot()
    guard curvature > threshold, curvature.isFinite, changeSquare.isFinite else { return }
    let filteredSquare = initialInverseHessian.map { Vectors.dot(change, $0(change)) } ?? changeSquare
    if pairs.count == capacity { pairs.removeFirst() }
    pairs.append(Pair(step: step, change: change, curvature: curvature))
    scale = curvature / filteredSquare
  }

  /// −H · gradient, by the two-loop recursion, in place over one tensor.
  ///
  /// - Parameter freeze: Puts zeros where elements may not move, P: the first guess K of the inverse Hessian then
  ///   is P·K·P. It needs P on both sides: K spreads what is frozen to its neighbours, and the neighbours to what
  ///   is frozen.
  func direction(
    for gradient: Tensor<Scalar>, initialInverseHessian: ((Tensor<Scalar>) -> Tensor<Scalar>)?,
    freeze: ((inout Tensor<Scalar>) -> Void)? = nil
  ) -> Tensor<Scalar> {
    var direction = Vectors.moved(gradient, by: -2, along: gradient)
    var weights = [Double](repeating: 0, count: pairs.count)
    for index in pairs.indices.reversed() {
      let pair = pairs[index]
      weights[index] = Vectors.dot(pair.step, direction) / pair.curvature
      Vectors.add(pair.change, times: -weights[index], to: &direction)
    }
    if let initialInverseHessian {
      freeze?(&direction)
      direction = initialInverseHessian(direction).lasting()
    }
    freeze?(&direction)
    if scale != 1 { Vectors.multiply(&direction, by: scale) }
    for (index, pair) in pairs.enumerated() {
      let correction = weights[index] - Vectors.dot(pair.change, direction) / pair.curvature
      Vectors.add(pair.step, times: correction, to: &direction)
    }
    return direction
  }
}
