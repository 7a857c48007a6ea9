extension Kernels {
  /// For each line along `axis` the positions of its elements in sorted order, the first `limit` of them.
  /// Equal elements keep their order, also when descending; NaN counts as larger than all numbers, and both
  /// zeros as equal. Truth values and integers are sorted as `Int64`, half precision as `Float`.
  @inline(__always)
  static func argsort<Scalar: TensorElement>(
    _ x: StridedArray<Scalar>, axis: Int, descending: Bool, limit: Int
  ) -> AxisPositions {
    let order = x.shape.indices.filter { $0 != axis } + [axis]
    let lines = x.transposed(order).contiguous()
    let values: [Int]
    switch Scalar.storedType {
    case .float32: values = sortedPositions(lines.assuming(Float.self), descending, limit)
    case .float64: values = sortedPositions(lines.assuming(Double.self), descending, limit)
    case .bool, .uint8, .int32, .int64:
      values = sortedPositions(convert(lines, to: Int64.self), descending, limit)
    default: values = sortedPositions(convert(lines, to: Float.self), descending, limit)
    }
    var shape = x.shape
    shape[axis] = limit
    let stored = order.map { shape[$0] }.rowMajorStrides
    var strides = stored
    for (place, source) in order.enumerated() { strides[source] = stored[place] }
    return AxisPositions(axis: axis, shape: shape, values: values, strides: strides)
  }
}

/// A number that bits can be sorted for.
private protocol SortableScalar: TensorElement {
  associatedtype Key: FixedWidthInteger & UnsignedInteger
  /// Ordered as the numbers are, with all NaNs last.
  var sortKey: Key { get }
}

extension Float: SortableScalar {
  @inline(__always) fileprivate var sortKey: UInt32 {
    if isNaN { return .max }
    // Adding 0 makes −0 the same as 0. The sign bit makes positive numbers large; negative ones are reversed.
    let bits = (self + 0).bitPattern
    return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
  }
}

extension Double: SortableScalar {
  @inline(__always) fileprivate var sortKey: UInt64 {
    if isNaN { return .max }
    let bits = (self + 0).bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }
}

extension Int64: SortableScalar {
  @inline(__always) fileprivate var sortKey: UInt64 { UInt64(bitPattern: self) ^ 1 << 63 }
}

private struct SortEntry<Key: FixedWidthInteger & UnsignedInteger> {
  var key: Key
  var position: UInt32
}

/// A line is at least this long for counting to pay.
private let shortestCounted = 48

private func sortedPositions<S: SortableScalar>(
  _ lines: StridedArray<S>, _ descending: Bool, _ limit: Int
) -> [Int] {
  let length = lines.shape.last!
  let count = lines.shape.dropLast().reduce(1, *)
  if count * limit == 0 { return [] }
  ShapeCheck.require(length <= UInt32.max) { "sorted: an axis of length \(length) is too long to sort" }
  return [Int](unsafeUninitializedCapacity: count * limit) { target, initialized in
    let (result, source) = (target.baseAddress!, lines.pointer)
    withExtendedLifetime(lines.storage) {
      // A line takes some ten times as long as copying it.
      Parallel.forEachRange(count, grain: max(1, Kernels.elementGrain / (8 * length))) { range in
        withUnsafeTemporaryAllocation(of: SortEntry<S.Key>.self, capacity: 2 * length) { entries in
          let (entries, scratch) = (entries.baseAddress!, entries.baseAddress! + length)
          for line in range {
            for i in 0..<length {
              let key = source[line &* length &+ i].sortKey
              entries[i] = SortEntry(key: descending ? ~key : key, position: UInt32(truncatingIfNeeded: i))
            }
            let sorted: UnsafeMutablePointer<SortEntry<S.Key>>
            if length < shortestCounted {
              insertionSort(entries, length)
              sorted = entries
            } else {
              sorted = radixSort(entries, scratch, length)
            }
            for i in 0..<limit { result[line &* limit &+ i] = Int(sorted[i].position) }
          }
        }
      }
    }
    initialized = count * limit
  }
}

private func insertionSort<Key>(_ entries: UnsafeMutablePointer<SortEntry<Key>>, _ count: Int) {
  for i in 1..<max(count, 1) {
    let entry = entries[i]
    var j = i
    while j > 0, entries[j &- 1].key > entry.key {
      entries[j] = entries[j &- 1]
      j &-= 1
    }
    entries[j] = entry
  }
}

/// Sorts by one byte of the keys after the other, the least significant first, and returns where the result
/// is: every pass moves the entries from one buffer to the other. A byte that all keys share needs no pass.
private func radixSort<Key>(
  _ entries: UnsafeMutablePointer<SortEntry<Key>>, _ scratch: UnsafeMutablePointer<SortEntry<Key>>,
  _ count: Int
) -> UnsafeMutablePointer<SortEntry<Key>> {
  let bytes = Key.bitWidth / 8
  return withUnsafeTemporaryAllocation(of: Int.self, capacity: bytes * 256) { counts in
    counts.initialize(repeating: 0)
    let counts = counts.baseAddress!
    for i in 0..<count {
      var key = entries[i].key
      for byte in 0..<bytes {
        counts[byte &* 256 &+ Int(truncatingIfNeeded: key & 255)] &+= 1
        key &>>= 8
      }
    }
    var (from, to) = (entries, scratch)
    for byte in 0..<bytes {
      let next = counts + byte * 256
      let shift = Key(truncatingIfNeeded: byte * 8)
      if next[Int(truncatingIfNeeded: (from[0].key &>> shift) & 255)] == count { continue }
      var start = 0
      for value in 0..<256 { (next[value], start) = (start, start &+ next[value]) }
      for i in 0..<count {
        let entry = from[i]
        let value = Int(truncatingIfNeeded: (entry.key &>> shift) & 255)
        to[next[value]] = entry
        next[value] &+= 1
      }
      swap(&from, &to)
    }
    return from
  }
}
