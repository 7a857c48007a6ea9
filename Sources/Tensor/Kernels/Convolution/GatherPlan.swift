/// A convolution, or its gradient with respect to the input, as one kind of work: every pixel of a result takes
/// its taps from a source and multiplies them with a matrix.
///
/// Source and result are channels-last. For the convolution itself the source is the input. For the gradient the
/// source is the output's gradient, and the pixels of the result fall into *phases* by their remainders modulo
/// the stride: those of one phase see the same taps of the filter, and no other tap. With stride 1 there is one
/// phase.
struct GatherPlan {
  /// Result pixels that see the same taps.
  struct Phase {
    let vertical: GatherAxis
    let horizontal: GatherAxis

    /// Whether any tap falls on these pixels: with a stride above the window's length there are pixels without.
    var hasTaps: Bool { !vertical.taps.isEmpty && !horizontal.taps.isEmpty }
  }

  let phases: [Phase]
  let batch: Int
  let groups: Int
  let sourceChannels: Int
  let resultChannels: Int
  /// The axes of the filter that run over the source's channels of a group and over the result's.
  let filterAxes: (source: Int, result: Int)

  static func forward(_ geometry: ConvolutionGeometry) -> GatherPlan {
    GatherPlan(
      phases: [Phase(vertical: .forward(geometry.vertical), horizontal: .forward(geometry.horizontal))],
      batch: geometry.batch, groups: geometry.groups,
      sourceChannels: geometry.inputChannels, resultChannels: geometry.outputChannels,
      filterAxes: (source: 1, result: 0))
  }

  static func inputGradient(_ geometry: ConvolutionGeometry) -> GatherPlan {
    let columns = GatherAxis.inputGradient(geometry.horizontal)
    return GatherPlan(
      phases: GatherAxis.inputGradient(geometry.vertical).flatMap { row in
        columns.map { Phase(vertical: row, horizontal: $0) }
      },
      batch: geometry.batch, groups: geometry.groups,
      sourceChannels: geometry.outputChannels, resultChannels: geometry.inputChannels,
      filterAxes: (source: 0, result: 1))
  }
}

/// One direction of a phase: result positions `origin + i·step`, whose tap `t` is at the source position
/// `i·scale + offsets[t]`.
struct GatherAxis {
  let count: Int
  let origin: Int
  let step: Int
  let scale: Int
  /// The taps of the filter in the order of their offsets, which ascend.
  let taps: [Int]
  let offsets: [Int]
  let sourceSize: Int

  static func forward(_ axis: WindowAxis) -> GatherAxis {
    let taps = Array(0..<axis.window)
    return GatherAxis(
      count: axis.outputSize, origin: 0, step: 1, scale: axis.stride,
      taps: taps, offsets: taps.map(axis.offset(ofTap:)), sourceSize: axis.size)
  }

  static func inputGradient(_ axis: WindowAxis) -> [GatherAxis] {
    (0..<min(axis.stride, axis.size)).map { remainder in
      let taps = (0..<axis.window).reversed().filter {
        (remainder - axis.offset(ofTap: $0)) % axis.stride == 0
      }
      return GatherAxis(
        count: (axis.size - remainder + axis.stride - 1) / axis.stride, origin: remainder, step: axis.stride,
        scale: 1, taps: taps, offsets: taps.map { (remainder - axis.offset(ofTap: $0)) / axis.stride },
        sourceSize: axis.outputSize)
    }
  }

  /// Whether the source is read as it lies, one tap a position.
  var isIdentity: Bool { offsets == [0] && scale == 1 && step == 1 && count == sourceSize }
}
