/// A box of a tensor's elements: on each axis a first position, a step and a count. The rank stays.
struct AxisSlices: Equatable, Sendable {
  struct Axis: Equatable, Sendable {
    var start: Int
    var step = 1
    var count: Int
  }

  var axes: [Axis]

  var shape: Shape { axes.map(\.count) }

  /// All of a tensor of `shape`.
  init(all shape: Shape) { axes = shape.map { Axis(start: 0, count: $0) } }

  /// The same box of every example, behind mapped axes of these lengths.
  func behind(_ lengths: some Collection<Int>) -> AxisSlices {
    var slice = self
    slice.axes.insert(contentsOf: AxisSlices(all: Array(lengths)).axes, at: 0)
    return slice
  }

  /// Whether this is all of a tensor of `shape`, as it lies.
  func isWhole(of shape: Shape) -> Bool { self == AxisSlices(all: shape) }
}

extension Layout {
  /// The view of `slice`, whose positions the caller has checked.
  func sliced(_ slice: AxisSlices) -> Layout {
    var result = self
    for (axis, part) in slice.axes.enumerated() {
      result.shape[axis] = part.count
      result.strides[axis] = strides[axis] * part.step
      // An empty part may start just beyond the end, where no element is.
      if part.count > 0 { result.offset += strides[axis] * part.start }
    }
    return result
  }
}

extension StridedArray {
  func sliced(_ slice: AxisSlices) -> StridedArray {
    StridedArray(storage: storage, layout: layout.sliced(slice))
  }
}

extension Kernels {
  /// `x` at the positions of `slice` in an array of zeros of `shape`, in the order of `x`.
  static func embed<Scalar>(
    _ x: StridedArray<Scalar>, at slice: AxisSlices, in shape: Shape
  ) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(zeros: shape, strides: x.layout.denseStrides(for: shape))
    copyInto(result.sliced(slice), x)
    return result
  }
}

extension Tensor {
  /// The elements of `slice`, without a copy. d/dx is the gradient among zeros.
  func sliced(_ slice: AxisSlices) -> Tensor {
    let shape = self.shape
    if slice.isWhole(of: shape) { return self }
    if isMapped {
      return throughMapped { x, shift in x.sliced(slice.behind(x.shape.prefix(shift))) }
    }
    return record(
      "slice", Tensor(array.sliced(slice)), (self, { g in g.embedded(at: slice, in: shape) }),
      pushing: { $0.sliced(slice) })
  }

  /// The tensor at the positions of `slice` among zeros of `shape`: the transpose of `sliced`.
  func embedded(at slice: AxisSlices, in shape: Shape) -> Tensor {
    if slice.isWhole(of: shape) { return self }
    if isMapped {
      return throughMapped { x, shift in
        let lengths = x.shape.prefix(shift)
        return x.embedded(at: slice.behind(lengths), in: lengths + shape)
      }
    }
    return record(
      "embed", Tensor(Kernels.embed(array, at: slice, in: shape)), (self, { g in g.sliced(slice) }),
      pushing: { $0.embedded(at: slice, in: shape) })
  }
}

extension StridedArray {
  /// Writes `value`, broadcast, over the elements of `view`, a view of this array's own storage.
  mutating func assign(_ value: StridedArray, at view: Layout) {
    Kernels.copyInto(StridedArray(storage: storage, layout: view), value.broadcast(to: view.shape))
  }
}
