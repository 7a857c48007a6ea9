import Tensor

/// Tensors that are not the state of the optimiser that was to go on from them.
public struct OptimizerStateError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The type of the optimiser that was to be restored.
  public let optimizer: String
  /// The reason why the state does not fit.
  public let cause: String
  /// The file as it was named; `nil` for a state that was not read from one.
  public var file: String?

  /// An error with this cause, as an optimiser of one's own throws it.
  public init(optimizer: String, cause: String, file: String? = nil) {
    self.optimizer = optimizer
    self.cause = cause
    self.file = file
  }

  public var description: String {
    let place = file.map { "\($0): " } ?? ""
    return "\(place)the tensors are not a state of \(optimizer): \(cause)"
  }
}

/// Collects what an optimiser remembers, under names.
struct StateWriter<Scalar: TensorScalar> {
  private var names: [String] = []
  private var tensors: [Tensor<Scalar>] = []

  var state: NamedTensors<Scalar> { NamedTensors(names: names, tensors: tensors) }

  mutating func add(_ name: String, _ tensor: Tensor<Scalar>) {
    names.append(name)
    tensors.append(tensor)
  }

  /// A number, as three elements that add up to it: one `Float` has too few digits.
  mutating func add(_ name: String, _ number: Double) {
    var rest = number
    let parts = (0..<3).map { _ in
      let part = Scalar(rest)
      rest -= Double(part)
      return part
    }
    add(name, Tensor(parts))
  }

  /// Tensors, each under its own name after `name` and a dot.
  mutating func add(_ name: String, _ part: NamedTensors<Scalar>) {
    for (own, tensor) in part { add("\(name).\(own)", tensor) }
  }
}

/// Takes a state apart, and knows what nobody asked for.
struct StateReader<Scalar: TensorScalar> {
  private let optimizer: String
  private let state: NamedTensors<Scalar>
  private var unread: [String: Tensor<Scalar>]

  init(_ state: NamedTensors<Scalar>, of optimizer: String) {
    self.optimizer = optimizer
    self.state = state
    unread = Dictionary(uniqueKeysWithValues: state.map { ($0.name, $0.tensor.detached()) })
  }

  func has(_ name: String) -> Bool { unread[name] != nil }

  /// The tensor called `name`, of that shape if one is given.
  mutating func tensor(_ name: String, shape: Shape? = nil) throws(OptimizerStateError) -> Tensor<Scalar> {
    guard let tensor = unread.removeValue(forKey: name) else { throw error("'\(name)' is missing") }
    if let shape, tensor.shape != shape {
      throw error("'\(name)' has the shape \(tensor.shape), not \(shape)")
    }
    return tensor
  }

  mutating func number(_ name: String) throws(OptimizerStateError) -> Double {
    let number = try tensor(name, shape: [3]).scalars.reduce(0) { $0 + Double($1) }
    guard number.isFinite else { throw error("'\(name)' is \(number)") }
    return number
  }

  mutating func count(_ name: String) throws(OptimizerStateError) -> Int {
    let number = try number(name)
    guard let count = Int(exactly: number), count >= 0 else { throw error("'\(name)' is \(number)") }
    return count
  }

  /// The tensors whose names begin with `name` and a dot, without that.
  mutating func part(_ name: String) -> NamedTensors<Scalar> {
    let found = state.names.filter { $0.hasPrefix("\(name).") }
    return NamedTensors(
      names: found.map { String($0.dropFirst(name.count + 1)) },
      tensors: found.compactMap { unread.removeValue(forKey: $0) })
  }

  /// A tensor for each parameter; where there are some in `other` as well, for the same ones.
  mutating func memory(
    _ name: String, like other: ParameterMemory<Scalar>? = nil
  ) throws(OptimizerStateError) -> ParameterMemory<Scalar> {
    let memory = ParameterMemory(part(name))
    if let other, !memory.hasShapes(of: other) {
      throw error("what is under '\(name)' does not belong to the other tensors")
    }
    return memory
  }

  /// Ends the reading.
  func finish() throws(OptimizerStateError) {
    if let name = state.names.first(where: has) { throw error("'\(name)' is none of its tensors") }
  }

  func error(_ cause: String) -> OptimizerStateError {
    OptimizerStateError(optimizer: optimizer, cause: cause)
  }
}
