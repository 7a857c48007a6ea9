import Testing

@testable import Tensor

@Suite("Winograd: matrices")
struct WinogradBasisTests {
  /// The matrices are a handful of products of exactly rounded numbers.
  static let rounding = 1e-14

  @Test("Σ over the frequencies of A·G·B is the convolution, for every output, tap and sample")
  func matricesAreTheConvolution() {
    for y in 0..<WinogradBasis.outputs {
      for tap in 0..<WinogradBasis.taps {
        for sample in 0..<WinogradBasis.samples {
          let sum = (0..<WinogradBasis.samples).reduce(0.0) { sum, f in
            sum + WinogradBasis.outputColumns[f][y] * WinogradBasis.filterRows[f][tap]
              * WinogradBasis.inputRows[f][sample]
          }
          #expect(abs(sum - (sample == y + tap ? 1 : 0)) < Self.rounding)
        }
      }
    }
  }

  @Test("turning a filter round permutes the rows of G")
  func reversalPermutesFilterRows() {
    for (row, other) in [5, 3, 4, 1, 2, 0].enumerated() {
      let turned = Array(WinogradBasis.filterRows[row].reversed())
      for (a, b) in zip(turned, WinogradBasis.filterRows[other]) { #expect(abs(a - b) < Self.rounding) }
    }
  }
}
