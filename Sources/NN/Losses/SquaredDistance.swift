import Tensor

/// scale · Σ (x − y)², a tensor of rank 0, summed in `Double` without a temporary of the size of x.
/// d/dx = 2 · scale · (x − y).
///
/// - Precondition: `x` and `y` have the same shape.
func squaredDistance<Scalar: TensorScalar>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, scale: Double
) -> Tensor<Scalar> {
  ShapeCheck.require(x.shape == y.shape) { "squaredDistance: the shapes \(x.shape) and \(y.shape) differ" }
  let factor = Tensor(Scalar(2 * scale))
  return record(
    "squaredDistance", Tensor(Scalar(scale * Vectors.squaredDistance(x, y))),
    (x, { g in (x - y) * (g * factor) }),
    (y, { g in (y - x) * (g * factor) }))
}
