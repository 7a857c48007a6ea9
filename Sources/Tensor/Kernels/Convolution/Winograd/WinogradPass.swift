import CKernels

/// One convolution: the patches of all tiles transformed, multiplied by the filters at each of the 36 frequencies,
/// and transformed back.
///
/// Two ways to order that, by the size of the matrices:
///
/// - Few channels: all filters are transformed first. The tiles are cut into blocks, and a thread takes a block through
///   all three steps while it is in its cache.
/// - Many channels: the transformed filters would be much larger than any cache. All threads transform the patches of many
///   tiles; then each takes a panel of the filters, transforms a piece of it at a time, multiplies all tiles by that while
///   it is in its cache, and transforms the panel's outputs back.
struct WinogradPass {
  enum Direction {
    case forward
    case inputGradient
  }

  let grid: WinogradGrid
  let kernels: WinogradKernels
  let filter: WinogradFilter
  let source: WinogradSource
  let target: WinogradTarget

  /// What the first way can do: its filters come from the shared cache for every block, and the planes of a block
  /// must fit a core's own.
  private static let largestResidentFilter = WinogradPanels(rows: 256, columns: 256).elementCount
  private static let largestResidentDepth = 256
  private static let tilesInBlock = 24
  /// The number of blocks is a multiple of this, so that the usual numbers of threads end together.
  private static let blocksAtOnce = 4

  /// The planes of the patches of a group take this at most, but where one tile needs more.
  static let largestGroupBytes = 20_000_000
  private static let tilesInPiece = 4
  /// The tiles that a thread multiplies a piece of the filters by: many enough to be worth its transform, few enough for
  /// their sums to stay in its cache.
  private static let tilesInChunk = 64

  /// Whether matrices of these panels are small enough for the first way.
  static func worksByBlocks(_ panels: WinogradPanels) -> Bool {
    panels.rows <= largestResidentDepth && panels.elementCount <= largestResidentFilter
  }

  func run() {
    precondition(
      source.channels == panels.rows && target.channels == panels.columns, "Winograd: another filter")
    if Self.worksByBlocks(panels) {
      runByBlocks()
    } else {
      runByPanels()
    }
  }

  private var panels: WinogradPanels { filter.panels }
  private var operandBytes: Int { kernels.pointee.operand_bytes }
  /// The rows of a filter's matrix that a product sums in one go.
  private var rowsInPiece: Int { CKERNELS_DEPTH / operandBytes }
  private var piecesInPanel: Int { (panels.rows + rowsInPiece - 1) / rowsInPiece }

  // MARK: Few channels

  private func runByBlocks() {
    Workspace.shared.withBytes(panels.elementCount * operandBytes) { matrices in
      transformFilter(into: matrices)
      runByBlocks(matrices)
    }
  }

  private func transformFilter(into matrices: UnsafeMutableRawPointer) {
    let pieces = piecesInPanel
    Parallel.forEach(panels.count * pieces * WinogradBasis.pairs.count) { item in
      let (piece, pair) = (item / WinogradBasis.pairs.count, item % WinogradBasis.pairs.count)
      let (panel, first) = (piece / pieces, piece % pieces * rowsInPiece)
      let width = panels.paddedWidth(panel)
      kernels.pointee.transform_filter(
        filter.taps(panel: panel, row: first), min(rowsInPiece, panels.rows - first), width, pair,
        matrices
          + (panels.offset(matrix: pair * WinogradBasis.frequenciesInPair, panel: panel) + first * width)
            * operandBytes,
        panels.planeStride)
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
      let scratchSize = max(source.scratchSize, WinogradTarget.scratchSize)
      let floats = (after.size + scratchSize) * MemoryLayout<Float>.stride
      Workspace.shared.withBytes(before.byteCount + floats) { input in
        let output = (input + before.byteCount).assumingMemoryBound(to: Float.self)
        let scratch = output + after.size
        source.transform(tiles, of: grid, into: input, before, scratch: scratch, kernels: kernels)
        for panel in 0..<panels.count {
          for matrix in 0..<WinogradBasis.frequencies {
            let frequency = WinogradBasis.frequency(ofMatrix: matrix)
            let next = (matrix + 1) % WinogradBasis.frequencies
            let width = panels.paddedWidth(panel)
            kernels.pointee.multiply(
              tiles.count, source.channels, width, input + frequency * before.planeByteCount,
              before.rowStride, matrices + panels.offset(matrix: matrix, panel: panel) * operandBytes, false,
              output + frequency * after.planeStride, after.rowStride,
              matrices + panels.offset(matrix: next, panel: panel) * operandBytes,
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

  private func runByPanels() {
    let tileBytes = WinogradBasis.frequencies * source.paddedChannels * operandBytes
    let most = max(Self.largestGroupBytes / tileBytes, 1)
    let groups = (grid.tileCount + most - 1) / most
    let before = WinogradPlanes(
      tiles: (grid.tileCount + groups - 1) / groups, channels: source.paddedChannels,
      elementBytes: operandBytes, channelsInPiece: rowsInPiece)
    Workspace.shared.withBytes(before.byteCount) { input in
      for group in 0..<groups {
        let tiles = group * grid.tileCount / groups..<(group + 1) * grid.tileCount / groups
        Parallel.forEachRange(tiles.count, grain: Self.tilesInPiece) { piece in
          Workspace.shared.withElements(source.scratchSize, of: Float.self) { scratch in
            source.transform(
              tiles.lowerBound + piece.lowerBound..<tiles.lowerBound + piece.upperBound, of: grid,
              into: input + piece.lowerBound * before.rowByteCount, before, scratch: scratch, kernels: kernels
            )
          }
        }
        let chunks = (tiles.count + Self.tilesInChunk - 1) / Self.tilesInChunk
        Parallel.forEach(panels.count * chunks) { item in
          let (panel, chunk) = (item / chunks, item % chunks)
          let own = chunk * tiles.count / chunks..<(chunk + 1) * tiles.count / chunks
          multiply(
            tiles.lowerBound + own.lowerBound..<tiles.lowerBound + own.upperBound,
            input + own.lowerBound * before.rowByteCount, before, panel)
        }
      }
    }
  }

  /// One panel of the outputs of some tiles, whose transformed patches begin at `input`.
  private func multiply(
    _ tiles: Range<Int>, _ input: UnsafeRawPointer, _ before: WinogradPlanes, _ panel: Int
  ) {
    let width = panels.paddedWidth(panel)
    let after = WinogradPlanes(tiles: tiles.count, channels: width)
    let matrixStride = WinogradPanels.oddStride(rowsInPiece * width)
    let matricesBytes = WinogradBasis.frequenciesInPair * matrixStride * operandBytes
    let floats = (after.size + WinogradTarget.scratchSize) * MemoryLayout<Float>.stride
    let steps = Steps(pieces: piecesInPanel, tileCount: tiles.count)
    Workspace.shared.withBytes(matricesBytes + floats) { matrices in
      let output = (matrices + matricesBytes).assumingMemoryBound(to: Float.self)
      for step in 0..<steps.count {
        let (pair, piece) = steps[step]
        let first = piece * rowsInPiece
        let rows = min(rowsInPiece, panels.rows - first)
        kernels.pointee.transform_filter(
          filter.taps(panel: panel, row: first), rows, width, pair, matrices, matrixStride)
        for index in 0..<WinogradBasis.frequenciesInPair {
          let frequency = WinogradBasis.frequency(ofMatrix: pair * WinogradBasis.frequenciesInPair + index)
          kernels.pointee.multiply(
            tiles.count, rows, width,
            input + frequency * before.planeByteCount + piece * before.pieceByteCount,
            before.rowStride, matrices + index * matrixStride * operandBytes, first > 0,
            output + frequency * after.planeStride, after.rowStride,
            steps.goesByPieces
              ? upcomingTaps(afterPiece: piece, panel, matrix: pair * WinogradBasis.frequenciesInPair + index)
              : upcomingPatches(input, before, after: step, steps, index), 0)
        }
      }
      target.write(
        tiles, of: grid, channels: panels.columnRange(panel), from: output, after,
        scratch: output + after.size,
        kernels: kernels)
    }
  }

  /// The order in which the pieces of a panel are transformed and multiplied with.
  ///
  /// With many tiles, the sums at a third of the frequencies are what fits a core's cache: they are finished before the
  /// others begin, and the products fetch patches. With few, all sums fit, and the filters of a piece are there for all
  /// frequencies; the products fetch those of the next.
  private struct Steps {
    let pieces: Int
    let goesByPieces: Bool

    private static let fewTiles = 24

    init(pieces: Int, tileCount: Int) {
      self.pieces = pieces
      goesByPieces = tileCount <= Self.fewTiles
    }

    var count: Int { WinogradBasis.pairs.count * pieces }

    subscript(step: Int) -> (pair: Int, piece: Int) {
      goesByPieces
        ? (step % WinogradBasis.pairs.count, step / WinogradBasis.pairs.count)
        : (step / pieces, step % pieces)
    }
  }

  /// What the product with one of a piece's matrices fetches meanwhile: its share of the filters of the next piece.
  private func upcomingTaps(afterPiece piece: Int, _ panel: Int, matrix: Int) -> UnsafeRawPointer {
    let next = (piece + 1) * rowsInPiece
    let start =
      next < panels.rows
      ? filter.taps(panel: panel, row: next) : filter.taps(panel: (panel + 1) % panels.count)
    let count = rowsInPiece * panels.paddedWidth(panel) * WinogradBasis.tapCount
    return UnsafeRawPointer(start + matrix * count / WinogradBasis.frequencies)
  }

  /// The same with many tiles: the patches that the next product reads, which are more than the filters.
  private func upcomingPatches(
    _ input: UnsafeRawPointer, _ before: WinogradPlanes, after step: Int, _ steps: Steps, _ index: Int
  ) -> UnsafeRawPointer {
    let isLast = index + 1 == WinogradBasis.frequenciesInPair
    let (pair, piece) = steps[isLast ? (step + 1) % steps.count : step]
    let next = pair * WinogradBasis.frequenciesInPair + (isLast ? 0 : index + 1)
    return input + WinogradBasis.frequency(ofMatrix: next) * before.planeByteCount
      + piece * before.pieceByteCount
  }
}

/// How 36 planes of tiles lie in memory: plane after plane, in each one row a tile, of all channels or of a piece of them
/// after the other.
struct WinogradPlanes {
  /// The channels of a row.
  let rowStride: Int
  let planeStride: Int
  private let pieceStride: Int
  private let elementBytes: Int

  /// A tile's 36 rows are written together. If planes were a power of two apart, those rows would compete for the
  /// same few places in the cache; an odd number of cache lines apart, no two do.
  ///
  /// - Parameter channelsInPiece: what a product reads in one go, where all channels are too many for a core's cache:
  ///   then it finds the rows side by side.
  init(
    tiles: Int, channels: Int, elementBytes: Int = MemoryLayout<Float>.stride, channelsInPiece: Int = .max
  ) {
    let line = 64 / elementBytes
    rowStride = min(channels, channelsInPiece)
    pieceStride = tiles * rowStride
    let pieces = (channels + rowStride - 1) / rowStride
    planeStride = ((pieces * pieceStride + line - 1) / line | 1) * line
    self.elementBytes = elementBytes
  }

  var size: Int { WinogradBasis.frequencies * planeStride }
  var rowByteCount: Int { rowStride * elementBytes }
  var pieceByteCount: Int { pieceStride * elementBytes }
  var planeByteCount: Int { planeStride * elementBytes }
  var byteCount: Int { size * elementBytes }
}
