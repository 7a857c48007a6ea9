import Tensor

/// The keys and values of a sequence that ``MultiHeadAttention`` has seen, so that the next element is computed without
/// computing those before it again.
///
/// ```swift
/// var cache = KeyValueCache<Float>()
/// for token in tokens { y = attention(token, cache: &cache) }
/// ```
///
/// It is a value: a copy goes on by itself, as for several continuations of one beginning. It holds numbers alone; no
/// derivative passes through it.
public struct KeyValueCache<Scalar: TensorScalar>: Sendable {
  /// The number of elements of the sequence that are in the cache.
  public private(set) var count = 0
  /// [N, heads, capacity, D], of which the first ``count`` positions are in use.
  private var storedKeys = Tensor<Scalar>.zeros([0])
  private var storedValues = Tensor<Scalar>.zeros([0])

  /// An empty cache.
  public init() {}

  /// The keys, [N, heads, count, D].
  public var keys: Tensor<Scalar> { count == 0 ? storedKeys : storedKeys[0..., 0..., 0..<count] }
  /// The values, [N, heads, count, D].
  public var values: Tensor<Scalar> { count == 0 ? storedValues : storedValues[0..., 0..., 0..<count] }

  /// Forgets all but the first `count` elements.
  ///
  /// - Precondition: There are as many.
  public mutating func truncate(to count: Int) {
    ShapeCheck.require((0...self.count).contains(count)) {
      "KeyValueCache: there are not \(count) elements to keep, but \(self.count)"
    }
    self.count = count
    if count == 0 { self = KeyValueCache() }
  }

  /// Puts T more keys and values behind those that are there, [N, heads, T, D].
  mutating func append(keys: Tensor<Scalar>, values: Tensor<Scalar>) {
    let length = keys.shape[2]
    if length == 0 { return }
    let (old, new) = (storedKeys.shape, keys.shape)
    ShapeCheck.require(count == 0 || (old[0] == new[0] && old[1] == new[1] && old[3] == new[3])) {
      "KeyValueCache: the new keys \(new) do not continue those in the cache, [\(old[0]), \(old[1]), \(count), "
        + "\(old[3])]; begin another sequence with an empty cache"
    }
    let needed = count + length
    if count == 0 || needed > old[2] {
      // Twice as long each time, so that an element is moved twice on average.
      let capacity = max(needed, count == 0 ? 16 : 2 * old[2])
      storedKeys = Self.grown(self.keys, count, to: [new[0], new[1], capacity, new[3]])
      storedValues = Self.grown(self.values, count, to: [new[0], new[1], capacity, values.shape[3]])
    }
    storedKeys[0..., 0..., count..<needed] = keys.detached()
    storedValues[0..., 0..., count..<needed] = values.detached()
    count = needed
  }

  private static func grown(_ old: Tensor<Scalar>, _ count: Int, to shape: Shape) -> Tensor<Scalar> {
    var grown = Tensor<Scalar>.zeros(shape)
    if count > 0 { grown[0..., 0..., 0..<count] = old }
    return grown
  }
}
