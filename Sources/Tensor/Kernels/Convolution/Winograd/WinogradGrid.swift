/// The 4×4 tiles that cover a batch of outputs, and the 6×6 patches of the inputs that they are computed from.
///
/// Tiles are numbered along rows, then down the picture, then through the batch. At the right and bottom edges a
/// tile may reach beyond the output, and at any edge a patch may reach beyond the input, which counts as 0 there.
struct WinogradGrid {
  let batch: Int
  let inputHeight: Int
  let inputWidth: Int
  /// How far the first patch begins above and left of the input; below 0 it begins inside.
  let top: Int
  let left: Int
  let outputHeight: Int
  let outputWidth: Int

  /// The pixels of all outputs.
  var outputCount: Int { batch * outputHeight * outputWidth }
  var tilesDown: Int { Self.tiles(outputHeight) }
  var tilesAcross: Int { Self.tiles(outputWidth) }
  var tileCount: Int { batch * tilesDown * tilesAcross }

  /// The whole output of an input with `padding` zeros around it.
  init(batch: Int, inputHeight: Int, inputWidth: Int, padding: Int) {
    let lost = 2 * padding - (WinogradBasis.taps - 1)
    self.init(
      batch: batch, inputHeight: inputHeight, inputWidth: inputWidth, top: padding, left: padding,
      outputHeight: inputHeight + lost, outputWidth: inputWidth + lost)
  }

  /// A part of an output, as of an input of which some rows are there.
  init(
    batch: Int, inputHeight: Int, inputWidth: Int, top: Int, left: Int, outputHeight: Int, outputWidth: Int
  ) {
    (self.batch, self.inputHeight, self.inputWidth) = (batch, inputHeight, inputWidth)
    (self.top, self.left, self.outputHeight, self.outputWidth) = (top, left, outputHeight, outputWidth)
  }

  private static func tiles(_ length: Int) -> Int {
    (length + WinogradBasis.outputs - 1) / WinogradBasis.outputs
  }

  /// Where tile `index` begins: which picture, and the output row and column of its first pixel.
  func origin(ofTile index: Int) -> (picture: Int, y: Int, x: Int) {
    let row = index / tilesAcross
    return (
      row / tilesDown, row % tilesDown * WinogradBasis.outputs, index % tilesAcross * WinogradBasis.outputs
    )
  }

  /// Calls `body` for the 36 pixels of tile `index`'s patch with the pixel's number in the batch, `nil` outside.
  @inline(__always)
  func forEachInputPixel(ofTile index: Int, _ body: (_ position: Int, _ pixel: Int?) -> Void) {
    let (picture, firstRow, firstColumn) = origin(ofTile: index)
    for row in 0..<WinogradBasis.samples {
      let y = firstRow + row - top
      let start = (picture * inputHeight + y) * inputWidth
      let isInside = y >= 0 && y < inputHeight
      for column in 0..<WinogradBasis.samples {
        let x = firstColumn + column - left
        body(row * WinogradBasis.samples + column, isInside && x >= 0 && x < inputWidth ? start + x : nil)
      }
    }
  }

  /// Calls `body` for the 16 pixels of tile `index` with the pixel's number in the batch, `nil` outside.
  @inline(__always)
  func forEachOutputPixel(ofTile index: Int, _ body: (_ position: Int, _ pixel: Int?) -> Void) {
    let (picture, top, left) = origin(ofTile: index)
    for row in 0..<WinogradBasis.outputs {
      let y = top + row
      let start = (picture * outputHeight + y) * outputWidth
      for column in 0..<WinogradBasis.outputs {
        let x = left + column
        body(
          row * WinogradBasis.outputs + column, y < outputHeight && x < outputWidth ? start + x : nil)
      }
    }
  }
}
