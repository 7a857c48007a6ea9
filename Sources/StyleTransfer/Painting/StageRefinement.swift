/// The last iterations of a size, when they are done otherwise than those before.
struct StageRefinement: Sendable {
  /// How many they are.
  let iterations: Int
  /// The iteration that they come after, if the size does not settle before.
  let firstIteration: Int
  /// What the size then aims at.
  let targets: @Sendable () throws -> StageTargets

  init(iterations: Int, of all: Int, targets: @escaping @Sendable () throws -> StageTargets) {
    (self.iterations, firstIteration, self.targets) = (iterations, all - iterations, targets)
  }
}
