import CKernels

// The gradient of a 3×3 convolution with respect to its filter, by the same products as the convolution itself. For a tile
// y = Aᵀ [(G g Gᵀ) ∘ (Bᵀ d B)] A is linear in g, and its transpose gives
//
//     ḡ = Gᵀ [Σ (A ȳ Aᵀ) ∘ (Bᵀ d B)] G
//
// summed over all tiles: at each of the 36 frequencies a product of the transformed patches, transposed, with the transformed
// tiles of the output's gradient.
extension Winograd {
  /// The gradient of `forward` with respect to its filter, `[filters, channels, 3, 3]`.
  ///
  /// Tiles are taken in groups, which threads transform together; then they share the frequencies. Groups depend on the
  /// sizes alone, and a sum over tiles is one thread's.
  ///
  /// - Parameters:
  ///   - input: `[batch, height, width, inputChannels]`, as in `forward`.
  ///   - gradOutput: `[batch, height + 2 padding − 2, width + 2 padding − 2, outputChannels]`.
  /// - Precondition: The numbers of channels are multiples of 16.
  static func filterGradient(
    _ input: UnsafePointer<Float>, _ gradOutput: UnsafePointer<Float>, _ grid: WinogradGrid,
    inputChannels: Int, outputChannels: Int, into result: UnsafeMutablePointer<Float>,
    kernels: WinogradKernels = Processor.best.winograd
  ) {
    precondition(
      inputChannels % WinogradPanels.group == 0 && outputChannels % WinogradPanels.group == 0,
      "Winograd: the filter's gradient of \(inputChannels) → \(outputChannels) channels")
    let source = WinogradSource(pixels: input, channels: inputChannels, bits: nil)
    let groups = SlopeGroups(tileCount: grid.tileCount, channels: inputChannels + outputChannels)
    let patches = WinogradPlanes(tiles: groups.size, channels: inputChannels)
    let slopes = WinogradPlanes(tiles: groups.size, channels: outputChannels)
    let filters = inputChannels * outputChannels
    let taps = WinogradBasis.taps * WinogradBasis.taps
    let sums = StridedArray<Float>(uninitialized: [WinogradBasis.frequencies + taps, filters])
    let tapSums = sums.pointer + WinogradBasis.frequencies * filters
    defer { withExtendedLifetime(sums.storage) {} }
    Workspace.shared.withElements(patches.size + slopes.size, of: Float.self) { patchPlanes in
      let slopePlanes = patchPlanes + patches.size
      for first in stride(from: 0, to: grid.tileCount, by: groups.size) {
        let tiles = first..<min(first + groups.size, grid.tileCount)
        Parallel.forEachRange(tiles.count, grain: tilesInPiece) { piece in
          let own = first + piece.lowerBound..<first + piece.upperBound
          Workspace.shared.withElements(max(inputChannels, outputChannels), of: Float.self) { zeros in
            source.transform(
              own, of: grid, into: patchPlanes + piece.lowerBound * patches.rowStride, patches,
              scratch: zeros, kernels: kernels)
            zeros.update(repeating: 0, count: outputChannels)
            transformSlopes(
              own, of: grid, gradOutput, channels: outputChannels, outside: zeros,
              into: slopePlanes + piece.lowerBound * slopes.rowStride, slopes, kernels)
          }
        }
        addProducts(
          tiles.count, patchPlanes, patches, slopePlanes, slopes, to: sums.pointer, isFirst: first == 0)
      }
    }
    Parallel.forEachRange(filters / WinogradPanels.group, grain: Kernels.elementGrain / 512) { range in
      let first = range.lowerBound * WinogradPanels.group
      kernels.pointee.collect_taps(
        sums.pointer + first, filters, range.count * WinogradPanels.group, tapSums + first, filters)
    }
    turn(tapSums, inputChannels: inputChannels, outputChannels: outputChannels, into: result)
  }

  private static let tilesInPiece = 8

  /// The groups of tiles whose planes stay in the shared cache, and that are not so small that the sums of all filters are gone
  /// over too often.
  private struct SlopeGroups {
    let size: Int
    private static let (bytes, smallest) = (6 << 20, 64)

    init(tileCount: Int, channels: Int) {
      let tileBytes = WinogradBasis.frequencies * channels * MemoryLayout<Float>.stride
      let most = max(Self.bytes / tileBytes, Self.smallest)
      let count = (tileCount + most - 1) / most
      size = (tileCount + count - 1) / count
    }
  }

  private static func transformSlopes(
    _ tiles: Range<Int>, of grid: WinogradGrid, _ gradOutput: UnsafePointer<Float>, channels: Int,
    outside zeros: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, _ planes: WinogradPlanes,
    _ kernels: WinogradKernels
  ) {
    let pixelCount = WinogradBasis.outputs * WinogradBasis.outputs
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: pixelCount) { pixels in
      for tile in tiles {
        grid.forEachOutputPixel(ofTile: tile) { position, pixel in
          pixels[position] = pixel.map { gradOutput + $0 * channels } ?? zeros
        }
        kernels.pointee.transform_slope(
          pixels.baseAddress!, channels, target + (tile - tiles.lowerBound) * planes.rowStride,
          planes.planeStride)
      }
    }
  }

  /// At each frequency the patches, transposed, times the slopes, over or added to the sums `[inputs, outputs]`.
  private static func addProducts(
    _ tileCount: Int, _ patches: UnsafePointer<Float>, _ patchPlanes: WinogradPlanes,
    _ slopes: UnsafePointer<Float>, _ slopePlanes: WinogradPlanes, to sums: UnsafeMutablePointer<Float>,
    isFirst: Bool
  ) {
    let (inputs, outputs) = (patchPlanes.rowStride, slopePlanes.rowStride)
    Parallel.forEach(WinogradBasis.frequencies) { frequency in
      Kernels.gemm(
        inputs, outputs, tileCount,
        BLAS.Matrix(
          start: patches + frequency * patchPlanes.planeStride, isTransposed: true, leadingDimension: inputs),
        BLAS.Matrix(
          start: slopes + frequency * slopePlanes.planeStride, isTransposed: false, leadingDimension: outputs),
        sums + frequency * inputs * outputs, leadingDimension: outputs, adds: !isFirst)
    }
  }

  /// `[9, inputs, outputs]` to `[outputs, inputs, 9]`.
  private static func turn(
    _ taps: UnsafePointer<Float>, inputChannels: Int, outputChannels: Int,
    into result: UnsafeMutablePointer<Float>
  ) {
    let count = WinogradBasis.taps * WinogradBasis.taps
    let rows = max(WinogradPanels.group, Kernels.elementGrain / (inputChannels * count))
    Parallel.forEachRange(outputChannels, grain: rows) { range in
      if let kernels = Processor.best.fastGemm(Float.self) {
        kernels.pointee.turn_taps(
          taps, count, inputChannels, outputChannels, range.lowerBound, range.upperBound, result)
        return
      }
      for output in range {
        for input in 0..<inputChannels {
          let target = result + (output * inputChannels + input) * count
          for tap in 0..<count {
            target[tap] = taps[(tap * inputChannels + input) * outputChannels + output]
          }
        }
      }
    }
  }
}
