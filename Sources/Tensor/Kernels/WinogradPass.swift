/// One convolution: the patches of all tiles transformed, multiplied by the filters at each of the 36 frequencies,
/// and transformed back.
///
/// Two ways to order that, by the size of the matrices:
///
/// - Few channels: the tiles are cut into blocks, and a thread takes a block through all three steps while it is in
///   its cache.
/// - Many channels: the filters are much larger than any cache, and should be read as seldom as possible. All threads
///   take many tiles through one step before the next; the products are shared out by frequency and panel.
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

  /// The largest transformed filters, in floats, that the first way reads again for every block.
  private static let largestResidentFilter = WinogradBasis.frequencies * 128 * 256
  private static let largestResidentDepth = 128
  private static let tilesPerResidentBlock = 48
  private static let planeFloatsInGroup = 128 * 1024
  private static let tilesPerTransformedPiece = 4

  func run() {
    if source.channels <= Self.largestResidentDepth, panels.floatCount <= Self.largestResidentFilter {
      runByBlocks()
    } else {
      runByFrequencies()
    }
  }

  /// The layout of the matrices this direction multiplies by.
  private var panels: WinogradPanels { direction == .forward ? filter.panels : filter.transposedPanels }

  // MARK: Few channels

  private func runByBlocks() {
    switch direction {
    case .forward: runByBlocks(filter.values)
    case .inputGradient:
      WinogradWorkspace.withFloats(panels.floatCount) { transposed in
        Parallel.forEach(WinogradBasis.frequencies) { frequency in
          for panel in 0..<panels.count {
            filter.transposePanel(
              frequency: frequency, panel, of: panels,
              into: transposed + panels.offset(frequency: frequency, panel: panel), kernels: kernels)
          }
        }
        runByBlocks(transposed)
      }
    }
  }

  private func runByBlocks(_ matrices: UnsafePointer<Float>) {
    let buffers = Buffers(pass: self, tiles: Self.tilesPerResidentBlock, outputChannels: WinogradPanels.width)
    Parallel.forEachRange(grid.tileCount, grain: Self.tilesPerResidentBlock) { tiles in
      WinogradWorkspace.withFloats(buffers.input.size + buffers.output.size + buffers.scratchSize) { memory in
        let output = memory + buffers.input.size
        let scratch = output + buffers.output.size
        source.transform(
          tiles, of: grid, into: memory, planeStride: buffers.input.planeStride,
          rowStride: buffers.input.rowStride,
          scratch: scratch, kernels: kernels)
        for panel in 0..<panels.count {
          for frequency in 0..<WinogradBasis.frequencies {
            multiply(
              tiles.count, frequency, panel, memory,
              matrices + panels.offset(frequency: frequency, panel: panel),
              into: output, buffers)
          }
          finish(tiles, panel, output, buffers, scratch: scratch)
        }
      }
    }
  }

  // MARK: Many channels

  private func runByFrequencies() {
    let perGroup = Self.tilesInGroup(channels: source.paddedChannels + panels.paddedColumns)
    let buffers = Buffers(
      pass: self, tiles: min(grid.tileCount, perGroup), outputChannels: panels.paddedColumns)
    WinogradWorkspace.withFloats(buffers.input.size + buffers.output.size) { input in
      let output = input + buffers.input.size
      for first in stride(from: 0, to: grid.tileCount, by: perGroup) {
        let tiles = first..<min(first + perGroup, grid.tileCount)
        transformTogether(tiles, into: input, buffers)
        multiplyTogether(tiles, input, into: output, buffers)
        finishTogether(tiles, output, buffers)
      }
    }
  }

  /// The planes of a group, before and after the products, are bounded by 20 MB.
  private static func tilesInGroup(channels: Int) -> Int { max(planeFloatsInGroup / channels, 1) }

  private func transformTogether(
    _ tiles: Range<Int>, into input: UnsafeMutablePointer<Float>, _ buffers: Buffers
  ) {
    forEachPiece(of: tiles, buffers) { piece, offset, scratch in
      source.transform(
        piece, of: grid, into: input + offset * buffers.input.rowStride,
        planeStride: buffers.input.planeStride,
        rowStride: buffers.input.rowStride, scratch: scratch, kernels: kernels)
    }
  }

  private func multiplyTogether(
    _ tiles: Range<Int>, _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
    _ buffers: Buffers
  ) {
    Parallel.forEach(WinogradBasis.frequencies * panels.count) { item in
      let (frequency, panel) = (item / panels.count, item % panels.count)
      let target = output + panel * WinogradPanels.width
      switch direction {
      case .forward:
        multiply(
          tiles.count, frequency, panel, input, filter.panel(frequency: frequency, panel), into: target,
          buffers)
      case .inputGradient:
        WinogradWorkspace.withFloats(panels.rows * panels.paddedWidth(panel)) { transposed in
          filter.transposePanel(frequency: frequency, panel, of: panels, into: transposed, kernels: kernels)
          multiply(tiles.count, frequency, panel, input, transposed, into: target, buffers)
        }
      }
    }
  }

  private func finishTogether(_ tiles: Range<Int>, _ output: UnsafePointer<Float>, _ buffers: Buffers) {
    forEachPiece(of: tiles, buffers) { piece, offset, scratch in
      for panel in 0..<panels.count {
        finish(
          piece, panel, output + offset * buffers.output.rowStride + panel * WinogradPanels.width, buffers,
          scratch: scratch)
      }
    }
  }

  private func forEachPiece(
    of tiles: Range<Int>, _ buffers: Buffers,
    _ body: (_ piece: Range<Int>, _ offset: Int, _ scratch: UnsafeMutablePointer<Float>) -> Void
  ) {
    Parallel.forEachRange(tiles.count, grain: Self.tilesPerTransformedPiece) { piece in
      WinogradWorkspace.withFloats(buffers.scratchSize) { scratch in
        body(
          tiles.lowerBound + piece.lowerBound..<tiles.lowerBound + piece.upperBound, piece.lowerBound, scratch
        )
      }
    }
  }

  // MARK: Both

  private func multiply(
    _ tileCount: Int, _ frequency: Int, _ panel: Int, _ input: UnsafePointer<Float>,
    _ matrix: UnsafePointer<Float>,
    into output: UnsafeMutablePointer<Float>, _ buffers: Buffers
  ) {
    kernels.multiply(
      rows: tileCount, depth: source.channels, columns: panels.paddedWidth(panel),
      input + frequency * buffers.input.planeStride, stride: buffers.input.rowStride, matrix,
      into: output + frequency * buffers.output.planeStride, stride: buffers.output.rowStride)
  }

  private func finish(
    _ tiles: Range<Int>, _ panel: Int, _ output: UnsafePointer<Float>, _ buffers: Buffers,
    scratch: UnsafeMutablePointer<Float>
  ) {
    target.write(
      tiles, of: grid, channels: panels.columnRange(panel), from: output,
      planeStride: buffers.output.planeStride,
      rowStride: buffers.output.rowStride, scratch: scratch, kernels: kernels)
  }
}

/// How the planes of a block of tiles lie in memory: plane after plane, in each one row a tile.
private struct Buffers {
  struct Planes {
    let rowStride: Int
    let planeStride: Int

    /// A tile's 36 rows are written together. If planes were a power of two apart, those rows would compete for the
    /// same few places in the cache; an odd number of cache lines apart, no two do.
    init(tiles: Int, rowStride: Int) {
      let line = WinogradPanels.group
      self.rowStride = rowStride
      let lines = (tiles * rowStride + line - 1) / line
      planeStride = (lines | 1) * line
    }

    var size: Int { WinogradBasis.frequencies * planeStride }
  }

  let input: Planes
  let output: Planes
  let scratchSize: Int

  init(pass: WinogradPass, tiles: Int, outputChannels: Int) {
    input = Planes(tiles: tiles, rowStride: pass.source.paddedChannels)
    output = Planes(tiles: tiles, rowStride: outputChannels)
    scratchSize = max(pass.source.scratchSize, WinogradTarget.scratchSize)
  }
}
