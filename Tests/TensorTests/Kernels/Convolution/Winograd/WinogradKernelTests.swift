import CKernels
import Testing

@testable import Tensor

/// Each C loop, at each processor that this machine is, against the matrices in plain Swift.
@Suite("Winograd: kernels")
struct WinogradKernelTests {
  /// Sums of at most 36 terms whose weights add up to at most 36, in single precision: 36 · 2⁻²⁴ · 36 is 8e-5 in the
  /// worst case, and rounding is nowhere near as unlucky.
  static let tolerance = 1e-5

  static let channels = 48
  static let planeStride = 80

  @Test(
    "transformInput is BᵀdB of each channel; a channel switched off is 0", arguments: Processor.available,
    [false, true])
  func transformsInput(processor: Processor, masked: Bool) {
    let patch = WinogradReference.noise(36 * Self.channels, seed: 1)
    let bits = (0..<36 * Self.channels / 8).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
    var planes = [Float](repeating: .nan, count: 36 * Self.planeStride)
    patch.withUnsafeBufferPointer { patch in
      bits.withUnsafeBufferPointer { bits in
        let pixels = (0..<36).map { Optional(patch.baseAddress! + $0 * Self.channels) }
        let masks = (0..<36).map { Optional(bits.baseAddress! + $0 * Self.channels / 8) }
        masks.withUnsafeBufferPointer { masks in
          processor.winograd.pointee.transform_input(
            pixels, masked ? masks.baseAddress : nil, Self.channels, &planes, Self.planeStride)
        }
      }
    }
    for channel in 0..<Self.channels {
      let samples = (0..<36).map { pixel -> Double in
        let element = pixel * Self.channels + channel
        let isActive = !masked || bits[element / 8] >> (element % 8) & 1 == 1
        return isActive ? Double(patch[element]) : 0
      }
      let expected = WinogradReference.sandwich(WinogradBasis.inputRows, samples)
      let actual = (0..<36).map { planes[$0 * Self.planeStride + channel] }
      #expect(WinogradReference.relativeError(actual, expected) < Self.tolerance)
    }
    #expect(planes[Self.channels].isNaN, "wrote beyond the channels")
  }

  @Test(
    "transformOutput is AᵀmA + bias, its positive part, and a bit for each value",
    arguments: Processor.available)
  func transformsOutput(processor: Processor) {
    let planes = WinogradReference.noise(36 * Self.planeStride, seed: 2)
    let bias = WinogradReference.noise(Self.channels, seed: 3)
    let matrix = WinogradReference.transposed(WinogradBasis.outputColumns)
    let expected = (0..<Self.channels).map { channel in
      WinogradReference.sandwich(matrix, (0..<36).map { Double(planes[$0 * Self.planeStride + channel]) })
        .map { $0 + Double(bias[channel]) }
    }
    for (relu, streams) in [(false, false), (true, false), (false, true), (true, true)] {
      let (output, bits) = transformOutput(planes, bias: bias, relu: relu, streams: streams, processor)
      for channel in 0..<Self.channels {
        let values = (0..<16).map { output[$0 * Self.channels + channel] }
        let clipped = expected[channel].map { relu ? max($0, 0) : $0 }
        #expect(WinogradReference.relativeError(values, clipped) < Self.tolerance)
      }
      for element in output.indices where relu {
        #expect((bits[element / 8] >> (element % 8) & 1 == 1) == (output[element] > 0))
      }
    }
  }

  @Test("transformOutput keeps a NaN and marks it active", arguments: Processor.available)
  func keepsNaN(processor: Processor) {
    let planes = [Float](repeating: .nan, count: 36 * Self.planeStride)
    let (output, bits) = transformOutput(planes, bias: nil, relu: true, processor)
    #expect(output.allSatisfy { $0.isNaN })
    #expect(bits.allSatisfy { $0 == 0xff })
  }

  @Test(
    "multiply is the matrix product, whatever rows and columns are left over", arguments: Processor.available)
  func multiplies(processor: Processor) {
    for rows in [1, 2, 5, 6, 7, 13] {
      for columns in [16, 48, 64] { checkProduct(rows: rows, columns: columns, processor) }
    }
  }

  private func checkProduct(rows: Int, columns: Int, _ processor: Processor) {
    let (depth, cStride) = (139, 70)
    let a = WinogradReference.noise(rows * depth, seed: 4)
    let b = WinogradReference.noise(depth * columns, seed: 5)
    let c = multiply(rows: rows, depth: depth, columns: columns, a[...], b, cStride: cStride, processor)
    for row in 0..<rows {
      let expected = (0..<columns).map { column in
        (0..<depth).reduce(0.0) { $0 + Double(a[row * depth + $1]) * Double(b[$1 * columns + column]) }
      }
      let actual = Array(c[row * cStride..<row * cStride + columns])
      #expect(WinogradReference.relativeError(actual, expected) < Self.tolerance)
      #expect(c[row * cStride + columns].isNaN, "wrote beyond the columns")
    }
  }

  @Test("a row of multiply has the same bits alone as among others", arguments: Processor.available)
  func rowsAreIndependent(processor: Processor) {
    let (rows, depth, columns) = (13, 100, 64)
    let a = WinogradReference.noise(rows * depth, seed: 6)
    let b = WinogradReference.noise(depth * columns, seed: 7)
    let together = multiply(
      rows: rows, depth: depth, columns: columns, a[...], b, cStride: columns, processor)
    let alone = (0..<rows).flatMap { row in
      multiply(
        rows: 1, depth: depth, columns: columns, a[(row * depth)...], b, cStride: columns, processor)
    }
    #expect(together == alone)
  }

  private func multiply(
    rows: Int, depth: Int, columns: Int, _ a: ArraySlice<Float>, _ b: [Float], cStride: Int,
    _ processor: Processor
  ) -> [Float] {
    var c = [Float](repeating: .nan, count: rows * cStride)
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        processor.winograd.pointee.multiply(
          rows, depth, columns, a.baseAddress!, depth, b.baseAddress!, false, &c, cStride, b.baseAddress!, 0)
      }
    }
    return c
  }

  @Test("a product that is cut in depth has the bits of the whole", arguments: Processor.available)
  func depthIsCut(processor: Processor) {
    let (rows, depth, columns) = (7, 150, 48)
    let piece = CKERNELS_DEPTH / MemoryLayout<Float>.stride
    let a = WinogradReference.noise(rows * depth, seed: 8)
    let b = WinogradReference.noise(depth * columns, seed: 9)
    let whole = multiply(rows: rows, depth: depth, columns: columns, a[...], b, cStride: columns, processor)
    var cut = [Float](repeating: .nan, count: rows * columns)
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        for first in stride(from: 0, to: depth, by: piece) {
          processor.winograd.pointee.multiply(
            rows, min(piece, depth - first), columns, a.baseAddress! + first, depth,
            b.baseAddress! + first * columns, first > 0, &cut, columns, b.baseAddress!, 0)
        }
      }
    }
    #expect(cut == whole)
  }

  @Test("transformFilter is GgGᵀ of each pair of channels", arguments: Processor.available)
  func transformsFilter(processor: Processor) {
    let (rows, width, stride) = (3, 48, 3 * 48 + 5)
    let taps = WinogradReference.noise(rows * 9 * width, seed: 10)
    for pair in 0..<3 {
      let matrices = transformFilter(taps, rows: rows, width: width, pair: pair, stride: stride, processor)
      for place in 0..<rows * width {
        let own = (0..<9).map { Double(taps[(place / width * 9 + $0) * width + place % width]) }
        let all = WinogradReference.sandwich(WinogradBasis.filterRows, own)
        let expected = (0..<12).map { all[WinogradBasis.frequency(ofMatrix: 12 * pair + $0)] }
        let actual = (0..<12).map { matrices[$0 * stride + place] }
        #expect(WinogradReference.relativeError(actual, expected) < Self.tolerance)
      }
      for matrix in 0..<12 {
        #expect(matrices[matrix * stride + rows * width].isNaN, "wrote beyond the matrix")
      }
    }
  }

  @Test(
    "a filter that is turned round has the same bits at the inverse points", arguments: Processor.available)
  func turnedFilters(processor: Processor) {
    let taps = WinogradReference.noise(9 * 16, seed: 11)
    let turned = (0..<9).flatMap { taps[(8 - $0) * 16..<(9 - $0) * 16] }
    func points(_ taps: [Float]) -> [Int: [Float]] {
      var points: [Int: [Float]] = [:]
      for pair in 0..<3 {
        let matrices = transformFilter(taps, rows: 1, width: 16, pair: pair, stride: 16, processor)
        for matrix in 0..<12 {
          points[WinogradBasis.frequency(ofMatrix: 12 * pair + matrix)] = Array(
            matrices[16 * matrix..<16 * matrix + 16])
        }
      }
      return points
    }
    let (own, other, inverse) = (points(taps), points(turned), [5, 3, 4, 1, 2, 0])
    for frequency in 0..<36 {
      #expect(own[frequency] != nil)
      #expect(own[frequency] == other[inverse[frequency / 6] * 6 + inverse[frequency % 6]])
    }
  }

  private func transformFilter(
    _ taps: [Float], rows: Int, width: Int, pair: Int, stride: Int, _ processor: Processor
  ) -> [Float] {
    var matrices = [Float](repeating: .nan, count: 12 * stride)
    processor.winograd.pointee.transform_filter(taps, rows, width, pair, &matrices, stride)
    return matrices
  }

  private func transformOutput(
    _ planes: [Float], bias: [Float]?, relu: Bool, streams: Bool = false, _ processor: Processor
  ) -> ([Float], [UInt8]) {
    let count = 16 * Self.channels
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
    defer { memory.deallocate() }
    let output = memory.bindMemory(to: Float.self)
    output.initialize(repeating: .nan)
    var bits = [UInt8](repeating: 0, count: count / 8)
    bits.withUnsafeMutableBufferPointer { bits in
      let pixels = (0..<16).map { Optional(output.baseAddress! + $0 * Self.channels) }
      let places = (0..<16).map { Optional(bits.baseAddress! + $0 * Self.channels / 8) }
      places.withUnsafeBufferPointer { places in
        (bias ?? Array(repeating: 0, count: Self.channels)).withUnsafeBufferPointer { given in
          processor.winograd.pointee.transform_output(
            planes, Self.planeStride, Self.channels, bias == nil ? nil : given.baseAddress, relu, streams,
            pixels, relu ? places.baseAddress : nil)
        }
      }
    }
    return (Array(output), bits)
  }
}
