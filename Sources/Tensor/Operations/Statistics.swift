// Statistics of lines and tables of numbers.

extension Tensor where Scalar: TensorScalar {
  /// The covariances of variables in rows: N observations of M variables, `[…, M, N]`, give `[…, M, M]`, exactly symmetric.
  /// d/dx of g is (g + gᵀ)·(x − mean) / (N − correction).
  ///
  /// PyTorch and NumPy have it as `cov`.
  ///
  /// - Parameter correction: What is taken off the number of observations.
  /// - Precondition: The rank is at least 2.
  public func covariance(correction: Int = 1) -> Tensor {
    ShapeCheck.matrices("covariance", shape)
    let deviation = self - mean(axes: [-1], keepingDimensions: true)
    return deviation.selfProduct() / Scalar(Swift.max(shape[rank - 1] - correction, 0))
  }

  /// Pearson's correlations of variables in rows: N observations of M variables, `[…, M, N]`, give `[…, M, M]`, with 1 on
  /// the diagonal. NaN for a variable that does not vary.
  ///
  /// PyTorch and NumPy have it as `corrcoef`. They are moved into [−1, 1], which rounding may leave.
  ///
  /// - Precondition: The rank is at least 2.
  public func correlation() -> Tensor {
    ShapeCheck.matrices("correlation", shape)
    let deviation = self - mean(axes: [-1], keepingDimensions: true)
    return (deviation / deviation.norm(axes: [-1], keepingDimensions: true)).selfProduct().clamped(to: -1...1)
  }

  /// The smallest and the largest element along `axes`, or of all; NaN if there is one. The derivatives are those of
  /// `min` and `max`.
  ///
  /// PyTorch has it as `aminmax`.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  /// - Precondition: There is at least one element along `axes`.
  public func minMax(axes: [Int]? = nil, keepingDimensions: Bool = false) -> (min: Tensor, max: Tensor) {
    (
      min(axes: axes, keepingDimensions: keepingDimensions),
      max(axes: axes, keepingDimensions: keepingDimensions)
    )
  }

  /// The distance from the smallest to the largest element along `axes`, or of all; NaN if there is one. d/dx is 1 for the
  /// largest and −1 for the smallest, shared evenly by all that equal it.
  ///
  /// NumPy has it as `ptp`.
  ///
  /// - Parameters:
  ///   - axes: The axes to reduce, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  /// - Precondition: There is at least one element along `axes`.
  public func peakToPeak(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let (least, most) = minMax(axes: axes, keepingDimensions: keepingDimensions)
    return most - least
  }

  /// The weighted mean along `axes`, or of all elements: Σ w·x / Σ w. d/dx = w / Σ w, d/dw = (x − y) / Σ w.
  ///
  /// NumPy has it as `average`.
  ///
  /// - Parameters:
  ///   - weights: They broadcast to the tensor's shape.
  ///   - axes: The axes to average over, negative ones counted from the back; `nil` for all.
  ///   - keepingDimensions: Whether these axes stay, with length 1.
  /// - Precondition: The shape of the weights broadcasts to the tensor's.
  public func weightedMean(_ weights: Tensor, axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    ShapeCheck.require(weights.shape.broadcast(with: shape) == shape) {
      "weightedMean: weights of shape \(weights.shape) do not broadcast to \(shape)"
    }
    let weights = weights.broadcast(to: shape)
    return (self * weights).sum(axes: axes, keepingDimensions: keepingDimensions)
      / weights.sum(axes: axes, keepingDimensions: keepingDimensions)
  }

  /// The `k`-th smallest element along `axis`, counted from 1, and its position there; NaN counts as larger than all
  /// numbers, and of equals the first comes first. d/dx is 1 at that position.
  ///
  /// PyTorch has it as `kthvalue`.
  ///
  /// - Parameters:
  ///   - k: From 1 to the axis's length.
  ///   - axis: The axis to reduce; negative ones count from the back.
  ///   - keepingDimensions: Whether the axis stays, with length 1.
  public func kthValue(
    _ k: Int, axis: Int = -1, keepingDimensions: Bool = false
  ) -> (values: Tensor, positions: Tensor<Int64>) {
    let resolved = ShapeCheck.axis("kthValue", axis, rank: rank)
    ShapeCheck.require(1 <= k && k <= shape[resolved]) {
      "kthValue: axis \(axis) of \(shape) has no element \(k), counted from 1"
    }
    let positions = Tensor<Int64>(order("kthValue", resolved, false, limit: k)).sliced(
      k - 1..<k, axis: resolved)
    let values = gathered(at: positions, axis: resolved)
    if keepingDimensions { return (values, positions) }
    return (values.squeezed(axes: [resolved]), positions.squeezed(axes: [resolved]))
  }

  /// The number that comes most often along `axis`, of several the smallest, and the first position where it is. d/dx is 1
  /// at that position.
  ///
  /// - Parameters:
  ///   - axis: The axis to reduce; negative ones count from the back.
  ///   - keepingDimensions: Whether the axis stays, with length 1.
  /// - Precondition: The axis is not empty.
  public func mode(
    axis: Int = -1, keepingDimensions: Bool = false
  ) -> (values: Tensor, positions: Tensor<Int64>) {
    let resolved = ShapeCheck.axis("mode", axis, rank: rank)
    let length = shape[resolved]
    ShapeCheck.require(length > 0) { "mode: axis \(axis) of \(shape) has no elements" }
    let order = Tensor<Int64>(self.order("mode", resolved, false)).moved(resolved, to: rank - 1)
    let sorted = detached().moved(resolved, to: rank - 1).gathered(at: order, axis: -1)
    let isNew = (sorted[..., 1...] .!= sorted[..., ..<(length - 1)]).scalars
    let places = order.scalars
    var best: [Int64] = []
    for line in 0..<(places.count / length) {
      var (start, longest, position) = (0, 0, 0)
      for i in 1...length where i == length || isNew[line * (length - 1) + i - 1] {
        if i - start > longest { (longest, position) = (i - start, start) }
        start = i
      }
      best.append(places[line * length + position])
    }
    var reduced = shape
    reduced[resolved] = 1
    let positions = Tensor<Int64>(best, shape: order.shape.dropLast() + [1]).moved(rank - 1, to: resolved)
    let values = gathered(at: positions, axis: resolved)
    if keepingDimensions { return (values, positions) }
    return (values.squeezed(axes: [resolved]), positions.squeezed(axes: [resolved]))
  }

  /// The integral along `axis` by the trapezoidal rule: the sum of (xᵢ + xᵢ₊₁)/2 · `spacing`; 0 for fewer than two elements.
  ///
  /// - Parameters:
  ///   - spacing: The distance from one element to the next.
  ///   - axis: The axis to reduce; negative ones count from the back.
  public func trapezoid(spacing: Scalar = 1, axis: Int = -1) -> Tensor {
    trapezoids("trapezoid", spacing, axis).sum(axes: [axis])
  }

  /// The integrals along `axis` up to each element but the first, by the trapezoidal rule: the axis has an element less.
  ///
  /// - Parameters:
  ///   - spacing: The distance from one element to the next.
  ///   - axis: Negative ones count from the back.
  public func cumulativeTrapezoid(spacing: Scalar = 1, axis: Int = -1) -> Tensor {
    trapezoids("cumulativeTrapezoid", spacing, axis).cumulativeSum(axis: axis)
  }

  private func trapezoids(_ operation: String, _ spacing: Scalar, _ axis: Int) -> Tensor {
    let axis = ShapeCheck.axis(operation, axis, rank: rank)
    let last = Swift.max(shape[axis] - 1, 0)
    let first = Swift.min(1, shape[axis])
    return (sliced(first..., axis: axis) + sliced(..<last, axis: axis)) * (spacing / 2)
  }
}

extension Tensor {
  /// The tensor with one axis at another place, the others in their order.
  func moved(_ axis: Int, to place: Int) -> Tensor {
    var order = shape.indices.filter { $0 != axis }
    order.insert(axis, at: place)
    return transposed(axes: order)
  }
}
