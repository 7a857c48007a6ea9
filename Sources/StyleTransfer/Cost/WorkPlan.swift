import NN
import Tensor

/// The floating-point operations of a run's evaluations.
struct WorkPlan: Sendable {
  /// The operations of one evaluation with its gradient.
  let evaluation: Double
  /// The numbers of all filters, which each evaluation reads whatever the picture's size is.
  let filterCount: Double
  /// The operations of the optimiser's own work after each evaluation.
  let step: Double
  /// The operations of looking at the content and the styles once.
  let targets: Double
  /// What an evaluation with fresh neighbours takes more than one with fixed ones.
  let freshEvaluation: Double

  init(_ shape: RunShape, _ strips: VGG19.Strips = .none) {
    func network(_ size: RunShape.Size) -> Double { shape.steps(size).operations }
    func statistics(_ size: RunShape.Size) -> Double {
      shape.steps(size).outputs(of: shape.styleLayers)
        .reduce(0) { $0 + Double($1.channels) * Double($1.channels) * $1.pixels }
    }
    // A Gram matrix is half a product, its gradient a whole one. The eigenvectors of a symmetric matrix take about 25 R³, and
    // the products around them 5 C² R, whatever the size of the picture.
    let eigenvectors =
      shape.roots.reduce(0.0) { sum, root in
        let (channels, rank) = (root.channels, root.rank)
        return sum + (25 * rank * rank + 5 * channels * channels) * rank
      }
    // To put a number in its place takes about as long as a thousand operations of products.
    let sorting =
      !shape.sorts
      ? 0
      : Double(shape.styles.count)
        * shape.steps(shape.picture).outputs(of: shape.styleLayers).reduce(0) {
          $0 + 1000 * Double($1.channels) * $1.pixels
        }
    // Regions have statistics of their own.
    let regions = shape.hasWeights ? Double(max(1, shape.styles.count)) : 1
    let neighbours = NeighbourCost(shape)
    freshEvaluation = neighbours?.freshEvaluation ?? 0
    filterCount = shape.steps(shape.picture).reduce(0) { $0 + $1.filterCount }
    let (width, height) = (shape.picture.width, shape.picture.height)
    let losses =
      neighbours?.fixedEvaluation
      ?? (3 * statistics(shape.picture) * regions + eigenvectors + sorting
        + (PatchCost(shape)?.evaluation ?? 0))
    evaluation = strips.operations(of: shape.program, width: width, height: height) + losses
    let looks = neighbours == nil ? (shape.contentLayers.isEmpty ? 0.0 : 1) : 2
    targets =
      shape.styles.reduce(0) { $0 + network($1) + (neighbours == nil ? statistics($1) : 0) }
      + looks * network(shape.picture) + (neighbours?.search ?? 0)
    guard case .lbfgs(let history, let usesFilter) = shape.recipe.method else {
      step = 30 * shape.picture.pixels
      return
    }
    let steps = shape.history(history)
    let sides = Double(shape.picture.width + shape.picture.height)
    // The filter is used for a direction and for a pair.
    step = 3 * shape.picture.pixels * (8 * Double(steps) + (usesFilter ? 2 * 4 * sides : 0))
  }
}

/// How long evaluations take, found by doing some.
///
/// seconds = filters · reading + operations · slope: a small picture waits for the network's filters, a large one
/// for the arithmetic.
package struct Calibration: Sendable {
  private let reading: Double
  let slope: Double

  /// The longer sides of the pictures that are looked at: one at which reading the filters tells, and one at which
  /// the arithmetic does.
  private static let sides = (96, 256)
  private static let seconds = 1.0

  /// Evaluates the run's own objective at two small sizes for about a second.
  ///
  /// - Throws: ``StyleTransferError`` when the objective cannot be made.
  init(_ prepared: PreparedRecipe, _ network: VGG19) throws {
    let small = try Self.measure(Self.sides.0, prepared, network)
    let large = try Self.measure(Self.sides.1, prepared, network)
    slope =
      max(large.seconds - small.seconds, 0.2 * large.seconds)
      / (large.work.evaluation - small.work.evaluation)
    reading = max(0, small.seconds - small.work.evaluation * slope) / max(small.work.filterCount, 1)
  }

  /// The shortest of a few evaluations: others shared the machine with something else.
  private static func measure(
    _ side: Int, _ prepared: PreparedRecipe, _ network: VGG19
  ) throws -> (work: WorkPlan, seconds: Double) {
    let (width, height) = (prepared.width, prepared.height)
    let whole = Double(max(width, height))
    // Narrow pictures must still be large enough for the deepest layer.
    let least =
      Double(VGG19.minimumSize(for: prepared.recipe.layers)) * whole / Double(min(width, height))
    let ratio = max(Double(side), least.rounded(.up) * (side == sides.0 ? 1 : 2)) / whole
    let scaled = Picture.size(width, height, scaledBy: ratio)
    let size = StageSize(
      side: max(scaled.width, scaled.height), width: scaled.width, height: scaled.height, ratio: ratio,
      iterations: 1)
    var targets = try StageTargets(prepared, size, network: network)
    let start = targets.startingPicture()
    try targets.findNeighbours(of: start)
    let clock = ContinuousClock()
    let begin = clock.now
    var shortest = Double.infinity
    // The first evaluation also takes memory from the system.
    _ = try targets.objective.valueWithGradient(at: start)
    repeat {
      let before = clock.now
      _ = try targets.objective.valueWithGradient(at: start)
      shortest = min(shortest, (clock.now - before) / .seconds(1))
    } while (clock.now - begin) / .seconds(1) < seconds / 2
    return (WorkPlan(RunShape(prepared, size)), shortest)
  }

  /// The time that one evaluation takes.
  func seconds(_ work: WorkPlan) -> Double { work.filterCount * reading + work.evaluation * slope }
}
