extension Tensor {
  /// The same elements, in row-major order, under another shape. One length may be −1: it is worked out.
  /// Nothing is copied where steps over the same memory can say so.
  /// d/dx is the gradient under the old shape.
  ///
  /// - Precondition: The product of the lengths is the number of elements.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func reshaped(to shape: Shape) -> Tensor {
    let target = ShapeCheck.reshaping("reshaped", self.shape, to: shape)
    if target == self.shape { return self }
    if isMapped {
      return throughMapped { x, shift in x.reshaped(to: x.shape.prefix(shift) + target) }
    }
    let source = self.shape
    return record(
      "reshaped", Tensor(array.reshaped(to: target)), (self, { g in g.reshaped(to: source) }),
      pushing: { $0.reshaped(to: target) })
  }

  /// The tensor without `axes`, which must have length 1, or without all axes of length 1.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func squeezed(axes: [Int]? = nil) -> Tensor {
    let dropped =
      axes.map { ShapeCheck.axes("squeezed", $0, rank: rank) } ?? shape.indices.filter { shape[$0] == 1 }
    for axis in dropped {
      ShapeCheck.require(shape[axis] == 1) {
        "squeezed: axis \(axis) of \(shape) has the length \(shape[axis]), not 1"
      }
    }
    return reshaped(to: shape.indices.filter { !dropped.contains($0) }.map { shape[$0] })
  }

  /// The tensor with a new axis of length 1, without a copy.
  ///
  /// - Parameter axis: Where the new axis is in the result; negative ones count from the back.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func expanded(axis: Int) -> Tensor {
    var target = shape
    target.insert(1, at: ShapeCheck.axis("expanded", axis, rank: rank + 1))
    return reshaped(to: target)
  }

  /// The tensor stretched to `shape` by NumPy's rule, without a copy. d/dx is the gradient summed back.
  ///
  /// - Precondition: The tensor's shape broadcasts to `shape`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func broadcast(to shape: Shape) -> Tensor {
    ShapeCheck.require(self.shape.broadcast(with: shape) == shape) {
      "broadcast: \(self.shape) does not broadcast to \(shape)"
    }
    if shape == self.shape { return self }
    if isMapped {
      return aligned(to: mapped, rank: shape.count).broadcast(
        to: stored.layout.shape.prefix(mappedCount) + shape
      )
      .asMapped(mapped)
    }
    return record(
      "broadcast", Tensor(array.broadcast(to: shape)), (self, { $0 }), pushing: { $0.broadcast(to: shape) })
  }
}

extension ShapeCheck {
  /// `target` with its −1, if any, worked out.
  static func reshaping(_ operation: String, _ source: Shape, to target: Shape) -> Shape {
    let count = source.elementCount
    guard let free = target.firstIndex(of: -1) else {
      validShape(operation, target)
      require(target.elementCount == count) {
        "\(operation): \(source) has \(count) elements, \(target) has \(target.elementCount)"
      }
      return target
    }
    var result = target
    result[free] = 1
    require(result.allSatisfy { $0 >= 0 }) { "\(operation): \(target) has more than one unknown length" }
    let rest = result.elementCount
    require(rest > 0 && count % rest == 0) {
      "\(operation): \(source) has \(count) elements, which no length for −1 in \(target) gives"
    }
    result[free] = count / rest
    return result
  }
}
