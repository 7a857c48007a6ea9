import Tensor

/// Layers around which their input is led: the output is the shortcut's plus what the layers made of it (He et al., 2015).
///
/// ```swift
/// Residual<Float> {
///   Conv2D(inputs: 64, outputs: 64, window: 3, padding: 1, bias: false, using: &generator)
///   BatchNorm(channels: 64)
///   Apply { $0.relu() }
///   Conv2D(inputs: 64, outputs: 64, window: 3, padding: 1, bias: false, using: &generator)
///   BatchNorm(channels: 64)
/// }
/// ```
///
/// The parts' names begin with `body` and `shortcut`.
public struct Residual<Scalar: TensorScalar>: Layer {
  /// The layers beside the shortcut.
  public var body: Sequential<Scalar>
  /// What the input goes through on its way around them, such as a 1×1 convolution where the shape changes; nothing for
  /// none.
  public var shortcut: Sequential<Scalar>

  /// Layers beside a shortcut without layers: x + body(x).
  public init(@LayerListBuilder<Scalar> _ body: () -> [any Layer<Scalar>]) {
    self.init(body, shortcut: {})
  }

  /// Layers beside a shortcut with layers of its own: shortcut(x) + body(x).
  public init(
    @LayerListBuilder<Scalar> _ body: () -> [any Layer<Scalar>],
    @LayerListBuilder<Scalar> shortcut: () -> [any Layer<Scalar>]
  ) {
    self.body = Sequential(body)
    self.shortcut = Sequential(shortcut)
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    visitor.module("body", &body)
    visitor.module("shortcut", &shortcut)
  }

  /// The sum of both ways.
  ///
  /// - Precondition: Both ways lead to one shape.
  public mutating func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    let (inner, outer) = (body.forward(x, &mode), shortcut.forward(x, &mode))
    ShapeCheck.require(inner.shape == outer.shape) {
      "Residual: the body makes \(inner.shape) of the input \(x.shape), the shortcut \(outer.shape)"
    }
    return outer + inner
  }
}

/// Layers side by side that are all given the input; their outputs are joined along an axis.
///
/// The parts' names are the branches' positions, as in ``Sequential``.
///
/// ```swift
/// Parallel<Float>(joinedAlong: 1) {  // [N, C, H, W] becomes [N, 96, H, W]
///   Conv2D(inputs: 32, outputs: 64, window: 1, using: &generator)
///   Conv2D(inputs: 32, outputs: 32, window: 3, padding: 1, using: &generator)
/// }
/// ```
public struct Parallel<Scalar: TensorScalar>: Layer {
  /// The branches; one of several layers is a ``Sequential``.
  public var branches: [any Layer<Scalar>]
  /// The axis along which outputs follow one another, a negative one counted from the back.
  public var axis: Int

  /// Layers whose outputs are joined along `axis`.
  ///
  /// - Precondition: There is a branch.
  public init(joinedAlong axis: Int, @LayerListBuilder<Scalar> _ branches: () -> [any Layer<Scalar>]) {
    self.branches = branches()
    self.axis = axis
    let count = self.branches.count
    ShapeCheck.require(count > 0) { "Parallel: there is no branch; list one layer at least" }
  }

  public mutating func visitParts(_ visitor: PartVisitor<Scalar>) {
    for index in branches.indices { visitor.module("\(index)", &branches[index]) }
  }

  /// The outputs of all branches, joined in their order.
  ///
  /// - Precondition: The outputs' shapes agree but for `axis`.
  public mutating func forward(_ x: Tensor<Scalar>, _ mode: inout ForwardMode) -> Tensor<Scalar> {
    var outputs: [Tensor<Scalar>] = []
    for index in branches.indices {
      // In use a branch is not asked through the list that it lies in, which would be copied for a change that it does
      // not make.
      outputs.append(mode.isTraining ? branches[index].forward(x, &mode) : branches[index](x))
    }
    return Tensor.concatenated(outputs, axis: axis)
  }
}
