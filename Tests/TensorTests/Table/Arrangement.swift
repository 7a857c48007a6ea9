@testable import Tensor

/// Ways for the elements of a tensor to lie in memory.
enum Arrangement: CaseIterable {
  /// The first axis is innermost.
  case reversedAxes
  /// Axis 1 is innermost, as in channels-last pictures.
  case channelsLast
  /// A window of a larger array, around which there are NaNs.
  case window
  /// Every axis runs backwards.
  case backwards
  /// Every second element of each axis of a larger array, between which there are NaNs.
  case everySecond

  func arranged<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
    let shape = tensor.shape
    let axes = Array(shape.indices)
    switch self {
    case .reversedAxes: return stored(tensor, axes.reversed())
    case .channelsLast: return stored(tensor, axes.filter { $0 != 1 } + axes.filter { $0 == 1 })
    case .window: return stored(tensor, axes, margin: 1)
    case .backwards: return stored(tensor, axes, step: -1)
    case .everySecond: return stored(tensor, axes, step: 2)
    }
  }

  /// The tensor in new memory with the axes in the order of `axes`, outermost first, `margin` NaNs around, and `step`
  /// places from each element of an axis to the next.
  private func stored<Scalar: TensorScalar>(
    _ tensor: Tensor<Scalar>, _ axes: [Int], margin: Int = 0, step: Int = 1
  ) -> Tensor<Scalar> {
    let outer = axes.map { tensor.shape[$0] * abs(step) + 2 * margin }
    let memory = StridedArray<Scalar>(repeating: .nan, shape: outer)
    var strides = [Int](repeating: 0, count: axes.count)
    for (axis, stride) in zip(axes, memory.layout.strides) { strides[axis] = stride }
    let offset = step < 0 ? max(memory.count - 1, 0) : margin * strides.reduce(0, +)
    strides = strides.map { $0 * step }
    let layout = Layout(shape: tensor.shape, strides: strides, offset: offset)
    let view = StridedArray<Scalar>(storage: memory.storage, layout: layout)
    let start = memory.pointer - memory.layout.offset + offset
    var index = [Int](repeating: 0, count: axes.count)
    for scalar in tensor.scalars {
      start[zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }] = scalar
      for axis in index.indices.reversed() {
        index[axis] += 1
        if index[axis] < tensor.shape[axis] { break }
        index[axis] = 0
      }
    }
    return Tensor(view)
  }
}
