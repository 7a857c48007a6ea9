import Tensor

/// An optimiser that moves groups of parameters with figures of their own: another learning rate, no weight decay.
///
/// ```swift
/// var optimizer = ParameterGroups(AdamW<Float>(learningRate: 3e-4, weightDecay: 0.1))
/// optimizer.addGroup("plain", where: { $0.hasSuffix("bias") || $0.contains("norm") }) { $0.weightDecay = 0 }
/// optimizer.addGroup("head", rateFactor: 10, where: { $0.hasPrefix("head.") })
/// optimizer.update(&model, along: slope)
/// ```
///
/// A parameter belongs to the first group whose condition its name meets, or to the rest. Each group's learning rate is
/// ``learningRate`` times its factor, so that one schedule is for all.
public struct ParameterGroups<Base: FirstOrderOptimizer>: FirstOrderOptimizer {
  public typealias Scalar = Base.Scalar

  /// Some of the parameters, and the optimiser that moves them.
  public struct Group: Sendable {
    /// The name, under which the group's state is kept.
    public let name: String
    /// The group's learning rate over that of the rest.
    public var rateFactor: Double
    /// The optimiser of this group. Its learning rate is set before each step.
    public var optimizer: Base
    /// Whether a parameter of that name belongs to the group, if no group before takes it.
    public let contains: @Sendable (String) -> Bool
  }

  /// The optimiser of the parameters that no group takes.
  public var rest: Base
  /// The groups; the first whose condition a name meets takes the parameter.
  public var groups: [Group] = []
  public var descentGuard = DescentGuard<Scalar>()

  /// An optimiser without groups yet, all of whose parameters `optimizer` moves.
  public init(_ optimizer: Base) { rest = optimizer }

  /// Adds a group after those that are there.
  ///
  /// - Parameters:
  ///   - name: The group's name, for its state in a file.
  ///   - rateFactor: The group's learning rate over that of the rest.
  ///   - contains: Whether a parameter of that name belongs to it.
  ///   - configure: Changes figures of the group's optimiser, which begins as that of the rest is now.
  /// - Precondition: No group has that name, it is not "rest" and has no dot, and `rateFactor` is finite and not negative.
  public mutating func addGroup(
    _ name: String, rateFactor: Double = 1, where contains: @escaping @Sendable (String) -> Bool,
    configure: (inout Base) -> Void = { _ in }
  ) {
    ShapeCheck.require(name != "rest" && !name.contains(".") && groups.allSatisfy { $0.name != name }) {
      "ParameterGroups: a group cannot be called '\(name)'; take a name without dots that is not in use: "
        + listed(["rest"] + groups.map(\.name))
    }
    ShapeCheck.require(rateFactor >= 0 && rateFactor.isFinite) {
      "ParameterGroups: the rate factor \(rateFactor) is not a finite number from 0 on"
    }
    var optimizer = rest
    optimizer.reset()
    configure(&optimizer)
    groups.append(Group(name: name, rateFactor: rateFactor, optimizer: optimizer, contains: contains))
  }

  /// The learning rate of the rest; that of a group is its factor times this.
  public var learningRate: Double {
    get { rest.learningRate }
    set { rest.learningRate = newValue }
  }

  public mutating func reset() {
    rest.reset()
    for index in groups.indices { groups[index].optimizer.reset() }
    descentGuard = DescentGuard()
  }

  /// The names of the parameters that each group takes, and the rest: for a look at whether the conditions are right.
  public func members(of parameters: NamedTensors<Scalar>) -> [(group: String, names: [String])] {
    let places = places(of: parameters.names)
    return (groups.map(\.name) + ["rest"]).enumerated().map { index, name in
      (name, places[index].map { parameters.names[$0] })
    }
  }

  /// The positions of the names in each group, and at last in the rest.
  private func places(of names: [String]) -> [[Int]] {
    var places = [[Int]](repeating: [], count: groups.count + 1)
    for (position, name) in names.enumerated() {
      places[groups.firstIndex { $0.contains(name) } ?? groups.count].append(position)
    }
    return places
  }

  public mutating func update(_ parameters: inout NamedTensors<Scalar>, along gradients: NamedTensors<Scalar>)
  {
    gradients.requireGradients(of: parameters, "ParameterGroups")
    for (index, places) in places(of: parameters.names).enumerated() where !places.isEmpty {
      var part = NamedTensors(
        names: places.map { parameters.names[$0] }, tensors: places.map { parameters.tensors[$0] })
      // What is left behind must not share the memory that is written.
      for place in places { parameters.tensors[place] = Tensor(0) }
      let slope = NamedTensors(names: part.names, tensors: places.map { gradients.tensors[$0] })
      if index < groups.count {
        groups[index].optimizer.learningRate = rest.learningRate * groups[index].rateFactor
        groups[index].optimizer.update(&part, along: slope)
      } else {
        rest.update(&part, along: slope)
      }
      for (place, tensor) in zip(places, part.tensors) { parameters.tensors[place] = tensor }
    }
  }

  /// Moves one tensor, which has no name to group it by.
  ///
  /// - Precondition: There is no group.
  public mutating func step<Failure: Error>(
    _ x: inout Tensor<Scalar>,
    evaluate: (Tensor<Scalar>) throws(Failure) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>)
  ) throws(Failure) -> StepReport {
    ShapeCheck.require(groups.isEmpty) {
      "ParameterGroups: step(_:evaluate:) moves all as one tensor, which knows no groups; take a gradient with "
        + "valueWithGradient(at:in:) and make the step with update(_:along:)"
    }
    return try rest.step(&x, evaluate: evaluate)
  }

  public var state: NamedTensors<Scalar> {
    var writer = StateWriter<Scalar>()
    writer.add("rest", rest.state)
    for group in groups { writer.add(group.name, group.optimizer.state) }
    return writer.state
  }

  public mutating func restore(_ state: NamedTensors<Scalar>) throws(OptimizerStateError) {
    var reader = StateReader(state, of: "ParameterGroups")
    var restored = self
    try restored.rest.restore(reader.part("rest"))
    for index in groups.indices {
      try restored.groups[index].optimizer.restore(reader.part(groups[index].name))
    }
    try reader.finish()
    self = restored
  }
}
