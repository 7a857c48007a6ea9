/// What happens between an element of the rows and the element that a position picks.
protocol IndexedMove: Sendable {
  static func move<S: TensorScalar>(_ row: UnsafeMutablePointer<S>, _ picked: UnsafeMutablePointer<S>)
}

/// What ``Kernels/transfer`` can do.
enum IndexedMoves {
  struct Read: IndexedMove {
    @inline(__always)
    static func move<S: TensorScalar>(_ row: UnsafeMutablePointer<S>, _ picked: UnsafeMutablePointer<S>) {
      row.pointee = picked.pointee
    }
  }
  struct Write: IndexedMove {
    @inline(__always)
    static func move<S: TensorScalar>(_ row: UnsafeMutablePointer<S>, _ picked: UnsafeMutablePointer<S>) {
      picked.pointee = row.pointee
    }
  }
  struct Add: IndexedMove {
    @inline(__always)
    static func move<S: TensorScalar>(_ row: UnsafeMutablePointer<S>, _ picked: UnsafeMutablePointer<S>) {
      picked.pointee += row.pointee
    }
  }
}

extension Kernels {
  /// The elements of `x` at `positions`, in the order of `x`.
  @inline(__always)
  static func gather<Scalar>(_ x: StridedArray<Scalar>, _ positions: AxisPositions) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(
      uninitialized: positions.shape, strides: x.layout.denseStrides(for: positions.shape))
    transfer(result, x, positions, IndexedMoves.Read.self)
    return result
  }

  /// Zeros of `shape` with `rows` added at `positions`, in the order of `rows`.
  @inline(__always)
  static func scatter<Scalar>(_ rows: StridedArray<Scalar>, _ positions: AxisPositions, in shape: Shape)
    -> StridedArray<Scalar>
  {
    let result = StridedArray<Scalar>(
      repeating: 0, shape: shape, strides: rows.layout.denseStrides(for: shape))
    transfer(rows, result, positions, IndexedMoves.Add.self)
    return result
  }

  /// Moves between `rows`, of the positions' shape, and the elements of `picked` at the positions.
  ///
  /// Threads share the lines along the axis and never cut one, so that what is added at one position is added
  /// in one order. What is written is written last at the last of equal positions.
  @inline(__always)
  static func transfer<Scalar, M: IndexedMove>(
    _ rows: StridedArray<Scalar>, _ picked: StridedArray<Scalar>, _ positions: AxisPositions, _ move: M.Type
  ) {
    if Scalar.self == Float.self {
      transferLoop(rows.assuming(Float.self), picked.assuming(Float.self), positions, move)
    } else {
      transferLoop(rows.assuming(Double.self), picked.assuming(Double.self), positions, move)
    }
  }
}

extension Layout {
  /// The layout of the elements at position 0 of `axis`, without that axis.
  func removing(_ axis: Int) -> Layout {
    var result = self
    result.shape.remove(at: axis)
    result.strides.remove(at: axis)
    return result
  }
}

/// Lines that one piece of work takes side by side at least, where they lie so.
private let fewestColumns = 64

private func transferLoop<S: TensorScalar, M: IndexedMove>(
  _ rows: StridedArray<S>, _ picked: StridedArray<S>, _ positions: AxisPositions, _: M.Type
) {
  if rows.count == 0 { return }
  let axis = positions.axis
  let steps = Layout(shape: rows.shape, strides: positions.strides)
  let loop = StridedLoop([rows.layout, picked.layout, steps].map { $0.removing(axis) })
  let count = rows.shape[axis]
  let (rowStep, pickedStep, step) = (
    rows.layout.strides[axis], picked.layout.strides[axis], steps.strides[axis]
  )
  let (rowStride, pickedStride, stride) = (loop.runStrides[0], loop.runStrides[1], loop.runStrides[2])
  let (rowBase, pickedBase) = (storageStart(rows), storageStart(picked))
  let runsAlongAxis = loop.runLength == 1 || rowStep.magnitude < rowStride.magnitude
  let isUniform = stride == 0 && rowStride == 1 && pickedStride == 1

  /// Some lines side by side, of one run.
  @inline(__always)
  func move(_ offsets: UnsafePointer<Int>, _ values: UnsafePointer<Int>, _ columns: Range<Int>) {
    let row = rowBase + offsets[0] + columns.lowerBound * rowStride
    let picked = pickedBase + offsets[1] + columns.lowerBound * pickedStride
    let values = values + offsets[2] + columns.lowerBound * stride
    if runsAlongAxis {
      for column in 0..<columns.count {
        let (row, picked) = (row + column &* rowStride, picked + column &* pickedStride)
        let values = values + column &* stride
        for j in 0..<count {
          let position = values[j &* step]
          M.move(row + j &* rowStep, picked + position &* pickedStep)
        }
      }
      return
    }
    for j in 0..<count {
      let row = row + j &* rowStep
      let values = values + j &* step
      if isUniform {
        let picked = picked + values[0] &* pickedStep
        for column in 0..<columns.count { M.move(row + column, picked + column) }
      } else {
        for column in 0..<columns.count {
          let position = values[column &* stride]
          let offset = column &* pickedStride &+ position &* pickedStep
          M.move(row + column &* rowStride, picked + offset)
        }
      }
    }
  }

  let width = min(loop.runLength, max(fewestColumns, Kernels.elementGrain / count))
  let tiles = (loop.runLength + width - 1) / width
  withExtendedLifetime((rows.storage, picked.storage)) {
    positions.values.withUnsafeBufferPointer { buffer in
      let values = buffer.baseAddress!
      Parallel.forEachRange(loop.runCount * tiles, grain: max(1, Kernels.elementGrain / (width * count))) {
        tasks in
        if tiles == 1 {
          return loop.forEachRun(in: tasks) { offsets in move(offsets, values, 0..<loop.runLength) }
        }
        for task in tasks {
          let (run, first) = (task / tiles, task % tiles * width)
          loop.forEachRun(in: run..<run + 1) { offsets in
            move(offsets, values, first..<min(first + width, loop.runLength))
          }
        }
      }
    }
  }
}
