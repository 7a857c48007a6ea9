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

  /// `x` with `rows` added at `positions`, or written there, in row-major order.
  static func changed<Scalar>(
    _ x: StridedArray<Scalar>, by rows: StridedArray<Scalar>, at positions: AxisPositions,
    _ kind: IndexedTransfer
  ) -> StridedArray<Scalar> {
    let result = StridedArray<Scalar>(uninitialized: x.shape)
    transfer(rows, result, positions, kind, copying: x)
    return result
  }

  /// Moves between `rows`, of the positions' shape, and the elements of `picked` at the positions.
  ///
  /// Threads share the lines along the axis and never cut one that is written, so that what is added at one position is
  /// added in one order. What is written is written last at the last of equal positions.
  ///
  /// - Parameter original: What `picked` is made a copy of first; `nil` where it has its elements.
  static func transfer<Scalar>(
    _ rows: StridedArray<Scalar>, _ picked: StridedArray<Scalar>, _ positions: AxisPositions,
    _ kind: IndexedTransfer, copying original: StridedArray<Scalar>? = nil
  ) {
    // Reads and writes ask for the elements' width alone; what is added up is `Float` or `Double`.
    precondition(kind != .add || Tensor<Scalar>.hasDerivatives)
    if rows.count == 0 {
      if let original { copyInto(picked, original) }
      return
    }
    let axis = positions.axis
    let steps = Layout(shape: rows.shape, strides: positions.strides)
    let loop = StridedLoop([rows.layout, picked.layout, steps].map { $0.removing(axis) })
    let length = rows.shape[axis]
    let step = (rows.layout.strides[axis], picked.layout.strides[axis], steps.strides[axis])
    let lineStep = (loop.runStrides[0], loop.runStrides[1], loop.runStrides[2])
    let runsAlongAxis = loop.runLength == 1 || step.0.magnitude < lineStep.0.magnitude
    // Whole rows are moved at once.
    let movesRows = !runsAlongAxis && lineStep == (1, 1, 0)
    // Where there is less to copy than to move, a thread copies what it goes on with, and has it in its cache.
    let copiesByTiles =
      movesRows && rows.count >= picked.count && original?.layout.strides == picked.layout.strides
    if let original, !copiesByTiles { copyInto(picked, original) }
    let grain = !movesRows ? elementGrain : kind == .read ? rowsReadAtOnce : rowsChangedAtOnce
    // Reads may be cut along the axis instead.
    let least = !movesRows ? fewestColumns : kind == .read ? grain : fewestColumnsOfRows
    let width = min(loop.runLength, max(least, grain / length))
    let tiles = (loop.runLength + width - 1) / width
    let part = kind == .read ? min(length, max(grain / width, 1)) : length
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
    let originalBase =
      copiesByTiles ? original.map { UnsafeRawPointer($0.pointer - picked.layout.offset) } : nil
    let (pickedStep, pickedLength) = (picked.layout.strides[axis], picked.shape[axis])
    defer { withExtendedLifetime((rows.storage, picked.storage, original?.storage)) {} }
    positions.values.withNumbers { values in
      let pieces = tiles * parts
      Parallel.forEachRange(loop.runCount * pieces, grain: max(1, grain / (width * part))) { tasks in
        for task in pieces == 1 ? 0..<1 : tasks {
          let (first, start) = (task / parts % tiles * width, task % parts * part)
          let runs = pieces == 1 ? tasks : task / pieces..<task / pieces + 1
          loop.forEachRun(in: runs) { offsets in
            let count = min(width, loop.runLength - first)
            if let originalBase {
              for place in 0..<pickedLength {
                let offset = (offsets[1] + first + place * pickedStep) * size
                (pickedBase + offset).copyMemory(from: originalBase + offset, byteCount: count * size)
              }
            }
            var picks = ckernels_picks(
              row: rowBase + (offsets[0] + first * lineStep.0 + start * step.0) * size,
              picked: pickedBase + (offsets[1] + first * lineStep.1) * size,
              positions: values + offsets[2] + first * lineStep.2 + start * step.2,
              row_step: step.0, picked_step: step.1, position_step: step.2,
              row_line: lineStep.0, picked_line: lineStep.1, position_line: lineStep.2,
              lines: count, length: min(part, length - start),
              runs_along_axis: runsAlongAxis, add: add)
            ckernels_move(&picks, pick, size)
          }
        }
      }
    }
  }

  /// The elements that are worth a thread of their own where they are moved by whole rows, as fast as memory gives them; where
  /// two of them write pieces of the same rows there is little to win.
  private static let rowsReadAtOnce = 1 << 17
  private static let rowsChangedAtOnce = 1 << 19
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
