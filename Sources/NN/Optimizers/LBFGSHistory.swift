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
  ///
  /// The oldest pair is gone before there is another one, so that there is never a pair too many.
  ///
  /// - Returns: The norm of the step.
  mutating func insert(
    from start: Evaluation<Scalar>, to end: Evaluation<Scalar>,
    initialInverseHessian: ((Tensor<Scalar>) -> Tensor<Scalar>)?
  ) -> Double {
    let products = Vectors.productsOfDifferences(end.x, start.x, end.gradient, start.gradient)
    insert(products, initialInverseHessian) {
      (
        Vectors.moved(end.x, by: -1, along: start.x),
        Vectors.moved(end.gradient, by: -1, along: start.gradient)
      )
    }
    return products.first.squareRoot()
  }

  /// Adds a pair that is there already.
  mutating func insert(
    step: Tensor<Scalar>, change: Tensor<Scalar>, initialInverseHessian: ((Tensor<Scalar>) -> Tensor<Scalar>)?
  ) {
    let products = (Vectors.dot(step, change), Vectors.squaredNorm(step), Vectors.squaredNorm(change))
    insert(products, initialInverseHessian) { (step, change) }
  }

  private mutating func insert(
    _ products: (both: Double, first: Double, second: Double),
    _ initialInverseHessian: ((Tensor<Scalar>) -> Tensor<Scalar>)?,
    _ makePair: () -> (step: Tensor<Scalar>, change: Tensor<Scalar>)
  ) {
    let (curvature, stepSquare, changeSquare) = products
    let threshold = Double(Scalar.ulpOfOne) * (stepSquare * changeSquare).squareRoot()
    guard curvature > threshold, curvature.isFinite, changeSquare.isFinite else { return }
    if pairs.count == capacity { pairs.removeFirst() }
    let (step, change) = makePair()
    pairs.append(Pair(step: step, change: change, curvature: curvature))
    let filteredSquare = initialInverseHessian.map { Vectors.dot(change, $0(change)) } ?? changeSquare
    scale = curvature / filteredSquare
  }

  /// −H · gradient, by the two-loop recursion, in place over one tensor.
  ///
  /// - Parameter freeze: Puts zeros where elements may not move, P, in the gradient and around the first guess K of the
  ///   inverse Hessian, which then is P·K·P. It needs P on both sides: K spreads what is frozen to its neighbours, and
  ///   the neighbours to what is frozen.
  func direction(
    for gradient: Tensor<Scalar>, initialInverseHessian: ((Tensor<Scalar>) -> Tensor<Scalar>)?,
    freeze: ((inout Tensor<Scalar>) -> Void)? = nil
  ) -> Tensor<Scalar> {
    var direction = Vectors.moved(gradient, by: -2, along: gradient)
    freeze?(&direction)
    var weights = [Double](repeating: 0, count: pairs.count)
    for index in pairs.indices.reversed() {
      let pair = pairs[index]
      weights[index] = Vectors.dot(pair.step, direction) / pair.curvature
      Vectors.add(pair.change, times: -weights[index], to: &direction)
    }
    if let initialInverseHessian {
      freeze?(&direction)
      Vectors.copy(initialInverseHessian(direction), to: &direction)
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
