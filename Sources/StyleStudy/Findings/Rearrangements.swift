import NN
import StyleTransfer
import Tensor

/// Pictures with every pixel of another, somewhere else: what tells a loss that knows places from one that does
/// not.
extension Picture {
  /// The picture moved to the right and down by `pixels`; what leaves at a side comes in at the other.
  func shifted(by pixels: Int) -> Picture {
    rearranged { x, y in ((x - pixels) %% width, (y - pixels) %% height) }
  }

  /// The picture with left and right exchanged.
  var mirrored: Picture { rearranged { x, y in (width - 1 - x, y) } }

  /// The picture cut into square blocks of `side` pixels that are put together in a random order. What is left at the right and
  /// at the bottom, where no block fits, stays.
  func shuffled(blocksOf side: Int, seed: UInt64) -> Picture {
    let (columns, rows) = (width / side, height / side)
    var generator = RandomGenerator(seed: seed)
    let order = (0..<columns * rows).shuffled(using: &generator)
    return rearranged { x, y in
      let (column, row) = (x / side, y / side)
      guard column < columns, row < rows else { return (x, y) }
      let source = order[row * columns + column]
      return (source % columns * side + x % side, source / columns * side + y % side)
    }
  }

  /// The middle of the picture with sides that the network's poolings halve without a rest, so that a shift by whole
  /// blocks only moves the features of its deepest layers.
  var croppedToWholeBlocks: Picture {
    let block = VGG19.minimumSize(for: LossProbe.layers)
    let (newWidth, newHeight) = (width / block * block, height / block * block)
    let (left, top) = ((width - newWidth) / 2, (height - newHeight) / 2)
    var values: [Float] = []
    for channel in 0..<3 {
      for y in 0..<newHeight {
        let start = channel * width * height + (y + top) * width + left
        values += colour[start..<start + newWidth]
      }
    }
    return Picture(width: newWidth, height: newHeight, colour: values)
  }

  /// - Parameter source: Where the pixel at a place comes from.
  private func rearranged(_ source: (_ x: Int, _ y: Int) -> (x: Int, y: Int)) -> Picture {
    let plane = width * height
    var result = colour
    for y in 0..<height {
      for x in 0..<width {
        let from = source(x, y)
        for channel in 0..<3 {
          result[channel * plane + y * width + x] = colour[channel * plane + from.y * width + from.x]
        }
      }
    }
    return Picture(width: width, height: height, colour: result)
  }
}

infix operator %% : MultiplicationPrecedence

/// The remainder that is never negative.
private func %% (a: Int, b: Int) -> Int { ((a % b) + b) % b }
