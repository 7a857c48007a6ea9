extension Tensor {
  /// The elements at `positions` along `axis`, which the axes of the positions replace. d/dx sums the
  /// gradient of all places that show x.
  ///
  /// ```swift
  /// table.elements(at: tokens, axis: 0)  // [V, D] and tokens [N, T] give [N, T, D]
  /// ```
  ///
  /// For positions that are integers already, `table[[2, 0]]` is the same. PyTorch has it as `index_select`,
  /// NumPy as `take`.
  ///
  /// - Parameters:
  ///   - positions: Integers of any type, such as `argmax` gives; negative ones count from the back.
  ///   - axis: The axis that is indexed; negative ones count from the back.
  /// - Precondition: All positions are in range.
  public func elements<Position: TensorInteger>(at positions: Tensor<Position>, axis: Int) -> Tensor {
    let axis = ShapeCheck.axis("elements", axis, rank: rank)
    if positions.isMapped {
      let scope = MappingScope.open(deepest(mapped, positions.mapped))
      let x = lifted(to: scope)
      let plan = AxisPositions(
        "elements", lists: positions.reshaped(to: [positions.count]).lifted(to: scope),
        axis: axis + scope.lengths.count, of: x.shape)
      return x.gathered(plan).asMapped(scope.axes).reshaped(to: shape.replacing(axis, with: positions.shape))
    }
    return gathered(AxisPositions("elements", positions, axis: axis, of: shape)).reshaped(
      to: shape.replacing(axis, with: positions.shape))
  }

  /// The elements at each line's own `positions` along `axis` (a gather): for axis 1 of a matrix,
  /// y[i, j] = x[i, p[i, j]]. d/dx sums the gradient of all places that show x.
  ///
  /// ```swift
  /// let logLikelihood = logProbabilities.gathered(at: labels.expanded(axis: 1), axis: 1)  // [N, C] gives [N, 1]
  /// ```
  ///
  /// PyTorch has it as `gather`, NumPy as `take_along_axis`.
  ///
  /// - Parameters:
  ///   - positions: Integers of any type, such as `argsort` gives; negative ones count from the back. The result has
  ///     their shape.
  ///   - axis: The axis that is indexed; negative ones count from the back.
  /// - Precondition: The shapes of the tensor and of the positions agree beside `axis`; all positions are in
  ///   range.
  public func gathered<Position: TensorInteger>(at positions: Tensor<Position>, axis: Int) -> Tensor {
    let axis = ShapeCheck.axis("gathered", axis, rank: rank)
    if positions.isMapped {
      let scope = MappingScope.open(deepest(mapped, positions.mapped))
      return lifted(to: scope).gathered(at: positions.lifted(to: scope), axis: axis + scope.lengths.count)
        .asMapped(scope.axes)
    }
    return gathered(AxisPositions("gathered", each: positions, axis: axis, of: shape))
  }
}

extension Tensor where Scalar: TensorScalar {
  /// The tensor with `values` added at `positions` along `axis`: the transpose of ``elements(at:axis:)``.
  /// What meets at one position is summed. d/dx is the gradient, d/dvalues the gradient at the positions.
  ///
  /// PyTorch has it as `index_add`.
  ///
  /// - Parameters:
  ///   - values: Of the shape of `elements(at: positions, axis: axis)`.
  ///   - positions: Integers of any type; negative ones count from the back.
  ///   - axis: The axis that is indexed; negative ones count from the back.
  /// - Precondition: All positions are in range.
  public func adding<Position: TensorInteger>(
    _ values: Tensor, at positions: Tensor<Position>, axis: Int
  ) -> Tensor {
    let (values, plan) = addition(values, positions, axis)
    return scatterAdding(values, plan)
  }

  /// Adds `values` at `positions` along `axis`, in place when neither is tracked and nobody else sees the
  /// memory; see ``adding(_:at:axis:)``.
  public mutating func add<Position: TensorInteger>(
    _ values: Tensor, at positions: Tensor<Position>, axis: Int
  ) {
    let (values, plan) = addition(values, positions, axis)
    scatterAdd(values, plan)
  }

  /// The tensor with `values` added to every line along `axis` at that line's own `positions`: the transpose
  /// of ``gathered(at:axis:)``. What meets at one position is summed. d/dx is the gradient, d/dvalues the
  /// gradient at the positions.
  ///
  /// PyTorch has it as `scatter_add`.
  ///
  /// - Parameters:
  ///   - values: Of the shape of the positions.
  ///   - positions: Integers of any type; negative ones count from the back.
  ///   - axis: The axis that is indexed; negative ones count from the back.
  /// - Precondition: The shapes of the tensor and of the positions agree beside `axis`; all positions are in
  ///   range.
  public func scatterAdding<Position: TensorInteger>(
    _ values: Tensor, at positions: Tensor<Position>, axis: Int
  ) -> Tensor {
    if positions.isMapped {
      let scope = MappingScope.open([mapped, values.mapped, positions.mapped].reduce(.none, deepest))
      let axis = ShapeCheck.axis("scatterAdding", axis, rank: rank)
      return lifted(to: scope).scatterAdding(
        values.lifted(to: scope), at: positions.lifted(to: scope), axis: axis + scope.lengths.count
      ).asMapped(scope.axes)
    }
    return scatterAdding(values, scattering(values, positions, axis))
  }

  /// Adds `values` to every line along `axis` at that line's own `positions`, in place when neither is
  /// tracked and nobody else sees the memory; see ``scatterAdding(_:at:axis:)``.
  public mutating func scatterAdd<Position: TensorInteger>(
    _ values: Tensor, at positions: Tensor<Position>, axis: Int
  ) {
    if isMapped || values.isMapped || positions.isMapped {
      self = scatterAdding(values, at: positions, axis: axis)
    } else {
      scatterAdd(values, scattering(values, positions, axis))
    }
  }
}

extension Tensor {
  /// The elements at `positions`.
  func gathered(_ positions: AxisPositions) -> Tensor {
    if isMapped { return throughMapped { x, shift in x.gathered(positions.behind(x.shape.prefix(shift))) } }
    let shape = self.shape
    return record(
      "gathered", Tensor(Kernels.gather(array, positions)),
      (self, { g in g.scattered(positions, in: shape) }), pushing: { $0.gathered(positions) })
  }

  /// The tensor added at `positions` to zeros of `shape`: the transpose of `gathered`.
  func scattered(_ positions: AxisPositions, in shape: Shape) -> Tensor {
    if isMapped {
      return throughMapped { x, shift in
        let lengths = x.shape.prefix(shift)
        return x.scattered(positions.behind(lengths), in: lengths + shape)
      }
    }
    return record(
      "scattered", Tensor(Kernels.scatter(array, positions, in: shape)),
      (self, { g in g.gathered(positions) }), pushing: { $0.scattered(positions, in: shape) })
  }

}

extension Tensor where Scalar: TensorScalar {
  private func scatterAdding(_ values: Tensor, _ positions: AxisPositions) -> Tensor {
    if isMapped || values.isMapped {
      let scope = MappingScope.open(deepest(mapped, values.mapped))
      return lifted(to: scope).scatterAdding(values.lifted(to: scope), positions.behind(scope.lengths))
        .asMapped(scope.axes)
    }
    let result = Kernels.changed(array, by: values.array, at: positions, .add)
    return record("scatterAdding", Tensor(result), (self, { $0 }), (values, { g in g.gathered(positions) }))
  }

  private mutating func scatterAdd(_ values: Tensor, _ positions: AxisPositions) {
    if isTracked || values.isTracked || isMapped || values.isMapped {
      self = scatterAdding(values, positions)
    } else {
      array.makeWritable()
      Kernels.transfer(values.array, array, positions, .add)
    }
  }

  /// The values as rows for one list of positions.
  private func addition<Position: TensorInteger>(
    _ values: Tensor, _ positions: Tensor<Position>, _ axis: Int
  ) -> (Tensor, AxisPositions) {
    let axis = ShapeCheck.axis("adding", axis, rank: rank)
    let expected = shape.replacing(axis, with: positions.shape)
    ShapeCheck.require(values.shape == expected) {
      "adding: values of shape \(values.shape) in place of \(expected), for positions of shape "
        + "\(positions.shape) along axis \(axis) of \(shape)"
    }
    if positions.isMapped {
      ShapeCheck.refuseMapped("adding at positions that differ from example to example")
    }
    let plan = AxisPositions("adding", positions, axis: axis, of: shape)
    return (values.reshaped(to: plan.shape), plan)
  }

  private func scattering<Position: TensorInteger>(
    _ values: Tensor, _ positions: Tensor<Position>, _ axis: Int
  ) -> AxisPositions {
    ShapeCheck.require(values.shape == positions.shape) {
      "scatterAdding: values of shape \(values.shape) for positions of shape \(positions.shape)"
    }
    let axis = ShapeCheck.axis("scatterAdding", axis, rank: rank)
    return AxisPositions("scatterAdding", each: positions, axis: axis, of: shape)
  }
}

extension Shape {
  fileprivate func replacing(_ axis: Int, with lengths: Shape) -> Shape {
    Array(self[..<axis]) + lengths + self[(axis + 1)...]
  }
}
