/// A convolution of pictures of few channels, seen as one of more: a row of taps, which lie side by side in memory, counts as
/// one tap whose channels are those of all its pixels. The pictures are copied with their padding around them.
///
/// So the first convolution of a network, of three colours, is a product with windows as the others are.
struct NarrowWindows {
  /// The convolution as one of rows of taps.
  let plan: GatherPlan
  private let channels: Int
  private let rows: (before: Int, count: Int)
  private let columns: (before: Int, count: Int)

  /// - Parameter plan: That of a convolution.
  /// - Returns: `nil` where a row of taps is no longer than a vector likes, or not side by side.
  init?(_ plan: GatherPlan) {
    let phase = plan.phases[0]
    let (vertical, horizontal) = (phase.vertical, phase.horizontal)
    let width = horizontal.offsets.count
    guard plan.groups == 1, plan.filterAxes.result == 0, plan.sourceChannels < Kernels.fewestWindowChannels,
      width * plan.sourceChannels >= Kernels.fewestWindowChannels, plan.resultChannels > 4,
      zip(horizontal.offsets, horizontal.offsets.dropFirst()).allSatisfy({ $0 + 1 == $1 })
    else { return nil }
    channels = plan.sourceChannels
    rows = Self.padded(vertical)
    columns = Self.padded(horizontal)
    let (above, left) = (rows.before, columns.before)
    self.plan = GatherPlan(
      phases: [
        GatherPlan.Phase(
          vertical: GatherAxis(
            count: vertical.count, origin: vertical.origin, step: vertical.step, scale: vertical.scale,
            taps: vertical.taps, offsets: vertical.offsets.map { $0 + above }, sourceSize: rows.count),
          horizontal: GatherAxis(
            count: horizontal.count, origin: horizontal.origin, step: horizontal.step,
            scale: horizontal.scale,
            taps: [0], offsets: [horizontal.offsets[0] + left], sourceSize: columns.count))
      ],
      batch: plan.batch, groups: 1, sourceChannels: width * plan.sourceChannels,
      resultChannels: plan.resultChannels, filterAxes: plan.filterAxes)
  }

  /// How many places have to be added in front of an axis, and how many there are then, so that all taps fall on one.
  private static func padded(_ axis: GatherAxis) -> (before: Int, count: Int) {
    let before = max(0, -axis.offsets[0])
    let end = max(axis.sourceSize, (axis.count - 1) * axis.scale + axis.offsets.last! + 1)
    return (before, before + end)
  }

  /// The pictures, which are channels-last, with zeros around them.
  func padded<S: TensorScalar>(_ pictures: StridedArray<S>) -> StridedArray<S> {
    let shape = [pictures.shape[0], channels, rows.count, columns.count]
    let result = StridedArray<S>(zeros: shape, strides: Layout.channelsLastStrides(shape))
    let strides = result.layout.strides
    Kernels.copyInto(
      StridedArray(
        storage: result.storage,
        layout: Layout(
          shape: pictures.shape, strides: strides,
          offset: result.layout.offset + rows.before * strides[2] + columns.before * strides[3])),
      pictures)
    return result
  }

  /// The filter, [O, C, KH, KW], as [O, KW · C, KH, 1], in memory of its own.
  func filter<S: TensorScalar>(_ filter: StridedArray<S>) -> StridedArray<S> {
    let result = StridedArray<S>(uninitialized: turnedShape(filter.shape))
    Kernels.copyInto(turned(result, filter.shape), filter)
    return result
  }

  /// Writes the gradient of such a filter over that of the filter itself.
  func write<S: TensorScalar>(_ gradient: StridedArray<S>, over result: StridedArray<S>) {
    Kernels.copyInto(result, turned(gradient, result.shape))
  }

  /// Memory for such a filter.
  func turnedShape(_ shape: Shape) -> Shape { [shape[0], shape[3] * shape[1], shape[2], 1] }

  /// The elements of such a filter in the order of the filter itself, whose shape is given.
  private func turned<S: TensorScalar>(_ array: StridedArray<S>, _ shape: Shape) -> StridedArray<S> {
    let (channels, height, width) = (shape[1], shape[2], shape[3])
    return StridedArray(
      storage: array.storage,
      layout: Layout(
        shape: shape, strides: [width * channels * height, height, 1, channels * height],
        offset: array.layout.offset))
  }
}
