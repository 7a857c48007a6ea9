import NN
import StyleTransfer
import Tensor

/// A run over its sizes, from the smallest to the finished picture's.
struct Growth {
  let settings: Settings
  let inputs: RunInputs
  let network: VGG19
  let schedule: Schedule
  /// The iteration to end after, counted over all sizes, as one that was interrupted did.
  let limit: Int?
  let shouldStop: () -> Bool

  struct Outcome {
    /// The best picture of the largest size that was come to.
    let picture: Tensor<Float>
    let last: IterationRecord
    /// Whether the run was ended before its time.
    let isInterrupted: Bool
    /// Why the last size ended early, if it did by itself.
    let settled: String?
  }

  /// - Parameter onIteration: Gets the best picture so far, of the size that the run has come to.
  func run(
    onScale: (Int) -> Void, onIteration: (IterationRecord, Tensor<Float>) throws -> Void
  ) throws -> Outcome {
    var smaller: (picture: Tensor<Float>, start: Tensor<Float>?)?
    var last: IterationRecord?
    var ending = PictureOptimization.Ending.completed
    for (index, step) in schedule.steps.enumerated() {
      let done = last?.iteration ?? 0
      let left = limit.map { $0 - done } ?? .max
      if index > 0, left <= 0 || shouldStop() {
        ending = .interrupted
        break
      }
      onScale(index)
      let scale = try Scale(settings, inputs, network: network, step)
      let optimization = PictureOptimization(
        iterations: min(step.iterations, left), settling: settings.stopWhenSettled ? Settling() : nil,
        shouldStop: shouldStop)
      let before = last
      let outcome: PictureOptimization.Outcome
      do {
        outcome = try optimization.run(
          from: scale.start(settings, after: smaller), with: scale.optimizer(settings),
          objective: { picture in
            let (_, gradient, terms) = try scale.objective.valueWithGradient(at: picture)
            return (terms, gradient)
          },
          onIteration: { record, picture in
            try onIteration(record.continuing(before, side: step.side), picture)
          })
      } catch let failure as StyleTransferError where failure.kind == .interrupted && smaller != nil {
        ending = .interrupted
        break
      }
      ending = outcome.ending
      // A size whose first step was not finished adds nothing that the smaller one had not.
      if ending == .interrupted, outcome.last.iteration == 0, smaller != nil { break }
      last = outcome.last.continuing(before, side: step.side)
      smaller = (outcome.picture, scale.inputs.start)
      if ending == .interrupted { break }
      if let limit, last!.iteration >= limit, index + 1 < schedule.steps.count || limit < schedule.iterations
      {
        ending = .interrupted
        break
      }
    }
    var settled: String?
    if case .finished(let reason) = ending { settled = reason }
    return Outcome(
      picture: smaller!.picture, last: last!, isInterrupted: ending == .interrupted, settled: settled)
  }
}

extension IterationRecord {
  /// The record with what earlier sizes did counted in.
  fileprivate func continuing(_ earlier: IterationRecord?, side: Int) -> IterationRecord {
    var record = self
    record.side = side
    record.iteration += earlier?.iteration ?? 0
    record.evaluations += earlier?.evaluations ?? 0
    record.seconds += earlier?.seconds ?? 0
    return record
  }
}

/// The sizes of a run with their pixels: what tells how much of the work is done.
struct Schedule: Equatable {
  struct Step: Equatable {
    let side: Int
    let width: Int
    let height: Int
    /// The size as a part of the finished picture's.
    let ratio: Double
    let iterations: Int
    /// What an iteration costs, in pixels.
    var cost: Double { Double(width * height) }
  }

  let steps: [Step]

  init(_ scales: ScaleList, width: Int, height: Int) {
    steps = scales.scales.map { scale in
      let ratio = Double(scale.side) / Double(max(width, height))
      let size = Picture.size(width, height, scaledBy: ratio)
      return Step(
        side: scale.side, width: size.width, height: size.height, ratio: ratio, iterations: scale.iterations)
    }
  }

  var iterations: Int { steps.reduce(0) { $0 + $1.iterations } }
}
