// Numbers as members of lists: where they belong, how often they come, and which they are. Positions and counts have no
// derivative.

extension Tensor where Scalar: TensorScalar {
  /// The position of each of `values` in this ascending list, where it could be put in without disturbing the order.
  ///
  /// The lists are the last axis, `[…, N]`; a single list, `[N]`, serves values of any shape, and a batch of lists
  /// values `[…, K]` of the same batch. Positions are 0 to N. NaN counts as larger than all numbers.
  ///
  /// PyTorch and NumPy have it as `searchsorted`, and with the arguments exchanged as `bucketize` and `digitize`.
  ///
  /// - Parameters:
  ///   - values: What is looked for.
  ///   - right: Whether the position behind equal elements is taken, not the one before them.
  /// - Precondition: The tensor is not of rank 0; more lists than one have the batch of the values. That the lists are in
  ///   order is not checked.
  /// - Complexity: O(log N) for each value.
  public func searchSorted(_ values: Tensor, right: Bool = false) -> Tensor<Int64> {
    ShapeCheck.require(rank >= 1) { "searchSorted: a tensor of rank 0 is no list" }
    ShapeCheck.require(rank == 1 || shape.dropLast() == values.shape.dropLast()) {
      "searchSorted: lists \(shape) and values \(values.shape) differ beside the last axis"
    }
    let length = shape[rank - 1]
    let each = rank == 1 ? values.count : values.shape[rank - 1]
    // In one type, so that the search is compiled once.
    let (lists, wanted) = (Tensor<Double>(self).scalars, Tensor<Double>(values).scalars)
    let found = wanted.enumerated().map { index, value in
      let start = each == 0 || rank == 1 ? 0 : index / each * length
      var (low, high) = (start, start + length)
      while low < high {
        let middle = (low + high) / 2
        let element = lists[middle]
        let isBefore =
          right
          ? !(value < element || (value == value && element != element))
          : element < value || (value != value && element == element)
        if isBefore { low = middle + 1 } else { high = middle }
      }
      return Int64(low - start)
    }
    return Tensor<Int64>(found, shape: values.shape)
  }
}

extension Tensor where Scalar: Comparable {
  /// The different elements of the tensor, in ascending order, `[K]`; the position among them of each element, in the
  /// tensor's shape; and how often each comes, `[K]`. Not tracked. Every NaN is different, as in PyTorch.
  ///
  /// ```swift
  /// let (words, tokens, counts) = ids.unique()
  /// ```
  ///
  /// - Complexity: O(n) for n elements, which are sorted.
  public func unique() -> (values: Tensor, positions: Tensor<Int64>, counts: Tensor<Int64>) {
    let flat = detached().reshaped(to: [count])
    let order = flat.order("unique", 0, false)
    let sorted = flat.gathered(order)
    return Self.runs(of: sorted, order: order.values.list, shape)
  }

  /// The tensor's elements without repetitions of the one before, in row-major order, `[K]`; the position there of each
  /// element, in the tensor's shape; and how often each was repeated, `[K]`. Not tracked.
  ///
  /// PyTorch has it as `unique_consecutive`; with the counts it is a run-length code.
  public func uniqueConsecutive() -> (values: Tensor, positions: Tensor<Int64>, counts: Tensor<Int64>) {
    Self.runs(of: detached().reshaped(to: [count]), order: Array(0..<count), shape)
  }

  /// The runs of equal elements in a list: one element of each, which run the element that came from place `order[i]` is in,
  /// and their lengths.
  private static func runs(
    of list: Tensor, order: [Int], _ shape: Shape
  ) -> (values: Tensor, positions: Tensor<Int64>, counts: Tensor<Int64>) {
    let count = list.count
    if count == 0 { return (list, Tensor<Int64>.zeros(shape), Tensor<Int64>.zeros([0])) }
    let isNew = (list[1...] .!= list[..<(count - 1)]).scalars
    var (starts, positions) = ([0], [Int64](repeating: 0, count: count))
    for i in 1..<count {
      if isNew[i - 1] { starts.append(i) }
      positions[order[i]] = Int64(starts.count - 1)
    }
    positions[order[0]] = 0
    let lengths = zip(starts, starts.dropFirst() + [count]).map { Int64($1 - $0) }
    return (list[starts], Tensor<Int64>(positions, shape: shape), Tensor<Int64>(lengths))
  }
}

extension Tensor {
  /// Whether each element is one of `members`, a tensor of any shape. NaN never is.
  ///
  /// - Complexity: O(n + m) for n elements and m members.
  public func isIn(_ members: Tensor) -> Tensor<Bool> {
    let set = Set(members.scalars)
    return Tensor<Bool>(scalars.map { set.contains($0) }, shape: shape)
  }

  /// The places of the elements that are not 0 (NaN is not), or true: K of them in a tensor of rank R give `[K, R]`, in
  /// row-major order.
  ///
  /// PyTorch has it as `nonzero`, NumPy as `argwhere`; positions in a row are ``nonzeroPositions``.
  public func nonzeroPlaces() -> Tensor<Int64> { nonzeroPositions.places(in: shape) }
}

extension Tensor where Scalar: TensorInteger {
  /// How often each of the numbers 0, 1, 2 … comes among all elements: `[N]`, with N the largest element and 1.
  ///
  /// - Parameter minimumLength: The least N.
  /// - Precondition: No element is negative.
  public func bincount(minimumLength: Int = 0) -> Tensor<Int64> {
    let numbers = binNumbers("bincount")
    let length = Swift.max(minimumLength, (numbers.max() ?? -1) + 1)
    ShapeCheck.memory("bincount", for: length, of: Int64.self)
    var counts = [Int64](repeating: 0, count: length)
    for number in numbers { counts[number] += 1 }
    return Tensor<Int64>(counts)
  }

  /// The sum of the weights of all elements that are 0, 1, 2 …: `[N]`, with N the largest element and 1. d/dweights is the
  /// gradient at each element's place.
  ///
  /// - Parameters:
  ///   - weights: Of the tensor's shape.
  ///   - minimumLength: The least N.
  /// - Precondition: No element is negative, and the shapes are the same.
  public func bincount<Weight: TensorScalar>(
    weights: Tensor<Weight>, minimumLength: Int = 0
  ) -> Tensor<Weight> {
    ShapeCheck.require(weights.shape == shape) {
      "bincount: weights of shape \(weights.shape) for elements of shape \(shape)"
    }
    let numbers = binNumbers("bincount")
    let length = Swift.max(minimumLength, (numbers.max() ?? -1) + 1)
    return Tensor<Weight>.zeros([length]).adding(
      weights.reshaped(to: [count]), at: Tensor<Int64>(integers: numbers), axis: 0)
  }

  /// Positions in row-major order as places in a tensor of `shape`: `[…]` gives `[…, R]` for the rank R.
  ///
  /// PyTorch and NumPy have it as `unravel_index`.
  ///
  /// - Parameter shape: Of the tensor that the positions count the elements of.
  /// - Precondition: Each element is a position in such a tensor.
  public func places(in shape: Shape) -> Tensor<Int64> {
    ShapeCheck.validShape("places", shape)
    let count = shape.elementCount
    let positions = integers(below: count) { element, place in
      "places: the element \(element) at \(place) is no position in \(shape), which has \(count) elements"
    }
    return Tensor<Int64>(
      integers: positions.flatMap { shape.place(ofElement: $0) }, shape: self.shape + [shape.count])
  }

  private func binNumbers(_ operation: String) -> [Int] {
    let numbers = integers
    if let index = numbers.firstIndex(where: { $0 < 0 }) {
      ShapeCheck.fail(
        "\(operation): the element \(numbers[index]) at \(shape.place(ofElement: index)) is negative")
    }
    ShapeCheck.memory(operation, for: numbers.max() ?? 0, of: Int.self)
    return numbers
  }
}
