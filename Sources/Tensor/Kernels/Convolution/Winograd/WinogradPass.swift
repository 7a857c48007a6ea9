/// One convolution: the patches of all tiles transformed, multiplied by the filters at each of the 36 frequencies,
/// and transformed back.
///
/// Two ways to order that, by the size of the matrices:
///
/// - Few channels: the tiles are cut into blocks, and a thread takes a block through all three steps while it is in
///   its cache.
/// - Many channels: the filters are much larger than any cache, and should be read as seldom as possible. All
///   threads take many tiles through one step before the next; the products are shared out by frequency and panel.
struct WinogradPass {
  enum Direction {
    case forward
    case inputGradient
  }

  let grid: WinogradGrid
  let kernels: WinogradKernels
  let filter: WinogradFilter
  let direction: Direction
  let source: WinogradSource
  let target: WinogradTarget

  /// What the first way can do: its filters come from the shared cache for every block, and the planes of a block
  /// must fit a core's own.
  private static let largestResidentFilter = WinogradBasis.frequencies * 256 * 256
  private static let largestResidentDepth = 256
  private static let tilesInBlock = 24
  /// The number of blocks is a multiple of this, so that the usual numbers of threads end together.
  private static let blocksAtOnce = 4

  private static let tileBytesInGroup = 512 * 1024
  /// The planes of a group, before and after the products, take this at most, but where one tile needs more.
  static let largestGroupBytes = 20_000_000
  private static let tilesInPiece = 4
  private static let panelsInItem = 4

  /// Whether matrices of these panels, with `depth` channels before them, are small enough for the first way.
  static func worksByBlocks(depth: Int, _ panels: WinogradPanels) -> Bool {
    depth <= largestResidentDepth && panels.elementCount <= largestResidentFilter
  }

  func run() {
    precondition(
      operandBytes == filter.precision.byteCount
        || direction == .inputGradient && filter.precision == .single,
      "Winograd: kernels of another precision")
    if Self.worksByBlocks(depth: source.channels, panels) {
      runByBlocks()
    } else {
      runByFrequencies()
    }
  }

  /// The layout of the matrices this direction multiplies by.
  private var panels: WinogradPanels { direction == .forward ? filter.panels : filter.transposedPanels }
  private var operandBytes: Int { kernels.pointee.operand_bytes }

  // MARK: Few channels

  private func runByBlocks() {
    switch direction {
    case .forward: runByBlocks(filter.values)
    case .inputGradient:
      Workspace.shared.withBytes(panels.elementCount * operandBytes) { transposed in
        Parallel.forEach(WinogradBasis.frequencies) { frequency in
          for panel in 0..<panels.count {
            filter.transposePanel(
              frequency: frequency, panel, of: panels,
              into: transposed + panels.offset(frequency: frequency, panel: panel) * operandBytes,
              kernels: kernels)
          }
        }
        runByBlocks(transposed)
      }
    }
  }

  private func runByBlocks(_ matrices: UnsafeRawPointer) {
    let before = WinogradPlanes(
      tiles: Self.tilesInBlock, channels: source.paddedChannels, elementBytes: operandBytes)
    let after = WinogradPlanes(tiles: Self.tilesInBlock, channels: WinogradPanels.width)
    let smallest = (grid.tileCount + Self.tilesInBlock - 1) / Self.tilesInBlock
    let even = (smallest + Self.blocksAtOnce - 1) / Self.blocksAtOnce * Self.blocksAtOnce
    let blocks = min(even, grid.tileCount)
    Parallel.forEach(blocks) { block in
      let tiles = block * grid.tileCount / blocks..<(block + 1) * grid.tileCount / blocks
      let floats = (after.size + scratchSize) * MemoryLayout<Float>.stride
      Workspace.shared.withBytes(before.byteCount + floats) { input in
        let output = (input + before.byteCount).assumingMemoryBound(to: Float.self)
        let scratch = output + after.size
        source.transform(tiles, of: grid, into: input, before, scratch: scratch, kernels: kernels)
        for panel in 0..<panels.count {
          for frequency in 0..<WinogradBasis.frequencies {
            let next = (frequency + 1) % WinogradBasis.frequencies
            let width = panels.paddedWidth(panel)
            kernels.pointee.multiply(
              tiles.count, source.channels, width, input + frequency * before.planeByteCount,
              before.rowStride,
              matrices + panels.offset(frequency: frequency, panel: panel) * operandBytes,
              output + frequency * after.planeStride, after.rowStride,
              matrices + panels.offset(frequency: next, panel: panel) * operandBytes,
              WinogradPanels.width * width)
          }
          target.write(
            tiles, of: grid, channels: panels.columnRange(panel), from: output, after, scratch: scratch,
            kernels: kernels)
        }
      }
    }
  }

  // MARK: Many channels

  private func runByFrequencies() {
    let tileBytes =
      source.paddedChannels * operandBytes + panels.paddedColumns * MemoryLayout<Float>.stride
    let tilesInGroup = min(max(Self.tileBytesInGroup / tileBytes, 1), grid.tileCount)
    let before = WinogradPlanes(
      tiles: tilesInGroup, channels: source.paddedChannels, elementBytes: operandBytes)
    let after = WinogradPlanes(tiles: tilesInGroup, channels: panels.paddedColumns)
    Workspace.shared.withBytes(before.byteCount + after.byteCount) { input in
      let output = (input + before.byteCount).assumingMemoryBound(to: Float.self)
      for first in stride(from: 0, to: grid.tileCount, by: tilesInGroup) {
        let tiles = first..<min(first + tilesInGroup, grid.tileCount)
        forEachPiece(of: tiles) { piece, index, scratch in
          source.transform(
            piece, of: grid, into: input + index * before.rowByteCount, before, scratch: scratch,
            kernels: kernels)
        }
        multiplyTogether(tiles.count, input, before, into: output, after)
        forEachPiece(of: tiles) { piece, index, scratch in
          for panel in 0..<panels.count {
            target.write(
              piece, of: grid, channels: panels.columnRange(panel),
              from: output + index * after.rowStride + panel * WinogradPanels.width, after, scratch: scratch,
              kernels: kernels)
          }
        }
      }
    }
  }

  /// An item is some panels of one frequency: the thread that takes it keeps the frequency's tiles in its cache.
  private func multiplyTogether(
    _ tileCount: Int, _ input: UnsafeRawPointer, _ before: WinogradPlanes,
    into output: UnsafeMutablePointer<Float>, _ after: WinogradPlanes
  ) {
    let itemsInFrequency = (panels.count + Self.panelsInItem - 1) / Self.panelsInItem
    Parallel.forEach(WinogradBasis.frequencies * itemsInFrequency) { item in
      let frequency = item / itemsInFrequency
      let first = item % itemsInFrequency * Self.panelsInItem
      for panel in first..<min(first + Self.panelsInItem, panels.count) {
        withMatrix(frequency: frequency, panel) { matrix in
          let upcoming = upcoming(after: panel, frequency: frequency)
          kernels.pointee.multiply(
            tileCount, source.channels, panels.paddedWidth(panel), input + frequency * before.planeByteCount,
            before.rowStride, matrix,
            output + frequency * after.planeStride + panel * WinogradPanels.width, after.rowStride,
            upcoming.start, upcoming.stride)
        }
      }
    }
  }

  private func withMatrix(frequency: Int, _ panel: Int, _ body: (UnsafeRawPointer) -> Void) {
    switch direction {
    case .forward: body(filter.panel(frequency: frequency, panel))
    case .inputGradient:
      Workspace.shared.withBytes(panels.rows * panels.paddedWidth(panel) * operandBytes) { transposed in
        filter.transposePanel(frequency: frequency, panel, of: panels, into: transposed, kernels: kernels)
        body(transposed)
      }
    }
  }

  /// Where the filters of the panel after this one lie, of the next frequency after the last.
  private func upcoming(
    after panel: Int, frequency: Int
  ) -> (start: UnsafeRawPointer, stride: Int) {
    let isLast = panel + 1 == panels.count
    let next = isLast ? 0 : panel + 1
    let frequency = isLast ? (frequency + 1) % WinogradBasis.frequencies : frequency
    switch direction {
    case .forward:
      return (
        filter.panel(frequency: frequency, next), WinogradPanels.width * panels.paddedWidth(next)
      )
    case .inputGradient:
      return (
        filter.rows(from: next * WinogradPanels.width, inPanel: 0, ofTurned: frequency),
        WinogradPanels.width * filter.inputChannels
      )
    }
  }

  // MARK: Both

  /// Calls `body` with a few tiles at a time, and the index of the first of them among all.
  private func forEachPiece(
    of tiles: Range<Int>,
    _ body: (_ piece: Range<Int>, _ index: Int, _ scratch: UnsafeMutablePointer<Float>) -> Void
  ) {
    Parallel.forEachRange(tiles.count, grain: Self.tilesInPiece) { piece in
      Workspace.shared.withElements(scratchSize, of: Float.self) { scratch in
        body(
          tiles.lowerBound + piece.lowerBound..<tiles.lowerBound + piece.upperBound, piece.lowerBound, scratch
        )
      }
    }
  }

  private var scratchSize: Int { max(source.scratchSize, WinogradTarget.scratchSize) }
}

/// How 36 planes of tiles lie in memory: plane after plane, in each one row a tile.
struct WinogradPlanes {
  let rowStride: Int
  let planeStride: Int
  private let elementBytes: Int

  /// A tile's 36 rows are written together. If planes were a power of two apart, those rows would compete for the
  /// same few places in the cache; an odd number of cache lines apart, no two do.
  init(tiles: Int, channels: Int, elementBytes: Int = MemoryLayout<Float>.stride) {
    let line = 64 / elementBytes
    rowStride = channels
    planeStride = ((tiles * channels + line - 1) / line | 1) * line
    self.elementBytes = elementBytes
  }

  var size: Int { WinogradBasis.frequencies * planeStride }
  var rowByteCount: Int { rowStride * elementBytes }
  var planeByteCount: Int { planeStride * elementBytes }
  var byteCount: Int { size * elementBytes }
}
