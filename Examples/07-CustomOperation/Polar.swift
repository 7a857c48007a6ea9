import Tensor

/// The distance from the origin and the angle of points in the plane: an operation with two results.
///
/// With x = r · cos φ and y = r · sin φ, dr = cos φ dx + sin φ dy and dφ = (cos φ dy − sin φ dx) / r. A rule is given
/// the gradient of each result, and none for one that was not used: the distance by itself is never divided by.
func polar(_ x: Tensor<Double>, _ y: Tensor<Double>) -> (distance: Tensor<Double>, angle: Tensor<Double>) {
  let (a, b) = (x.detached(), y.detached())
  let results = record(
    "polar", outputs: [(a.square() + b.square()).sqrt(), Tensor.atan2(y: b, x: a)],
    (x, { g, r in sum(g[0].map { $0 * r[1].cos() }, g[1].map { -$0 * r[1].sin() / r[0] }) }),
    (y, { g, r in sum(g[0].map { $0 * r[1].sin() }, g[1].map { $0 * r[1].cos() / r[0] }) }))
  return (results[0], results[1])
}

private func sum(_ terms: Tensor<Double>?...) -> Tensor<Double> {
  terms.compactMap(\.self).reduce(Tensor(0), +)
}
