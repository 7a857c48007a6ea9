// What the public elementwise operations are written with; see "Adding an operation" in CONTRIBUTING.md.

extension Tensor where Scalar: TensorScalar {
  /// `f` of every element, recorded as `name` with the rule for its derivative: from the gradient with respect to the
  /// result to that with respect to this tensor.
  @inline(__always)
  func elementwise(
    _ name: StaticString, _ f: some ElementFunction, _ rule: @escaping (Tensor) -> Tensor
  ) -> Tensor {
    let result = Tensor(Kernels.map(stored, f), mapped: mapped)
    // Asked here as well as in `record`: a chain of small operations is a tenth faster where no rule is made for nothing.
    return leavesNoTrace(self) ? result : record(name, result, inputs: [(self, rule)], pushing: .diagonal)
  }

  /// The same with a rule that uses the result: its second argument.
  @inline(__always)
  func elementwise(
    _ name: StaticString, _ f: some ElementFunction, _ rule: @escaping (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    let result = Tensor(Kernels.map(stored, f), mapped: mapped)
    // Asked here as well as in `record`: a chain of small operations is a tenth faster where no rule is made for nothing.
    return leavesNoTrace(self) ? result : record(name, result, inputs: [(self, rule)], pushing: .diagonal)
  }

  /// `f` of every element, with the derivative 0: the result is not tracked.
  @inline(__always)
  func elementwise(_ f: some ElementFunction) -> Tensor { Tensor(Kernels.map(stored, f), mapped: mapped) }

  /// `f` of every element, with a derivative that reads memory once instead of once for each step of its formula.
  ///
  /// - Parameters:
  ///   - slope: (g, x) ↦ g · f′(x).
  ///   - curvature: x ↦ f″(x), in operations that can be differentiated in turn.
  @inline(__always)
  func elementwise(
    _ name: StaticString, _ f: some ElementFunction, slope: some PairFunction,
    curvature: @escaping (Tensor) -> Tensor
  ) -> Tensor {
    let result = Tensor(Kernels.map(stored, f), mapped: mapped)
    if leavesNoTrace(self) { return result }
    return record(
      name, result, inputs: [(self, { g in self.pulledBack(g, slope, curvature) })], pushing: .diagonal)
  }

  /// g · f′(x), an operation with derivatives of its own.
  private func pulledBack(
    _ g: Tensor, _ slope: some PairFunction, _ curvature: @escaping (Tensor) -> Tensor
  ) -> Tensor {
    let pair = MappedPair(g, self, shape)
    return record(
      "elementwise gradient",
      Tensor(Kernels.zip(pair.x, pair.y, shape: pair.shape, slope), mapped: pair.mapped),
      inputs: [
        (g, { h in self.pulledBack(h, slope, curvature) }), (self, { h in h * g * curvature(self) }),
      ], pushing: .diagonal)
  }

  /// `f` of every pair of elements after broadcasting, recorded as `name` with a rule for each of the two.
  @inline(__always)
  static func elementwise(
    _ name: StaticString, _ x: Tensor, _ y: Tensor, _ f: some PairFunction,
    _ xRule: @escaping (Tensor) -> Tensor, _ yRule: @escaping (Tensor) -> Tensor
  ) -> Tensor {
    let shape = ShapeCheck.broadcast(name, x.shape, y.shape)
    let pair = MappedPair(x, y, shape)
    let result = Tensor(Kernels.zip(pair.x, pair.y, shape: pair.shape, f), mapped: pair.mapped)
    if leavesNoTrace(x), leavesNoTrace(y) { return result }
    return record(name, result, inputs: [(x, xRule), (y, yRule)], pushing: .diagonal)
  }

  /// The same with rules that use the result: their second argument.
  @inline(__always)
  static func elementwise(
    _ name: StaticString, _ x: Tensor, _ y: Tensor, _ f: some PairFunction,
    _ xRule: @escaping (Tensor, Tensor) -> Tensor, _ yRule: @escaping (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    let shape = ShapeCheck.broadcast(name, x.shape, y.shape)
    let pair = MappedPair(x, y, shape)
    let result = Tensor(Kernels.zip(pair.x, pair.y, shape: pair.shape, f), mapped: pair.mapped)
    if leavesNoTrace(x), leavesNoTrace(y) { return result }
    return record(name, result, inputs: [(x, xRule), (y, yRule)], pushing: .diagonal)
  }

  /// `f` of every pair of elements after broadcasting, with the derivatives 0: the result is not tracked.
  @inline(__always)
  static func elementwise(
    _ name: StaticString, _ x: Tensor, _ y: Tensor, _ f: some PairFunction
  ) -> Tensor {
    let shape = ShapeCheck.broadcast(name, x.shape, y.shape)
    let pair = MappedPair(x, y, shape)
    return Tensor(Kernels.zip(pair.x, pair.y, shape: pair.shape, f), mapped: pair.mapped)
  }
}
