/// All places of a window on padded pictures.
struct WindowPositions: Sendable {
  let batch: Int
  let channels: Int
  let vertical: WindowAxis
  let horizontal: WindowAxis

  /// Rows and columns of padding around the picture.
  var borders: (rows: Int, columns: Int) { (vertical.padding, horizontal.padding) }
  /// [N, C, H, W] with the padding.
  var paddedShape: Shape {
    [batch, channels, vertical.size + 2 * vertical.padding, horizontal.size + 2 * horizontal.padding]
  }
  /// [N, C, KH, KW, OH, OW].
  var windowsShape: Shape {
    [
      batch, channels, vertical.window, horizontal.window, vertical.outputSize, horizontal.outputSize,
    ]
  }
  /// [N, C·KH·KW, OH·OW].
  var matrixShape: Shape {
    [
      batch, [channels, vertical.window, horizontal.window].elementCount,
      [vertical.outputSize, horizontal.outputSize].elementCount,
    ]
  }
}

extension Kernels {
  /// Pictures of the padded shape seen as windows: neighbouring windows share their elements. Rows of pixels lie side by
  /// side, for as many windows as there are that will be copied by rows.
  static func cut<Scalar: TensorScalar>(
    _ x: StridedArray<Scalar>, into windows: WindowPositions
  ) -> StridedArray<Scalar> {
    let x = relaid(x, strides: x.shape.rowMajorStrides)
    let (vertical, horizontal, strides) = (windows.vertical, windows.horizontal, x.layout.strides)
    return StridedArray(
      storage: x.storage,
      layout: Layout(
        shape: windows.windowsShape,
        strides: [
          strides[0], strides[1], vertical.dilation * strides[2], horizontal.dilation * strides[3],
          vertical.stride * strides[2], horizontal.stride * strides[3],
        ], offset: x.layout.offset))
  }

  /// The sum of all windows at their places on the padded pictures. The taps are added in one order, so the sums
  /// do not depend on the number of threads.
  static func overlap<Scalar: TensorScalar>(
    _ x: StridedArray<Scalar>, _ windows: WindowPositions
  ) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(repeating: 0, shape: windows.paddedShape)
    if x.count == 0 { return result }
    let (vertical, horizontal) = (windows.vertical, windows.horizontal)
    for row in 0..<vertical.window {
      for column in 0..<horizontal.window {
        var tap = AxisSlices(all: x.shape)
        tap.axes[2] = AxisSlices.Axis(start: row, count: 1)
        tap.axes[3] = AxisSlices.Axis(start: column, count: 1)
        var place = AxisSlices(all: result.shape)
        place.axes[2] = AxisSlices.Axis(
          start: row * vertical.dilation, step: vertical.stride, count: vertical.outputSize)
        place.axes[3] = AxisSlices.Axis(
          start: column * horizontal.dilation, step: horizontal.stride, count: horizontal.outputSize)
        let target = result.sliced(place)
        zipInto(target, target, x.sliced(tap).reshaped(to: target.shape), Arithmetic.Add())
      }
    }
    return result
  }
}
