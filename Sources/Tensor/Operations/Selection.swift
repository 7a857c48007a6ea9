/// What a subscript selects: a box of positions at even steps, on some axes of that the listed positions, and
/// the shape that the result is seen under, with axes dropped and new ones put in.
struct Selection: Sendable {
  /// An axis, which `slice` takes whole, and the positions that are taken of it.
  struct List: Sendable {
    let axis: Int
    var positions: [Int]
  }

  private(set) var slice: AxisSlices
  private(set) var lists: [List] = []
  private(set) var resultShape: Shape = []

  /// The same selection of every example, behind mapped axes of these lengths.
  func behind(_ lengths: [Int]) -> Selection {
    var selection = self
    selection.slice = slice.behind(lengths)
    selection.lists = lists.map { List(axis: $0.axis + lengths.count, positions: $0.positions) }
    selection.resultShape = lengths + resultShape
    return selection
  }

  /// The shape of what is selected, before axes are dropped and put in.
  var boxShape: Shape {
    var shape = slice.shape
    for list in lists { shape[list.axis] = list.positions.count }
    return shape
  }

  /// Resolves `indices` against `shape`. Axes beyond the last index are taken whole.
  init(_ indices: [AxisSelection], of shape: Shape) {
    let named = indices.count { $0 != .newAxis && $0 != .remainingAxes }
    ShapeCheck.require(named <= shape.count) {
      "subscript: \(named) indices for the shape \(shape), which has \(shape.count) axes"
    }
    slice = AxisSlices(all: shape)
    var axis = 0
    for index in indices {
      switch index {
      case .position(let position):
        slice.axes[axis] = Self.resolve(position, axis, of: shape)
        axis += 1
      case .range(let from, let upTo, let step):
        slice.axes[axis] = Self.resolve(from, upTo, step, axis, of: shape)
        resultShape.append(slice.axes[axis].count)
        axis += 1
      case .positions(let positions):
        let resolved = AxisPositions.resolved("subscript", positions, axis, of: shape)
        lists.append(List(axis: axis, positions: resolved))
        resultShape.append(positions.count)
        axis += 1
      case .newAxis:
        resultShape.append(1)
      case .remainingAxes:
        resultShape += shape[axis..<axis + shape.count - named]
        axis += shape.count - named
      }
    }
    resultShape += shape[axis...]
  }

  /// Drops positions that come again later in a list, and returns for every list what remains of it, where
  /// anything was dropped: of what is written to one place, the last stays.
  mutating func dropRepetitions() -> [List] {
    var kept: [List] = []
    for (index, list) in lists.enumerated() {
      if zip(list.positions, list.positions.dropFirst()).allSatisfy(<) { continue }
      var last: [Int: Int] = [:]
      for (place, position) in list.positions.enumerated() { last[position] = place }
      if last.count == list.positions.count { continue }
      let places = last.values.sorted()
      lists[index].positions = places.map { list.positions[$0] }
      kept.append(List(axis: list.axis, positions: places))
    }
    return kept
  }

  private static func resolve(_ position: Int, _ axis: Int, of shape: Shape) -> AxisSlices.Axis {
    let length = shape[axis]
    let start = position < 0 ? position + length : position
    ShapeCheck.require((0..<length).contains(start)) {
      "subscript: index \(position) is out of range for axis \(axis) of \(shape)"
    }
    return AxisSlices.Axis(start: start, count: 1)
  }

  private static func resolve(_ from: Int?, _ upTo: Int?, _ step: Int, _ axis: Int, of shape: Shape)
    -> AxisSlices.Axis
  {
    let length = shape[axis]
    let first = from.map { $0 < 0 ? $0 + length : $0 } ?? 0
    // After a negative start, 0 is the end: both bounds count from the back.
    let isFromBack = upTo.map { $0 < 0 || ($0 == 0 && (from ?? 0) < 0) } ?? false
    let end = upTo.map { isFromBack ? $0 + length : $0 } ?? length
    ShapeCheck.require(0 <= first && first <= end && end <= length) {
      "subscript: the range \(from.map(String.init) ?? "")\(upTo.map { "..<\($0)" } ?? "...") "
        + "is out of bounds for axis \(axis) of \(shape)"
    }
    let (whole, rest) = UInt(end - first).quotientAndRemainder(dividingBy: step.magnitude)
    let count = Int(whole) + (rest > 0 ? 1 : 0)
    return AxisSlices.Axis(
      start: step > 0 || count == 0 ? first : end - 1,
      // A step that is not taken may be so large that no address lies so far.
      step: count > 1 ? step : 1, count: count)
  }
}

extension Tensor {
  /// What `selection` takes, before axes are dropped and put in; without a copy where no positions are
  /// listed.
  func elements(of selection: Selection) -> Tensor {
    selection.lists.reduce(sliced(selection.slice)) { part, list in
      part.gathered(AxisPositions(list.positions, axis: list.axis, of: part.shape))
    }
  }

  /// The tensor with `value`, which broadcasts, over what `selection` takes, no place of it twice. d/dx is
  /// the gradient with zeros there, d/dvalue is the gradient there.
  func replacing(_ selection: Selection, with value: Tensor) -> Tensor {
    if isMapped || value.isMapped {
      let scope = MappingScope.open(deepest(mapped, value.mapped))
      return lifted(to: scope).replacing(
        selection.behind(scope.lengths), with: value.aligned(to: scope.axes, rank: rank)
      ).asMapped(scope.axes)
    }
    var result = Kernels.copy(array)
    result.assign(value.array, to: selection)
    return record(
      "assign", Tensor(result),
      (self, { g in g.replacing(selection, with: .zeros([])) }),
      (value, { g in g.elements(of: selection) }))
  }
}

extension StridedArray {
  /// Writes `value`, broadcast, over what `selection` takes of this array's own storage.
  mutating func assign(_ value: StridedArray, to selection: Selection) {
    Kernels.write(
      value.broadcast(to: selection.boxShape), over: sliced(selection.slice), selection.lists[...])
  }

  fileprivate func element(_ position: Int, axis: Int) -> StridedArray {
    var slice = AxisSlices(all: shape)
    slice.axes[axis] = AxisSlices.Axis(start: position, count: 1)
    return sliced(slice)
  }
}

extension Kernels {
  /// Writes `rows` over the elements of `target` at the listed positions.
  fileprivate static func write<Scalar>(
    _ rows: StridedArray<Scalar>, over target: StridedArray<Scalar>, _ lists: ArraySlice<Selection.List>
  ) {
    guard let list = lists.first else { return copyInto(target, rows) }
    if lists.count == 1 {
      let positions = AxisPositions(list.positions, axis: list.axis, of: target.shape)
      return transfer(rows, target, positions, .write)
    }
    for (place, position) in list.positions.enumerated() {
      write(
        rows.element(place, axis: list.axis), over: target.element(position, axis: list.axis),
        lists.dropFirst())
    }
  }
}
