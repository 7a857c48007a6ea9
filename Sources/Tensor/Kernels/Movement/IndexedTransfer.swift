/// What ``Kernels/transfer`` does to the picked elements, or with them.
enum IndexedTransfer { case read, write, add }

/// What happens between an element of the rows and the element that a position picks.
private protocol IndexedMove {
  static func move<S: TensorElement>(_ row: UnsafeMutablePointer<S>, _ picked: UnsafeMutablePointer<S>)
}

private enum IndexedMoves {
  struct Read: IndexedMove {
    @inline(__always)
    static func move<S: TensorElement>(_ row: UnsafeMutablePointer<S>, _ picked: UnsafeMutablePointer<S>) {
      row.pointee = picked.pointee
    }
  }
  struct Write: IndexedMove {
    @inline(__always)
    static func move<S: TensorElement>(_ row: UnsafeMutablePointer<S>, _ picked: UnsafeMutablePointer<S>) {
      picked.pointee = row.pointee
    }
  }
  struct Add: IndexedMove {
    @inline(__always)
    static func move<S: TensorElement>(_ row: UnsafeMutablePointer<S>, _ picked: UnsafeMutablePointer<S>) {
      // The only move that computes. No derivative, which it is for, is of anything else.
      if S.self == Float.self {
        add(row, picked, Float.self)
      } else {
        add(row, picked, Double.self)
      }
    }

    @inline(__always)
    private static func add<S, T: TensorScalar>(
      _ row: UnsafeMutablePointer<S>, _ picked: UnsafeMutablePointer<S>, _: T.Type
    ) {
      UnsafeMutableRawPointer(picked).assumingMemoryBound(to: T.self).pointee +=
        UnsafeMutableRawPointer(row).assumingMemoryBound(to: T.self).pointee
    }
  }
}

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
  /// Threads share the lines along the axis and never cut one, so that what is added at one position is added
  /// in one order. What is written is written last at the last of equal positions.
  static func transfer<Scalar>(
    _ rows: StridedArray<Scalar>, _ picked: StridedArray<Scalar>, _ positions: AxisPositions,
    _ kind: IndexedTransfer
  ) {
    // Reads and writes ask for the elements' width alone; what is added up is `Float` or `Double`.
    precondition(kind != .add || Tensor<Scalar>.hasDerivatives)
    switch MemoryLayout<Scalar>.size {
    case 1: transferLoop(rows.assuming(UInt8.self), picked.assuming(UInt8.self), positions, kind)
    case 2: transferLoop(rows.assuming(BFloat16.self), picked.assuming(BFloat16.self), positions, kind)
    case 4: transferLoop(rows.assuming(Float.self), picked.assuming(Float.self), positions, kind)
    default: transferLoop(rows.assuming(Double.self), picked.assuming(Double.self), positions, kind)
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

/// Lines side by side, and the positions that pick elements along them. It is compiled for each move and scalar; the walk
/// over an array's tiles, once for each scalar.
private struct TransferTile<S: TensorElement> {
  let row: UnsafeMutablePointer<S>
  let picked: UnsafeMutablePointer<S>
  let positions: UnsafePointer<Int>
  /// The steps along a line, and those from line to line.
  let step: (row: Int, picked: Int, position: Int)
  let lineStep: (row: Int, picked: Int, position: Int)
  let lines: Int
  let length: Int
  /// Whether one line is walked after the other, or all lines are, position by position.
  let runsAlongAxis: Bool

  @inline(never)
  func run<M: IndexedMove>(_: M.Type) {
    if runsAlongAxis {
      for line in 0..<lines {
        let (row, picked) = (row + line &* lineStep.row, picked + line &* lineStep.picked)
        let positions = positions + line &* lineStep.position
        for j in 0..<length {
          M.move(row + j &* step.row, picked + positions[j &* step.position] &* step.picked)
        }
      }
      return
    }
    for j in 0..<length {
      let row = row + j &* step.row
      let positions = positions + j &* step.position
      if lineStep == (1, 1, 0) {
        let picked = picked + positions[0] &* step.picked
        for line in 0..<lines { M.move(row + line, picked + line) }
      } else {
        for line in 0..<lines {
          let offset = line &* lineStep.picked &+ positions[line &* lineStep.position] &* step.picked
          M.move(row + line &* lineStep.row, picked + offset)
        }
      }
    }
  }
}

@specialized(where S == UInt8)
@specialized(where S == BFloat16)
@specialized(where S == Float)
@specialized(where S == Double)
private func transferLoop<S: TensorElement>(
  _ rows: StridedArray<S>, _ picked: StridedArray<S>, _ positions: AxisPositions, _ kind: IndexedTransfer
) {
  if rows.count == 0 { return }
  let axis = positions.axis
  let steps = Layout(shape: rows.shape, strides: positions.strides)
  let loop = StridedLoop([rows.layout, picked.layout, steps].map { $0.removing(axis) })
  let length = rows.shape[axis]
  let step = (rows.layout.strides[axis], picked.layout.strides[axis], steps.strides[axis])
  let lineStep = (loop.runStrides[0], loop.runStrides[1], loop.runStrides[2])
  let (rowBase, pickedBase) = (storageStart(rows), storageStart(picked))
  let runsAlongAxis = loop.runLength == 1 || step.0.magnitude < lineStep.0.magnitude
  let width = min(loop.runLength, max(fewestColumns, Kernels.elementGrain / length))
  let tiles = (loop.runLength + width - 1) / width
  defer { withExtendedLifetime((rows.storage, picked.storage)) {} }
  positions.values.withUnsafeBufferPointer { buffer in
    let values = buffer.baseAddress!
    Parallel.forEachRange(loop.runCount * tiles, grain: max(1, Kernels.elementGrain / (width * length))) {
      tasks in
      for task in tiles == 1 ? 0..<1 : tasks {
        let first = task % tiles * width
        let runs = tiles == 1 ? tasks : task / tiles..<task / tiles + 1
        loop.forEachRun(in: runs) { offsets in
          let tile = TransferTile(
            row: rowBase + offsets[0] + first * lineStep.0,
            picked: pickedBase + offsets[1] + first * lineStep.1,
            positions: values + offsets[2] + first * lineStep.2, step: step, lineStep: lineStep,
            lines: min(width, loop.runLength - first), length: length, runsAlongAxis: runsAlongAxis)
          switch kind {
          case .read: tile.run(IndexedMoves.Read.self)
          case .write: tile.run(IndexedMoves.Write.self)
          case .add: tile.run(IndexedMoves.Add.self)
          }
        }
      }
    }
  }
}
