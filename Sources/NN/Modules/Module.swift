import Tensor

/// A value that holds tensors under names: a layer, or a model made of layers.
///
/// A module names its parts itself, in one method, from which all else follows: its parameters and their gradients,
/// its state in a file.
///
/// ```swift
/// struct Classifier: Module {
///   var hidden: Linear<Float>
///   var output: Linear<Float>
///
///   mutating func visitParts(_ visitor: PartVisitor<Float>) {
///     visitor.module("hidden", &hidden)
///     visitor.module("output", &output)
///   }
///
///   func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { output(hidden(x).relu()) }
/// }
///
/// let (loss, slope) = valueWithGradient(at: &model) { model in Loss.crossEntropy(model(x), classes: y) }
/// optimizer.update(&model, along: slope)
/// try model.save(to: "classifier.safetensors")
/// ```
///
/// Names nest with dots, as in PyTorch: `hidden.weight`. A module is a value: a copy keeps its tensors when the
/// original is trained.
public protocol Module<Scalar>: Sendable {
  /// The element type of its tensors.
  associatedtype Scalar: TensorScalar

  /// Shows `visitor` every part that holds tensors, each under a name of its own. What is not shown here is neither
  /// trained nor saved.
  mutating func visitParts(_ visitor: PartVisitor<Scalar>)
}

/// What a tensor of a ``Module`` is for.
public enum TensorRole: Sendable {
  /// Training moves it along its gradient.
  case parameter
  /// A tensor of the state that has no gradient, as a running mean.
  case buffer
}

/// What a ``Module`` shows its parts to.
public struct PartVisitor<Scalar: TensorScalar> {
  /// The names of the modules around, each followed by a dot.
  private let prefix: String
  private let body: (String, TensorRole, inout Tensor<Scalar>) -> Void

  fileprivate init(prefix: String, _ body: @escaping (String, TensorRole, inout Tensor<Scalar>) -> Void) {
    self.prefix = prefix
    self.body = body
  }

  /// A tensor that is trained.
  public func parameter(_ name: String, _ tensor: inout Tensor<Scalar>) {
    body(prefix + name, .parameter, &tensor)
  }

  /// A tensor that is trained, where the module has it.
  public func parameter(_ name: String, _ tensor: inout Tensor<Scalar>?) {
    if tensor != nil { parameter(name, &tensor!) }
  }

  /// A tensor that is saved but not trained.
  public func buffer(_ name: String, _ tensor: inout Tensor<Scalar>) {
    body(prefix + name, .buffer, &tensor)
  }

  /// A tensor that is saved but not trained, where the module has it.
  public func buffer(_ name: String, _ tensor: inout Tensor<Scalar>?) {
    if tensor != nil { buffer(name, &tensor!) }
  }

  /// A module, whose names follow its own and a dot.
  public func module(_ name: String, _ part: inout some Module<Scalar>) {
    part.visitParts(PartVisitor(prefix: "\(prefix)\(name).", body))
  }

  /// A module, where there is one.
  public func module(_ name: String, _ part: inout (some Module<Scalar>)?) {
    if part != nil { module(name, &part!) }
  }

  /// Modules of one type, named by their positions: `blocks.0`, `blocks.1`, ….
  public func modules(_ name: String, _ parts: inout [some Module<Scalar>]) {
    for index in parts.indices { module("\(name).\(index)", &parts[index]) }
  }
}

extension Module {
  /// Calls `body` with every tensor of the module in the order of ``visitParts(_:)``, for reading and writing.
  public mutating func forEachTensor(
    _ body: (_ name: String, _ role: TensorRole, _ tensor: inout Tensor<Scalar>) -> Void
  ) {
    withoutActuallyEscaping(body) { visitParts(PartVisitor(prefix: "", $0)) }
  }

  /// The tensors that training moves.
  public var parameters: NamedTensors<Scalar> {
    get { tensors { $0 == .parameter } }
    set { replaceTensors(with: newValue) { $0 == .parameter } }
  }

  /// All tensors: the parameters and, among them, what is saved with them.
  public var state: NamedTensors<Scalar> {
    get { tensors { _ in true } }
    set { replaceTensors(with: newValue) { _ in true } }
  }

  private func tensors(_ isWanted: (TensorRole) -> Bool) -> NamedTensors<Scalar> {
    var (names, tensors): ([String], [Tensor<Scalar>]) = ([], [])
    var copy = self
    copy.forEachTensor { name, role, tensor in
      if isWanted(role) {
        names.append(name)
        tensors.append(tensor)
      }
    }
    return NamedTensors(names: names, tensors: tensors)
  }

  private mutating func replaceTensors(with new: NamedTensors<Scalar>, _ isWanted: (TensorRole) -> Bool) {
    new.requireMatch(tensors(isWanted), "Module", "the module")
    var position = 0
    forEachTensor { _, role, tensor in
      if isWanted(role) {
        tensor = new.tensors[position]
        position += 1
      }
    }
  }
}
