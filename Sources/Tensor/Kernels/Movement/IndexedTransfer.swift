import CKernels

/// What ``Kernels/transfer`` does to the picked elements, or with them.
enum IndexedTransfer { case read, write, add }

extension Kernels {
  /// The elements of `x` at `positions`, in the order of `x`.
  static func gather<Scalar>(_ x: StridedArray<Scalar>, _ positions: AxisPositions) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(
      uninitialized: positions.shape, strides: x.layout.denseStrides(for: positions.shape))
    transfer(result, x, positions, .read)
    return result
  }

  /// Zeros of `shape` with `rows` added at `positions`, in the order of `rows`.
  static func scatter<Scalar>(_ rows: StridedArray<Scalar>, _ positions: AxisPositions, in shape: Shape)
    -> StridedArray<Scalar>
  {
    let result = StridedArray<Scalar>(zeros: shape, strides: rows.layout.denseStrides(for: shape))
    transfer(rows, result, positions, .add)
    return result
  }

  /// Moves between `rows`, of the positions' shape, and the elements of `picked` at the positions.
  ///
  /// Threads share the lines along the axis and never cut one that is written, so that what is added at one position is
  /// added in one order. What is written is written last at the last of equal positions.
  static func transfer<Scalar>(
    _ rows: StridedArray<Scalar>, _ picked: StridedArray<Scalar>, _ positions: AxisPositions,
    _ kind: IndexedTransfer
  ) {
    // Reads and writes ask for the elements' width alone; what is added up is `Float` or `Double`.
    precondition(kind != .add || Tensor<Scalar>.hasDerivatives)
    if rows.count == 0 { return }
    let axis = positions.axis
    let steps = Layout(shape: rows.shape, strides: positions.strides)
    let loop = StridedLoop([rows.layout, picked.layout, steps].map { $0.removing(axis) })
    let length = rows.shape[axis]
    let step = (rows.layout.strides[axis], picked.layout.strides[axis], steps.strides[axis])
    let lineStep = (loop.runStrides[0], loop.runStrides[1], loop.runStrides[2])
    let runsAlongAxis = loop.runLength == 1 || step.0.magnitude < lineStep.0.magnitude
    // Whole rows are moved at once.
    let movesRows = !runsAlongAxis && lineStep == (1, 1, 0)
    // Reads may be cut along the axis instead.
    let least = movesRows ? (kind == .read ? elementGrain : fewestColumnsOfRows) : fewestColumns
    let width = min(loop.runLength, max(least, elementGrain / length))
    let tiles = (loop.runLength + width - 1) / width
    let part = kind == .read ? min(length, max(elementGrain / width, 1)) : length
    let parts = (length + part - 1) / part
    let isFloat = Scalar.self == Float.self
    let pick: ckernels_pick =
      switch kind {
      case .read: CKERNELS_READ
      case .write: CKERNELS_WRITE
      case .add: isFloat ? CKERNELS_ADD_FLOAT : CKERNELS_ADD_DOUBLE
      }
    let add =
      isFloat
      ? Processor.best.elements(Float.self).pointee.add : Processor.best.elements(Double.self).pointee.add
    let size = MemoryLayout<Scalar>.stride
    let rowBase = UnsafeMutableRawPointer(storageStart(rows))
    let pickedBase = UnsafeMutableRawPointer(storageStart(picked))
    defer { withExtendedLifetime((rows.storage, picked.storage)) {} }
    positions.values.withNumbers { values in
      let pieces = tiles * parts
      Parallel.forEachRange(loop.runCount * pieces, grain: max(1, elementGrain / (width * part))) { tasks in
        for task in pieces == 1 ? 0..<1 : tasks {
          let (first, start) = (task / parts % tiles * width, task % parts * part)
          let runs = pieces == 1 ? tasks : task / pieces..<task / pieces + 1
          loop.forEachRun(in: runs) { offsets in
            var picks = ckernels_picks(
              row: rowBase + (offsets[0] + first * lineStep.0 + start * step.0) * size,
              picked: pickedBase + (offsets[1] + first * lineStep.1) * size,
              positions: values + offsets[2] + first * lineStep.2 + start * step.2,
              row_step: step.0, picked_step: step.1, position_step: step.2,
              row_line: lineStep.0, picked_line: lineStep.1, position_line: lineStep.2,
              lines: min(width, loop.runLength - first), length: min(part, length - start),
              runs_along_axis: runsAlongAxis, add: add)
            ckernels_move(&picks, pick, size)
          }
        }
      }
    }
  }

  /// Lines that one piece of work takes side by side at least, where they lie so.
  private static let fewestColumns = 64
  /// The same where what is moved is whole rows of them, which memory likes long.
  private static let fewestColumnsOfRows = 512
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
