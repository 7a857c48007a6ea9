extension Tensor where Scalar: TensorScalar {
  /// The sums of all elements up to each one along `axis`: yᵢ = x₀ + … + xᵢ. `Float` elements are summed in
  /// `Double`. dxᵢ = gᵢ + … + gₙ.
  ///
  /// - Parameter axis: Negative ones count from the back.
  public func cumulativeSum(axis: Int) -> Tensor {
    cumulativeSum(along: ShapeCheck.axis("cumulativeSum", axis, rank: rank), backwards: false)
  }

  private func cumulativeSum(along axis: Int, backwards: Bool) -> Tensor {
    if isMapped {
      return throughMapped { x, shift in x.cumulativeSum(along: axis + shift, backwards: backwards) }
    }
    return record(
      "cumulativeSum",
      Tensor(Kernels.scan(array, array, axis: axis, backwards: backwards, .sum)),
      (self, { g in g.cumulativeSum(along: axis, backwards: !backwards) }))
  }

  /// The products of all elements up to each one along `axis`: yᵢ = x₀ · … · xᵢ.
  ///
  /// dxᵢ is the sum of gₖ · ∏ xⱼ over all k ≥ i, where the product is over all j ≤ k but i; it is right at zeros
  /// too.
  ///
  /// - Parameter axis: Negative ones count from the back.
  /// - Complexity: O(n) for n elements, the derivative too.
  public func cumulativeProduct(axis: Int) -> Tensor {
    cumulativeProduct(along: ShapeCheck.axis("cumulativeProduct", axis, rank: rank), backwards: false)
  }

  private func cumulativeProduct(along axis: Int, backwards: Bool) -> Tensor {
    if isMapped {
      return throughMapped { x, shift in x.cumulativeProduct(along: axis + shift, backwards: backwards) }
    }
    let x = self
    return record(
      "cumulativeProduct",
      Tensor(Kernels.scan(array, array, axis: axis, backwards: backwards, .product)),
      (
        x,
        { g, y in
          // The factors before xᵢ are those of yᵢ₋₁; with the ones behind it, gₖ is summed from the far end by
          // Horner's rule.
          let behind = Tensor.linearRecurrence(
            x.moved(along: axis, backwards: !backwards, filling: 0), g, axis: axis, backwards: !backwards)
          return y.moved(along: axis, backwards: backwards, filling: 1) * behind
        }
      ))
  }

  /// The logarithms of the sums of all exponentials up to each one along `axis`, without overflow:
  /// yᵢ = log(e^x₀ + … + e^xᵢ). dxᵢ = Σₖ gₖ · e^(xᵢ − yₖ) over k ≥ i.
  ///
  /// PyTorch has it as `logcumsumexp`.
  ///
  /// - Parameter axis: Negative ones count from the back.
  public func logCumulativeSumExp(axis: Int) -> Tensor {
    let axis = ShapeCheck.axis("logCumulativeSumExp", axis, rank: rank)
    if isMapped { return throughMapped { x, shift in x.logCumulativeSumExp(axis: axis + shift) } }
    let x = self
    return record(
      "logCumulativeSumExp", Tensor(Kernels.scan(array, array, axis: axis, backwards: false, .logSumExp)),
      (
        x,
        { g, y in
          // From the far end: what comes from behind is scaled by the part that yᵢ has in yᵢ₊₁, so that nothing overflows.
          let next = y.moved(along: axis, backwards: true, filling: .infinity)
          let isNothing = y .== -.infinity
          let share = Tensor.where(isNothing, Tensor(0), .where(isNothing, Tensor(0), y) - next).exp()
          let behind = Tensor.linearRecurrence(share, g, axis: axis, backwards: true)
          let own = Tensor.where(isNothing, Tensor(-.infinity), x - .where(isNothing, Tensor(0), y)).exp()
          return own * behind
        }
      ))
  }

  /// For each element along `axis` the product of all others, right at zeros too.
  func productOfOthers(axis: Int) -> Tensor {
    let before = cumulativeProduct(along: axis, backwards: false)
    let behind = cumulativeProduct(along: axis, backwards: true)
    return before.moved(along: axis, backwards: false, filling: 1)
      * behind.moved(along: axis, backwards: true, filling: 1)
  }

  /// sᵢ = aᵢ · sᵢ₋₁ + bᵢ along `axis`, from its start or from its end, with s = 0 before.
  ///
  /// Its derivatives are recurrences the other way: dbᵢ = gᵢ + aᵢ₊₁ · dbᵢ₊₁ and daᵢ = dbᵢ · sᵢ₋₁.
  private static func linearRecurrence(_ a: Tensor, _ b: Tensor, axis: Int, backwards: Bool) -> Tensor {
    func pulledBack(_ g: Tensor) -> Tensor {
      linearRecurrence(
        a.moved(along: axis, backwards: !backwards, filling: 0), g, axis: axis, backwards: !backwards)
    }
    return record(
      "linearRecurrence",
      Tensor(Kernels.scan(a.array, b.array, axis: axis, backwards: backwards, .linear)),
      (a, { g, s in pulledBack(g) * s.moved(along: axis, backwards: backwards, filling: 0) }),
      (b, { g, _ in pulledBack(g) }))
  }

  /// Each element one place on along `axis`, or one back: the last one falls out, `value` comes in.
  private func moved(along axis: Int, backwards: Bool, filling value: Scalar) -> Tensor {
    let length = shape[axis]
    if length == 0 { return self }
    var edge = shape
    edge[axis] = 1
    let kept = backwards ? sliced(1..., axis: axis) : sliced(0..<length - 1, axis: axis)
    let added = Tensor(repeating: value, shape: edge)
    return Tensor.concatenated(backwards ? [kept, added] : [added, kept], axis: axis)
  }
}
