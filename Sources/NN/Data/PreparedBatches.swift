import Dispatch
import Tensor

/// Batches that are prepared in the background while those before them are used: read, augmented, put together.
///
/// ```swift
/// let batches = Batches(of: 64, from: paths.count, using: &random)
/// for (x, y) in PreparedBatches(batches, using: &random, prepare: { rows, random in
///   (flipped(pictures[rows], using: &random), labels[rows])
/// }) {
///   // … a training step
/// }
/// ```
///
/// The order, the random numbers and with them all results are the same however many are prepared at once. What may fail
/// is prepared as a `Result`, which the loop unwraps with `get()`. A loop that is left early leaves the preparations that
/// have begun to end by themselves.
public struct PreparedBatches<Batch: Sendable>: Sequence, Sendable {
  private let batches: Batches
  private let generators: [RandomGenerator]
  private let ahead: Int
  private let prepare: @Sendable ([Int], inout RandomGenerator) -> Batch

  /// Batches of examples that `prepare` makes with random numbers.
  ///
  /// - Parameters:
  ///   - batches: The positions of the examples in each batch.
  ///   - ahead: How many batches are prepared, side by side, while one is used.
  ///   - generator: The source of a generator for each batch.
  ///   - prepare: Makes a batch of its positions, on another thread, with a generator of its own.
  /// - Precondition: `ahead` is positive.
  public init(
    _ batches: Batches, ahead: Int = 2, using generator: inout RandomGenerator,
    prepare: @escaping @Sendable (_ rows: [Int], _ random: inout RandomGenerator) -> Batch
  ) {
    self.init(batches, ahead, batches.map { _ in generator.split() }, prepare)
  }

  /// Batches of examples that `prepare` makes without random numbers.
  ///
  /// - Parameters:
  ///   - batches: The positions of the examples in each batch.
  ///   - ahead: How many batches are prepared, side by side, while one is used.
  ///   - prepare: Makes a batch of its positions, on another thread.
  /// - Precondition: `ahead` is positive.
  public init(_ batches: Batches, ahead: Int = 2, prepare: @escaping @Sendable (_ rows: [Int]) -> Batch) {
    self.init(batches, ahead, batches.map { _ in RandomGenerator(seed: 0) }) { rows, _ in prepare(rows) }
  }

  private init(
    _ batches: Batches, _ ahead: Int, _ generators: [RandomGenerator],
    _ prepare: @escaping @Sendable ([Int], inout RandomGenerator) -> Batch
  ) {
    requirePositive("PreparedBatches", "number of batches ahead", ahead)
    self.batches = batches
    self.ahead = ahead
    self.generators = generators
    self.prepare = prepare
  }

  public func makeIterator() -> Iterator { Iterator(self) }

  /// Goes through prepared batches, and has the next ones prepared.
  public struct Iterator: IteratorProtocol {
    private let source: PreparedBatches
    private let queue = DispatchQueue(label: "PreparedBatches", attributes: .concurrent)
    /// The next batch that nobody has begun to prepare.
    private var upcoming = 0
    /// Those that are being prepared or wait to be used, in order.
    private var pending: [Promise] = []

    fileprivate init(_ source: PreparedBatches) { self.source = source }

    public mutating func next() -> Batch? {
      while pending.count < source.ahead + 1, upcoming < source.batches.count {
        let (promise, source, index) = (Promise(), source, upcoming)
        queue.async {
          var generator = source.generators[index]
          promise.fulfil(source.prepare(source.batches[index], &generator))
        }
        pending.append(promise)
        upcoming += 1
      }
      return pending.isEmpty ? nil : pending.removeFirst().value()
    }
  }

  /// A batch that one thread makes and another waits for, once.
  private final class Promise: @unchecked Sendable {
    private let isReady = DispatchSemaphore(value: 0)
    private var batch: Batch?

    func fulfil(_ batch: Batch) {
      self.batch = batch
      isReady.signal()
    }

    func value() -> Batch? {
      isReady.wait()
      return batch
    }
  }
}
