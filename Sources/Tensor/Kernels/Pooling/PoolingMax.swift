extension Kernels {
  /// The largest number of every window. The first of equals is taken, and NaN before all numbers.
  static func maxPool<Scalar: TensorScalar>(_ x: StridedArray<Scalar>, _ geometry: PoolingGeometry)
    -> StridedArray<Scalar>
  {
    let result: StridedArray<Scalar> = geometry.newOutput()
    let x = geometry.input(x)
    if geometry.isHalving {
      halve(x, into: result, geometry, choices: nil)
    } else {
      maxLoop(result, x, geometry)
    }
    return result
  }

  /// The largest number of every window, and which it was.
  static func maxPoolWithChoices<Scalar: TensorScalar>(
    _ x: StridedArray<Scalar>, _ geometry: PoolingGeometry
  ) -> (StridedArray<Scalar>, WindowChoices) {
    let result: StridedArray<Scalar> = geometry.newOutput()
    let choices = WindowChoices(geometry)
    let x = geometry.input(x)
    if geometry.isHalving {
      halve(x, into: result, geometry, choices: choices)
      return (result, choices)
    }
    maxLoop(result, x, choices)
    return (result, choices)
  }

  /// The number of every window that was chosen.
  static func gatherChoices<Scalar: TensorScalar>(
    _ x: StridedArray<Scalar>, _ choices: WindowChoices
  ) -> StridedArray<Scalar> {
    let result: StridedArray<Scalar> = choices.geometry.newOutput()
    let x = choices.geometry.input(x)
    gatherLoop(result, x, choices)
    return result
  }

  /// Every number added to the place of its window that was chosen; zeros elsewhere.
  static func scatterChoices<Scalar: TensorScalar>(
    _ gradient: StridedArray<Scalar>, _ choices: WindowChoices
  ) -> StridedArray<Scalar> {
    let result: StridedArray<Scalar> = choices.geometry.newInput()
    let gradient = choices.geometry.output(gradient)
    if choices.geometry.isHalving {
      halvingGradient(gradient, into: result, choices)
      return result
    }
    scatterLoop(result, gradient, choices)
    return result
  }
}

/// The larger of the two, or the candidate if it is NaN: PyTorch's choice, as selections without a branch.
@inline(__always)
private func larger<S: TensorScalar>(_ candidate: S, _ best: S) -> S {
  let number = candidate > best ? candidate : best
  return candidate == candidate ? number : candidate
}

@specialized(where S == Float)
@specialized(where S == Double)
private func maxLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ geometry: PoolingGeometry
) {
  let (r, p) = (result.pointer, x.pointer)
  withExtendedLifetime((result.storage, x.storage)) {
    geometry.forEachOutputRow { row, plane, y in
      let best = r + row * geometry.outputRow
      best.update(repeating: -.infinity, count: geometry.outputRow)
      geometry.forEachTapRow(ofOutput: y) { _, inputRow in
        let source = p + (plane * geometry.vertical.size + inputRow) * geometry.inputRow
        for tap in 0..<geometry.horizontal.window {
          geometry.forEachPair(tapColumn: tap) { output, input in
            best[output] = larger(source[input], best[output])
          }
        }
      }
    }
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func maxLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ choices: WindowChoices
) {
  if choices.width == .word {
    maxLoop(result, x, choices, UInt32.self)
  } else {
    maxLoop(result, x, choices, UInt8.self)
  }
}

private func maxLoop<S: TensorScalar, Code: FixedWidthInteger>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ choices: WindowChoices, _: Code.Type
) {
  let geometry = choices.geometry
  let (vertical, horizontal) = (geometry.vertical, geometry.horizontal)
  let (r, p) = (result.pointer, x.pointer)
  withExtendedLifetime((result.storage, x.storage, choices.storage)) {
    geometry.forEachOutputRow { row, plane, y in
      let best = r + row * geometry.outputRow
      let plane = p + plane * vertical.size * geometry.inputRow
      choices.write(row: row, Code.self) { codes in
        best.update(repeating: -.infinity, count: geometry.outputRow)
        codes.update(repeating: 0, count: geometry.outputRow)
        if geometry.hasPadding { startOnThePicture(codes, y, geometry) }
        geometry.forEachTapRow(ofOutput: y) { tapRow, inputRow in
          let source = plane + inputRow * geometry.inputRow
          for tap in 0..<horizontal.window {
            let code = Code(truncatingIfNeeded: tapRow * horizontal.window + tap)
            geometry.forEachPair(tapColumn: tap) { output, input in
              let (candidate, before, codeBefore) = (source[input], best[output], codes[output])
              best[output] = larger(candidate, before)
              let number = candidate > before ? code : codeBefore
              codes[output] = candidate == candidate ? number : code
            }
          }
        }
      }
    }
  }
}

/// Sets every choice of output row `y` to the window's first place that is not on the padding, so that it is valid
/// even where no number is above −∞.
private func startOnThePicture<Code: FixedWidthInteger>(
  _ codes: UnsafeMutablePointer<Code>, _ y: Int, _ geometry: PoolingGeometry
) {
  let (vertical, horizontal) = (geometry.vertical, geometry.horizontal)
  let row = firstTap(of: y, vertical)
  for x in 0..<horizontal.outputSize {
    let column = firstTap(of: x, horizontal)
    let code = Code(truncatingIfNeeded: row * horizontal.window + column)
    (codes + x * geometry.inner).update(repeating: code, count: geometry.inner)
  }
}

/// The first place of the window at `output` that does not lie before the input.
private func firstTap(of output: Int, _ axis: WindowAxis) -> Int {
  let before = -(output * axis.stride + axis.offset(ofTap: 0))
  return before <= 0 ? 0 : (before + axis.dilation - 1) / axis.dilation
}

@specialized(where S == Float)
@specialized(where S == Double)
private func gatherLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ choices: WindowChoices
) {
  if choices.width == .word {
    gatherLoop(result, x, choices, UInt32.self)
  } else {
    gatherLoop(result, x, choices, UInt8.self)
  }
}

private func gatherLoop<S: TensorScalar, Code: FixedWidthInteger>(
  _ result: StridedArray<S>, _ x: StridedArray<S>, _ choices: WindowChoices, _: Code.Type
) {
  let geometry = choices.geometry
  let (r, p) = (result.pointer, x.pointer)
  withExtendedLifetime((result.storage, x.storage, choices.storage)) {
    geometry.forEachOutputRow { row, plane, y in
      let target = r + row * geometry.outputRow
      choices.read(row: row, Code.self) { codes in
        geometry.forEachTapRow(ofOutput: y) { tapRow, inputRow in
          let source = p + (plane * geometry.vertical.size + inputRow) * geometry.inputRow
          for tap in 0..<geometry.horizontal.window {
            let code = Code(truncatingIfNeeded: tapRow * geometry.horizontal.window + tap)
            geometry.forEachPair(tapColumn: tap) { output, input in
              let (value, before) = (source[input], target[output])
              target[output] = codes[output] == code ? value : before
            }
          }
        }
      }
    }
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func scatterLoop<S: TensorScalar>(
  _ result: StridedArray<S>, _ gradient: StridedArray<S>, _ choices: WindowChoices
) {
  if choices.width == .word {
    scatterLoop(result, gradient, choices, UInt32.self)
  } else {
    scatterLoop(result, gradient, choices, UInt8.self)
  }
}

private func scatterLoop<S: TensorScalar, Code: FixedWidthInteger>(
  _ result: StridedArray<S>, _ gradient: StridedArray<S>, _ choices: WindowChoices, _: Code.Type
) {
  let geometry = choices.geometry
  let (r, p) = (result.pointer, gradient.pointer)
  withExtendedLifetime((result.storage, gradient.storage, choices.storage)) {
    geometry.forEachInputRow { row, plane, y in
      let target = r + row * geometry.inputRow
      target.update(repeating: 0, count: geometry.inputRow)
      geometry.forEachTapRow(ofInput: y) { tapRow, outputRow in
        let outputRow = plane * geometry.vertical.outputSize + outputRow
        let source = p + outputRow * geometry.outputRow
        choices.read(row: outputRow, Code.self) { codes in
          for tap in 0..<geometry.horizontal.window {
            let code = Code(truncatingIfNeeded: tapRow * geometry.horizontal.window + tap)
            geometry.forEachPair(tapColumn: tap) { output, input in
              let value = source[output]
              target[input] += codes[output] == code ? value : 0
            }
          }
        }
      }
    }
  }
}
