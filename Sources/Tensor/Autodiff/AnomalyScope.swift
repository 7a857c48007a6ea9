import Synchronization

/// What ``anomalyDetection(_:)`` has seen: the first anomaly, and where each node was made.
final class AnomalyDetector: Sendable {
  private struct State {
    var anomaly: AnomalyError?
    var origins: [UInt64: CallSite] = [:]
  }

  private let state = Guarded(State())
  fileprivate let callSite = CallSite.recorder()

  var anomaly: AnomalyError? { state.withLock { $0.anomaly } }

  func watch<Value>(_ body: () throws -> Value) rethrows -> Value {
    scopeCount.wrappingAdd(1, ordering: .relaxed)
    defer { scopeCount.wrappingSubtract(1, ordering: .relaxed) }
    return try AnomalyScope.$current.withValue(AnomalyScope(detector: self), operation: body)
  }

  fileprivate func remember(_ node: UInt64, _ origin: CallSite) {
    state.withLock { $0.origins[node] = origin }
  }

  fileprivate func origin(of node: UInt64) -> CallSite? { state.withLock { $0.origins[node] } }

  fileprivate func report(_ anomaly: AnomalyError) {
    state.withLock { $0.anomaly = $0.anomaly ?? anomaly }
  }
}

/// The scopes that are open in the process: while there are none, nothing else is looked at.
private let scopeCount = Atomic<Int>(0)

/// The detection that the current task is in.
struct AnomalyScope: Sendable {
  fileprivate let detector: AnomalyDetector
  /// Inside the derivative of a recorded operation, whose call then stands for those of the derivative's own
  /// operations.
  fileprivate var pulling: Pulling?

  fileprivate struct Pulling: Sendable {
    let origin: CallSite?
  }

  @TaskLocal fileprivate static var current: AnomalyScope?

  /// The scope, if the task is in one.
  @inline(__always)
  static var inUse: AnomalyScope? {
    scopeCount.load(ordering: .relaxed) == 0 ? nil : current
  }

  fileprivate init(detector: AnomalyDetector) { self.detector = detector }

  /// Where the operation that made a node was called, as far as the detection has seen it.
  func origin<Scalar: TensorScalar>(of node: Node<Scalar>) -> AnomalyError.Location? {
    detector.origin(of: node.id)?.location
  }

  /// Looks through an operation's results, of which there is one or more.
  func examine<Scalar: TensorElement>(
    _ results: [Tensor<Scalar>], of operation: StaticString, _ operands: [Tensor<Scalar>]
  ) {
    if Scalar.self == Float.self {
      examineNumbers(results as! [Tensor<Float>], of: operation, operands as! [Tensor<Float>])
    } else if Scalar.self == Double.self {
      examineNumbers(results as! [Tensor<Double>], of: operation, operands as! [Tensor<Double>])
    }
  }

  private func examineNumbers<Scalar: TensorScalar>(
    _ results: [Tensor<Scalar>], of operation: StaticString, _ operands: [Tensor<Scalar>]
  ) {
    if let pulling {
      if let node = results.first?.node, let origin = pulling.origin { detector.remember(node.id, origin) }
      return
    }
    if let node = results.first?.node { detector.remember(node.id, detector.callSite()) }
    for (index, result) in results.enumerated() {
      report(
        result, from: operands, made: .operation, given: .operand, "\(operation)",
        output: results.count > 1 ? index : nil, origin: { detector.callSite() })
    }
  }

  /// Looks through the complete gradients of a node's results.
  func examine<Scalar: TensorScalar>(_ gradients: OutputGradients<Scalar>, reaching node: Node<Scalar>) {
    if pulling != nil { return }
    for index in 0..<gradients.count {
      guard let gradient = gradients[index] else { continue }
      report(
        gradient, from: [], made: .gradientSum, given: .gradientSum, "\(node.name)",
        output: gradients.count > 1 ? index : nil
      ) { detector.origin(of: node.id) }
    }
  }

  /// Calls `rule`, a derivative of `node`, and looks through what it returns.
  func pulling<Scalar: TensorScalar>(
    _ gradients: OutputGradients<Scalar>, through node: Node<Scalar>, _ rule: () -> Tensor<Scalar>
  ) -> Tensor<Scalar> {
    var inner = self
    let origin = detector.origin(of: node.id)
    inner.pulling = pulling ?? Pulling(origin: origin)
    let pulled = Self.$current.withValue(inner, operation: rule)
    if pulling == nil {
      report(
        pulled, from: gradients.all.compactMap(\.self), made: .derivative, given: .derivative, "\(node.name)"
      ) { origin }
    }
    return pulled
  }

  private func report<Scalar: TensorScalar>(
    _ tensor: Tensor<Scalar>, from operands: [Tensor<Scalar>], made: AnomalyError.Cause,
    given: AnomalyError.Cause, _ operation: String, output: Int? = nil, origin: () -> CallSite?
  ) {
    // What is mapped was looked at, or will be, with all examples.
    if detector.anomaly != nil || tensor.isMapped || Self.isFinite(tensor) { return }
    let unusual = operands.filter { !Self.isFinite($0) }
    let index: Int
    let source: Tensor<Scalar>
    let cause: AnomalyError.Cause
    if let nan = tensor.scalars.firstIndex(where: \.isNaN) {
      if let operand = unusual.first(where: { $0.scalars.contains(where: \.isNaN) }) {
        (source, cause) = (operand, given)
        index = operand.scalars.firstIndex(where: \.isNaN)!
      } else {
        (source, index, cause) = (tensor, nan, made)
      }
    } else if unusual.isEmpty, let infinite = tensor.scalars.firstIndex(where: \.isInfinite) {
      (source, index, cause) = (tensor, infinite, made)
    } else {
      return
    }
    detector.report(
      AnomalyError(
        operation: operation, cause: cause, output: cause == .operand ? nil : output,
        value: Double(source.scalars[index]),
        position: source.shape.place(ofElement: index), shape: source.shape, location: origin()?.location))
  }

  private static func isFinite<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) -> Bool {
    Tensor(Kernels.reduce(tensor.array, axes: Array(0..<tensor.rank), Reductions.Finiteness())).scalar == 0
  }
}

extension Reductions {
  /// 0 when all numbers are finite, else NaN.
  fileprivate struct Finiteness: Reduction {
    @inline(__always) static var identity: Double { 0 }
    @inline(__always) static func combine(_ a: Double, _ b: Double) -> Double { a * 0 + b * 0 }
  }
}
