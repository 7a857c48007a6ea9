import Tensor

/// The eccentric anomaly E of planets: the solution of Kepler's equation, E − e · sin E = M.
///
/// There is no formula for E; the values are found by Newton's method, of which nothing is recorded. The
/// derivatives follow from the equation itself: dE/dM = 1 / (1 − e · cos E), dE/de = sin E / (1 − e · cos E). They
/// are written with differentiable operations, so derivatives of any order are there too.
///
/// - Parameters:
///   - anomaly: M, the time since perihelion as an angle, of any shape.
///   - eccentricity: e, one number from 0 (a circle) to below 1.
func eccentricAnomaly(_ anomaly: Tensor<Double>, eccentricity: Tensor<Double>) -> Tensor<Double> {
  let e = eccentricity.scalar
  let value = Tensor(anomaly.scalars.map { solveKepler($0, e) }, shape: anomaly.shape)
  // The rules use the solution. They get it as an argument: one that captured it would keep it alive for ever.
  return record(
    "eccentricAnomaly", value,
    (anomaly, { gradient, solution in gradient / (1 - eccentricity * solution.cos()) }),
    (eccentricity, { gradient, solution in gradient * solution.sin() / (1 - eccentricity * solution.cos()) }))
}

private func solveKepler(_ anomaly: Double, _ e: Double) -> Double {
  // From π the method converges for every M of one revolution.
  let turns = (anomaly / (2 * .pi)).rounded(.down) * 2 * .pi
  let rest = anomaly - turns
  var solution = Double.pi
  for _ in 0..<100 {
    let step = (solution - e * Double.sin(solution) - rest) / (1 - e * Double.cos(solution))
    solution -= step
    if step.magnitude < 1e-15 * solution.magnitude { break }
  }
  return turns + solution
}
