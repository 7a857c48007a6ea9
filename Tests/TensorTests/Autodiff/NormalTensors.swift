import Tensor

/// Independent numbers of the normal distribution, the same for the same seed.
func normal(_ shape: Shape, seed: UInt64 = 1) -> Tensor<Double> {
  var generator = RandomGenerator(seed: seed)
  return .normal(shape, using: &generator)
}
