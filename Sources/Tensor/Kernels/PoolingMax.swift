/// Which place of its window every maximum came from: all that the backward pass of max-pooling needs.
///
/// A choice is the place's number in the window, row by row. Choices are kept output row by output row, in the
/// order in which the output lies in memory: two bits each for a window of at most four places, else a byte or a
/// word.
struct WindowChoices: @unchecked Sendable {
  let geometry: PoolingGeometry
  fileprivate let storage: Storage
  fileprivate let width: Width

  fileprivate enum Width: Int {
    case pair = 2
    case byte = 8
    case word = 32

    init(places: Int) { self = places <= 4 ? .pair : places <= 256 ? .byte : .word }
  }

  fileprivate init(_ geometry: PoolingGeometry) {
    self.geometry = geometry
    width = Width(places: geometry.taps)
    rowBytes = (geometry.outputRow * width.rawValue + 7) / 8
    storage = Storage(byteCount: geometry.planes * geometry.vertical.outputSize * rowBytes)
  }

  private let rowBytes: Int

  /// Calls `body` with memory for the choices of output row `row`, then packs them.
  @inline(__always)
  fileprivate func write<Code: FixedWidthInteger>(
    row: Int, _: Code.Type, _ body: (UnsafeMutablePointer<Code>) -> Void
  ) {
    let bytes = storage.bytes + row * rowBytes
    guard width == .pair else { return body(bytes.assumingMemoryBound(to: Code.self)) }
    let count = geometry.outputRow
    withUnsafeTemporaryAllocation(of: Code.self, capacity: rowBytes * 4) { codes in
      let codes = codes.baseAddress!
      for index in count..<rowBytes * 4 { codes[index] = 0 }
      body(codes)
      let packed = bytes.assumingMemoryBound(to: UInt8.self)
      for index in 0..<rowBytes {
        let four = codes + index &* 4
        let byte = four[0] | four[1] &<< 2 | four[2] &<< 4 | four[3] &<< 6
        packed[index] = UInt8(truncatingIfNeeded: byte)
      }
    }
  }

  /// Calls `body` with the choices of output row `row`, unpacked.
  @inline(__always)
  fileprivate func read<Code: FixedWidthInteger>(
    row: Int, _: Code.Type, _ body: (UnsafePointer<Code>) -> Void
  ) {
    let bytes = storage.bytes + row * rowBytes
    guard width == .pair else { return body(bytes.assumingMemoryBound(to: Code.self)) }
    withUnsafeTemporaryAllocation(of: Code.self, capacity: rowBytes * 4) { codes in
      let codes = codes.baseAddress!
      let packed = bytes.assumingMemoryBound(to: UInt8.self)
      for index in 0..<rowBytes {
        let byte = Code(truncatingIfNeeded: packed[index])
        let four = codes + index &* 4
        (four[0], four[1], four[2], four[3]) = (byte & 3, byte &>> 2 & 3, byte &>> 4 & 3, byte &>> 6 & 3)
      }
      body(codes)
    }
  }
}

extension Kernels {
  /// The largest number of every window. The first of equals is taken, and NaN before all numbers.
  static func maxPool<Scalar>(_ x: StridedArray<Scalar>, _ geometry: PoolingGeometry) -> StridedArray<Scalar>
  {
    let result: StridedArray<Scalar> = geometry.newOutput()
    let x = geometry.input(x)
    if Scalar.self == Float.self {
      maxLoop(result.assuming(Float.self), x.assuming(Float.self), geometry)
    } else {
      maxLoop(result.assuming(Double.self), x.assuming(Double.self), geometry)
    }
    return result
  }

  /// The largest number of every window, and which it was.
  static func maxPoolWithChoices<Scalar>(
    _ x: StridedArray<Scalar>, _ geometry: PoolingGeometry
  ) -> (StridedArray<Scalar>, WindowChoices) {
    let result: StridedArray<Scalar> = geometry.newOutput()
    let choices = WindowChoices(geometry)
    let x = geometry.input(x)
    switch (Scalar.self == Float.self, choices.width) {
    case (true, .word): maxLoop(result.assuming(Float.self), x.assuming(Float.self), choices, UInt32.self)
    case (true, _): maxLoop(result.assuming(Float.self), x.assuming(Float.self), choices, UInt8.self)
    case (false, .word): maxLoop(result.assuming(Double.self), x.assuming(Double.self), choices, UInt32.self)
    case (false, _): maxLoop(result.assuming(Double.self), x.assuming(Double.self), choices, UInt8.self)
    }
    return (result, choices)
  }

  /// The number of every window that was chosen.
  static func gatherChoices<Scalar>(
    _ x: StridedArray<Scalar>, _ choices: WindowChoices
  ) -> StridedArray<Scalar> {
    let result: StridedArray<Scalar> = choices.geometry.newOutput()
    let x = choices.geometry.input(x)
    switch (Scalar.self == Float.self, choices.width) {
    case (true, .word): gatherLoop(result.assuming(Float.self), x.assuming(Float.self), choices, UInt32.self)
    case (true, _): gatherLoop(result.assuming(Float.self), x.assuming(Float.self), choices, UInt8.self)
    case (false, .word):
      gatherLoop(result.assuming(Double.self), x.assuming(Double.self), choices, UInt32.self)
    case (false, _): gatherLoop(result.assuming(Double.self), x.assuming(Double.self), choices, UInt8.self)
    }
    return result
  }

  /// Every number added to the place of its window that was chosen; zeros elsewhere.
  static func scatterChoices<Scalar>(
    _ gradient: StridedArray<Scalar>, _ choices: WindowChoices
  ) -> StridedArray<Scalar> {
    let result: StridedArray<Scalar> = choices.geometry.newInput()
    let gradient = choices.geometry.output(gradient)
    switch (Scalar.self == Float.self, choices.width) {
    case (true, .word):
      scatterLoop(result.assuming(Float.self), gradient.assuming(Float.self), choices, UInt32.self)
    case (true, _):
      scatterLoop(result.assuming(Float.self), gradient.assuming(Float.self), choices, UInt8.self)
    case (false, .word):
      scatterLoop(result.assuming(Double.self), gradient.assuming(Double.self), choices, UInt32.self)
    case (false, _):
      scatterLoop(result.assuming(Double.self), gradient.assuming(Double.self), choices, UInt8.self)
    }
    return result
  }
}

/// Whether `candidate` takes the place of the largest number so far, as PyTorch decides it.
@inline(__always)
private func displaces<S: TensorScalar>(_ candidate: S, _ best: S) -> Bool {
  candidate > best || candidate != candidate
}

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
            best[output] = displaces(source[input], best[output]) ? source[input] : best[output]
          }
        }
      }
    }
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
        // Every window starts with its first place on the picture, so that a choice is valid even where no number
        // is above −∞.
        let firstRow = max(0, -(y * vertical.stride + vertical.offset(ofTap: 0)))
        let inputRow = y * vertical.stride + vertical.offset(ofTap: firstRow)
        for x in 0..<horizontal.outputSize {
          let firstColumn = max(0, -(x * horizontal.stride + horizontal.offset(ofTap: 0)))
          let column = x * horizontal.stride + horizontal.offset(ofTap: firstColumn)
          let code = Code(truncatingIfNeeded: firstRow * horizontal.window + firstColumn)
          let (from, to) = (inputRow * geometry.inputRow + column * geometry.inner, x * geometry.inner)
          (best + to).update(from: plane + from, count: geometry.inner)
          (codes + to).update(repeating: code, count: geometry.inner)
        }
        geometry.forEachTapRow(ofOutput: y) { tapRow, inputRow in
          let source = plane + inputRow * geometry.inputRow
          for tap in 0..<horizontal.window {
            let code = Code(truncatingIfNeeded: tapRow * horizontal.window + tap)
            geometry.forEachPair(tapColumn: tap) { output, input in
              let isLarger = displaces(source[input], best[output])
              best[output] = isLarger ? source[input] : best[output]
              codes[output] = isLarger ? code : codes[output]
            }
          }
        }
      }
    }
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
              target[output] = codes[output] == code ? source[input] : target[output]
            }
          }
        }
      }
    }
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
              target[input] += codes[output] == code ? source[output] : 0
            }
          }
        }
      }
    }
  }
}
