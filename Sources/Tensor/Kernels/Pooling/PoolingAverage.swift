extension Kernels {
  /// The mean of every window; places on the padding count as zeros.
  static func averagePool<Scalar: TensorScalar>(
    _ x: StridedArray<Scalar>, _ geometry: PoolingGeometry
  ) -> StridedArray<Scalar> {
    let result: StridedArray<Scalar> = geometry.newOutput()
    let x = geometry.input(x)
    if geometry.isHalving {
      halveByMean(x, into: result, geometry)
    } else {
      averageLoop(result, x, geometry)
    }
    return result
  }

  /// Every number divided by the size of a window and added to all places of its window.
  static func averagePoolGradient<Scalar: TensorScalar>(
    _ gradient: StridedArray<Scalar>, _ geometry: PoolingGeometry
  ) -> StridedArray<Scalar> {
    let result: StridedArray<Scalar> = geometry.newInput()
    let gradient = geometry.output(gradient)
    if geometry.isHalving {
      meanHalvingGradient(gradient, into: result, geometry)
    } else {
      averageGradientLoop(result, gradient, geometry)
    }
    return result
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func averageLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ geometry: PoolingGeometry
) {
  let (r, p) = (result.pointer, x.pointer)
  let share = 1 / S(geometry.taps)
  withExtendedLifetime((result.storage, x.storage)) {
    geometry.forEachOutputRow { row, plane, y in
      let target = r + row * geometry.outputRow
      target.update(repeating: 0, count: geometry.outputRow)
      geometry.forEachTapRow(ofOutput: y) { _, inputRow in
        let source = p + (plane * geometry.vertical.size + inputRow) * geometry.inputRow
        for tap in 0..<geometry.horizontal.window {
          geometry.forEachPair(tapColumn: tap) { output, input in target[output] += source[input] }
        }
      }
      for index in 0..<geometry.outputRow { target[index] *= share }
    }
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func averageGradientLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ gradient: StridedArray<S>, _ geometry: PoolingGeometry
) {
  let (r, p) = (result.pointer, gradient.pointer)
  let share = 1 / S(geometry.taps)
  withExtendedLifetime((result.storage, gradient.storage)) {
    geometry.forEachInputRow { row, plane, y in
      let target = r + row * geometry.inputRow
      target.update(repeating: 0, count: geometry.inputRow)
      geometry.forEachTapRow(ofInput: y) { _, outputRow in
        let source = p + (plane * geometry.vertical.outputSize + outputRow) * geometry.outputRow
        for tap in 0..<geometry.horizontal.window {
          geometry.forEachPair(tapColumn: tap) { output, input in target[input] += source[output] * share }
        }
      }
    }
  }
}
